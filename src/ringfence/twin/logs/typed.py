"""Values as the columns of tables take them: what does not fit is left empty, so that one record spoils no query."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.values import moment

if TYPE_CHECKING:
    from collections.abc import Callable


def typed(value: Any, kind: str) -> Any:
    """The value for a column of the type, None where it is no such value."""
    if value is None:
        return None
    convert: Callable[[Any], Any] = _KINDS.get(kind, _string)
    try:
        return convert(value)
    except (TypeError, ValueError, OverflowError, KeyError):
        return None


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return moment(value) if isinstance(value, datetime) else value.isoformat()
    return json.dumps(value, separators=(",", ":")) if isinstance(value, (list, tuple, dict, bool)) else str(value)


def _whole(value: Any) -> int:
    found = int(value)
    if abs(found) >= 1 << 63:
        raise OverflowError
    return found


def _small(value: Any) -> int:
    found = _whole(value)
    if abs(found) >= 1 << 31:
        raise OverflowError
    return found


def _real(value: Any) -> float | None:
    found = float(value)
    return found if isfinite(found) else None


def _bool(value: Any) -> bool:
    if isinstance(value, str):
        return {"true": True, "false": False}[value.casefold()]
    return bool(value)


def _moment(value: Any) -> str:
    """A moment in UTC, from ISO 8601 or as HTTP writes it."""
    if isinstance(value, datetime):
        return moment(value)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = parsedate_to_datetime(value)
    return moment(found if found.tzinfo else found.replace(tzinfo=UTC))


def _dynamic(value: Any) -> Any:
    """A text that is JSON is what it says."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            return json.loads(value)
    return value


_KINDS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "long": _whole,
    "int": _small,
    "real": _real,
    "bool": _bool,
    "datetime": _moment,
    "dynamic": _dynamic,
}
