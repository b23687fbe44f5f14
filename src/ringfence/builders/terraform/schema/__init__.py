"""Whether Terraform would take what a blueprint declares: every block is held against the schema of its provider.

Nothing here knows Azure: what may be written is among the facts (`ringfence.facts.schemas`). A value that is known only
when it is applied passes; what it refers to must exist, and have the right type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.terraform.schema.order import circles, elsewhere
from ringfence.builders.terraform.schema.rules import broken
from ringfence.builders.terraform.schema.values import Values
from ringfence.facts.schemas import COMPUTED, MODES, OPTIONAL, REQUIRED, schema
from ringfence.facts.schemas import Argument as Allowed
from ringfence.model.blueprint import Block, Declared, File
from ringfence.model.world import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ringfence.builders.terraform import Built
    from ringfence.model.blueprint import Argument, Blueprint


TIMES = ("create", "read", "update", "delete")
TIMEOUTS = Allowed(OPTIONAL, "block", {"count": "..1"}, {name: Allowed(OPTIONAL, "string", {}) for name in TIMES})
"""Every block may have this one."""


def problems(blueprint: Blueprint, built: Built) -> list[Problem]:
    """What a provider would refuse, in the order of writing; each message says what and what is allowed."""
    others, order = blueprint.declared, [layer.name for layer in blueprint.layers]
    found: list[Problem] = []
    for declared in (*others.values(), *_providers(blueprint)):
        found += _Check(declared, Values(declared, others, order), built).problems()
    found += [Problem(f"{one.address}: {why}", built.where(one)) for one, why in circles(blueprint)]
    return found


def _providers(blueprint: Blueprint) -> Iterator[Declared]:
    """How providers are configured, as blocks among others."""
    for layer in blueprint.layers:
        for name, block in layer.providers.items():
            yield Declared(File(layer, "terraform.tf"), "provider", name, "", block.arguments)


class _Check:
    """One block, and what is wrong with it."""

    def __init__(self, declared: Declared, values: Values, built: Built) -> None:
        self._declared = declared
        self._values = values
        self._built = built
        self._called = f"provider {declared.type}" if declared.mode == "provider" else declared.address
        self._node: object = declared.file.layer.providers[declared.type] if declared.mode == "provider" else declared
        """What the builder wrote down the place of."""

    def problems(self) -> Iterator[Problem]:
        declared = self._declared
        known = schema(MODES[declared.mode], declared.type)
        if known is None:
            yield self._wrong(self._node, "", f"no schema of {declared.type} is among the facts")
            return
        if known.is_deprecated:
            yield self._wrong(self._node, "", f"{declared.type} is deprecated")
        yield from self._inside(self._node, declared.arguments, known.arguments, "", self._values)
        for why in (*broken(known.rules, declared.arguments), *elsewhere(declared)):
            yield self._wrong(self._node, "", why)
        for name in declared.life.ignore_changes:
            if name.partition("[")[0].partition(".")[0] not in known.arguments:
                yield self._wrong(self._node, "", f"ignores changes of {name}, {_unknown(name, known.arguments)}")

    def _inside(
        self, node: object, given: Mapping[str, Argument], known: Mapping[str, Allowed], path: str, values: Values
    ) -> Iterator[Problem]:
        for name, argument in given.items():
            allowed = TIMEOUTS if name == "timeouts" and not path else known.get(name)
            if allowed is None:
                yield self._wrong(node, name, f"{path}{name} is {_unknown(name, known)}")
            elif allowed.mark == COMPUTED:
                yield self._wrong(node, name, f"{path}{name} cannot be written: only the provider gives it")
            elif argument is not None:
                yield from self._given(node, name, argument, allowed, path, values)
        for name, allowed in known.items():
            if allowed.mark == REQUIRED and given.get(name) is None:
                yield self._wrong(node, "", f"{path}{name} is missing{_shape(allowed)}")

    def _given(
        self, node: object, name: str, argument: Argument, allowed: Allowed, path: str, values: Values
    ) -> Iterator[Problem]:
        if "deprecated" in allowed.more:
            instead = allowed.more["deprecated"]
            yield self._wrong(node, name, f"{path}{name} is deprecated{f'; write {instead}' if instead else ''}")
        if allowed.type == "any" and isinstance(argument, (Block, list)):
            return
        if allowed.type in ("block", "object") and isinstance(argument, (Block, list)):
            yield from self._blocks(node, name, argument, allowed, path, values)
        elif allowed.type == "block":
            yield self._wrong(node, name, f"{path}{name} is a block, not a value")
        elif isinstance(argument, (Block, list)):
            yield self._wrong(node, name, f"{path}{name} is a value ({allowed.type}), not a block")
        else:
            for why in values.wrong(argument, allowed):
                yield self._wrong(node, name, f"{path}{name} {why}")

    def _blocks(
        self, node: object, name: str, argument: Block | list[Block], allowed: Allowed, path: str, values: Values
    ) -> Iterator[Problem]:
        blocks = [argument] if isinstance(argument, Block) else argument
        least, most = allowed.bounds("count")
        needed = max(least or 0, 1 if allowed.mark == REQUIRED else 0)
        if len(blocks) < needed:
            yield self._wrong(node, name, f"{path}{name} occurs {len(blocks)} times; at least {needed:g} is needed")
        if most is not None and len(blocks) > most:
            yield self._wrong(blocks[-1], "", f"{path}{name} occurs {len(blocks)} times; at most {most:g} is allowed")
        for block in blocks:
            yield from self._inside(block, block.arguments, allowed.inner, f"{path}{name}.", values.inside(block))

    def _wrong(self, node: object, name: str, message: str) -> Problem:
        origin = self._built.where(node, name)
        if not origin.file:
            origin = self._built.where(self._node)
        return Problem(f"{self._called}: {message}", origin)


def _unknown(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1, 0.5)
    return "no argument of it; " + (f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}")


def _shape(allowed: Allowed) -> str:
    if allowed.type == "block":
        return f": a block with {', '.join(name for name, one in allowed.inner.items() if one.mark != COMPUTED)}"
    return f": {allowed.type}" + (f", one of {', '.join(allowed.values)}" if allowed.values else "")
