"""From the internet to machines."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.network import NetworkInterface, PublicIpAddress
from ringfence.model.symbol import Input, Text
from ringfence.questions.network import cidr
from ringfence.questions.network.ingress import bastions, ingress, to_frontend
from tests.questions.network.support import (
    attach,
    group,
    interface,
    made,
    network,
    nic,
    peered,
    public_ip,
    ref,
    rule,
    segment_named,
    subnet,
)
from tests.support import declare

SKU = "https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses"
NSG = "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview"
LB = "https://learn.microsoft.com/azure/load-balancer/load-balancer-overview"

SSH = rule(
    "ssh", 100, "Inbound", "Allow", protocol="Tcp", source_address_prefix="Internet", destination_port_range="22"
)
OFFICE = {**SSH, "source_address_prefix": "203.0.113.0/24"}
HOME = {**SSH, "source_address_prefix": Text((Input(".", "ip", "variable"), "/32"))}


def machine(sku: Any, *rules: dict[str, Any], on: tuple[str, ...] = (), **more: Any) -> Any:
    return made(
        network("v", "10.0.0.0/16"),
        subnet("a", "v", "10.0.0.0/24"),
        public_ip("p", sku=sku),
        interface("i", "a", "10.0.0.4", configuration={"public_ip_address_id": ref("azurerm_public_ip.p")}),
        declare(
            "azurerm_linux_virtual_machine.m", name="m", network_interface_ids=(ref("azurerm_network_interface.i"),)
        ),
        group("g", *rules),
        *(attach("g", name, to_interface=name == "i") for name in on),
        *more.values(),
    )


CASES: list[tuple[Any, list[dict[str, Any]], tuple[str, ...], str, str]] = [
    ("Basic", [], (), "pass", SKU),
    ("Standard", [], (), "fail", SKU),
    (Input(".", "sku", "variable"), [], (), "unknown", SKU),
    ("Basic", [], ("a",), "fail", NSG),
    ("Standard", [], ("a",), "fail", NSG),
    ("Standard", [SSH], ("a",), "pass", NSG),
    ("Standard", [SSH], ("i",), "pass", NSG),
    ("Standard", [SSH], ("a", "i"), "pass", NSG),
    ("Standard", [OFFICE], ("a",), "fail", NSG),
    ("Standard", [HOME], ("i",), "fail", NSG),
    ("Standard", [{**SSH, "destination_address_prefix": "10.0.0.4"}], ("i",), "pass", NSG),  # the private address
    ("Standard", [{**SSH, "destination_address_prefix": "VirtualNetwork"}], ("i",), "pass", NSG),
    (
        "Standard",
        [{**SSH, "destination_address_prefix": ref("azurerm_public_ip.p", "ip_address")}],
        ("i",),
        "fail",
        NSG,
    ),
    ("Standard", [{**SSH, "source_address_prefix": "AzureCloud"}], ("i",), "fail", NSG),
]


@pytest.mark.parametrize(("sku", "rules", "on", "outcome", "url"), CASES)
def test_by_a_public_address(
    sku: Any, rules: list[dict[str, Any]], on: tuple[str, ...], outcome: str, url: str
) -> None:
    assert url
    found = machine(sku, *rules, on=on)
    assert ingress(found, found.resources[".#azurerm_linux_virtual_machine.m"]).outcome == outcome


def test_both_groups_have_to_allow_it() -> None:
    closed = (group("none"), attach("none", "a"))
    found = machine("Standard", SSH, on=("i",), x=closed[0], y=closed[1])
    assert ingress(found, nic(found, "i")).verdict.why == "rule DenyAllInBound (65500) of none denies TCP 22"


def test_from_an_address() -> None:
    office, other = cidr.of("203.0.113.7"), cidr.of("198.51.100.7")
    found = machine("Standard", OFFICE, on=("i",))
    assert [ingress(found, nic(found, "i"), a).outcome for a in (office, other)] == ["pass", "fail"]
    found = machine("Standard", HOME, on=("i",))
    answer = ingress(found, nic(found, "i"), office)
    assert (answer.outcome, [n.subject for n in answer.needs]) == ("unknown", ["ip"])


def test_why_the_internet_as_a_whole_stays_outside() -> None:
    found = machine("Standard", HOME, on=("i",))
    why = "rule ssh (100) of g allows TCP 22 for some addresses only, not for the internet"
    assert ingress(found, nic(found, "i")).verdict.why == why


def test_without_a_public_address() -> None:
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), interface("i", "a"))
    answer = ingress(found, nic(found, "i"))
    assert (answer.outcome, answer.verdict.why) == ("fail", "i has no public address, and no load balancer leads to it")


def balanced(rules: tuple[Any, ...], *, public: bool = True, sku: str = "Standard", nsg: bool = True) -> Any:
    front = {"name": "front", "public_ip_address_id": ref("azurerm_public_ip.p")} if public else {"name": "front"}
    guard = (group("g", {**SSH, "destination_port_range": "*"}), attach("g", "a")) if nsg else ()
    return made(
        network("v", "10.0.0.0/16"),
        subnet("a", "v", "10.0.0.0/24"),
        public_ip("p", sku=sku),
        interface("i", "a", "10.0.0.4"),
        declare("azurerm_lb.l", name="l", sku=sku, frontend_ip_configuration=[front]),
        declare("azurerm_lb_backend_address_pool.b", name="b", loadbalancer_id=ref("azurerm_lb.l")),
        declare(
            "azurerm_network_interface_backend_address_pool_association.x",
            network_interface_id=ref("azurerm_network_interface.i"),
            ip_configuration_name="first",
            backend_address_pool_id=ref("azurerm_lb_backend_address_pool.b"),
        ),
        *guard,
        *rules,
    )


def balancing(frontend: int, backend: Any, **changes: Any) -> Any:
    content = {
        "name": "r",
        "loadbalancer_id": ref("azurerm_lb.l"),
        "protocol": "Tcp",
        "frontend_port": frontend,
        "backend_port": backend,
        "frontend_ip_configuration_name": "front",
        "backend_address_pool_ids": (ref("azurerm_lb_backend_address_pool.b"),),
        **changes,
    }
    return declare("azurerm_lb_rule.r", **content)


def nat(**changes: Any) -> tuple[Any, ...]:
    content = {
        "name": "n",
        "loadbalancer_id": ref("azurerm_lb.l"),
        "protocol": "Tcp",
        "frontend_port": 50001,
        "backend_port": 22,
        "frontend_ip_configuration_name": "front",
        **changes,
    }
    return (
        declare("azurerm_lb_nat_rule.n", **content),
        declare(
            "azurerm_network_interface_nat_rule_association.n",
            network_interface_id=ref("azurerm_network_interface.i"),
            ip_configuration_name="first",
            nat_rule_id=ref("azurerm_lb_nat_rule.n"),
        ),
    )


THROUGH: list[tuple[Any, dict[str, Any], str]] = [
    ((balancing(2222, 22),), {}, "pass"),
    ((balancing(22, 2222),), {}, "fail"),  # the machine's port is what is asked for
    ((balancing(0, 0, protocol="All"),), {}, "pass"),
    ((balancing(22, 22, protocol="Udp"),), {}, "fail"),
    ((balancing(22, 22),), {"public": False}, "fail"),
    ((balancing(22, 22),), {"nsg": False}, "fail"),
    ((balancing(22, 22),), {"nsg": False, "sku": "Basic"}, "pass"),
    (nat(), {}, "pass"),
    (nat(backend_port=3389), {}, "fail"),
    ((), {}, "fail"),
    ((balancing(22, 22, frontend_ip_configuration_name=Input(".", "f", "variable")),), {}, "unknown"),
    ((balancing(22, Input(".", "b", "variable")),), {}, "unknown"),
]


@pytest.mark.parametrize(("rules", "changes", "outcome"), THROUGH)
def test_through_a_load_balancer(rules: tuple[Any, ...], changes: dict[str, Any], outcome: str) -> None:
    """Source: `LB`."""
    found = balanced(rules, **changes)
    assert ingress(found, nic(found, "i")).outcome == outcome


def test_a_gateway_in_the_network_is_named() -> None:
    gateway = declare(
        "azurerm_application_gateway.gw", name="gw",
        frontend_ip_configuration=[{"name": "f", "public_ip_address_id": ref("azurerm_public_ip.p")}],
        gateway_ip_configuration=[{"name": "g", "subnet_id": ref("azurerm_subnet.gw")}],
    )  # fmt: skip
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), subnet("gw", "v", "10.0.1.0/24"),
                 public_ip("p"), interface("i", "a"), gateway)  # fmt: skip
    answer = ingress(found, nic(found, "i"), port=443)
    assert (answer.outcome, answer.verdict.why) == ("unknown", "the path runs through gw, which is not modelled")


def test_a_rule_for_a_public_address_is_that_of_the_balancer_of_a_cluster() -> None:
    """EUDCC's ingress: the packet keeps the public address as its destination."""
    https = {
        **SSH,
        "destination_port_range": "443",
        "destination_address_prefix": ref("azurerm_public_ip.in", "ip_address"),
    }
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), public_ip("in", sku="Standard"),
                 public_ip("other", sku="Standard"), group("g", https), attach("g", "a"))  # fmt: skip
    ours, other = sorted(found.of(PublicIpAddress), key=lambda p: p.title)
    segment = segment_named(found, "a")
    assert to_frontend(found, segment, ours, port=443).outcome == "pass"
    assert to_frontend(found, segment, ours, port=80).outcome == "fail"
    assert to_frontend(found, segment, other, port=443).outcome == "fail"


