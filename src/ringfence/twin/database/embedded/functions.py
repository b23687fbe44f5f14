"""MySQL's functions and its way to compare text, for a handle of SQLite.

A moment is text, ``2026-01-31 12:00:00``, in UTC.
Source: dev.mysql.com/doc/refman/8.4/en/functions.html
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
import unicodedata
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

COLLATION = "utf8mb4_unicode_ci"
_SECONDS = {"MICROSECOND": 1e-6, "SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400, "WEEK": 604800}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def install(handle: Any, now: Callable[[], datetime], about: Callable[[str], Any]) -> None:
    """The handle has the functions; `now` tells the time, `about` what is of the connection."""
    for name, (count, function) in _FUNCTIONS.items():
        handle.create_function(name, count, _careful(function))
    handle.create_function("now", -1, lambda *digits: _stamp(now(), *digits))
    handle.create_function("curdate", 0, lambda: now().date().isoformat())
    handle.create_function("curtime", 0, lambda: _stamp(now())[11:])
    handle.create_function("unix_timestamp", -1, lambda *at: _unix(at[0] if at else now()))
    for name in ("database_", "current_user_", "user", "version_", "connection_id", "last_insert_id", "found_rows"):
        handle.create_function(name, 0, lambda name=name: about(name))
    handle.create_collation(COLLATION, _compared)


def _careful(function: Callable[..., Any]) -> Callable[..., Any]:
    """NULL where a value is NULL, or none that the function takes."""

    def call(*given: Any) -> Any:
        if any(one is None for one in given):
            return None
        try:
            return function(*given)
        except (ValueError, TypeError, OverflowError, ArithmeticError):
            return None

    return call


@lru_cache(4096)
def _folded(text: str) -> str:
    """The text without case and accents, as utf8mb4_unicode_ci sees it."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _compared(one: str, other: str) -> int:
    """Source: dev.mysql.com/doc/refman/8.4/en/charset-unicode-sets.html: this collation pads with spaces."""
    a, b = _folded(one).rstrip(" "), _folded(other).rstrip(" ")
    return (a > b) - (a < b)


@lru_cache(512)
def _pattern(like: str, escape: str) -> re.Pattern[str]:
    found, taken = "", iter(_folded(like))
    for c in taken:
        if c == escape:
            found += re.escape(next(taken, escape))
        else:
            found += {"%": ".*", "_": "."}.get(c) or re.escape(c)
    return re.compile(found, re.DOTALL)


def like(pattern: str, value: str, escape: str = "\\") -> int:
    """Whether the value is like the pattern."""
    return int(_pattern(str(pattern), escape).fullmatch(_folded(str(value))) is not None)


