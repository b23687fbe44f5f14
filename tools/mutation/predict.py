"""What a change of one field must do to a condition, told from the evidence's words and the mapping table alone.

Nothing here calls a check. Where the words of a condition are not understood, a change must at least end the pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.mapping.read import coerce
from ringfence.mapping.table import NO_DEFAULT, Codec, Nested, Reference, Row
from ringfence.mapping.versions import satisfies
from ringfence.model.symbol import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.declaration import Body
    from ringfence.mapping.table import AnyRow
    from ringfence.mapping.versions import Versions
    from ringfence.model.resource import Resource

MUTANT = "ringfence-mutant"
ELSEWHERE = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/elsewhere"
    f"/providers/Microsoft.Elsewhere/things/{MUTANT}"
)


@dataclass(frozen=True, slots=True)
class Field:
    """Where a field is written: the row that reads it, and the body, when it is known which."""

    row: Row | Reference
    path: str
    """The Terraform path for the version in use; "" when it cannot be written."""
    body: Body | None
    versions: Versions

    @property
    def default(self) -> Any:
        """What stands when nothing is written; `NO_DEFAULT` when the versions differ."""
        if isinstance(self.row, Reference):
            return None
        found = [_default(self.row, version) for version in self.versions.candidates]
        same = all(repr(d) == repr(found[0]) for d in found)
        return self.decode(found[0]) if found and same else NO_DEFAULT

    def decode(self, value: Any) -> Any:
        """ARM's value for Terraform's."""
        codec = self.row.codec if isinstance(self.row, Row) else None
        codec = codec.get(self.path) if isinstance(codec, dict) else codec
        if not isinstance(codec, Codec) or value is None:
            return value
        return codec.read(value)


def _default(row: Row, version: tuple[int, ...]) -> Any:
    default = row.default
    if isinstance(default, dict):
        default = next((d for interval, d in default.items() if satisfies(version, interval)), NO_DEFAULT)
    if default is NO_DEFAULT:
        return row.azure
    return default


def field_of(resource: Resource, name: str) -> Field | None:
    """The field of a resource, or of one of its blocks; None when no row reads it."""
    reading: Any = resource._reader
    if not hasattr(reading, "sources"):
        return None
    for body, row, versions in reading.sources(name):
        if isinstance(row, (Row, Reference)):
            return Field(row, _path(row, versions), body, versions)
    for body, row, versions in reading.sources(""):
        found = next((r for r in _inner(row) if r.field == name and isinstance(r, (Row, Reference))), None)
        if isinstance(found, (Row, Reference)):
            return Field(found, _path(found, versions), None if isinstance(row, Nested) else body, versions)
    return None


def _inner(row: AnyRow) -> Iterable[AnyRow]:
    for inner in row.rows if isinstance(row, Nested) else ():
        yield inner
        yield from _inner(inner)


def _path(row: Row | Reference, versions: Versions) -> str:
    if isinstance(row.tf, str):
        return row.tf
    valid = (p for interval, p in row.tf.items() if all(satisfies(v, interval) for v in versions.candidates))
    return next(valid, "")


# -- conditions


def condition(expected: Any, value: Any) -> bool | None:
    """Whether a value meets what the evidence expects; None when the words are not understood."""
    value = plain(value)
    if not isinstance(expected, str):
        return type(value) is type(expected) and bool(value == expected)
    for pattern, holds in _PHRASES:
        match = pattern.fullmatch(expected)
        if match:
            try:
                return bool(holds(match, value))
            except (TypeError, ValueError):
                return None
    if " " in expected:
        return None
    return isinstance(value, str) and value.casefold() == expected.casefold()


def _listed(text: str) -> set[str]:
    return {part.strip().casefold() for part in re.split(r", | or ", text)}


_PHRASES: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile("set"), lambda _, v: v not in (None, "", (), {})),
    (re.compile("not '(.*)'"), lambda m, v: str(v).casefold() != m[1].casefold()),
    (re.compile(r"not (\S+)"), lambda m, v: str(v).casefold() != m[1].casefold()),
    (re.compile("one of (.+)"), lambda m, v: v is not None and str(v).casefold() in _listed(m[1])),
    (re.compile(r"at least (\d+)"), lambda m, v: v is not None and v >= int(m[1])),
    (re.compile(r"more than (\d+) days, or 0 for ever"), lambda m, v: v is not None and (v == 0 or v > int(m[1]))),
    (re.compile("includes (.+)"), lambda m, v: _listed(m[1]) <= {str(i).casefold() for i in v or ()}),
)


# -- values


EXISTENCE = re.compile("set|declared|an? (?!scope ).+")
"""Conditions that any value meets: only its absence breaks them."""

BROAD = re.compile("declared|a scope on which (Owner|Contributor|Reader) .+")
"""Conditions that no other value of the field breaks."""

WORDS: dict[str, Any] = {
    "no action is *": ("*",),
    "no origin is *": ("*",),
    "no range of every address": ("0.0.0.0/0",),
    "below a subscription": ("/subscriptions/00000000-0000-0000-0000-000000000000",),
    "no secret": {"DATABASE_PASSWORD": MUTANT},
    "not set": MUTANT,
}
"""Checks' own words for a condition, and a value that breaks it."""

