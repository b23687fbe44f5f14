"""Resources that the cloud makes behind a declared one: nobody writes them, and they are judged all the same.

The storage account behind a registry of Azure Machine Learning is Microsoft's to set up, in a group that it manages.
What the registry's declaration says of it is read there; the rest is as the platform sets it.

Source: FlowEHR, CIS-Adherence.md, "Background Storage Account for AML Registry" (what was found of one);
learn.microsoft.com/azure/templates/microsoft.machinelearningservices/registries, SystemCreatedStorageAccount
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.declaration import Blocks, Declaration, Written
from ringfence.mapping.json_body import opened
from ringfence.mapping.storage import TABLES as STORAGE
from ringfence.mapping.table import NO_DEFAULT, Row, Table
from ringfence.mapping.versions import candidates
from ringfence.model.symbol import plain
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.mapping.declaration import Body
    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value

PLATFORM = "Azure Machine Learning"
_ACCOUNT = "azurerm_storage_account"
_OWN = next(table for table in STORAGE if _ACCOUNT in table.terraform)
TABLE = Table(
    _OWN.kind,
    _OWN.terraform,
    rows=tuple(replace(row, default=NO_DEFAULT) if isinstance(row, Row) else row for row in _OWN.rows),
    unique=_OWN.unique,
)
"""Of a storage account that azurerm did not make: its defaults mean nothing there, Azure's do."""

_SET: dict[str, Any] = {
    "account_kind": "StorageV2",
    "account_tier": "Standard",
    "https_traffic_only_enabled": True,
    "infrastructure_encryption_enabled": True,
    "allow_nested_items_to_be_public": False,
    "public_network_access_enabled": True,
    "min_tls_version": "TLS1_2",
}
_RULES: dict[str, Any] = {"default_action": "Allow", "bypass": ("AzureServices",)}
_SAID = {
    "allowBlobPublicAccess": "allow_nested_items_to_be_public",
    "storageAccountHnsEnabled": "is_hns_enabled",
}
"""What a registry says of its account, and azurerm's word for it."""


def made(declaration: Declaration) -> Iterator[Declaration]:
    """The declarations that would say what the cloud makes because of this one."""
    if declaration.type != "azapi_resource" or declaration.mode != "managed":
        return
    from ringfence.mapping import azapi

    if azapi.arm_type(declaration).casefold() == "microsoft.machinelearningservices/registries":
        yield from _accounts(declaration)


def _accounts(registry: Declaration) -> Iterator[Declaration]:
    """One account for each region that the registry is in."""
    properties = opened(registry.body, "properties")
    for n, region in enumerate(_items(properties, "regionDetails")):
        for account in _items(region, "storageAccountDetails"):
            said = account.get("systemCreatedStorageAccount")
            if isinstance(said, dict):
                yield _account(registry, n, region, said)


def _account(registry: Declaration, n: int, region: dict[str, Value], said: dict[str, Value]) -> Declaration:
    """Its address is one that nobody can write, so that it is nobody else's."""
    told = {word: said[name] for name, word in _SAID.items() if name in said}
    replication = plain(said.get("storageAccountType"))
    if isinstance(replication, str):
        told["account_replication_type"] = replication.rpartition("_")[2]
    origin = registry.body.origin
    body = _Body({**_SET, "location": region.get("location")}, told, origin)
    name = f"{registry.name}{registry.index}/storage" + (f"-{n + 1}" if n else "")
    versions = candidates("azurerm", "")
    return replace(registry, type=_ACCOUNT, name=name, index="", body=body, versions=versions, maker=registry.key)


def _items(content: dict[str, Value] | None, name: str) -> Iterator[dict[str, Value]]:
    found = content.get(name) if content else None
    yield from (one for one in (found if isinstance(found, tuple) else ()) if isinstance(one, dict))


class _Body:
    """The arguments that the platform sets, and those that its maker's declaration says."""

    def __init__(self, values: dict[str, Any], told: dict[str, Value], origin: Origin) -> None:
        self._values = values
        self._told = told
        self.origin = origin

    def attribute(self, name: str) -> Written | None:
        if name in self._told:
            return Written(self._told[name], self.origin)
        value = self._values.get(name)
        return None if value is None else Written(value, self.origin.defaulted(PLATFORM))

    def blocks(self, name: str) -> Blocks:
        if name != "network_rules":
            return Blocks(origin=self.origin)
        rules: Body = _Body(_RULES, {}, self.origin)
        return Blocks((rules,), origin=self.origin)

    def names(self) -> Iterable[str]:
        return ()