def test_bastions_reach_their_network_and_peered_ones() -> None:
    """Source: learn.microsoft.com/azure/bastion/vnet-peering."""

    def host(sku: str) -> Any:
        return declare("azurerm_bastion_host.h", name="h", sku=sku,
                       ip_configuration=[{"subnet_id": ref("azurerm_subnet.AzureBastionSubnet")}])  # fmt: skip

    for sku, near in (("Basic", ["a", "b"]), ("Developer", ["a"])):
        found = made(
            network("v", "10.0.0.0/16"), network("w", "10.1.0.0/16"), network("x", "10.2.0.0/16"), *peered("v", "w"),
            subnet("AzureBastionSubnet", "v", "10.0.9.0/24"), subnet("a", "v", "10.0.0.0/24"),
            subnet("b", "w", "10.1.0.0/24"), subnet("c", "x", "10.2.0.0/24"), host(sku),
        )  # fmt: skip
        assert [n for n in "abc" if bastions(found, segment_named(found, n))] == near


def test_an_interface_of_any_number() -> None:
    found = machine("Standard", SSH, on=("i",))
    assert [i.title for i in found.of(NetworkInterface)] == ["i"]


def test_from_somewhere_in_azure() -> None:
    """Source: learn.microsoft.com/azure/virtual-network/service-tags-overview: AzureCloud is all of Azure."""
    from ringfence.questions.network.packet import packet
    from ringfence.questions.place import Place
    from tests.questions.network.support import to_nic

    place = Place("azure", "azure", "anybody in Azure", cidr.INTERNET)
    for prefix, outcome in (("AzureCloud", "pass"), ("Internet", "pass"), ("Storage", "unknown"),
                            ("AzureCloud.westeurope", "pass"), ("203.0.113.0/24", "fail"),
                            ("10.0.0.0/8", "fail")):  # fmt: skip
        found = machine("Standard", {**SSH, "source_address_prefix": prefix}, on=("i",))
        assert (prefix, packet(found, place, to_nic(found, "i"), "tcp", 22).outcome) == (prefix, outcome)


def test_what_has_interfaces_that_are_not_modelled() -> None:
    found = made(declare("azurerm_linux_virtual_machine_scale_set.s", name="s"),
                 declare("azurerm_kubernetes_cluster.k", name="k"))  # fmt: skip
    for resource in found.resources.values():
        if resource.terraform_type:
            assert ingress(found, resource).outcome == "unknown"