OPENED = {
    "access": "Allow",
    "direction": "Inbound",
    "protocol": "*",
    "source_address_prefix": "*",
    "source_address_prefixes": ("*",),
    "destination_port_range": "*",
    "destination_port_ranges": ("0-65535",),
}
"""What opens a rule of a security group, field by field."""

REQUIRED = {"network_security_group", "attachments"}
"""Fields whose arguments Terraform requires: a variable that stands there is unknown, but not null."""


def failing(field: Field | None, name: str, expected: Any, actual: Any) -> Any:
    """A Terraform value for which the condition does not hold; `NO_DEFAULT` when none can be thought of."""
    if isinstance(expected, str):
        if BROAD.fullmatch(expected):
            return NO_DEFAULT
        if EXISTENCE.fullmatch(expected):
            return None
        if expected in WORDS:
            return WORDS[expected]
        if expected.startswith("no ") and expected.endswith("from the internet"):
            return OPENED.get(name, NO_DEFAULT)
        if expected.startswith("above Basic"):
            return "B1" if str(plain(actual))[1:2].isdigit() else "Basic"
    if field is not None and isinstance(field.row, Reference):
        return ELSEWHERE if not field.row.many else (ELSEWHERE,)
    for value in _candidates(expected, actual):
        arm = field.decode(coerce(value, "")) if field else value
        if condition(expected, arm) is False:
            return value
    return next(_candidates(expected, actual), NO_DEFAULT)


def _candidates(expected: Any, actual: Any) -> Any:
    """Values of the kind that stands there, those at a boundary first."""
    actual = plain(actual)
    if isinstance(actual, bool):
        yield not actual
    elif isinstance(actual, int):
        bounds = [int(n) for n in re.findall(r"\d+", str(expected))]
        yield from (n - d for n in bounds for d in (0, 1))
        yield from (1, 0)
    elif isinstance(actual, tuple):
        yield (MUTANT,)
        yield ()
    elif actual is None:
        yield None
    if isinstance(actual, str):
        yield from (False, True) if str(actual).casefold() in _SWITCHES else ()
        yield from re.findall(r"not '?([^']+)'?", str(expected))
        yield MUTANT


_SWITCHES = {"enabled", "disabled", "true", "false"}


def unmet_by_nothing(expected: Any) -> bool:
    """True for a condition that holds when nothing is written."""
    return expected in WORDS


def is_existence(expected: Any) -> bool:
    """True for a condition that any value meets."""
    return isinstance(expected, str) and EXISTENCE.fullmatch(expected) is not None


def hcl(value: Any) -> str:
    """The value as Terraform writes it."""
    value = plain(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(hcl, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{n} = {hcl(v)}" for n, v in value.items()) + " }"
    return str(value)
