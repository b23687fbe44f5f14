"""What joins networks besides peerings, and what stands above security groups: never modelled, so never denied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Input
from ringfence.questions.network.packet import packet
from tests.questions.network.support import (
    at,
    attach,
    group,
    interface,
    made,
    network,
    peering,
    ref,
    rule,
    subnet,
    to_nic,
)
from tests.support import declare

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

LEARN = "https://learn.microsoft.com/azure/"
VWAN = LEARN + "virtual-wan/about-virtual-hub-routing"
VPN = LEARN + "vpn-gateway/vpn-gateway-howto-vnet-vnet-resource-manager-portal"
MANAGER = LEARN + "virtual-network-manager/concept-connectivity-configuration"
ADMIN = LEARN + "virtual-network-manager/concept-security-admins"

NETS = (
    network("a", "10.1.0.0/16"),
    network("b", "10.2.0.0/16"),
    subnet("one", "a", "10.1.0.0/24"),
    subnet("two", "b", "10.2.0.0/24"),
    interface("nic", "two", "10.2.0.4"),
)
PEERED = (peering("ab", "a", "b"), peering("ba", "b", "a"))


def hub(name: str, to: Any = None, **more: Any) -> Declaration:
    network_ = to or ref(f"azurerm_virtual_network.{name}")
    return declare(f"azurerm_virtual_hub_connection.{name}", name=name, remote_virtual_network_id=network_, **more)


def gateway(subnet_: str) -> Declaration:
    inside = [{"subnet_id": ref(f"azurerm_subnet.{subnet_}")}]
    return declare(f"azurerm_virtual_network_gateway.{subnet_}", name=subnet_, ip_configuration=inside)


def managed(name: str, network_: str) -> Declaration:
    """The peering by which a connection to a hub shows in exports."""
    far = "/subscriptions/s/resourceGroups/RG_h/providers/Microsoft.Network/virtualNetworks/HV_h_1"
    named = {"name": name, "virtual_network_name": network_, "remote_virtual_network_id": far}
    return declare(f"azurerm_virtual_network_peering.{name}", **named)


MESH = declare("azurerm_network_manager_connectivity_configuration.m", name="m", connectivity_topology="Mesh")
ALLOW = group("g", rule("all", 100, "Inbound", "Allow", source_address_prefix="VirtualNetwork"))


@pytest.mark.parametrize(
    ("url", "more", "expected"),
    [
        (VWAN, (), "fail"),
        (VWAN, (hub("a"),), "fail"),
        (VWAN, (hub("a"), hub("b")), "unknown"),
        (VWAN, (hub("a"), hub("b"), ALLOW, attach("g", "two")), "unknown"),
        (VWAN, (hub("a"), hub("b", Input(".", "net", "variable"))), "unknown"),
        (VWAN, (managed("x", "a"), managed("y", "b")), "unknown"),
        (VPN, (gateway("one"),), "fail"),
        (VPN, (gateway("one"), gateway("two")), "unknown"),
        (MANAGER, (MESH,), "unknown"),
        (VWAN, (*PEERED, hub("a"), hub("b")), "pass"),
    ],
)
def test_networks_that_no_peering_joins(url: str, more: tuple[Declaration, ...], expected: str) -> None:
    found = made(*NETS, *more)
    assert url.startswith(LEARN)
    assert packet(found, at(found, "one"), to_nic(found, "nic")).outcome == expected


def admin(action: Any, direction: Any = "Inbound") -> Declaration:
    return declare("azurerm_network_manager_admin_rule.r", name="r", action=action, direction=direction)


UNSURE = Input(".", "x", "variable")


@pytest.mark.parametrize(
    ("rule_", "denied", "expected"),
    [
        (admin("AlwaysAllow"), True, "unknown"),
        (admin("AlwaysAllow", "Outbound"), True, "fail"),
        (admin("Allow"), True, "fail"),
        (admin("Deny"), True, "fail"),
        (admin(UNSURE), True, "unknown"),
        (admin("AlwaysAllow", UNSURE), True, "unknown"),
        (admin("Deny"), False, "unknown"),
        (admin("AlwaysAllow"), False, "pass"),
        (admin("Allow"), False, "pass"),
    ],
)
def test_admin_rules_come_before_security_groups(rule_: Declaration, denied: bool, expected: str) -> None:
    """Source: the page in `ADMIN`."""
    content = (group("g", rule("no", 100, "Inbound", "Deny")), attach("g", "two")) if denied else ()
    found = made(*NETS, *PEERED, *content, rule_)
    assert packet(found, at(found, "one"), to_nic(found, "nic")).outcome == expected
