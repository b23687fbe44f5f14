"""Functions on timestamps of RFC 3339, and those that tell the time.

Sources: github.com/zclconf/go-cty v1.16.0 cty/function/stdlib/datetime.go; github.com/hashicorp/terraform v1.11.4
internal/lang/funcs/datetime.go; golang.org/pkg/time#ParseDuration.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply
from ringfence.readers.hcl.functions.signature import Refused, Topic, string

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ringfence.model.symbol import Value

FUNCTIONS = Topic()

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))\Z", re.ASCII
)
_PIECE = re.compile(r"''|'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905


@FUNCTIONS.plain(string("format"), string("time"))
def formatdate(template: str, value: str) -> Value:
    """The timestamp written as the format says."""
    moment = _parsed(value)[0]
    found, at = [], 0
    while at < len(template):
        match = _PIECE.match(template, at)
        if match is None:
            raise Refused("a quotation mark is not closed")
        found.append(_written(moment, match))
        at = match.end()
    return "".join(found)


def _written(moment: datetime, match: re.Match[str]) -> str:
    if match[0] == "''":
        return "'"
    if match[1] is not None:
        return match[1].replace("''", "'")
    if match[2] is None:
        return match[0]
    found = _field(moment, match[0])
    if found is None:
        raise Refused(f'there is no field "{match[0]}" in a date')
    return found


def _field(moment: datetime, name: str) -> str | None:
    numbers = {
        "M": moment.month,
        "D": moment.day,
        "h": moment.hour,
        "H": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
    }
    if name[0] in numbers and len(name) <= 2:
        return str(numbers[name[0]]).rjust(len(name), "0")
    names = {
        "YYYY": f"{moment.year:04d}",
        "YY": f"{moment.year % 100:02d}",
        "MMMM": _MONTHS[moment.month - 1],
        "MMM": _MONTHS[moment.month - 1][:3],
        "EEEE": _DAYS[moment.weekday()],
        "EEE": _DAYS[moment.weekday()][:3],
        "AA": "AM" if moment.hour < 12 else "PM",
        "aa": "am" if moment.hour < 12 else "pm",
    }
    return names[name] if name in names else _zone(moment, name)


def _zone(moment: datetime, name: str) -> str | None:
    offset = moment.strftime("%z")[:5]
    utc = offset == "+0000"
    spread = f"{offset[:3]}:{offset[3:]}"
    return {"Z": "Z" if utc else spread, "ZZZ": "UTC" if utc else offset, "ZZZZ": offset, "ZZZZZ": spread}.get(name)


def _parsed(value: str) -> tuple[datetime, int]:
    """The moment to the second, and the nanoseconds beyond."""
    from datetime import datetime, timedelta, timezone

    match = _TIMESTAMP.match(value)
    if match is None:
        raise Refused(f'"{value[:40]}" is no RFC 3339 timestamp')
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    try:
        zone = timezone(-offset if match[8] == "-" else offset)
        year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as error:
        raise Refused(f'"{value[:40]}" is no RFC 3339 timestamp: {error}') from None
    return moment, int((match[7] or "0")[:9].ljust(9, "0"))


_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_AMOUNT = re.compile(r"(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")


def _nanoseconds(duration: str) -> int:
    """The duration, such as "1h30m" or "-0.5s"."""
    rest = duration[1:] if duration[:1] in ("+", "-") else duration
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest):
        match = _AMOUNT.match(rest, at)
        if match is None or len(match[0]) > 40:
            break
        fraction = match[2] or ""
        total += int((match[1] or "0") + fraction) * _UNITS[match[3]] // 10 ** len(fraction)
        at = match.end()
    if not rest or at < len(rest) or total >= 1 << 63:
        raise Refused(f'"{duration[:40]}" is no duration')
    return -total if duration[0] == "-" else total


@FUNCTIONS.plain(string("timestamp"), string("duration"))
def timeadd(value: str, duration: str) -> Value:
    """The timestamp moved by the duration, in whole seconds and in the same time zone."""
    moment, beyond = _parsed(value)
    seconds = (beyond + _nanoseconds(duration)) // 10**9
    try:
        moved = moment + _seconds(seconds)
    except OverflowError:
        raise Refused("the result is beyond the year 9999") from None
    return f"{moved.year:04d}-{moved:%m-%dT%H:%M:%S}" + str(_zone(moved, "Z"))


def _seconds(count: int) -> timedelta:
    from datetime import timedelta

    return timedelta(seconds=count)


@FUNCTIONS.plain(string("timestamp_a"), string("timestamp_b"))
def timecmp(a: str, b: str) -> Value:
    """-1, 0 or 1: whether the first is earlier, the same or later."""
    one, other = _parsed(a), _parsed(b)
    return (one > other) - (one < other)


@FUNCTIONS.plain()
def timestamp() -> Value:
    """Kept as a call: nobody knows when it is applied."""
    return Apply("timestamp", ())


@FUNCTIONS.plain()
def plantimestamp() -> Value:
    """Kept as a call: nobody knows when it is planned."""
    return Apply("plantimestamp", ())
