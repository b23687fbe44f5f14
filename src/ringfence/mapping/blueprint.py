"""A blueprint's blocks as declarations: the estate of a platform that nobody has written down yet.

What Terraform would know is known here as well: a variable has the value that the configuration gives it, and a
reference to an argument that is written is that argument.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.mapping.declaration import Blocks, Declaration, Written
from ringfence.mapping.defaults import default
from ringfence.mapping.manifest import CLUSTER, TELLING
from ringfence.mapping.table import NO_DEFAULT
from ringfence.mapping.versions import candidates
from ringfence.model.blueprint import Block, Declared
from ringfence.model.symbol import Apply, Input, Ref, Text, is_known, leaves, plain, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ringfence.model.blueprint import Argument, Blueprint
    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value

    Where = Callable[[object, str], Origin]

_ONE_PER_WORLD = {"azurerm_client_config": "@client_config", "azuread_client_config": "@azuread_client_config"}


def declarations(blueprint: Blueprint, where: Where, versions: Mapping[str, str]) -> Iterator[Declaration]:
    """Every block that exists in the blueprint's world.

    `where` says where a block or an argument of it is written, `versions` which version of a provider is required.
    """
    values = _Values(blueprint, versions)
    for layer in blueprint.layers:
        for declared in layer:
            if declared.mode != "ephemeral" and values.exists(declared):
                yield _declaration(declared, values, where, versions)


def _declaration(declared: Declared, values: _Values, where: Where, versions: Mapping[str, str]) -> Declaration:
    provider = declared.type.partition("_")[0]
    body = _Body(declared, declared.arguments, values, where)
    found = candidates(provider, versions.get(provider, ""))
    index = "" if declared.when is None else "[0]"
    layer = declared.file.layer.name
    return Declaration(layer, "", declared.mode, declared.type, declared.name, index, body, found)


class _Body:
    """The inside of a block; a `mapping.declaration.Body`."""

    def __init__(
        self, node: Block | Declared, arguments: Mapping[str, Argument], values: _Values, where: Where
    ) -> None:
        self._node = node
        self._arguments = arguments
        self._values = values
        self._where = where

    @property
    def origin(self) -> Origin:
        return self._where(self._node, "")

    def attribute(self, name: str) -> Written | None:
        if name == CLUSTER:
            return self._cluster()
        argument = self._arguments.get(name)
        if argument is None or isinstance(argument, (Block, list)):
            return None
        return Written(self._values.settled(argument), self._where(self._node, name))

    def blocks(self, name: str) -> Blocks:
        argument = self._arguments.get(name)
        found = [argument] if isinstance(argument, Block) else argument if isinstance(argument, list) else []
        there = (one for one in found if self._values.exists(one))
        bodies = tuple(_Body(one, one.arguments, self._values, self._where) for one in there)
        return Blocks(bodies, origin=bodies[0].origin if bodies else self.origin)

    def names(self) -> Iterable[str]:
        return self._arguments

    def _cluster(self) -> Written | None:
        """The cluster or workspace that the provider of the block talks to."""
        if not isinstance(self._node, Declared):
            return None
        provider = self._node.file.layer.providers.get(self._node.type.partition("_")[0])
        for name in TELLING if provider else ():
            told = provider.arguments.get(name) if provider else None
            for leaf in leaves(told) if not isinstance(told, (Block, list)) else ():
                if isinstance(leaf, Ref):
                    return Written(Ref(leaf.key, ("id",)), self._where(provider, name))
        return None


class _Values:
    """What a value of the blueprint comes to in its world."""

    def __init__(self, blueprint: Blueprint, versions: Mapping[str, str]) -> None:
        self._declared = blueprint.declared
        self._versions = versions
        self._variables = {(layer.name, v.name): v for layer in blueprint.layers for v in layer.variables.values()}

    def exists(self, node: Declared | Block) -> bool:
        """Whether the variable on which its existence depends asks for it."""
        return node.when is None or self.settled(node.when) is True

    def settled(self, value: Value) -> Value:
        """The value with all in it that is known put in."""
        value = plain(value)
        if isinstance(value, Ref):
            return self._referred(value)
        if isinstance(value, Input):
            return self._given(value)
        if isinstance(value, Text):
            return text(*map(self.settled, value.parts))
        if isinstance(value, Apply):
            return _applied(value.fn, tuple(map(self.settled, value.args)))
        if isinstance(value, tuple):
            return tuple(map(self.settled, value))
        if isinstance(value, dict):
            return {name: self.settled(one) for name, one in value.items()}
        return value

    def _given(self, value: Input) -> Value:
        variable = self._variables[value.root, value.name]
        found = variable.default if variable.value is None else variable.value
        return value if found is None else found

    def _referred(self, ref: Ref) -> Value:
        declared = self._declared[ref.key]
        if declared.mode == "data" and declared.type in _ONE_PER_WORLD:
            return Ref(_ONE_PER_WORLD[declared.type], ref.path)
        argument: Argument = Block(declared.arguments)
        for step in ref.path:
            argument = _step(argument, step)
        if argument is not None and not isinstance(argument, (Block, list)):
            return self.settled(argument)
        return self._default(declared, ref)

    def _default(self, declared: Declared, ref: Ref) -> Value:
        provider = declared.type.partition("_")[0]
        path = ".".join(step for step in ref.path if not step.isdigit())
        found = default(declared.type, path, candidates(provider, self._versions.get(provider, "")))
        return ref if found is NO_DEFAULT or found is None else found


def _step(argument: Argument, step: str) -> Argument:
    if isinstance(argument, Block):
        return argument if step == "0" else argument.arguments.get(step)
    if isinstance(argument, list) and step.isdigit():
        return argument[int(step)]
    return None


def _applied(fn: str, args: tuple[Value, ...]) -> Value:
    known = _KNOWN.get(fn)
    return known(*args) if known and is_known(args) else Apply(fn, args)


def _json(value: Value) -> str:
    """As Terraform encodes it: keys sorted, no spaces, and no character that HTML knows."""
    found = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return found.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_KNOWN: dict[str, Callable[..., Value]] = {
    "jsonencode": _json,
    "startswith": lambda whole, start: str(whole).startswith(str(start)),
    "alltrue": all,
}
"""The functions that a blueprint uses and that are worked out once what they are given is known."""
