"""Declarations for questions of reach: a vault, two networks, a zone, links, endpoints, records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Input, Ref
from tests.support import declare

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

ZONE = "privatelink.vaultcore.azure.net"
UNSURE = Input(".", "unsure", "variable")


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path or ("id",))


def network(name: str, subnet: dict[str, Any] | None = None, **more: Any) -> tuple[Declaration, ...]:
    """A network and its only subnet, ``azurerm_subnet.NAME``."""
    third = 10 + ord(name[0]) - ord("a")
    space = (f"10.{third}.0.0/16",)
    inside = {"name": f"s-{name}", "address_prefixes": (f"10.{third}.1.0/24",), **(subnet or {})}
    return (
        declare(f"azurerm_virtual_network.{name}", name=name, resource_group_name="rg", address_space=space, **more),
        declare(f"azurerm_subnet.{name}", resource_group_name="rg", virtual_network_name=name, **inside),
    )


def peering(a: str, b: str) -> tuple[Declaration, ...]:
    """Both directions."""
    return tuple(
        declare(
            f"azurerm_virtual_network_peering.{x}-{y}",
            name=f"{x}-{y}",
            resource_group_name="rg",
            virtual_network_name=x,
            remote_virtual_network_id=ref(f"azurerm_virtual_network.{y}"),
        )
        for x, y in ((a, b), (b, a))
    )


def zone(name: Any = ZONE, address: str = "zone") -> Declaration:
    return declare(f"azurerm_private_dns_zone.{address}", name=name, resource_group_name="rg")


def link(to: Any, zone_name: Any = ZONE, address: str = "link", **more: Any) -> Declaration:
    value = ref(f"azurerm_virtual_network.{to}") if isinstance(to, str) and "/" not in to else to
    return declare(
        f"azurerm_private_dns_zone_virtual_network_link.{address}",
        name=address,
        resource_group_name="rg",
        private_dns_zone_name=zone_name,
        virtual_network_id=value,
        **more,
    )


def vault(name: str = "kv1", **more: Any) -> Declaration:
    return declare(f"azurerm_key_vault.{name}", name=name, resource_group_name="rg", **more)


def endpoint(
    target: Any = None,
    *,
    zones: Any = None,
    group: Any = ("vault",),
    manual: Any = False,
    address: str = "pe",
    **more: Any,
) -> Declaration:
    ids = (ref("azurerm_private_dns_zone.zone"),) if zones is None else zones
    return declare(
        f"azurerm_private_endpoint.{address}",
        name=address,
        resource_group_name="rg",
        subnet_id=ref("azurerm_subnet.a"),
        private_service_connection=[
            {
                "private_connection_resource_id": target or ref("azurerm_key_vault.kv1"),
                "subresource_names": group,
                "is_manual_connection": manual,
            }
        ],
        private_dns_zone_group=[{"private_dns_zone_ids": ids}] if ids else [],
        **more,
    )


def record(name: str = "kv1", zone_name: str = ZONE, **more: Any) -> Declaration:
    address = Ref(".#azurerm_private_endpoint.pe", ("private_service_connection", "0", "private_ip_address"))
    content: dict[str, Any] = {"records": (address,), **more}
    return declare(
        "azurerm_private_dns_a_record.r", name=name, zone_name=zone_name, resource_group_name="rg", **content
    )
