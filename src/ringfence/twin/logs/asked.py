"""What a request asks the query service for."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.record import field, record
from ringfence.twin.logs import failure

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLOW = 30.0
"""Seconds that a query may take unless it asks for less or more."""
_SLOWEST = 120.0

_MOST = 100
"""Workspaces that a query may be about.

Source: learn.microsoft.com/azure/azure-monitor/logs/cross-workspace-query
"""

_DURATION = re.compile(
    r"^P(?:(?P<weeks>\d+(?:\.\d+)?)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)


@record()
class Span:
    """From when until when records count; None where it does not matter."""

    since: datetime | None = None
    until: datetime | None = None


@record()
class Asked:
    """One query."""

    query: str
    span: Span = field(default=Span())
    workspaces: tuple[str, ...] = ()
    """Further workspaces: ids, names or Resource Manager's ids."""
    seconds: float = _SLOW
    statistics: bool = False
    render: bool = False


def asked(body: bytes | Mapping[str, Any], prefer: str, now: datetime) -> Asked:
    """The query that a body holds.

    Raises:
        FailedError: it holds none.
    """
    content = _content(body)
    query = content.get("query")
    if not isinstance(query, str) or not query.strip():
        raise failure.invalid("the property query is missing or empty")
    more = content.get("workspaces") or ()
    if not isinstance(more, (list, tuple)) or not all(isinstance(one, str) for one in more):
        raise failure.invalid("workspaces is no list of names")
    if len(more) > _MOST:
        raise failure.invalid(f"a query is about {_MOST} workspaces at most")
    wishes = [wish.strip().casefold() for wish in re.split("[,;]", prefer)]
    return Asked(
        query, span(content.get("timespan"), now), tuple(more), _seconds(wishes),
        "include-statistics=true" in wishes, "include-render=true" in wishes,
    )  # fmt: skip


def _content(body: bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        content = json.loads(body) if isinstance(body, bytes) else body
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise failure.invalid("the body is no JSON object")
    return content


def _seconds(wishes: list[str]) -> float:
    for wish in wishes:
        if wish.startswith("wait=") and wish[5:].isdigit():
            return max(1.0, min(float(wish[5:]), _SLOWEST))
    return _SLOW


def span(text: object, now: datetime) -> Span:
    """A timespan: a duration until now, or two ends of which one may be a duration.

    Source: learn.microsoft.com/azure/azure-monitor/logs/api/timespan

    Raises:
        FailedError: it is none.
    """
    if text is None or text == "":
        return Span()
    if not isinstance(text, str):
        raise failure.invalid("timespan is no text")
    parts = [_end(part) for part in text.split("/")]
    match parts:
        case [timedelta() as length]:
            return Span(now - length, now)
        case [datetime() as since, datetime() as until]:
            return Span(since, until)
        case [datetime() as since, timedelta() as length]:
            return Span(since, since + length)
        case [timedelta() as length, datetime() as until]:
            return Span(until - length, until)
    raise failure.invalid("timespan is neither a duration nor two ends")


def _end(text: str) -> datetime | timedelta:
    found = _DURATION.match(text)
    try:
        if found and any(found.groups()):
            return timedelta(**{name: float(value) for name, value in found.groupdict().items() if value})
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise failure.invalid("timespan has an end that is neither a moment nor a duration") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