def moment(value: Any) -> datetime:
    """The moment that a value stands for.

    Raises:
        ValueError: it stands for none.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _stamp(at: datetime, digits: int = 0) -> str:
    whole = at.strftime("%Y-%m-%d %H:%M:%S")
    return f"{whole}.{at.microsecond:06}"[: 20 + digits] if digits else whole


def _moved(sign: int) -> Callable[[Any, Any, str], str]:
    def move(value: Any, amount: Any, unit: str) -> str:
        at = moment(value)
        if unit in _MONTHS:
            at = _months(at, sign * int(amount) * _MONTHS[unit])
        else:
            at += timedelta(seconds=sign * float(amount) * _SECONDS[unit])
        if len(str(value)) == 10 and unit in ("DAY", "WEEK", *_MONTHS):
            return at.date().isoformat()
        return _stamp(at, 6 if at.microsecond else 0)

    return move


def _months(at: datetime, months: int) -> datetime:
    """So many months later; the last day of a shorter month."""
    count = at.year * 12 + at.month - 1 + months
    first = at.replace(year=count // 12, month=count % 12 + 1, day=1)
    return first.replace(day=min(at.day, _last_day(first).day))


def _last_day(at: datetime) -> datetime:
    return (at.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _between(later: Any, earlier: Any, unit: str) -> int:
    a, b = moment(earlier), moment(later)
    if unit in _MONTHS:
        months = (b.year - a.year) * 12 + b.month - a.month
        over = (b.day, b.time()) < (a.day, a.time())
        under = (b.day, b.time()) > (a.day, a.time())
        return int((months - (over if months > 0 else -under if months < 0 else 0)) / _MONTHS[unit])
    return int((b - a).total_seconds() / _SECONDS[unit])


def _unix(value: Any) -> int | None:
    try:
        return int(moment(value).timestamp())
    except (ValueError, TypeError):
        return None


def _index(text: str, mark: str, count: int) -> str:
    parts = str(text).split(mark)
    return mark.join(parts[:count] if count >= 0 else parts[count:])


def _hashed(value: Any, bits: int) -> str:
    name = {0: "sha256", 224: "sha224", 256: "sha256", 384: "sha384", 512: "sha512"}[int(bits)]
    return hashlib.new(name, _bytes(value)).hexdigest()


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _padded(text: Any, size: int, fill: str, *, left: bool) -> str:
    lack = (str(fill) * size)[: max(0, size - len(str(text)))]
    return (lack + str(text) if left else str(text) + lack)[:size]


def _truncated(value: float, digits: int) -> float:
    scale = 10.0**digits
    return int(value * scale) / scale


_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "like": (2, like),
    "regexp_like": (2, lambda value, pattern: int(re.search(str(pattern), str(value), re.IGNORECASE) is not None)),
    "date_add": (3, _moved(1)),
    "date_sub": (3, _moved(-1)),
    "timestamp_diff": (3, _between),
    "date_diff": (2, lambda a, b: (moment(a).date() - moment(b).date()).days),
    "date_format": (2, lambda at, form: moment(at).strftime(form)),
    "str_to_date": (2, lambda text, form: _stamp(datetime.strptime(text, form))),  # a stamp has no zone
    "from_unixtime": (1, lambda at: _stamp(datetime.fromtimestamp(at, UTC))),
    "date_": (1, lambda at: moment(at).date().isoformat()),
    "moment_": (1, lambda at: _stamp(moment(at))),
    "quarter": (1, lambda at: (moment(at).month + 2) // 3),
    "year": (1, lambda at: moment(at).year),
    "month": (1, lambda at: moment(at).month),
    "day": (1, lambda at: moment(at).day),
    "dayofmonth": (1, lambda at: moment(at).day),
    "hour": (1, lambda at: moment(at).hour),
    "minute": (1, lambda at: moment(at).minute),
    "second": (1, lambda at: moment(at).second),
    "dayofweek": (1, lambda at: moment(at).isoweekday() % 7 + 1),
    "weekday": (1, lambda at: moment(at).weekday()),
    "last_day": (1, lambda at: _last_day(moment(at)).date().isoformat()),
    "left_": (2, lambda text, size: str(text)[: max(0, size)]),
    "right_": (2, lambda text, size: str(text)[-size:] if size > 0 else ""),
    "lpad": (3, lambda text, size, fill: _padded(text, size, fill, left=True)),
    "rpad": (3, lambda text, size, fill: _padded(text, size, fill, left=False)),
    "substring_index": (3, _index),
    "upper": (1, lambda text: str(text).upper()),
    "lower": (1, lambda text: str(text).lower()),
    "bytes_": (1, lambda value: len(_bytes(value))),
    "reverse": (1, lambda text: str(text)[::-1]),
    "repeat": (2, lambda text, times: str(text) * times),
    "concat_ws": (-1, lambda mark, *parts: mark.join(map(str, parts))),
    "md5": (1, lambda value: hashlib.md5(_bytes(value), usedforsecurity=False).hexdigest()),
    "sha1": (1, lambda value: hashlib.sha1(_bytes(value), usedforsecurity=False).hexdigest()),
    "sha2": (2, _hashed),
    "to_base64": (1, lambda value: base64.b64encode(_bytes(value)).decode()),
    "from_base64": (1, lambda value: base64.b64decode(_bytes(value))),
    "rand": (-1, lambda *_: random.random()),  # MySQL's is for no secret either
    "uuid": (0, lambda: str(uuid.uuid1())),
    "truncate_": (2, _truncated),
    "bit_xor_": (2, lambda a, b: int(a) ^ int(b)),
    "greatest": (-1, max),
    "least": (-1, min),
    "field": (-1, lambda value, *of: of.index(value) + 1 if value in of else 0),
    "find_in_set": (2, lambda one, of: of.split(",").index(one) + 1 if one in of.split(",") else 0),
}
