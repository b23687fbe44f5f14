"""Estates made in a test without any file: declarations from plain dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.declaration import Blocks, Body, Declaration, Written
from ringfence.mapping.link import link
from ringfence.mapping.versions import Versions, candidates
from ringfence.model.origin import Origin
from ringfence.model.world import Ledger, World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ringfence.model.estate import Estate


class DictBody:
    """A body from a dict. A list of dicts is nested blocks, `Open(symbol, …)` ones of unknown number."""

    def __init__(self, content: dict[str, Any], line: int = 1) -> None:
        self._content = content
        self.origin = Origin("main.tf", line)

    def attribute(self, name: str) -> Written | None:
        value = self._content.get(name, self)
        if value is self or _is_blocks(value):
            return None
        return Written(value, Origin("main.tf", self.origin.line, expression=str(value)))

    def blocks(self, name: str) -> Blocks:
        value = self._content.get(name)
        if isinstance(value, Open):
            return Blocks(tuple(map(DictBody, value.items)), value.symbol, self.origin)
        if not _is_blocks(value):
            return Blocks(origin=self.origin)
        bodies: tuple[Body, ...] = tuple(map(DictBody, value))
        return Blocks(bodies, origin=self.origin)

    def names(self) -> Iterable[str]:
        return self._content


class Open:
    """Nested blocks whose ``for_each`` is not known."""

    def __init__(self, symbol: Any, *items: dict[str, Any]) -> None:
        self.symbol = symbol
        self.items = items


def _is_blocks(value: Any) -> bool:
    return isinstance(value, Open) or (isinstance(value, list) and all(isinstance(v, dict) for v in value))


def declare(
    address: str,
    /,
    *,
    root: str = ".",
    module: str = "",
    version: str = "4.81.0",
    presence: Any = True,
    plural: bool = False,
    **content: Any,
) -> Declaration:
    """A declaration such as ``declare("azurerm_key_vault.kv", name="kv")`` or ``declare("data.azurerm_subnet.s")``.

    Lists of dicts are nested blocks; tuples are list values.
    """
    mode = "data" if address.startswith("data.") else "managed"
    type_, _, rest = address.removeprefix("data.").partition(".")
    name, bracket, index = rest.partition("[")
    provider = type_.partition("_")[0]
    versions: Versions = candidates(provider, version)
    return Declaration(root, module, mode, type_, name, bracket + index, DictBody(content), versions, presence, plural)


def estate(*declarations: Declaration, world: str = "prod", ledger: Ledger | None = None) -> Estate:
    """The estate of the declarations."""
    return link(World(world), declarations, ledger or Ledger())


def verdict(check_id: str, found: Estate, key: str) -> Any:
    """The verdict of one check on one resource; `key` may leave out the root ("./#")."""
    from ringfence.checks.check import checks

    resource = found.resources[key if "#" in key else f".#{key}"]
    return checks()[check_id].verdict(resource, found)


def terraform(folder: Path, text: str) -> Estate:
    """The estate of one file of Terraform, written into the folder."""
    from ringfence.readers.terraform.source import Source

    (folder / "main.tf").write_text(text)
    ledger, world = Ledger(), World("prod")
    return link(world, Source(folder).declarations(world, ledger), ledger)
