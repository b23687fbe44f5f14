"""Packets between subnets and to services: what Microsoft documents, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Input, Text
from ringfence.questions.network.destination import INTERNET, at_service
from ringfence.questions.network.packet import packet
from ringfence.questions.place import Place
from tests.questions.network.support import (
    at,
    at_addresses,
    at_segment,
    attach,
    endpoint,
    group,
    interface,
    machine_at,
    made,
    network,
    peered,
    peering,
    ref,
    routes,
    rule,
    segment_named,
    subnet,
    to_endpoint,
    to_nic,
)
from tests.support import declare

OVERVIEW = "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview"
HOW = "https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works"
TAGS = "https://learn.microsoft.com/azure/virtual-network/service-tags-overview"
PEERING = "https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview"
MANAGE = "https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering"
POLICY = "https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy"
ASG = "https://learn.microsoft.com/azure/virtual-network/application-security-groups"

UNSURE = Input(".", "x", "variable")


def pair(*rules: dict[str, Any], on: tuple[str, ...] = ("b",), **more: Any) -> Any:
    """Two subnets of one network; the group stands on some of "a", "b" and the interfaces "i" (in a) and "j" (in b)."""
    return made(
        network("v", "10.0.0.0/16"),
        subnet("a", "v", "10.0.0.0/24"),
        subnet("b", "v", "10.0.1.0/24"),
        interface("i", "a", "10.0.0.4"),
        interface("j", "b", "10.0.1.4"),
        interface("k", "b", "10.0.1.5"),
        group("g", *rules),
        *(attach("g", name, to_interface=name in "ijk") for name in on),
        *more.values(),
    )


def deny(direction: str = "Inbound", **changes: Any) -> dict[str, Any]:
    return {**rule("deny", 200, direction, "Deny"), **changes}


def allow(direction: str = "Inbound", **changes: Any) -> dict[str, Any]:
    return rule("allow", 100, direction, "Allow", **changes)


INSIDE: list[tuple[list[dict[str, Any]], tuple[str, ...], str, str]] = [
    ([], ("b",), "pass", OVERVIEW),  # AllowVnetInBound
    ([], ("a", "b"), "pass", OVERVIEW),  # AllowVnetOutBound
    ([deny()], ("b",), "fail", OVERVIEW),
    ([deny()], ("j",), "fail", HOW),
    ([deny()], ("a",), "pass", OVERVIEW),  # inbound rules do not bind what leaves
    ([deny("Outbound")], ("a",), "fail", OVERVIEW),
    ([deny("Outbound")], ("i",), "fail", HOW),
    ([deny("Outbound")], ("b",), "pass", OVERVIEW),
    ([deny(), allow(destination_port_range="443")], ("b", "j"), "pass", HOW),
    ([deny(), allow(destination_port_range="80")], ("b",), "fail", OVERVIEW),
    ([deny(source_address_prefix="Internet")], ("b",), "pass", TAGS),
    ([deny(source_address_prefix="VirtualNetwork")], ("b",), "fail", TAGS),
    ([deny(source_address_prefix="AzureLoadBalancer")], ("b",), "pass", TAGS),
    ([deny(source_address_prefix="AzureCloud")], ("b",), "pass", TAGS),
    ([deny(source_address_prefix="10.0.0.4")], ("b",), "fail", OVERVIEW),
    ([deny(source_address_prefix="10.0.0.5")], ("b",), "pass", OVERVIEW),
    ([deny(destination_address_prefix="10.0.1.5")], ("b",), "pass", OVERVIEW),
    ([deny(protocol="Udp")], ("b",), "pass", OVERVIEW),
    ([deny(source_port_range="1024")], ("b",), "pass", OVERVIEW),
    ([deny(priority=UNSURE)], ("b",), "fail", OVERVIEW),
    ([deny(priority=UNSURE), allow()], ("b",), "unknown", OVERVIEW),
    ([deny(source_address_prefix=UNSURE)], ("b",), "unknown", OVERVIEW),
    ([deny(source_address_prefix=UNSURE, protocol="Udp")], ("b",), "pass", OVERVIEW),
    ([deny(source_address_prefix=UNSURE), allow()], ("b",), "pass", OVERVIEW),
]


@pytest.mark.parametrize(("rules", "on", "outcome", "url"), INSIDE)
def test_inside_a_network(rules: list[dict[str, Any]], on: tuple[str, ...], outcome: str, url: str) -> None:
    assert url
    found = pair(*rules, on=on)
    assert packet(found, machine_at(found, "i"), to_nic(found, "j")).outcome == outcome


def test_traffic_inside_one_subnet_is_filtered_too() -> None:
    """Source: `HOW`, "Intra-Subnet traffic"."""
    found = pair(deny(), on=("b",))
    assert packet(found, machine_at(found, "k"), to_nic(found, "j")).outcome == "fail"


def test_the_hops_come_in_order_and_the_rule_that_decides_is_named() -> None:
    found = pair(
        allow("Outbound"),
        rule("no-https", 300, "Inbound", "Deny", destination_port_range="443"),
        on=("a", "i", "b", "j"),
    )
    answer = packet(found, machine_at(found, "i"), to_nic(found, "j"))
    assert [h.text for h in answer.hops] == [
        "out of i: g",
        "out of a: g",
        "next hop of a: stays in the virtual network",
        "into b: g",
    ]
    assert answer.verdict.why == "rule no-https (300) of g denies TCP 443"
    assert [(e.resource, e.outcome) for e in answer.evidence] == [(".#azurerm_network_security_group.g", "fail")]


ICMP: list[tuple[dict[str, Any], str]] = [
    ({"protocol": "Icmp"}, "fail"),
    ({"protocol": "Tcp"}, "pass"),
    ({"protocol": "*"}, "fail"),
    ({"protocol": "*", "destination_port_range": "443"}, "unknown"),
]


@pytest.mark.parametrize(("changes", "outcome"), ICMP)
def test_what_has_no_ports(changes: dict[str, Any], outcome: str) -> None:
    found = pair(deny(**changes))
    assert packet(found, at(found, "a"), to_nic(found, "j"), "icmp", None).outcome == outcome


def test_ipv6() -> None:
    def dual(prefix: str) -> Any:
        return made(
            network("v", "10.0.0.0/16", "fd00::/48"), subnet("a", "v", "10.0.0.0/24", "fd00:0:0:1::/64"),
            subnet("b", "v", "10.0.1.0/24", "fd00:0:0:2::/64"), interface("j", "b", "fd00:0:0:2::4"),
            group("g", deny(source_address_prefix=prefix)), attach("g", "b"),
        )  # fmt: skip

    for prefix, outcome in (("fd00:0:0:1::/64", "fail"), ("10.0.0.0/8", "pass"), ("::/0", "fail"), ("*", "fail")):
        found = dual(prefix)
        assert packet(found, at(found, "a"), to_nic(found, "j")).outcome == outcome


# -- the way out

OUT: list[tuple[list[dict[str, Any]], str, str]] = [
    ([], "pass", OVERVIEW),  # AllowInternetOutBound
    ([deny("Outbound", destination_address_prefix="Internet")], "fail", TAGS),
    ([deny("Outbound", destination_address_prefix="VirtualNetwork")], "pass", TAGS),
    ([deny("Outbound", destination_address_prefix="Internet", destination_port_range="80")], "pass", OVERVIEW),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="AzureKeyVault")], "pass", TAGS),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="AzureKeyVault.WestEurope")], "pass", TAGS),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="AzureKeyVault.NorthEurope")], "fail", TAGS),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="AzureCloud")], "pass", TAGS),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="Storage")], "fail", TAGS),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="20.0.0.0/8")], "unknown", OVERVIEW),
    ([deny("Outbound"), allow("Outbound", destination_address_prefix="10.0.0.0/8")], "fail", OVERVIEW),
]


@pytest.mark.parametrize(("rules", "outcome", "url"), OUT)
def test_to_the_public_end_of_a_vault(rules: list[dict[str, Any]], outcome: str, url: str) -> None:
    assert url
    vault = declare("azurerm_key_vault.kv", name="kv", location="West Europe")
    found = pair(*rules, on=("a",), vault=vault)
    assert packet(found, at(found, "a"), at_service(found.resources[".#azurerm_key_vault.kv"])).outcome == outcome


def test_to_the_internet_as_a_whole() -> None:
    narrow = allow("Outbound", destination_address_prefix="203.0.113.0/24")
    found = pair(deny("Outbound"), narrow, on=("a",))
    assert packet(found, at(found, "a"), INTERNET).outcome == "fail"
    assert packet(found, at(found, "a"), at_addresses("203.0.113.9")).outcome == "pass"
    assert packet(found, at(found, "a"), at_addresses("203.0.114.9")).outcome == "fail"


def test_a_tag_whose_addresses_are_not_known_leaves_an_address_open() -> None:
    found = pair(deny("Outbound"), allow("Outbound", destination_address_prefix="Storage"), on=("a",))
    assert packet(found, at(found, "a"), at_addresses("20.60.1.1")).outcome == "unknown"
    assert packet(found, at(found, "a"), INTERNET).outcome == "fail"


# -- application security groups


def grouped(*members: str, **more: Any) -> Any:
    def member(name: str) -> Any:
        return declare(
            f"azurerm_network_interface_application_security_group_association.{name}",
            network_interface_id=ref(f"azurerm_network_interface.{name}"),
            application_security_group_id=ref("azurerm_application_security_group.web"),
        )

    here = (ref("azurerm_application_security_group.web"),)
    only = allow(source_address_prefix=None, source_application_security_group_ids=here)
    asg = declare("azurerm_application_security_group.web", name="web")
    return pair(deny(), only, asg=asg, **{name: member(name) for name in members}, **more)


def test_members_of_an_application_security_group() -> None:
    """Source: `ASG`."""
    found = grouped("i")
    assert packet(found, machine_at(found, "i"), to_nic(found, "j")).outcome == "pass"
    assert packet(found, machine_at(found, "k"), to_nic(found, "j")).outcome == "fail"
    assert packet(found, at(found, "a"), to_nic(found, "j")).outcome == "unknown"  # a member may stand there
    assert packet(found, at(found, "b"), to_nic(found, "j")).outcome == "fail"


def test_a_membership_that_is_not_known() -> None:
    maybe = declare(
        "azurerm_network_interface_application_security_group_association.i",
        presence=UNSURE,
        network_interface_id=ref("azurerm_network_interface.i"),
        application_security_group_id=ref("azurerm_application_security_group.web"),
    )
    found = grouped(maybe=maybe)
    assert packet(found, machine_at(found, "i"), to_nic(found, "j")).outcome == "unknown"


# -- peering


def two(*links: Any, **more: Any) -> Any:
    return made(
        network("v", "10.0.0.0/16"),
        network("w", "10.1.0.0/16"),
        network("x", "10.2.0.0/16"),
        subnet("a", "v", "10.0.0.0/24"),
        subnet("b", "w", "10.1.0.0/24"),
        subnet("c", "x", "10.2.0.0/24"),
        interface("j", "b", "10.1.0.4"),
        interface("k", "c", "10.2.0.4"),
        *links,
        *more.values(),
    )


BETWEEN: list[tuple[tuple[Any, ...], str, str, str]] = [
    ((), "j", "fail", PEERING),
    (peered("v", "w"), "j", "pass", PEERING),
    ((peering("v-w", "v", "w"),), "j", "fail", PEERING),  # one direction is "initiated", not connected
    ((peering("w-v", "w", "v"),), "j", "fail", PEERING),
    ((*peered("v", "w"), *peered("w", "x")), "k", "fail", PEERING),  # not transitive
    (
        (*peered("v", "w", allow_forwarded_traffic=True), *peered("w", "x", allow_forwarded_traffic=True)),
        "k",
        "fail",
        PEERING,
    ),
    ((peering("v-w", "v", "w", presence=UNSURE), peering("w-v", "w", "v")), "j", "unknown", PEERING),
]


@pytest.mark.parametrize(("links", "target", "outcome", "url"), BETWEEN)
def test_between_networks(links: tuple[Any, ...], target: str, outcome: str, url: str) -> None:
    assert url
    found = two(*links)
    assert packet(found, at(found, "a"), to_nic(found, target)).outcome == outcome


def test_a_peering_without_access_leaves_the_other_network_out_of_the_tag() -> None:
    """Source: `MANAGE`: a rule that names the addresses still lets traffic flow."""
    closed = peered("v", "w", allow_virtual_network_access=False)
    named = allow(source_address_prefix="10.0.0.0/24")
    assert _over(closed) == "unknown"  # no group says anything on either side
    assert _over(closed, g=group("g"), a=attach("g", "b"), o=attach("g", "a")) == "fail"
    assert _over(closed, g=group("g", named, allow("Outbound", destination_address_prefix="10.1.0.0/24")),
                 a=attach("g", "b"), o=attach("g", "a")) == "pass"  # fmt: skip


def _over(links: tuple[Any, ...], **more: Any) -> str:
    found = two(*links, **more)
    return packet(found, at(found, "a"), to_nic(found, "j")).outcome


def test_networks_whose_addresses_overlap_cannot_be_peered() -> None:
    found = made(network("v", "10.0.0.0/16"), network("w", "10.0.0.0/16"), *peered("v", "w"),
                 subnet("a", "v", "10.0.0.0/24"), subnet("b", "w", "10.0.1.0/24"), interface("j", "b"))  # fmt: skip
    assert packet(found, at(found, "a"), to_nic(found, "j")).outcome == "unknown"


def test_a_network_that_is_not_declared_here() -> None:
    ci = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/ci"
    far = declare("azurerm_virtual_network_peering.out", name="out", virtual_network_name="v",
                  remote_virtual_network_id=ci)  # fmt: skip
    back = declare("azurerm_virtual_network_peering.back", name="back", virtual_network_name="ci",
                   remote_virtual_network_id=ref("azurerm_virtual_network.v"))  # fmt: skip
    from ringfence.model.resource import External
    from ringfence.questions.network.segment import undeclared

    for links, outcome in (((far, back), "unknown"), ((back,), "fail"), ((), "fail")):
        found = made(network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), interface("j", "a"), *links)
        segment = undeclared(External("ci", "Microsoft.Network/virtualNetworks"))
        answer = packet(found, Place("ci", "subnet", "ci", segment=segment), to_nic(found, "j"))
        assert answer.outcome == outcome


# -- private endpoints

POLICIES: list[tuple[Any, str, str]] = [
    ("Disabled", "pass", POLICY),
    ("RouteTableEnabled", "pass", POLICY),
    ("NetworkSecurityGroupEnabled", "fail", POLICY),
    ("Enabled", "fail", POLICY),
    (None, "pass", POLICY),  # azurerm 4 writes "Disabled"
    (UNSURE, "unknown", POLICY),
]


@pytest.mark.parametrize(("policies", "outcome", "url"), POLICIES)
def test_a_group_binds_private_endpoints_where_policies_say_so(policies: Any, outcome: str, url: str) -> None:
    assert url
    found = made(
        network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
        subnet("p", "v", "10.0.1.0/24", private_endpoint_network_policies=policies),
        endpoint("e", "p"), group("g", deny()), attach("g", "p"),
    )  # fmt: skip
    assert packet(found, at(found, "a"), to_endpoint(found, "e")).outcome == outcome


@pytest.mark.parametrize(("enforced", "outcome"), [(True, "pass"), (False, "fail"), (None, "fail")])
def test_the_older_argument_says_it_the_other_way_round(enforced: bool | None, outcome: str) -> None:
    """Source: azurerm v2.71.0 docs/r/subnet: "enforce" turns the policies off, and the default is off."""
    found = made(
        network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"),
        subnet("p", "v", "10.0.1.0/24", version="2.71.0", enforce_private_link_endpoint_network_policies=enforced),
        endpoint("e", "p"), group("g", deny()), attach("g", "p"),
    )  # fmt: skip
    assert packet(found, at(found, "a"), to_endpoint(found, "e")).outcome == outcome


def test_the_source_is_filtered_whatever_the_policies_of_the_endpoint() -> None:
    found = made(
        network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), subnet("p", "v", "10.0.1.0/24"),
        endpoint("e", "p"), group("g", deny("Outbound", destination_address_prefix="10.0.1.0/24")), attach("g", "a"),
    )  # fmt: skip
    assert packet(found, at(found, "a"), to_endpoint(found, "e")).outcome == "fail"


def test_an_endpoint_has_no_public_address() -> None:
    found = made(network("v", "10.0.0.0/16"), subnet("p", "v", "10.0.1.0/24"), endpoint("e", "p"))
    answer = packet(found, Place("internet", "internet", "the internet"), to_endpoint(found, "e"))
    assert (answer.outcome, answer.verdict.why) == ("fail", "e has no public address")


# -- what is not known


def test_prefixes_that_are_not_known() -> None:
    """The networks say who is in the tag VirtualNetwork; a rule for a block cannot be decided."""
    random = Text(("10.", UNSURE, ".0.0/16"))
    for rules, outcome in (([], "pass"), ([deny(source_address_prefix="10.9.0.0/16")], "unknown"), ([deny()], "fail")):
        found = made(
            network("v", random), subnet("a", "v", Text(("10.", UNSURE, ".0.0/24"))),  # type: ignore[arg-type]  # a symbol
            subnet("b", "v", Text(("10.", UNSURE, ".1.0/24"))),  # type: ignore[arg-type]  # a symbol
            interface("j", "b"), group("g", *rules), attach("g", "b"),
        )  # fmt: skip
        assert packet(found, at(found, "a"), to_nic(found, "j")).outcome == outcome


def test_a_group_and_a_subnet_that_are_not_declared() -> None:
    strange = declare(
        "azurerm_subnet_network_security_group_association.x", subnet_id=ref("azurerm_subnet.b"),
        network_security_group_id="/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/far",
    )  # fmt: skip
    found = pair(on=(), strange=strange)
    answer = packet(found, at(found, "a"), to_nic(found, "j"))
    assert answer.outcome == "unknown"
    assert answer.verdict.why.endswith("networkSecurityGroups/far is not declared here")


def test_any_address_of_a_subnet() -> None:
    found = pair(deny(), allow(destination_address_prefix="10.0.1.77"))
    assert packet(found, at(found, "a"), at_segment(segment_named(found, "b"))).outcome == "pass"
    assert packet(found, at(found, "a"), to_nic(found, "j")).outcome == "fail"


def test_an_inline_subnet() -> None:
    inside = {
        "name": "in",
        "address_prefixes": ("10.0.5.0/24",),
        "security_group": ref("azurerm_network_security_group.g"),
    }
    found = made(
        network("v", "10.0.0.0/16", subnet=[inside]), subnet("a", "v", "10.0.0.0/24"), group("g", deny()),
        declare("azurerm_network_interface.j", name="j", ip_configuration=[
            {"subnet_id": Text((ref("azurerm_virtual_network.v"), "/subnets/in"))}]),
    )  # fmt: skip
    answer = packet(found, at(found, "a"), to_nic(found, "j"))
    assert (answer.outcome, answer.verdict.why) == ("fail", "rule deny (200) of g denies TCP 443")


# -- through appliances, and to addresses by hand


def hub_and_spokes(*rules: dict[str, Any]) -> Any:
    """Two spokes that are peered with a hub only; the first sends everything through the hub's appliance."""
    return two(
        *peered("v", "w"), *peered("x", "w"), routes("t", "a", ("10.0.0.0/8", "VirtualAppliance", "10.1.0.99"))[0],
        routes("t", "a")[1], group("g", *rules), attach("g", "c"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "outcome"), [([], "unknown"), ([deny()], "fail"), ([deny(source_address_prefix="10.0.0.0/8")], "unknown")]
)
def test_from_spoke_to_spoke_through_an_appliance(rules: list[dict[str, Any]], outcome: str) -> None:
    """The appliance may bring it there, with an address of its own; a group that refuses everybody still does.

    Source: `PEERING`, "Service chaining".
    """
    found = hub_and_spokes(*rules)
    assert packet(found, at(found, "a"), to_nic(found, "k")).outcome == outcome


