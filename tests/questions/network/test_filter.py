"""Security groups both ways against an evaluator that looks at one packet after another."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Input
from ringfence.questions.network.packet import packet
from tests.questions.network.support import (
    at,
    attach,
    group,
    interface,
    made,
    network,
    peered,
    ref,
    rule,
    subnet,
    to_nic,
)
from tests.support import declare

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

NEAR = ("10.0.0.0/16", "10.1.0.0/16")
"""The network and its peer: the tag VirtualNetwork."""
PREFIXES = ("*", "VirtualNetwork", "Internet", "AzureLoadBalancer", "Storage", "10.0.0.4", "10.0.1.0/24", "10.0.0.0/8",
            "10.1.0.5/32", "10.1.0.0/16", "0.0.0.0/0")  # fmt: skip
PORTS = ("*", "443", "22-25", "0-442")
RULES = st.builds(
    lambda direction, access, protocol, source, target, port, several: {
        "direction": direction,
        "access": access,
        "protocol": protocol,
        "source_address_prefix": source,
        "destination_address_prefix": None if several else target,
        "destination_address_prefixes": (target, "10.9.9.9") if several else None,
        "destination_port_range": port,
    },
    st.sampled_from(["Inbound", "Outbound"]),
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", "Tcp", "Udp"]),
    st.sampled_from(PREFIXES),
    st.sampled_from(PREFIXES),
    st.sampled_from(PORTS),
    st.booleans(),
)
LISTS = st.lists(RULES, max_size=6)


def numbered(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule(f"r{n}", 100 + n, **r) for n, r in enumerate(rules)]


def holds(prefix: str | None, address: str) -> bool:
    near = any(ip_address(address) in ip_network(n) for n in NEAR)
    if prefix in (None, "Storage", "AzureLoadBalancer"):
        return False
    if prefix in ("VirtualNetwork", "Internet"):
        return near is (prefix == "VirtualNetwork")
    return prefix == "*" or ip_address(address) in ip_network(str(prefix))


def allowed(rules: list[dict[str, Any]], inbound: bool, source: str, target: str, protocol: str, port: int) -> bool:
    """One packet, rule by rule."""
    for r in sorted(rules, key=lambda r: r["priority"]):
        first, _, last = r["destination_port_range"].partition("-")
        if (
            (r["direction"] == "Inbound") is inbound
            and r["protocol"].lower() in ("*", protocol)
            and (first == "*" or int(first) <= port <= int(last or first))
            and holds(r["source_address_prefix"], source)
            and any(
                holds(p, target)
                for p in (r["destination_address_prefix"], *(r.get("destination_address_prefixes") or ()))
            )
        ):
            return bool(r["access"] == "Allow")
    return holds("VirtualNetwork", source) and holds("VirtualNetwork", target)


def estate_with(rules: list[dict[str, Any]], more: tuple[Declaration, ...] = ()) -> Any:
    """Two peered networks; the group stands on the subnets of both ends and on the target's interface."""
    return made(
        network("v", "10.0.0.0/16"),
        network("w", "10.1.0.0/16"),
        *peered("v", "w"),
        subnet("a", "v", "10.0.0.4/32"),
        subnet("b", "v", "10.0.1.0/24"),
        subnet("c", "w", "10.1.0.0/16"),
        interface("near", "b", "10.0.1.7"),
        interface("far", "c", "10.1.0.5"),
        group("g", *rules),
        attach("g", "a"),
        attach("g", "b"),
        attach("g", "far", to_interface=True),
        *more,
    )


@settings(max_examples=150, deadline=None)
@given(LISTS, st.sampled_from(["near", "far"]), st.sampled_from(["tcp", "udp"]), st.sampled_from([22, 80, 443, 500]))
def test_one_packet_at_a_time(rules: list[dict[str, Any]], target: str, protocol: str, port: int) -> None:
    written = numbered(rules)
    found = estate_with(written)
    address = "10.0.1.7" if target == "near" else "10.1.0.5"
    want = all(allowed(written, inbound, "10.0.0.4", address, protocol, port) for inbound in (False, True))
    answer = packet(found, at(found, "a"), to_nic(found, target), protocol, port)
    assert answer.outcome == ("pass" if want else "fail")


