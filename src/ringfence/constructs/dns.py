"""Private DNS: without its zone, linked to the network, a private endpoint's name leads to the public address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.facts import private_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value


class PrivateZones:
    """The private DNS zones of a platform, each linked to every network that asks them.

    Either made here, or those that exist in `existing`, a resource group; a name can have one private answer only, so
    where a hub has the zones a second set would hide it.
    """

    def __init__(
        self,
        file: File,
        names: Mapping[str, str],
        networks: Mapping[str, Declared],
        *,
        group: Value,
        existing: str = "",
        tags: Value = None,
    ) -> None:
        """`names` are the zones by the word that their blocks are called, `networks` likewise."""
        self._zones: dict[str, Declared] = {}
        for word, zone in names.items():
            made = self._zone(file, word, zone, group, existing, tags)
            self._zones[zone] = made
            for network, declared in networks.items():
                file.resource(
                    "azurerm_private_dns_zone_virtual_network_link",
                    word if len(networks) == 1 else f"{word}_{network}",
                    name=f"link-{network}",
                    resource_group_name=existing or group,
                    private_dns_zone_name=made.ref("name"),
                    virtual_network_id=declared.id,
                    tags=tags,
                )

    @staticmethod
    def _zone(file: File, word: str, zone: str, group: Value, existing: str, tags: Value) -> Declared:
        if existing:
            return file.data("azurerm_private_dns_zone", word, name=zone, resource_group_name=existing)
        return file.resource("azurerm_private_dns_zone", word, name=zone, resource_group_name=group, tags=tags)

    def of(self, arm_type: str, subresource: str) -> tuple[Value, ...]:
        """The ids of the zones that the names of a sub-resource resolve in.

        Raises:
            ConstructError: the type has no such sub-resource, or the platform has not all of its zones.
        """
        wanted = private_link.zones(arm_type, subresource)
        if not wanted:
            known = ", ".join(private_link.groups(arm_type)) or "none"
            raise ConstructError(
                f"{arm_type} has no private endpoint for {subresource}", hint=f"Its sub-resources are: {known}."
            )
        return tuple(self._linked(zone) for zone in wanted)

    def named(self, zone: str) -> Value:
        """The id of one zone, by its name or by the pattern of it.

        Raises:
            ConstructError: the platform has no such zone.
        """
        return self._linked(zone)

    def zone(self, wanted: str) -> Declared:
        """The zone itself, by its name or by the pattern of it.

        Raises:
            ConstructError: the platform has no such zone.
        """
        for name, zone in self._zones.items():
            if private_link.is_zone(name, wanted):
                return zone
        raise ConstructError(
            f"the platform has no zone {wanted}, so a private endpoint's name would lead to the public address",
            hint="Add the zone to the network's private zones.",
        )

    def _linked(self, wanted: str) -> Value:
        return self.zone(wanted).id


def zone_names(wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The zones of (ARM type, sub-resource) pairs, by a word for the block: ``vault`` for the vault's."""
    return {
        (subresource if not n else f"{subresource}_{n + 1}"): zone
        for arm_type, subresource in wanted
        for n, zone in enumerate(private_link.zones(arm_type, subresource))
    }