@pytest.mark.parametrize(
    ("address", "rules", "outcome"),
    [
        ("10.0.1.4", [], "pass"),
        ("10.0.1.4", [deny()], "fail"),
        ("10.0.200.4", [], "unknown"),  # in the network, in no declared subnet
        ("10.77.0.4", [], "fail"),  # nowhere
    ],
)
def test_to_a_private_address_by_hand(address: str, rules: list[dict[str, Any]], outcome: str) -> None:
    found = pair(*rules)
    assert packet(found, at(found, "a"), at_addresses(address)).outcome == outcome


@pytest.mark.parametrize("access", ["Allow", "Deny"])
def test_whose_an_address_is_that_somebody_wrote_is_not_known(access: str) -> None:
    written = rule("cloud", 100, "Outbound", access, destination_address_prefix="AzureCloud")
    rest = rule("rest", 200, "Outbound", "Deny" if access == "Allow" else "Allow")
    found = pair(written, rest, on=("a",))
    assert packet(found, at(found, "a"), at_addresses("8.8.8.8")).outcome == "unknown"


@pytest.mark.parametrize(("kind", "outcome"), [("both", "fail"), ("one", "pass")])
def test_public_addresses_of_a_network_are_its_own(kind: str, outcome: str) -> None:
    """Where a peering leads there its groups meet the packets; else the addresses are somebody's on the internet."""
    found = made(
        network("v", "10.0.0.0/16"), network("w", "52.7.0.0/24"), subnet("a", "v", "10.0.0.0/24"),
        subnet("b", "w", "52.7.0.0/26"), group("g", rule("none", 100, "Inbound", "Deny")), attach("g", "b"),
        *(peered("v", "w") if kind == "both" else (peering("v-w", "v", "w"),)),
    )  # fmt: skip
    assert packet(found, at(found, "a"), at_addresses("52.7.0.9")).outcome == outcome
