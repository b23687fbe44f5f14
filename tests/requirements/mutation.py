"""Named ways to break a platform: one argument, one block, one line of its configuration or of a page.

A mutation is applied to a platform that is declared afresh. One that changes nothing is a mistake of ours and stops
the test that listed it, so that no test seems to notice what never happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.blueprint import Block, Declared
from ringfence.model.symbol import Apply, Text, render, text
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.blueprint import Blueprint


class NothingBrokenError(Exception):
    """A mutation found nothing to change."""


class Mutation:
    """What changes; a part that it leaves alone stays as it is."""

    def configure(self, files: dict[str, str]) -> dict[str, str]:
        """The files of the configuration, later ones over earlier."""
        return files

    def declare(self, blueprint: Blueprint) -> None:
        """Changes what the platform declares."""

    def without(self) -> tuple[str, ...]:
        """The keys or addresses of blocks that are gone."""
        return ()

    def read(self, name: str, text: str) -> str:
        """The text of a file that ships or of a page that is generated."""
        return text


def found(blueprint: Blueprint, address: str) -> Declared:
    """The one block that an address means; see `meant`.

    Raises:
        LookupError: none is meant, or several are.
    """
    here = [d for d in blueprint.declared.values() if meant(d, address)]
    if len(here) != 1:
        raise LookupError(f"{len(here)} blocks are {address}")
    return here[0]


def meant(declared: Declared, address: str) -> bool:
    """The address is the block's key, its address in its layer, or ``type:name`` with its name on Azure.

    Before a ``#`` stands the layer, where several have such a block.
    """
    layer, given, rest = address.rpartition("#")
    if given and declared.file.layer.name != layer:
        return False
    type_, named, name = rest.partition(":")
    if not named:
        return declared.address == rest
    return declared.mode == "managed" and declared.type == type_ and declared.arguments.get("name") == name


@record()
class Set(Mutation):
    """One argument has another value; None takes it away. A path is ``network_rules.default_action``."""

    address: str
    path: str
    value: Any = None

    def __str__(self) -> str:
        where = f"`{self.path}` of `{self.address}`"
        return f"{where} is not set" if self.value is None else f"{where} is `{shown(self.value)}`"

    def declare(self, blueprint: Blueprint) -> None:
        *blocks, name = self.path.split(".")
        holder: Any = found(blueprint, self.address)
        for step in blocks:
            holder = _inner(holder, step)
        if holder.arguments.get(name) == self.value:
            raise NothingBrokenError(f"{self} changes nothing")
        if self.value is None:
            del holder.arguments[name]
        else:
            holder.arguments[name] = self.value


def shown(value: Any) -> str:
    """A value as a page shows it."""
    if isinstance(value, list):
        return f"{len(value)} blocks"
    return "a block" if isinstance(value, Block) else render(value)


def _inner(holder: Any, step: str) -> Any:
    inside: Any = holder[int(step)] if step.isdigit() else holder.arguments[step]
    return inside[0] if isinstance(inside, list) and len(inside) == 1 else inside


@record()
class Says(Mutation):
    """A block, such as a manifest, says something else wherever it says it."""

    address: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"`{self.address}` says `{self.new}` for `{self.old}`"

    def declare(self, blueprint: Blueprint) -> None:
        holder: Any = found(blueprint, self.address).arguments
        before = {name: render(value) for name, value in holder.items() if not isinstance(value, (Block, list))}
        for name in before:
            holder[name] = _saying(holder[name], self.old, self.new)
        if before == {name: render(holder[name]) for name in before}:
            raise NothingBrokenError(f"{self} changes nothing")


def _saying(value: Any, old: str, new: str) -> Any:
    """The value with other words in all of its texts."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, Text):
        return text(*(_saying(part, old, new) for part in value.parts))
    if isinstance(value, Apply):
        return Apply(value.fn, tuple(_saying(one, old, new) for one in value.args))
    if isinstance(value, tuple):
        return tuple(_saying(one, old, new) for one in value)
    if isinstance(value, dict):
        return {_saying(name, old, new): _saying(one, old, new) for name, one in value.items()}
    return value


@record()
class Remove(Mutation):
    """Some blocks are gone."""

    addresses: tuple[str, ...]

    def __str__(self) -> str:
        return f"{', '.join(f'`{a}`' for a in self.addresses)} {'is' if len(self.addresses) == 1 else 'are'} gone"

    def declare(self, blueprint: Blueprint) -> None:
        for address in self.addresses:
            found(blueprint, address)

    def without(self) -> tuple[str, ...]:
        return self.addresses


def remove(*addresses: str) -> Remove:
    """These blocks are gone."""
    return Remove(addresses)


@record()
class Add(Mutation):
    """One more block; an argument may be worked out from the blueprint."""

    layer: str
    type: str
    name: str
    arguments: Callable[[Blueprint], dict[str, Any]]

    def __str__(self) -> str:
        return f"there is a `{self.type}.{self.name}` in {self.layer}"

    def declare(self, blueprint: Blueprint) -> None:
        layer = next(one for one in blueprint.layers if one.name == self.layer)
        layer.file("mutation.tf").resource(self.type, self.name, **self.arguments(blueprint))


@record()
class Change(Mutation):
    """Whatever a function does to the blueprint; `told` says what."""

    told: str
    change: Callable[[Blueprint], None]

    def __str__(self) -> str:
        return self.told

    def declare(self, blueprint: Blueprint) -> None:
        self.change(blueprint)


@record()
class Configured(Mutation):
    """A file of configuration is laid over the others."""

    text: str

    def __str__(self) -> str:
        return f"the configuration says `{' '.join(self.text.split())}`"

    def configure(self, files: dict[str, str]) -> dict[str, str]:
        return {**files, f"more-{len(files)}.yaml": self.text}


@record()
class Rewritten(Mutation):
    """A file that ships, or a page, says something else; every place where it says it."""

    name: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.name} says `{self.new}` for `{self.old}`" if self.new else f"{self.name} leaves out `{self.old}`"

    def read(self, name: str, text: str) -> str:
        if name != self.name:
            return text
        if self.old not in text:
            raise NothingBrokenError(f"{name} does not say {self.old!r}")
        return text.replace(self.old, self.new)


@record()
class Both(Mutation):
    """Several mutations, one after another."""

    parts: tuple[Mutation, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.parts))

    def configure(self, files: dict[str, str]) -> dict[str, str]:
        for part in self.parts:
            files = part.configure(files)
        return files

    def declare(self, blueprint: Blueprint) -> None:
        """Each part that can be done is done; then the first that could not be is told."""
        wrong: list[Exception] = []
        for part in self.parts:
            try:
                part.declare(blueprint)
            except (LookupError, NothingBrokenError) as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]

    def without(self) -> tuple[str, ...]:
        return tuple(address for part in self.parts for address in part.without())

    def read(self, name: str, text: str) -> str:
        for part in self.parts:
            text = part.read(name, text)
        return text


def both(*parts: Mutation) -> Both:
    """All of these."""
    return Both(parts)
