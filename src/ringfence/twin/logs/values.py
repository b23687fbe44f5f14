"""Values of answers as the query service writes them in JSON.

Source: learn.microsoft.com/azure/azure-monitor/logs/api/response-format
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isfinite, isnan
from typing import Any
from uuid import UUID

_TICKS = 10
"""A tick is a tenth of a microsecond."""


def plain(value: Any, kind: str) -> Any:
    """The value as JSON has it."""
    if value is None:
        return "" if kind in ("string", "dynamic") else None
    if kind == "dynamic" and isinstance(value, str) and value.startswith('"'):
        return json.loads(value)
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    if isinstance(value, timedelta):
        return _span(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, separators=(",", ":"), default=str)
    return value


def moment(value: datetime) -> str:
    """A moment in UTC: ``2026-11-22T10:00:00.123456Z``; without a fraction where it has none."""
    naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    text = naive.isoformat()
    return f"{text.rstrip('0') if '.' in text else text}Z"


def _span(value: timedelta) -> str:
    """A timespan: ``1.02:03:04.5000000``."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    days = f"{value.days}." if value.days else ""
    fraction = f".{value.microseconds * _TICKS:07d}" if value.microseconds else ""
    return f"{sign}{days}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"
