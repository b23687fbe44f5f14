"""The way out: by which method, with which addresses."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Input
from ringfence.questions.network.destination import at_service
from ringfence.questions.network.egress import egress
from ringfence.questions.place import Place
from tests.questions.network.support import (
    at,
    attach,
    group,
    interface,
    machine_at,
    made,
    network,
    public_ip,
    ref,
    routes,
    rule,
    segment_named,
    subnet,
)
from tests.questions.network.test_ingress import balanced, balancing
from tests.support import declare

DEFAULT = "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access"
NAT = "https://learn.microsoft.com/azure/nat-gateway/nat-overview"
OUTBOUND = "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections"
AKS = "https://learn.microsoft.com/azure/aks/egress-outboundtype"
SITES = "https://learn.microsoft.com/azure/app-service/overview-vnet-integration"


def base(*more: Any, **content: Any) -> Any:
    return made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24", **content), *more)


def gateway(*, address: bool = True) -> tuple[Any, ...]:
    parts = (
        declare("azurerm_nat_gateway.n", name="n"),
        declare(
            "azurerm_subnet_nat_gateway_association.x",
            subnet_id=ref("azurerm_subnet.a"),
            nat_gateway_id=ref("azurerm_nat_gateway.n"),
        ),
    )
    own = (
        public_ip("out"),
        declare(
            "azurerm_nat_gateway_public_ip_association.x",
            nat_gateway_id=ref("azurerm_nat_gateway.n"),
            public_ip_address_id=ref("azurerm_public_ip.out"),
        ),
    )
    return (*parts, *own) if address else parts


PRIVATE = {"default_outbound_access_enabled": False}
BLOCKED = (group("g", rule("no", 100, "Outbound", "Deny", destination_address_prefix="Internet")), attach("g", "a"))

CASES: list[tuple[tuple[Any, ...], dict[str, Any], str, str, str]] = [
    ((), {}, "pass", "default outbound access", DEFAULT),
    ((), PRIVATE, "fail", "", DEFAULT),
    ((), {"default_outbound_access_enabled": Input(".", "x", "variable")}, "unknown", "", DEFAULT),
    (gateway(), PRIVATE, "pass", "nat gateway", NAT),
    (gateway(address=False), {}, "fail", "", NAT),
    (BLOCKED, {}, "fail", "", DEFAULT),
    ((*BLOCKED, *gateway()), {}, "fail", "", NAT),
    (routes("t", "a", ("0.0.0.0/0", "VirtualAppliance", "10.0.9.4")), {}, "unknown", "route", NAT),
    ((*gateway(), *routes("t", "a", ("0.0.0.0/0", "VirtualAppliance", "10.0.9.4"))), {}, "unknown", "route", NAT),
    (routes("t", "a", ("0.0.0.0/0", "None")), {}, "fail", "", DEFAULT),
]


@pytest.mark.parametrize(("more", "content", "outcome", "method", "url"), CASES)
def test_of_a_subnet(more: tuple[Any, ...], content: dict[str, Any], outcome: str, method: str, url: str) -> None:
    assert url
    found = base(*more, **content)
    out = egress(found, at(found, "a"))
    assert (out.answer.outcome, out.method) == (outcome, method)


def test_a_nat_gateway_goes_before_the_public_address_of_a_machine() -> None:
    """Source: `NAT`."""
    mine = (public_ip("p"), interface("i", "a", configuration={"public_ip_address_id": ref("azurerm_public_ip.p")}))
    found = base(*mine, **PRIVATE)
    out = egress(found, machine_at(found, "i"))
    assert (out.method, [r.title for r in out.resources], out.addresses) == ("public address", ["p"], None)  # type: ignore[union-attr]  # declared
    found = base(*mine, *gateway(), **PRIVATE)
    out = egress(found, machine_at(found, "i"))
    assert (out.method, [r.title for r in out.resources]) == ("nat gateway", ["out"])  # type: ignore[union-attr]  # declared


def test_a_private_subnet_with_a_machine_that_has_a_public_address() -> None:
    public = interface("i", "a", configuration={"public_ip_address_id": ref("azurerm_public_ip.p")})
    found = base(public_ip("p"), public, interface("j", "a"), **PRIVATE)
    assert egress(found, at(found, "a")).method == "public address"
    assert egress(found, machine_at(found, "j")).answer.outcome == "fail"


BALANCED: list[tuple[tuple[Any, ...], dict[str, Any], str, str]] = [
    ((balancing(22, 22),), {}, "pass", "load balancer"),
    ((balancing(22, 22, disable_outbound_snat=True),), {}, "fail", ""),
    ((balancing(22, 22),), {"public": False}, "fail", ""),
    ((balancing(22, 22),), {"public": False, "sku": "Basic"}, "pass", "default outbound access"),
    (
        (
            balancing(22, 22, disable_outbound_snat=True),
            declare(
                "azurerm_lb_outbound_rule.o",
                name="o",
                loadbalancer_id=ref("azurerm_lb.l"),
                protocol="All",
                backend_address_pool_id=ref("azurerm_lb_backend_address_pool.b"),
                frontend_ip_configuration=[{"name": "front"}],
            ),
        ),
        {},
        "pass",
        "load balancer",
    ),
]


@pytest.mark.parametrize(("rules", "changes", "outcome", "method"), BALANCED)
def test_behind_a_load_balancer(rules: tuple[Any, ...], changes: dict[str, Any], outcome: str, method: str) -> None:
    """Source: `OUTBOUND`."""
    found = balanced(rules, **changes)
    out = egress(found, machine_at(found, "i"))
    assert (out.answer.outcome, out.method) == (outcome, method)


def test_a_service_endpoint_needs_no_way_out() -> None:
    vault = declare("azurerm_key_vault.kv", name="kv", location="westeurope")
    found = base(vault, service_endpoints=("Microsoft.KeyVault",), **PRIVATE)
    place, service = at(found, "a"), at_service(found.resources[".#azurerm_key_vault.kv"])
    out = egress(found, place, service)
    assert (out.answer.outcome, out.method, out.resources) == ("pass", "service endpoint", ())
    assert egress(found, place).answer.outcome == "fail"


def of(found: Any, address: str) -> Place:
    resource = found.resources[f".#{address}"]
    return Place(resource.key, "subnet", resource.title, segment=segment_named(found, "a"), resource=resource)


@pytest.mark.parametrize(("routed", "method"), [(False, "platform"), (True, "")])
def test_a_site_leaves_beside_its_subnet_unless_it_routes_all(routed: bool, method: str) -> None:
    """Source: `SITES`."""
    site = declare("azurerm_linux_web_app.w", name="w", virtual_network_subnet_id=ref("azurerm_subnet.a"),
                   site_config=[{"vnet_route_all_enabled": routed}])  # fmt: skip
    found = base(site, *BLOCKED)
    out = egress(found, of(found, "azurerm_linux_web_app.w"))
    assert (out.method, out.answer.outcome) == (method, "fail" if routed else "pass")


@pytest.mark.parametrize(
    ("kind", "outcome", "method"),
    [
        ("loadBalancer", "pass", "load balancer"),
        (None, "pass", "load balancer"),
        ("managedNATGateway", "pass", "nat gateway"),
        ("userDefinedRouting", "fail", ""),
    ],
)
def test_a_cluster_brings_its_own_way_out(kind: str | None, outcome: str, method: str) -> None:
    """Source: `AKS`."""
    cluster = declare("azurerm_kubernetes_cluster.k", name="k", network_profile=[{"outbound_type": kind}])
    found = base(cluster, **PRIVATE)
    out = egress(found, of(found, "azurerm_kubernetes_cluster.k"))
    assert (out.answer.outcome, out.method) == (outcome, method)


def test_outside_of_networks() -> None:
    found = base()
    out = egress(found, Place("internet", "internet", "the internet"))
    assert (out.answer.outcome, out.method) == ("pass", "own")
