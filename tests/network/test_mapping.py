"""Spellings and defaults by azurerm version; folds into networks and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.mapping import index
from ringfence.model.network import LoneSecurityRule, NetworkSecurityGroup, Subnet, VirtualNetwork
from ringfence.model.symbol import Input, Ref
from ringfence.model.value import Absent, Known, Unknown
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

MINE = ("network", "private_endpoint", "dns", "monitor", "insights")


def read(address: str, version: str, **content: Any) -> Resource:
    return estate(declare(address, version=version, **content)).resources[f".#{address}"]


def value(attr: Any) -> Any:
    if isinstance(attr, Unknown):
        return "unknown"
    return attr.value if isinstance(attr, Known) else attr.default


@pytest.mark.parametrize(
    ("version", "content", "expected"),
    [
        ("2.71.0", {}, "Enabled"),
        ("2.71.0", {"enforce_private_link_endpoint_network_policies": True}, "Disabled"),
        ("2.71.0", {"enforce_private_link_endpoint_network_policies": False}, "Enabled"),
        ("3.47.0", {}, "Enabled"),
        ("3.47.0", {"private_endpoint_network_policies_enabled": False}, "Disabled"),
        ("3.47.0", {"private_endpoint_network_policies_enabled": True}, "Enabled"),
        ("3.117.1", {"private_endpoint_network_policies": "RouteTableEnabled"}, "RouteTableEnabled"),
        ("4.81.0", {}, "Disabled"),
        ("4.81.0", {"private_endpoint_network_policies": "Enabled"}, "Enabled"),
        ("4.81.0", {"private_endpoint_network_policies_enabled": True}, "unknown"),
    ],
)
def test_policies_of_private_endpoints(version: str, content: dict[str, Any], expected: str) -> None:
    assert value(read("azurerm_subnet.s", version, **content).private_endpoint_network_policies) == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "version", "field", "content", "expected"),
    [
        ("azurerm_public_ip.p", "3.117.1", "sku", {}, "Basic"),
        ("azurerm_public_ip.p", "4.81.0", "sku", {}, "Standard"),
        ("azurerm_route_table.r", "2.71.0", "bgp_route_propagation", {}, True),
        ("azurerm_route_table.r", "2.71.0", "bgp_route_propagation", {"disable_bgp_route_propagation": True}, False),
        ("azurerm_route_table.r", "4.81.0", "bgp_route_propagation", {"bgp_route_propagation_enabled": False}, False),
        ("azurerm_network_interface.i", "2.71.0", "enable_ip_forwarding", {"enable_ip_forwarding": True}, True),
        ("azurerm_network_interface.i", "4.81.0", "enable_ip_forwarding", {"ip_forwarding_enabled": True}, True),
        ("azurerm_virtual_network_peering.p", "2.71.0", "allow_virtual_network_access", {}, True),
        ("azurerm_log_analytics_workspace.w", "2.71.0", "public_network_access_for_query", {}, "Enabled"),
        ("azurerm_log_analytics_workspace.w", "4.81.0", "disable_local_auth",
         {"local_authentication_enabled": False}, True),
        ("azurerm_log_analytics_workspace.w", "3.47.0", "disable_local_auth",
         {"local_authentication_disabled": True}, True),
        ("azurerm_log_analytics_workspace.w", "3.47.0", "retention_in_days", {}, 30),
        ("azurerm_application_insights.a", "2.71.0", "retention_in_days", {}, 90),
        ("azurerm_application_insights.a", "4.81.0", "disable_ip_masking", {"ip_masking_enabled": True}, False),
        ("azurerm_private_endpoint.e", "2.71.0", "manual",
         {"private_service_connection": [{"is_manual_connection": True}]}, True),
        ("azurerm_network_watcher_flow_log.f", "3.47.0", "retention_days",
         {"retention_policy": [{"enabled": True, "days": 7}]}, 7),
        ("azurerm_network_watcher_flow_log.f", "3.47.0", "analytics_enabled", {}, False),
    ],
)  # fmt: skip
def test_spellings(address: str, version: str, field: str, content: dict[str, Any], expected: object) -> None:
    assert value(getattr(read(address, version, **content), field)) == expected


def test_a_version_that_is_not_pinned_leaves_the_default_unknown() -> None:
    found = read("azurerm_public_ip.p", ">= 3.0")
    assert isinstance(found.sku, Unknown)  # type: ignore[attr-defined]
    assert found.sku.bounds == ("Basic", "Standard")  # type: ignore[attr-defined]


def ref(address: str) -> Ref:
    return Ref(f".#{address}", ("id",))


def test_associations_fold_both_ways() -> None:
    found = estate(
        declare("azurerm_subnet.s", name="s", virtual_network_name="v"),
        declare("azurerm_network_security_group.g", name="g"),
        declare(
            "azurerm_subnet_network_security_group_association.a",
            subnet_id=ref("azurerm_subnet.s"),
            network_security_group_id=ref("azurerm_network_security_group.g"),
        ),
    )
    (subnet,) = found.of(Subnet)
    (group,) = found.of(NetworkSecurityGroup)
    assert found.target(subnet, subnet.network_security_group) is group
    (attachment,) = group.attachments
    assert found.target(group, attachment.subnet) is subnet


def test_an_association_with_an_unknown_subnet_leaves_every_subnet_open() -> None:
    found = estate(
        declare("azurerm_subnet.s", name="s", virtual_network_name="v"),
        declare("azurerm_network_security_group.g", name="g"),
        declare(
            "azurerm_subnet_network_security_group_association.a",
            subnet_id=Input(".", "subnet_id", "variable"),
            network_security_group_id=ref("azurerm_network_security_group.g"),
        ),
    )
    (subnet,) = found.of(Subnet)
    assert isinstance(found.resolve(subnet, subnet.network_security_group), Unknown)
    assert len(found.of(NetworkSecurityGroup)[0].attachments) == 1


def test_a_rule_joins_its_group_or_stands_alone() -> None:
    rule = declare("azurerm_network_security_rule.r", name="r", network_security_group_name="g", priority="100")
    joined = estate(declare("azurerm_network_security_group.g", name="g"), rule)
    assert [r.name.value for r in joined.of(NetworkSecurityGroup)[0].security_rules] == ["r"]  # type: ignore[union-attr]
    assert joined.of(LoneSecurityRule) == ()
    (lone,) = estate(rule).of(LoneSecurityRule)
    assert (value(lone.priority), lone.address) == (100, "azurerm_network_security_rule.r")


def test_name_servers_of_a_network() -> None:
    network = declare("azurerm_virtual_network.v", name="v")
    servers = declare(
        "azurerm_virtual_network_dns_servers.d",
        virtual_network_id=ref("azurerm_virtual_network.v"),
        dns_servers=("10.0.0.4",),
    )
    assert isinstance(estate(network).of(VirtualNetwork)[0].dns_servers, Absent)
    assert value(estate(network, servers).of(VirtualNetwork)[0].dns_servers) == ("10.0.0.4",)


@pytest.mark.parametrize("module", MINE)
def test_every_type_is_mapped_and_every_field_has_a_row(module: str) -> None:
    for terraform in index.MODULES[module]:
        table = index.table(terraform)
        assert table is not None or index.folds(terraform)
        if table is not None:
            made = read(f"{terraform}.x", "4.81.0")
            for field in type(made).__annotations__:
                if field != "arm_type":
                    getattr(made, field)
