"""YAML as go-cty-yaml reads and writes it; PyYAML only scans and emits.

Source: github.com/zclconf/go-cty-yaml v1.1.0 resolve.go, decode.go and encode.go. Numbers are those of YAML 1.2,
so that ``0777`` is 777, but words such as ``yes`` are booleans, and a date becomes a timestamp string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Apply
from ringfence.readers.hcl import number
from ringfence.readers.hcl.convert import as_string
from ringfence.readers.hcl.functions.encoding import decoded
from ringfence.readers.hcl.functions.signature import LIMIT, Param, Refused, Topic, nfc, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value

FUNCTIONS = Topic()

_TAGS = "tag:yaml.org,2002:"
_SCALARS = ("", "str", "bool", "int", "float", "null", "timestamp", "binary")
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
_NULL = {"", "~", "null", "Null", "NULL"}
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
_INTEGER = re.compile(r"([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)"
    r"|[ ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?\Z",
    re.ASCII,
)
_MERGE = object()


@FUNCTIONS.plain(string("src"))
def yamldecode(source: str) -> Value:
    """The value that the one document holds."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Reader(yaml.parse(source or "\n", loader)).document()
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(f"this is not YAML: {' '.join(str(error).split())}") from None


class _Reader:
    """Builds values from events. `_sizes` counts what an anchor stands for, aliases written out."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._size = 0

    def document(self) -> Value:
        """The only document."""
        self._next()
        if self._kind(self._next()) != "DocumentStart":
            raise Refused("there is no document")
        found = self._value(self._next())
        self._next()
        if self._kind(self._next()) != "StreamEnd":
            raise Refused("there is more than one document")
        return found

    def _next(self) -> Any:
        return next(self._events)

    def _kind(self, event: Any) -> str:
        return type(event).__name__.removesuffix("Event")

    def _value(self, event: Any) -> Value:
        before = self._size
        self._count(1)
        kind = self._kind(event)
        if kind == "Alias":
            return self._alias(str(event.anchor))
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        if kind == "Scalar":
            scalar = _scalar(event)
            found: Value = "<<" if scalar is _MERGE else scalar
        else:
            found = self._mapping(event) if kind == "MappingStart" else self._sequence(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = found, self._size - before
        return found

    def _count(self, more: int) -> None:
        self._size += more
        if self._size > LIMIT:
            raise Refused(f"the document has more than {LIMIT} values, aliases written out")

    def _alias(self, anchor: str) -> Value:
        if anchor not in self._anchors:
            raise Refused(f"the anchor {anchor} is not defined before it is used")
        found, size = self._anchors[anchor]
        self._count(size)
        return found

    def _sequence(self, event: Any) -> Value:
        _allow(event, "seq")
        items: list[Value] = []
        while self._kind(event := self._next()) != "SequenceEnd":
            items.append(self._value(event))
        return tuple(items)

    def _mapping(self, event: Any) -> Value:
        _allow(event, "map")
        entries: dict[str, Value] = {}
        while self._kind(event := self._next()) != "MappingEnd":
            if self._kind(event) != "Scalar":
                raise Refused("a key must be a string")
            key = _scalar(event)
            value = self._value(self._next())
            if key is _MERGE:
                if not isinstance(value, dict):
                    raise Refused("only a mapping can be merged into a mapping")
                entries |= value
                continue
            if key is None:
                raise Refused("a key must not be null")
            entries[str(as_string(key))] = value
        return entries


def _allow(event: Any, tag: str) -> None:
    if event.tag not in (None, _TAGS + tag):
        raise Refused(f"the tag {event.tag} does not fit")


def _scalar(event: Any) -> Any:
    """The value of a scalar; a block scalar is a string even where it looks like a number."""
    tag = (event.tag or "").removeprefix(_TAGS)
    if tag not in _SCALARS or (tag and tag == event.tag):
        raise Refused(f"there is no tag {event.tag}")
    found = _resolved(tag, event.value, event.style in ("'", '"'))
    if found is _MERGE or tag or event.implicit[0]:
        return found
    return as_string(found)


def _resolved(tag: str, source: str, quoted: bool) -> Any:
    if tag not in ("str", "binary") and (source == "" or source[0] in "+-.0123456789yYnNtTfFoO~"):
        if quoted:
            return nfc(source)
        found = _plain(tag, source)
        if found is not None:
            return found[0]
    return _MERGE if tag == "" and source == "<<" else _tagged(tag, source)


def _plain(tag: str, source: str) -> tuple[Value] | None:
    """The value that a plain scalar has by its form alone, in a tuple."""
    if source in _NULL:
        return (None,)
    if source in _TRUE or source in _FALSE:
        return (source in _TRUE,)
    if _INFINITE.match(source):
        return (number.parse(source[:1].replace(".", "").replace("+", "") + "Inf"),)
    if tag == "" and source in (".nan", ".NaN", ".NAN"):
        raise Refused("a value is not a number")
    if source[0] == ".":
        found = number.parse(source)
        return None if found is None else (found,)
    if tag in ("", "timestamp"):
        moment = _moment(source)
        if moment is not None:
            return (moment,)
    return (_number(source),) if _INTEGER.match(source) or _FLOAT.match(source) else None


def _number(source: str) -> Value:
    digits = source.replace("_", "")
    found = number.parse(digits)
    if found is not None:
        return found
    try:
        return int(digits, 0)
    except ValueError:
        raise Refused(f"{source[:40]} is no number") from None


def _tagged(tag: str, source: str) -> Value:
    """The value of a scalar whose form says nothing."""
    if tag == "binary":
        decoded(source)
    if tag in ("int", "float"):
        return _number(source)
    if tag == "null":
        return None
    if tag == "bool":
        raise Refused(f"{source[:40]} is no boolean")
    if tag == "timestamp":
        moment = _moment(source)
        if moment is None:
            raise Refused(f"{source[:40]} is no timestamp")
        return moment
    return nfc(source)


def _moment(source: str) -> str | None:
    """The timestamp in RFC 3339, to the second, or None."""
    match = _MOMENT.match(source)
    if match is None:
        return None
    from datetime import datetime

    numbers = [int(g or 0) for g in (*match.groups()[:3], *(match[i] or match[i + 4] for i in (4, 5, 6)))]
    try:
        year, month, day, hour, minute, second = numbers
        datetime(year or 4, month, day, hour, minute, second)  # only to see whether there is such a moment
    except ValueError:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{_zone(match[7])}"


def _zone(written: str | None) -> str:
    return "Z" if written in (None, "+00:00", "-00:00") else str(written)


@FUNCTIONS.plain(Param("value", null=True))
def yamlencode(value: Value) -> Value:
    """The value as a YAML document: strings quoted, those of several lines as blocks."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    events = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False), *_events(value)]
    events += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    written = yaml.emit(events, Dumper=dumper, allow_unicode=True)
    body = str(written)
    body = body[:-4] if body.endswith("\n...\n") else body
    return body if isinstance(value, (str, tuple, dict)) else body + "...\n"


def _events(value: Value) -> Iterator[Any]:
    import yaml

    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=False)
        for key in sorted(value):
            yield from _events(key)
            yield from _events(value[key])
        yield yaml.MappingEndEvent()
    elif isinstance(value, tuple):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=False)
        for item in value:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    else:
        written = "null" if value is None else str(as_string(value))
        style = ("|" if "\n" in value else '"') if isinstance(value, str) else ""
        yield yaml.ScalarEvent(None, None, (True, True), written, style=style or None)


@FUNCTIONS.symbolic("yamldecode")
def _yamldecode_of(value: Value) -> Value:
    if isinstance(value, Apply) and value.fn == "yamlencode":
        from ringfence.readers.hcl.functions.encoding import as_decoded

        return as_decoded(value.args[0])
    return None
