"""Security groups: what they admit, against a packet-by-packet evaluation."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.symbol import Choice, Input, Ref, Text
from ringfence.questions.network.cidr import INTERNET, Addresses
from ringfence.questions.network.cidr import of as addresses
from ringfence.questions.network.nsg import UDP, admitted, closed_to_internet, tcp
from tests.support import Open, declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.verdict import Verdict

UNSURE = Input(".", "x", "variable")
SSH = tcp(22)


def rule(**changes: Any) -> dict[str, Any]:
    return {
        "name": "r",
        "priority": 200,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_address_prefix": "*",
        "source_port_range": "*",
        "destination_address_prefix": "*",
        "destination_port_range": "22",
        **changes,
    }


def deny(**changes: Any) -> dict[str, Any]:
    return rule(
        **{"name": "d", "priority": 100, "access": "Deny", "protocol": "*", "destination_port_range": "*", **changes}
    )


def group(*rules: dict[str, Any], others: tuple[Declaration, ...] = ()) -> NetworkSecurityGroup:
    found = estate(declare("azurerm_network_security_group.g", name="g", security_rule=list(rules)), *others)
    made = found.resources[".#azurerm_network_security_group.g"]
    assert isinstance(made, NetworkSecurityGroup)
    return made


def ssh(*rules: dict[str, Any], others: tuple[Declaration, ...] = ()) -> Verdict:
    return closed_to_internet(group(*rules, others=others).security_rules, SSH)


ADMITS: list[dict[str, Any]] = [
    {},
    {"destination_port_range": "*"},
    {"destination_port_range": "20-25"},
    {"destination_port_range": None, "destination_port_ranges": ("80", "20-30")},
    {"destination_port_range": 22},
    {"protocol": "*"},
    {"protocol": "TCP"},
    {"source_address_prefix": "Internet"},
    {"source_address_prefix": "internet"},
    {"source_address_prefix": "any"},
    {"source_address_prefix": "0.0.0.0/0"},
    {"source_address_prefix": "0.0.0.0"},
    {"source_address_prefix": "10.1.2.3/0"},
    {"source_address_prefix": "::/0"},
    {"source_address_prefix": None, "source_address_prefixes": ("10.0.0.0/8", "0.0.0.0/0")},
    {"source_address_prefix": None, "source_address_prefixes": ("0.0.0.0/1", "128.0.0.0/1")},
    {"source_port_range": "1024-65535"},
    {"destination_address_prefix": "10.0.0.4"},
    {"destination_address_prefix": "VirtualNetwork"},
    {"destination_address_prefix": UNSURE},
    {"destination_address_prefix": None},
    {"source_port_range": None},
    {"source_address_prefix": "/0"},
    {"source_address_prefix": "<nw>/0"},
    {"destination_address_prefix": None, "destination_application_security_group_ids": (Ref(".#a.b", ("id",)),)},
    {"direction": "inbound", "access": "allow"},
]

CLOSED: list[dict[str, Any]] = [
    {"access": "Deny"},
    {"direction": "Outbound"},
    {"protocol": "Udp"},
    {"destination_port_range": "23-1000"},
    {"destination_port_range": None, "destination_port_ranges": ("80", "443")},
    {"source_address_prefix": "10.0.0.0/8"},
    {"source_address_prefix": "1.2.3.4/32"},
    {"source_address_prefix": "VirtualNetwork"},
    {"source_address_prefix": "AzureLoadBalancer"},
    {"source_address_prefix": "GatewayManager"},
    {"source_address_prefix": Text((Ref(".#data.http.ip", ("body",)), "/32"))},
    {"source_address_prefix": None, "source_address_prefixes": ("10.0.0.0/8", Text((UNSURE, "/32")))},
    {"source_address_prefix": None, "source_application_security_group_ids": (Ref(".#a.b", ("id",)),)},
    {"source_address_prefix": Choice(UNSURE, "10.0.0.0/8", "192.168.0.0/16")},
]

UNDECIDED: list[dict[str, Any]] = [
    {"source_address_prefix": UNSURE},
    {"source_address_prefix": Choice(UNSURE, "*", "10.0.0.0/8")},
    {"source_address_prefix": None, "source_address_prefixes": UNSURE},
    {"source_address_prefix": None, "source_address_prefixes": ("10.0.0.0/8", UNSURE)},
    {"source_address_prefix": None},
    {"destination_port_range": UNSURE},
    {"destination_port_range": "ssh"},
    {"protocol": UNSURE},
    {"access": UNSURE},
    {"direction": UNSURE},
]


@pytest.mark.parametrize("changes", ADMITS)
def test_a_rule_that_admits(changes: dict[str, Any]) -> None:
    verdict = ssh(rule(**changes))
    assert (verdict.outcome, verdict.why) == ("fail", "rule r admits TCP 22 from the internet")


@pytest.mark.parametrize("changes", CLOSED)
def test_a_rule_that_does_not(changes: dict[str, Any]) -> None:
    verdict = ssh(rule(**changes))
    assert verdict.outcome == "pass"
    assert verdict.evidence[0].field in changes or verdict.evidence[0].field.replace("groups", "group_ids") in changes


@pytest.mark.parametrize("changes", UNDECIDED)
def test_a_rule_that_may(changes: dict[str, Any]) -> None:
    verdict = ssh(rule(**changes))
    assert verdict.outcome == "unknown"
    assert verdict.needs


def test_no_rules_at_all() -> None:
    verdict = ssh()
    assert [(e.field, e.expected, e.actual) for e in verdict.evidence] == [
        ("security_rules", "no TCP 22 from the internet", None)
    ]
    assert verdict.outcome == "pass"


COVERED: list[tuple[dict[str, Any], str]] = [
    ({}, "pass"),
    ({"source_address_prefix": "Internet"}, "pass"),
    ({"destination_port_range": "22"}, "pass"),
    ({"protocol": "Tcp"}, "pass"),
    ({"priority": 300}, "fail"),
    ({"source_address_prefix": "1.2.3.4"}, "fail"),
    ({"source_address_prefix": "AzureCloud"}, "fail"),
    ({"source_address_prefix": "0.0.0.0/0"}, "fail"),
    ({"source_address_prefix": "0.0.0.0"}, "fail"),
    ({"source_address_prefix": None, "source_address_prefixes": ("0.0.0.0/0", "::/0")}, "pass"),
    ({"destination_port_range": "23"}, "fail"),
    ({"destination_address_prefix": "10.0.0.4"}, "fail"),
    ({"protocol": "Udp"}, "fail"),
    ({"direction": "Outbound"}, "fail"),
    ({"source_port_range": "80"}, "fail"),
    ({"priority": UNSURE}, "unknown"),
    ({"access": UNSURE}, "unknown"),
    ({"source_address_prefix": UNSURE}, "unknown"),
    ({"destination_port_range": UNSURE}, "unknown"),
]


@pytest.mark.parametrize(("changes", "outcome"), COVERED)
def test_an_earlier_denial(changes: dict[str, Any], outcome: str) -> None:
    assert ssh(rule(), deny(**changes)).outcome == outcome


@pytest.mark.parametrize(
    ("changes", "outcome"), [({}, "pass"), ({"destination_address_prefix": "10.0.0.4"}, "unknown")]
)
def test_a_denial_and_a_destination_that_is_not_known(changes: dict[str, Any], outcome: str) -> None:
    assert ssh(rule(destination_address_prefix=UNSURE), deny(**changes)).outcome == outcome


def separate(name: str, **changes: Any) -> Declaration:
    arguments = {**rule(name=name), "network_security_group_name": "g", "resource_group_name": None, **changes}
    return declare(f"azurerm_network_security_rule.{name}", **arguments)


def test_separate_rules_and_inline_ones_together() -> None:
    assert ssh(others=(separate("r"),)).outcome == "fail"
    assert ssh(deny(), others=(separate("r"),)).outcome == "pass"
    assert ssh(rule(), others=(separate("d", priority=100, access="Deny"),)).outcome == "pass"
    assert ssh(deny(), others=(separate("r", network_security_group_name="other"),)).outcome == "pass"


def test_rules_that_may_be_missing() -> None:
    dynamic = declare("azurerm_network_security_group.g", name="g", security_rule=Open(UNSURE))
    found = estate(dynamic).resources[".#azurerm_network_security_group.g"]
    assert isinstance(found, NetworkSecurityGroup)
    assert closed_to_internet(found.security_rules, SSH).outcome == "unknown"
    assert ssh(others=(separate("r", network_security_group_name=UNSURE),)).outcome == "unknown"
    assert ssh(rule(), others=(separate("d", network_security_group_name=UNSURE),)).outcome == "fail"


def test_udp_on_any_port() -> None:
    assert (
        closed_to_internet(group(rule(protocol="Udp", destination_port_range="4789")).security_rules, UDP).outcome
        == "fail"
    )
    assert (
        closed_to_internet(group(rule(protocol="*", destination_port_range="443")).security_rules, UDP).outcome
        == "fail"
    )
    assert closed_to_internet(group(rule()).security_rules, UDP).outcome == "pass"


# -- brute force

PREFIXES = [
    "*",
    "Internet",
    "VirtualNetwork",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "1.0.0.0/8",
    "1.2.3.4",
    "128.0.0.0/1",
    "2000::/3",
]
SOURCES = ["1.2.3.4", "1.9.9.9", "200.1.1.1", "10.0.0.7", "2001:db8::1"]
TARGETS = ["10.0.0.4", "192.168.0.9", "1.2.3.4"]
PORTS = ["*", "22", "20-25", "80", "23-90"]

RULES = st.lists(
    st.fixed_dictionaries(
        {
            "direction": st.sampled_from(["Inbound", "Inbound", "Outbound"]),
            "access": st.sampled_from(["Allow", "Deny"]),
            "protocol": st.sampled_from(["*", "Tcp", "Udp", "Icmp"]),
            "source": st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2),
            "destination": st.sampled_from([*PREFIXES[:3], "10.0.0.4", "10.0.0.0/8"]),
            "ports": st.lists(st.sampled_from(PORTS), min_size=1, max_size=2),
        }
    ),
    max_size=5,
)
PACKETS = [(p, s, d, n) for p in ("tcp", "udp") for s in SOURCES for d in TARGETS for n in (22, 80, 443)]


def holds(prefix: str, address: str) -> bool:
    ip = ip_address(address)
    private = ip.version == 4 and any(ip in ip_network(n) for n in ("10.0.0.0/8", "192.168.0.0/16"))
    if prefix in ("*", "Internet", "VirtualNetwork"):
        return {"*": True, "Internet": not private, "VirtualNetwork": private}[prefix]
    network = ip_network(prefix)
    return ip.version == network.version and ip in network


def meets(made: dict[str, Any], packet: tuple[str, str, str, int]) -> bool:
    protocol, source, target, port = packet
    ranges = [(0, 65535) if p == "*" else tuple(map(int, (p.split("-") * 2)[:2])) for p in made["ports"]]
    return (
        made["direction"] == "Inbound"
        and made["protocol"].lower() in ("*", protocol)
        and any(holds(p, source) for p in made["source"])
        and holds(made["destination"], target)
        and any(first <= port <= last for first, last in ranges)
    )


def allowed(rules: list[dict[str, Any]], packet: tuple[str, str, str, int]) -> bool:
    """The first rule that the packet meets; without one it is denied, since no source here is in the network."""
    return next((r["access"] == "Allow" for r in rules if meets(r, packet)), False)


def written(rules: list[dict[str, Any]], hidden: dict[int, str] | None = None) -> list[dict[str, Any]]:
    made = []
    for index, one in enumerate(rules):
        content = rule(
            name=f"r{index}",
            priority=100 + index,
            direction=one["direction"],
            access=one["access"],
            protocol=one["protocol"],
            source_address_prefix=None,
            source_address_prefixes=tuple(one["source"]),
            destination_address_prefix=one["destination"],
            destination_port_range=None,
            destination_port_ranges=tuple(one["ports"]),
        )
        if hidden and index in hidden:
            content[hidden[index]] = Input(".", f"v{index}", "variable")
        made.append(content)
    return made


def inside(boxes: Any, packet: tuple[str, str, str, int]) -> bool:
    protocol, source, target, port = packet
    at, to = addresses(source), addresses(target)
    return any(
        protocol in b.protocols
        and at <= b.sources.addresses
        and to <= b.destinations.addresses
        and any(first <= port <= last for first, last in b.ports)
        for b in boxes
    )


ALL_ADDRESSES: Addresses = addresses("0.0.0.0/0", "::/0")


@settings(max_examples=150, deadline=None)
@given(RULES)
def test_known_rules_agree_with_brute_force(rules: list[dict[str, Any]]) -> None:
    sure, possible = admitted(group(*written(rules)).security_rules, ALL_ADDRESSES)
    for packet in PACKETS:
        truth = allowed(rules, packet)
        assert inside(possible, packet) == truth or "VirtualNetwork" in {r["destination"] for r in rules}
        assert not inside(sure, packet) or truth
        assert not truth or inside(possible, packet)


HIDEABLE = st.sampled_from(
    ["direction", "access", "protocol", "source_address_prefixes", "destination_address_prefix",
     "destination_port_ranges", "priority"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(RULES, st.dictionaries(st.integers(0, 4), HIDEABLE, max_size=2))
def test_unknowns_never_turn_into_allowed_or_denied(rules: list[dict[str, Any]], hidden: dict[int, str]) -> None:
    hidden_group = group(*written(rules, hidden)).security_rules
    sure, possible = admitted(hidden_group, ALL_ADDRESSES)
    for packet in PACKETS:
        truth = allowed(rules, packet)
        assert not inside(sure, packet) or truth
        assert not truth or inside(possible, packet)
    full = group(*written(rules)).security_rules
    for asked in (SSH, UDP):
        guess, fact = closed_to_internet(hidden_group, asked).outcome, closed_to_internet(full, asked).outcome
        assert guess in (fact, "unknown") or fact == "unknown"


@settings(max_examples=100, deadline=None)
@given(RULES, st.randoms())
def test_input_order_never_matters(rules: list[dict[str, Any]], random: Any) -> None:
    ordered = written(rules)
    shuffled = list(ordered)
    random.shuffle(shuffled)
    for asked in (SSH, UDP):
        first = closed_to_internet(group(*ordered).security_rules, asked)
        second = closed_to_internet(group(*shuffled).security_rules, asked)
        assert first.outcome == second.outcome


@settings(max_examples=100, deadline=None)
@given(RULES, st.integers(0, 5))
def test_adding_a_denial_never_opens(rules: list[dict[str, Any]], place: int) -> None:
    before = closed_to_internet(group(*written(rules)).security_rules, SSH).outcome
    denial = {"direction": "Inbound", "access": "Deny", "protocol": "Tcp", "source": ["Internet"], "destination": "*",
              "ports": ["22"]}  # fmt: skip
    after = closed_to_internet(group(*written([*rules[:place], denial, *rules[place:]])).security_rules, SSH).outcome
    assert before != "pass" or after == "pass"


def test_the_internet_has_no_private_address() -> None:
    assert not INTERNET & addresses("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