@settings(max_examples=60, deadline=None)
@given(LISTS, st.randoms(use_true_random=False))
def test_the_order_of_rules_in_the_file_never_matters(rules: list[dict[str, Any]], random: Any) -> None:
    written = numbered(rules)
    shuffled = random.sample(written, len(written))
    answers = []
    for one in (written, shuffled):
        found = estate_with(one)
        answers.append(packet(found, at(found, "a"), to_nic(found, "near")).outcome)
    assert answers[0] == answers[1]


@settings(max_examples=60, deadline=None)
@given(LISTS, RULES, st.integers(100, 110))
def test_a_further_deny_never_opens(rules: list[dict[str, Any]], deny: dict[str, Any], priority: int) -> None:
    written = [{**r, "priority": r["priority"] * 2} for r in numbered(rules)]
    before = estate_with(written)
    after = estate_with([*written, rule("d", priority * 2 - 1, **{**deny, "access": "Deny"})])
    rank = {"fail": 0, "unknown": 1, "pass": 2}
    outcomes = [packet(e, at(e, "a"), to_nic(e, "far")).outcome for e in (before, after)]
    assert rank[outcomes[1]] <= rank[outcomes[0]]


FIELDS = ("direction", "access", "protocol", "source_address_prefix", "destination_port_range", "priority")


@settings(max_examples=150, deadline=None)
@given(st.lists(RULES, min_size=1, max_size=6), st.data())
def test_a_field_that_is_not_known_never_flips_the_answer(rules: list[dict[str, Any]], data: Any) -> None:
    written = numbered(rules)
    at_ = data.draw(st.integers(0, len(written) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    veiled = [dict(r) for r in written]
    veiled[at_][field] = Input(".", "x", "variable")
    known, unknown = estate_with(written), estate_with(veiled)
    one = packet(known, at(known, "a"), to_nic(known, "near"))
    other = packet(unknown, at(unknown, "a"), to_nic(unknown, "near"))
    assert other.outcome in (one.outcome, "unknown")
    assert other.outcome != "unknown" or other.needs


@settings(max_examples=100, deadline=None)
@given(LISTS, st.data())
def test_an_address_that_is_not_known_never_flips_the_answer(rules: list[dict[str, Any]], data: Any) -> None:
    """The target's own address: whatever it turns out to be within its subnet."""
    written = numbered(rules)
    address = data.draw(st.sampled_from(["10.1.0.5", "10.1.0.6", "10.1.77.1"]))
    outcomes = []
    for fixed in (address, None):
        found = made(
            network("v", "10.0.0.0/16"),
            network("w", "10.1.0.0/16"),
            *peered("v", "w"),
            subnet("a", "v", "10.0.0.4/32"),
            subnet("c", "w", "10.1.0.0/16"),
            interface("far", "c", fixed),
            group("g", *written),
            attach("g", "a"),
            attach("g", "far", to_interface=True),
        )
        outcomes.append(packet(found, at(found, "a"), to_nic(found, "far")).outcome)
    assert outcomes[1] in (outcomes[0], "unknown")


def test_a_group_that_an_association_may_bring() -> None:
    deny = group("g", rule("all", 100, "Inbound", "Deny"))
    base = (network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), interface("i", "a", "10.0.0.9"), deny)
    maybe = declare(
        "azurerm_network_interface_security_group_association.x",
        presence=Input(".", "on", "variable"),
        network_interface_id=ref("azurerm_network_interface.i"),
        network_security_group_id=ref("azurerm_network_security_group.g"),
    )
    found = made(*base, maybe)
    answer = packet(found, at(found, "a"), to_nic(found, "i"))
    assert (answer.outcome, "variable on has no value" in answer.verdict.why) == ("unknown", True)


def test_rules_whose_number_is_not_known_leave_the_answer_open() -> None:
    from tests.support import Open

    some = declare(
        "azurerm_network_security_group.g",
        name="g",
        security_rule=Open(Input(".", "rules", "variable"), rule("all", 4096, "Inbound", "Allow")),
    )
    base = (network("v", "10.0.0.0/16"), subnet("a", "v", "10.0.0.0/24"), interface("i", "a", "10.0.0.9"))
    found = made(*base, some, attach("g", "i", to_interface=True))
    answer = packet(found, at(found, "a"), to_nic(found, "i"))
    assert (answer.outcome, [n.subject for n in answer.needs]) == ("unknown", ["rules"])
