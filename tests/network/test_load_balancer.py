"""Load balancers, memberships of interfaces and addresses of NAT gateways, as they are spelled."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.network import (
    BackendAddressPool,
    InboundNatRule,
    LoadBalancer,
    NatGateway,
    NetworkInterface,
    PublicIpAddress,
)
from ringfence.model.symbol import Ref
from tests.support import declare, estate


def ref(address: str) -> Ref:
    return Ref(f".#{address}", ("id",))


def _name(attr: Any) -> Any:
    return attr.value


@pytest.mark.parametrize("version", ["2.71.0", "3.117.1", "4.81.0"])
def test_a_rule_leads_from_a_frontend_to_a_pool(version: str) -> None:
    pools: dict[str, Any] = {"backend_address_pool_ids": (ref("azurerm_lb_backend_address_pool.p"),)}
    if version < "3":
        pools = {"backend_address_pool_id": ref("azurerm_lb_backend_address_pool.p")}
    floating: dict[str, Any] = {"floating_ip_enabled" if version > "4" else "enable_floating_ip": True}
    found = estate(
        declare("azurerm_lb.l", version=version, name="l", frontend_ip_configuration=[{"name": "public"}]),
        declare("azurerm_lb_backend_address_pool.p", version=version, name="p", loadbalancer_id=ref("azurerm_lb.l")),
        declare(
            "azurerm_lb_rule.r",
            version=version,
            loadbalancer_id=ref("azurerm_lb.l"),
            name="https",
            protocol="Tcp",
            frontend_port=443,
            backend_port=8443,
            frontend_ip_configuration_name="public",
            **pools,
            **floating,
        ),
    )
    (balancer,) = found.of(LoadBalancer)
    (pool,) = found.of(BackendAddressPool)
    (rule,) = balancer.rules
    assert [_name(a) for a in (rule.frontend, rule.frontend_port, rule.backend_port, rule.enable_floating_ip)] == [
        "public",
        443,
        8443,
        True,
    ]
    assert [found.target(balancer, link) for link in rule.backend_address_pools] == [pool]
    assert found.target(pool, pool.load_balancer) is balancer


def test_an_interface_has_its_memberships() -> None:
    found = estate(
        declare("azurerm_network_interface.i", name="i"),
        declare("azurerm_lb.l", name="l"),
        declare("azurerm_lb_backend_address_pool.p", name="p", loadbalancer_id=ref("azurerm_lb.l")),
        declare("azurerm_lb_nat_rule.n", name="n", loadbalancer_id=ref("azurerm_lb.l"), backend_port=22),
        declare("azurerm_application_security_group.a", name="a"),
        declare(
            "azurerm_network_interface_application_security_group_association.x",
            network_interface_id=ref("azurerm_network_interface.i"),
            application_security_group_id=ref("azurerm_application_security_group.a"),
        ),
        declare(
            "azurerm_network_interface_backend_address_pool_association.x",
            network_interface_id=ref("azurerm_network_interface.i"),
            ip_configuration_name="first",
            backend_address_pool_id=ref("azurerm_lb_backend_address_pool.p"),
        ),
        declare(
            "azurerm_network_interface_nat_rule_association.x",
            network_interface_id=ref("azurerm_network_interface.i"),
            ip_configuration_name="first",
            nat_rule_id=ref("azurerm_lb_nat_rule.n"),
        ),
    )
    (interface,) = found.of(NetworkInterface)
    (group,) = interface.application_security_groups
    (pool,) = interface.pool_memberships
    (nat,) = interface.nat_memberships
    assert found.target(interface, group.application_security_group) in found.resources.values()
    assert found.target(interface, pool.backend_address_pool) is found.of(BackendAddressPool)[0]
    assert found.target(interface, nat.inbound_nat_rule) is found.of(InboundNatRule)[0]


def test_a_nat_gateway_has_its_addresses() -> None:
    found = estate(
        declare("azurerm_nat_gateway.n", name="n"),
        declare("azurerm_public_ip.p", name="p"),
        declare(
            "azurerm_nat_gateway_public_ip_association.x",
            nat_gateway_id=ref("azurerm_nat_gateway.n"),
            public_ip_address_id=ref("azurerm_public_ip.p"),
        ),
    )
    (gateway,) = found.of(NatGateway)
    assert [found.target(gateway, link) for link in gateway.public_ip_addresses] == list(found.of(PublicIpAddress))


def test_members_of_a_pool_by_address() -> None:
    found = estate(
        declare("azurerm_lb.l", name="l"),
        declare("azurerm_lb_backend_address_pool.p", name="p", loadbalancer_id=ref("azurerm_lb.l")),
        declare(
            "azurerm_lb_backend_address_pool_address.a",
            name="a",
            backend_address_pool_id=ref("azurerm_lb_backend_address_pool.p"),
            ip_address="10.0.0.4",
        ),
    )
    (pool,) = found.of(BackendAddressPool)
    assert [_name(a.ip_address) for a in pool.addresses] == ["10.0.0.4"]
