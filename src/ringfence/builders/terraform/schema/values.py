"""Whether one value is what an argument takes: its type, and what it refers to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.builders.terraform.schema.literals import length, scalar, shown
from ringfence.facts.schemas import MODES, OPTIONAL, Argument, attribute, schema
from ringfence.model.blueprint import conditions
from ringfence.model.symbol import Apply, Choice, Input, Ref, Text, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ringfence.model.blueprint import Block, Declared
    from ringfence.model.symbol import Value

TEXTS = ("jsonencode", "yamlencode", "base64encode", "format", "join", "lower", "upper", "replace", "file", "sha256")
"""Functions of Terraform that give a text."""
_PASSING = ("ephemeral", "provider")
"""Blocks that are kept in no state: they take ephemeral values everywhere."""
_TAKES_TEXT = ("string", "any", "object")
_INNER = re.compile(r"(list|set|map)\((.+)\)")


class Values:
    """Judges the values of one block."""

    def __init__(
        self, declared: Declared, others: Mapping[str, Declared], order: Sequence[str], when: tuple[Value, ...] = ()
    ) -> None:
        self._declared = declared
        self._others = others
        """Every block of the blueprint by its key."""
        self._order = order
        """The layers, in the order in which they are deployed."""
        self._variables = declared.file.layer.variables
        self._when = when or conditions(declared.when)
        """What is true where these values are."""

    def inside(self, block: Block) -> Values:
        """The values of a nested block, which may depend on a variable of its own."""
        if block.when is None:
            return self
        return Values(self._declared, self._others, self._order, (*self._when, *conditions(block.when)))

    def wrong(self, value: Value, allowed: Argument) -> Iterator[str]:
        """Each reason why the value cannot be that of the argument."""
        value = plain(value)
        if isinstance(value, Input):
            yield from self._input(value, allowed)
        elif isinstance(value, Ref):
            yield from self._refers(value, allowed)
        elif isinstance(value, Choice):
            yield from self.wrong(value.yes, allowed)
            yield from self.wrong(value.no, allowed)
        elif isinstance(value, (Text, Apply)):
            yield from self._computed(value, allowed)
        else:
            yield from self._literal(value, allowed)

    def _literal(self, value: Value, allowed: Argument) -> Iterator[str]:
        kind = _INNER.fullmatch(allowed.type)
        if kind is None:
            yield from scalar(value, allowed)
        elif kind[1] == "map" and isinstance(value, dict):
            for one in value.values():
                yield from self._element(one, allowed, kind[2])
        elif kind[1] != "map" and isinstance(value, tuple):
            yield from length(value, allowed)
            for one in value:
                yield from self._element(one, allowed, kind[2])
        else:
            yield f"must be a {allowed.type}, not {shown(value)}"

    def _element(self, value: Value, allowed: Argument, kind: str) -> Iterator[str]:
        if value is not None:
            more = {name: text for name, text in allowed.more.items() if name != "items"}
            yield from self.wrong(value, Argument(OPTIONAL, kind, more))

    def _input(self, value: Input, allowed: Argument) -> Iterator[str]:
        variable = self._variables.get(value.name)
        if variable is None or value.root != self._declared.file.layer.name:
            yield f"is variable {value.name}, which its layer does not have"
        elif not _agree(variable.type.replace("number", "int"), allowed.type):
            yield f"must be a {allowed.type}, and variable {value.name} is a {variable.type}"
        else:
            known = variable.value if variable.value is not None else variable.default
            if known is not None and not self._decided_by(value):
                yield from self._literal(known, allowed)

    def _decided_by(self, value: Input) -> bool:
        """The values are here only where a function of this very variable is true: not for every value of it."""
        return any(isinstance(c, Apply) and value in c.args for c in self._when)

    def _computed(self, value: Text | Apply, allowed: Argument) -> Iterator[str]:
        parts = value.parts if isinstance(value, Text) else value.args
        for part in parts:
            yield from self._inner(part)
        if (isinstance(value, Text) or value.fn in TEXTS) and allowed.type not in _TAKES_TEXT:
            yield f"must be a {allowed.type}, not a text"

    def _inner(self, value: Value) -> Iterator[str]:
        """What is wrong with the references in a part of a text, whatever their type."""
        value = plain(value)
        if isinstance(value, Ref):
            yield from self._refers(value, _ANY)
        elif isinstance(value, (Text, Apply)):
            yield from self._computed(value, _ANY)
        elif isinstance(value, (tuple, dict)):
            for one in value.values() if isinstance(value, dict) else value:
                yield from self._inner(one)

    def _refers(self, ref: Ref, allowed: Argument) -> Iterator[str]:
        target = self._others.get(ref.key)
        if target is None:
            yield f"refers to {ref}, which is not declared"
            return
        yield from self._apart(ref, target, allowed)
        if schema(MODES[target.mode], target.type) is None:
            return
        found = _found(target, ref.path)
        if found is None:
            yield f"refers to {ref}: {target.type} has no such attribute"
        elif not _agree(found, allowed.type):
            yield f"must be a {allowed.type}, and {ref} is a {found}"
        elif allowed.more.get("format") == "uuid" and ref.path == ("id",) and _is_in_azure(target):
            yield f"must be a UUID, and {ref} is the id of a resource in Azure"

    def _apart(self, ref: Ref, target: Declared, allowed: Argument) -> Iterator[str]:
        """What a reference may not cross: the order of the layers, a condition, the end of an apply."""
        mine, home = self._declared.file.layer.name, target.file.layer.name
        if self._order.index(home) > self._order.index(mine):
            yield f"refers to {ref} in layer {home}, which is deployed after {mine}"
        if not set(conditions(target.when)) <= set(self._when):
            yield f"refers to {ref}, which exists only where {target.when} is true"
        if target.mode == "ephemeral":
            if home != mine:
                yield f"refers to {ref} in layer {home}: an ephemeral value leaves no layer"
            elif self._declared.mode not in _PASSING and allowed is not _ANY and "write_only" not in allowed.more:
                yield f"would keep {ref}, which is ephemeral, in the state: only write-only arguments take it"


def _found(target: Declared, path: tuple[str, ...]) -> str | None:
    """The type of an attribute, "any" where that is not known; None when there is none."""
    steps = [step for step in path if not step.isdigit()]
    if steps == ["id"]:
        return "string"
    found = attribute(MODES[target.mode], target.type, path)
    last = found[-1].type if found else ""
    if len(found) < len(steps):
        return "any" if last == "any" or last.startswith("map") else None
    if path[-1].isdigit() and (element := _INNER.fullmatch(last)):
        return element[2]
    return "any" if last in ("block", "object") else last


def _agree(have: str, want: str) -> bool:
    """Whether a value of the one type may stand where the other is wanted; numbers and texts become one another."""
    if "any" in (have, want) or "object" in (have, want):
        return True
    mine, wanted = _INNER.fullmatch(have), _INNER.fullmatch(want)
    if mine is None or wanted is None:
        return mine is wanted and (have == want or "bool" not in (have, want))
    return (mine[1] == "map") == (wanted[1] == "map")


def _is_in_azure(declared: Declared) -> bool:
    """Its id is a path in Azure, not a number of the directory."""
    return declared.type.startswith("azurerm_") and declared.type != "azurerm_client_config"


_ANY = Argument(OPTIONAL, "any", {})
