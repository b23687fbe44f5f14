"""Moments as Azure Storage writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?Z)?")


def ticks(moment: datetime) -> int:
    """The moment in tenths of a microsecond."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 10


def stamp(tick: int) -> str:
    """A moment with seven decimals, as versions and snapshots are called: ``2026-11-01T12:00:00.0000000Z``."""
    moment = _EPOCH + timedelta(microseconds=tick // 10)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}{tick % 10}Z"


def http(moment: datetime) -> str:
    """A moment as headers have it, in whole seconds."""
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def from_http(text: str) -> datetime | None:
    """The moment that a header says; None when it says none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def from_iso(text: str) -> datetime | None:
    """The moment that a signature or a key says: a day, a minute, a second, or parts of it; None when it says none."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    day, minutes, seconds, parts = match.groups()
    try:
        found = datetime.fromisoformat(f"{day}T{minutes or '00:00'}:{seconds or '00'}+00:00")
    except ValueError:
        return None
    return found + timedelta(microseconds=int((parts or "").ljust(7, "0")) // 10)
