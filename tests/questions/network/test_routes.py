"""Routes: the longest prefix, by brute force and by Microsoft's own examples."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Input
from ringfence.questions.network import cidr
from ringfence.questions.network.destination import INTERNET, Destination, at_service
from ringfence.questions.network.packet import packet
from ringfence.questions.network.routes import legs
from tests.questions.network.support import (
    at,
    at_addresses,
    endpoint,
    interface,
    made,
    network,
    peered,
    ref,
    routes,
    segment_named,
    subnet,
    to_endpoint,
    to_nic,
)
from tests.support import declare

UDR = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview"
POLICY = "https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy"

BLOCKS = st.builds(
    lambda n, length: str(ip_network((n, length), strict=False)),
    st.integers(int(ip_address("20.0.0.0")), int(ip_address("20.0.0.63"))),
    st.integers(24, 32),
)
TABLE = st.lists(st.tuples(BLOCKS, st.sampled_from(["Internet", "None", "VirtualAppliance"])), max_size=6,
                 unique_by=lambda e: e[0])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(TABLE, st.integers(0, 63))
def test_the_longest_prefix_decides(table: list[tuple[str, str]], last: int) -> None:
    found = made(
        network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
        routes("t", "a", *((p, h, "10.0.9.9") for p, h in table)),
    )  # fmt: skip
    address = ip_address("20.0.0.0") + last
    covering = [(ip_network(p).prefixlen, h.casefold()) for p, h in table if address in ip_network(p)]
    want = max(covering)[1] if covering else "internet"
    (leg,) = legs(found, segment_named(found, "a"), at_addresses(str(address)))
    assert leg.hop == want


@settings(max_examples=80, deadline=None)
@given(TABLE)
def test_the_legs_of_a_block_are_disjoint_and_cover_it(table: list[tuple[str, str]]) -> None:
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), routes("t", "a", *table))
    asked = cidr.of("20.0.0.0/26")
    parts = legs(found, segment_named(found, "a"), at_addresses("20.0.0.0/26"))
    assert cidr.union(leg.addresses for leg in parts) == asked
    assert sum(cidr.size(leg.addresses.v4) for leg in parts) == cidr.size(asked.v4)


def microsofts() -> Any:
    """The example at the end of the page: Subnet1 with nine routes, Subnet2 without any."""
    return made(
        network("VNet1", "10.0.0.0/16"),
        network("VNet2", "10.1.0.0/16"),
        *peered("VNet1", "VNet2"),
        subnet("Subnet1", "VNet1", "10.0.0.0/24"),
        subnet("Subnet2", "VNet1", "10.0.1.0/24"),
        subnet("Subnet3", "VNet2", "10.1.0.0/24"),
        interface("vm1", "Subnet1", "10.0.0.9"),
        interface("vm2", "Subnet2", "10.0.1.9"),
        interface("vm3", "Subnet3", "10.1.0.9"),
        routes("Routes", "Subnet1",
               ("10.0.0.0/16", "VirtualAppliance", "10.0.100.4"),
               ("10.0.0.0/24", "VnetLocal"),
               ("10.1.0.0/16", "None"),
               ("0.0.0.0/0", "VirtualAppliance", "10.0.100.4")),
    )  # fmt: skip


CASES = [
    ("Subnet1", "vm1", "pass", "10.0.0.0/24 goes to VnetLocal", UDR),
    ("Subnet1", "vm2", "unknown", "10.0.0.0/16 goes to VirtualAppliance", UDR),
    ("Subnet1", "vm3", "fail", "10.1.0.0/16 goes to None", UDR),
    ("Subnet2", "vm1", "pass", "stays in the virtual network", UDR),
    ("Subnet2", "vm3", "pass", "goes to another network", UDR),
]


@pytest.mark.parametrize(("source", "target", "outcome", "text", "url"), CASES)
def test_microsofts_example(source: str, target: str, outcome: str, text: str, url: str) -> None:
    assert url
    found = microsofts()
    answer = packet(found, at(found, source), to_nic(found, target))
    assert answer.outcome == outcome
    assert next(h.text for h in answer.hops if h.text.startswith("next hop")).endswith(text)


OUTSIDE = [
    ("0.0.0.0/0", "None", "8.8.8.8", "fail", UDR),
    ("0.0.0.0/0", "VirtualAppliance", "8.8.8.8", "unknown", UDR),
    ("0.0.0.0/0", "VirtualNetworkGateway", "8.8.8.8", "unknown", UDR),
    ("0.0.0.0/0", "Internet", "8.8.8.8", "pass", UDR),
    ("8.0.0.0/8", "None", "8.8.8.8", "fail", UDR),
    ("9.0.0.0/8", "None", "8.8.8.8", "pass", UDR),
    ("9.0.0.0/8", "None", "10.200.0.1", "fail", UDR),
    ("9.0.0.0/8", "None", "192.168.1.1", "fail", UDR),
]


@pytest.mark.parametrize(("prefix", "hop", "address", "outcome", "url"), OUTSIDE)
def test_to_an_address(prefix: str, hop: str, address: str, outcome: str, url: str) -> None:
    assert url
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
                 routes("t", "a", (prefix, hop, "10.0.9.9")))  # fmt: skip
    assert packet(found, at(found, "a"), at_addresses(address)).outcome == outcome


def vault(region: Any = "westeurope") -> Any:
    return declare("azurerm_key_vault.kv", name="kv", location=region)


SERVICE = [
    ((), ("0.0.0.0/0", "None"), "fail", "the default route takes the service along"),
    (("Microsoft.KeyVault",), ("0.0.0.0/0", "None"), "pass", "a service endpoint cannot be overridden"),
    (("Microsoft.KeyVault",), ("AzureKeyVault", "None"), "pass", "nor by its tag"),
    (("Microsoft.Storage",), ("0.0.0.0/0", "None"), "fail", "the endpoint of another service"),
    ((), ("AzureKeyVault", "None"), "fail", "a tag"),
    ((), ("AzureKeyVault.WestEurope", "None"), "fail", "a regional tag"),
    ((), ("AzureKeyVault.NorthEurope", "None"), "pass", "the tag of another region"),
    ((), ("Storage", "None"), "pass", "the tag of another service"),
    ((), ("20.0.0.0/8", "None"), "unknown", "a block that may hold its address"),
]


@pytest.mark.parametrize(("endpoints", "route", "outcome", "why"), SERVICE)
def test_to_the_public_end_of_a_service(
    endpoints: tuple[str, ...], route: tuple[str, str], outcome: str, why: str
) -> None:
    assert why
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24", service_endpoints=endpoints),
                 routes("t", "a", route), vault())  # fmt: skip
    answer = packet(found, at(found, "a"), at_service(found.resources[".#azurerm_key_vault.kv"]))
    assert answer.outcome == outcome


ENDPOINTS = [
    ("Disabled", ("10.1.0.0/16", "None"), "pass", "without policies only a /32 replaces the endpoint's"),
    ("Disabled", ("10.1.0.7/32", "None"), "fail", "as long as the endpoint's own"),
    ("NetworkSecurityGroupEnabled", ("10.1.0.0/16", "None"), "pass", "policies for security groups only"),
    ("RouteTableEnabled", ("10.1.0.0/16", "None"), "fail", "as long as the network's prefix"),
    ("RouteTableEnabled", ("10.1.0.0/24", "None"), "fail", "longer than the network's prefix"),
    ("Enabled", ("10.1.0.0/16", "None"), "fail", "both policies"),
    ("Enabled", ("10.0.0.0/8", "None"), "pass", "shorter than the network's prefix"),
    ("Enabled", ("0.0.0.0/0", "None"), "pass", "a default route never does"),
    (Input(".", "x", "variable"), ("10.1.0.0/16", "None"), "unknown", "whether policies are on is not known"),
]


@pytest.mark.parametrize(("policies", "route", "outcome", "why"), ENDPOINTS)
def test_the_route_of_a_private_endpoint(policies: Any, route: tuple[str, str], outcome: str, why: str) -> None:
    """Source: `POLICY`."""
    assert why
    found = made(
        network("v", "10.0.0.0/16"), network("w", "10.1.0.0/16"), *peered("v", "w"),
        subnet("a", "v", "10.0.0.0/24"),
        subnet("p", "w", "10.1.0.0/24", private_endpoint_network_policies=policies),
        endpoint("e", "p", ip_configuration=[{"private_ip_address": "10.1.0.7"}]),
        routes("t", "a", route),
    )  # fmt: skip
    assert packet(found, at(found, "a"), to_endpoint(found, "e")).outcome == outcome


def test_an_appliance_that_may_not_forward_drops_packets() -> None:
    for forwarding, outcome in ((False, "fail"), (True, "unknown")):
        found = made(
            network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), subnet("b", "v", "10.0.1.0/24"),
            interface("nva", "b", "10.0.1.4", ip_forwarding_enabled=forwarding),
            routes("t", "a", ("0.0.0.0/0", "VirtualAppliance", "10.0.1.4")),
        )  # fmt: skip
        answer = packet(found, at(found, "a"), INTERNET)
        assert (answer.outcome, "nva" in answer.verdict.why) == (outcome, True)


def test_a_firewall_is_named() -> None:
    found = made(
        network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), declare("azurerm_firewall.fw", name="fw"),
        routes("t", "a", ("0.0.0.0/0", "VirtualAppliance",
                          ref("azurerm_firewall.fw", "ip_configuration", "0", "private_ip_address"))),
    )  # fmt: skip
    answer = packet(found, at(found, "a"), INTERNET)
    assert answer.outcome == "unknown"
    assert answer.verdict.why == "the path runs through the firewall fw, which is not modelled"


def test_a_gateway_may_announce_other_routes_unless_propagation_is_off() -> None:
    gateway = declare("azurerm_virtual_network_gateway.gw", name="gw",
                      ip_configuration=[{"subnet_id": ref("azurerm_subnet.GatewaySubnet")}])  # fmt: skip
    base = (network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), subnet("GatewaySubnet", "v", "10.0.9.0/24"))
    on = made(*base, gateway)
    off = made(*base, gateway, routes("t", "a", bgp_route_propagation_enabled=False))
    assert packet(on, at(on, "a"), at_addresses("8.8.8.8")).outcome == "unknown"
    assert packet(off, at(off, "a"), at_addresses("8.8.8.8")).outcome == "pass"


def test_a_route_that_is_not_known_leaves_the_answer_open_unless_it_changes_nothing() -> None:
    for hop, outcome in (("None", "unknown"), ("Internet", "pass")):
        found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
                     routes("t", "a", (Input(".", "p", "variable"), hop)))  # fmt: skip
        assert packet(found, at(found, "a"), at_addresses("8.8.8.8")).outcome == outcome


def test_an_address_that_is_not_known_goes_where_all_of_its_subnet_goes() -> None:
    for prefix, outcome in (("10.0.1.0/24", "fail"), ("10.0.1.0/25", "unknown"), ("10.0.2.0/24", "pass")):
        found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), subnet("b", "v", "10.0.1.0/24"),
                     interface("i", "b"), routes("t", "a", (prefix, "None")))  # fmt: skip
        assert packet(found, at(found, "a"), to_nic(found, "i")).outcome == outcome


def test_a_destination_in_no_declared_subnet() -> None:
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"))
    assert [
        leg.hop for leg in legs(found, segment_named(found, "a"), Destination("x", "x", None, cidr.of("10.0.7.7")))
    ] == ["local"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(BLOCKS, st.sampled_from(["Internet", "None"])), min_size=1, max_size=5,
                unique_by=lambda e: e[0]), st.integers(0, 63), st.data())  # fmt: skip
def test_a_route_that_is_not_known_never_flips_the_answer(table: list[tuple[Any, Any]], last: int, data: Any) -> None:
    at_, side = data.draw(st.integers(0, len(table) - 1)), data.draw(st.integers(0, 1))
    veiled = [list(e) for e in table]
    veiled[at_][side] = Input(".", "x", "variable")
    outcomes = []
    for entries in (table, veiled):
        found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
                     routes("t", "a", *(tuple(e) for e in entries)))  # fmt: skip
        outcomes.append(packet(found, at(found, "a"), at_addresses(str(ip_address("20.0.0.0") + last))).outcome)
    assert outcomes[1] in (outcomes[0], "unknown")


@settings(max_examples=60, deadline=None)
@given(TABLE, st.integers(0, 63), st.randoms(use_true_random=False))
def test_the_order_of_routes_never_matters(table: list[tuple[str, str]], last: int, random: Any) -> None:
    outcomes = []
    for entries in (table, random.sample(table, len(table))):
        found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), routes("t", "a", *entries))
        outcomes.append(packet(found, at(found, "a"), at_addresses(str(ip_address("20.0.0.0") + last))).outcome)
    assert outcomes[0] == outcomes[1]


TAGGED = [
    (("AzureKeyVault", "None"), ("AzureKeyVault.WestEurope", "Internet"), "pass"),
    (("AzureCloud", "None"), ("AzureKeyVault", "Internet"), "pass"),
    (("AzureCloud.WestEurope", "None"), ("AzureCloud", "Internet"), "fail"),
    (("AzureCloud.WestEurope", "None"), ("AzureKeyVault", "Internet"), "pass"),
    (("AzureKeyVault", "None"), (Input(".", "p", "variable"), "Internet"), "unknown"),
]


@pytest.mark.parametrize(("one", "other", "outcome"), TAGGED)
def test_of_several_tags_the_narrowest_decides(one: tuple[Any, str], other: tuple[Any, str], outcome: str) -> None:
    """Source: `UDR`, "Service tags for user-defined routes"."""
    for entries in ((one, other), (other, one)):
        found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), routes("t", "a", *entries), vault())
        assert packet(found, at(found, "a"), at_service(found.resources[".#azurerm_key_vault.kv"])).outcome == outcome


def test_a_service_whose_region_is_not_known() -> None:
    region = Input(".", "region", "variable")
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
                 routes("t", "a", ("AzureKeyVault.WestEurope", "None")), vault(region))  # fmt: skip
    assert packet(found, at(found, "a"), at_service(found.resources[".#azurerm_key_vault.kv"])).outcome == "unknown"


@pytest.mark.parametrize(
    ("space", "outcome"), [(("10.9.0.0/24",), "fail"), ((Input(".", "space", "variable"),), "unknown")]
)
def test_a_private_address_may_be_in_a_peer_whose_space_is_not_known(space: tuple[Any, ...], outcome: str) -> None:
    found = made(
        network("v", "10.0.0.0/16"), network("w", *space), *peered("v", "w"), subnet("a", "v", "10.0.0.0/24")
    )  # fmt: skip
    assert packet(found, at(found, "a"), at_addresses("10.8.0.4")).outcome == outcome
