"""What a reference in ARM refers to: by id, by the id of a principal, or by the address of a data plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping.arm.record import above, kind_of, subscription
from ringfence.mapping.names import canonical
from ringfence.mapping.needs import needs
from ringfence.model.estate import Target
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.resources import ResourceGroup
from ringfence.model.subscription import KEY
from ringfence.model.symbol import Choice, Ref, Text, plain
from ringfence.model.value import Unknown
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.arm.index import Index
    from ringfence.model.value import Link

Found = tuple[Target, ...] | Unknown

HOSTS = {
    "vault.azure.net": "microsoft.keyvault/vaults",
    "managedhsm.azure.net": "microsoft.keyvault/managedhsms",
    "core.windows.net": "microsoft.storage/storageaccounts",
    "database.windows.net": "microsoft.sql/servers",
    "documents.azure.com": "microsoft.documentdb/databaseaccounts",
    "azurecr.io": "microsoft.containerregistry/registries",
    "azurewebsites.net": "microsoft.web/sites",
}
"""The ends of host names, with what their first label names."""

_WHOEVER = {"@client_config": "azurerm_client_config"}
"""Who applies a declaration that was added; a reference in azurerm's words."""
_SUBSCRIPTION = Ref("@client_config", ("subscription_id",))
REFERRED = "@arm#"
"""Begins the key of a reference that a template makes to an attribute of a resource."""


class Resolution:
    """Finds targets in one world; a `model.estate.Resolver`."""

    def __init__(self, world: str, index: Index) -> None:
        self._world = world
        self._index = index
        self.keys: dict[str, str] = {}
        """By the key of a resource: its id in lower case."""

    def enter(self, resources: Iterable[Resource]) -> None:
        """Takes note of resources that no object of ARM declares."""
        for resource in resources:
            self._index.resources[resource.key.casefold()] = resource
            self.keys[resource.key] = resource.key.casefold()

    def targets(self, source: Resource, link: Link) -> Found:
        """What the link of a resource refers to."""
        value = plain(link.value)
        if value is None or value == "":
            return ()
        if isinstance(value, Choice):
            return self._either(source, link, value)
        if value == _SUBSCRIPTION:
            return tuple(Target(r, "sure", ("id",)) for r in self._index.resources.values() if r.key == KEY)
        if isinstance(value, Ref) and value.key in _WHOEVER:
            return (Target(External(str(value), _WHOEVER[value.key]), "sure", value.path),)
        if isinstance(value, Ref) and value.key in self.keys:
            return (self.by_id(self.keys[value.key], value.path),)
        if isinstance(value, Ref) and value.key.startswith(REFERRED):
            return (self._attribute(value),)
        if isinstance(value, Text) and isinstance(value.parts[0], Ref) and value.parts[0].key in self.keys:
            return (self.by_id(self.keys[value.parts[0].key] + "".join(map(canonical, value.parts[1:]))),)
        if isinstance(value, Text) and isinstance(value.parts[0], Ref) and value.parts[0].key.startswith(REFERRED):
            return self._below(value)
        if not isinstance(value, str):
            return Unknown("reference", needs(value, self._world), NOWHERE)
        return (self._named(link, value),)

    def parent(self, child: Resource) -> Found:
        """The resource that a child is a part of; the subscription of a group; () of what is no child."""
        key = self.keys.get(child.key, "")
        if isinstance(child, ResourceGroup):
            found = self._index.resources.get(subscription(key))
            return (Target(found, "sure", ("id",)),) if found is not None else ()
        over = above(key)
        return (self._owner(over),) if over else ()

    def _either(self, source: Resource, link: Link, choice: Choice) -> Found:
        found: list[Target] = []
        for value in (choice.yes, choice.no):
            arm = self.targets(source, replace(link, value=value))
            if isinstance(arm, Unknown):
                return arm
            found.extend(Target(t.resource, "possible", t.slot) for t in arm)
        return tuple(found)

    # -- ids

    def by_id(self, id: str, slot: tuple[str, ...] = ("id",)) -> Target:
        """The resource that has an id, the part of one that it names, or one known by its id only."""
        key = id.casefold().rstrip("/") or "/"
        found = self._index.resources.get(key)
        if found is not None:
            return Target(found, "sure", slot)
        over = above(key)
        while over:
            owner = self._index.resources.get(over)
            if owner is not None:
                return Target(Implied(owner, tuple(key[len(over) + 1 :].split("/"))), "sure", slot)
            over = above(over)
        return Target(External(id.rstrip("/") or "/", kind_of(key)), "sure", slot)

    def _owner(self, over: str) -> Target:
        """The nearest resource above a child; what lies between configures that one."""
        first = over
        while over:
            owner = self._index.resources.get(over)
            if owner is not None:
                return Target(owner, "sure", ("id",))
            over = above(over)
        return self.by_id(first)

    def _named(self, link: Link, value: str) -> Target:
        if value.startswith("/"):
            return self.by_id(value)
        if "://" in value:
            return self._at(value)
        if link.by == "principal":
            return self._principal(value)
        if link.by == "name" and link.to:
            found = self._index.named(link.to.casefold(), value.casefold())
            if len(found) == 1:
                return Target(self._index.resources[found[0]], "sure", ("name",))
        return Target(External(value, link.to), "sure", ("name",))

    def _principal(self, id: str) -> Target:
        found = self._index.principals.get(id.casefold())
        if found is None:
            return Target(External(id), "sure", ("principal_id",))
        return Target(self._index.resources[found[0]], "sure", found[1])

    # -- addresses

    def _at(self, url: str) -> Target:
        """What an address of a data plane names: a vault's key, a storage account."""
        host, _, path = url.partition("://")[2].partition("/")
        name, _, domain = host.casefold().partition(":")[0].partition(".")
        kind = next((k for end, k in HOSTS.items() if domain == end or domain.endswith("." + end)), "")
        found = self._index.named(kind, name) if kind else []
        if len(found) != 1:
            return Target(External(url, kind), "sure", ("id",))
        if kind.startswith("microsoft.keyvault/") and path:
            return self.by_id("/".join((found[0], *path.split("/")[:2])))
        return Target(self._index.resources[found[0]], "sure", ("uri",))

    # -- what a template refers to

    def _attribute(self, ref: Ref) -> Target:
        return self.by_id(ref.key.removeprefix(REFERRED), ref.path)

    def _below(self, value: Text) -> Found:
        """An address or an id that begins with an attribute of a resource."""
        first, *rest = value.parts
        assert isinstance(first, Ref)
        start = first.key.removeprefix(REFERRED)
        steps = [s for s in "".join(map(canonical, rest)).split("/") if s]
        kept = steps[:2] if "keyvault/vaults" in start.casefold() else steps  # what follows is a version
        return (self.by_id("/".join((start, *kept))),)
