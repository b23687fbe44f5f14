"""Firewall rules over sets of addresses: against brute force, and that less is known never turns an answer round."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ringfence.model.origin import Origin
from ringfence.model.symbol import Input, Ref, Text
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Evidence
from ringfence.questions.network import cidr
from ringfence.questions.reach.public.admitted import EVERYBODY, Match, Rule, admitted, entry, named_by, shown
from ringfence.record import replace

if TYPE_CHECKING:
    import random

HERE = Origin("main.tf", 1)
BLOCKS = ("20.0.0.0/30", "20.0.0.0/29", "20.0.0.2", "20.0.0.4/31", "20.0.0.5", "20.0.0.0/28", "2001:db8::/126")
SAMPLE = [str(ip_network("20.0.0.0/28")[i]) for i in range(16)] + ["2001:db8::1", "2001:db8::5"]


def rule(block: str | None, allows: bool | None = True, priority: int | None = 0, **match: Any) -> Rule:
    made = entry(block) if block is not None else EVERYBODY
    evidence = Evidence("rule", block, block, HERE, "pass")
    return Rule(f"{allows} {block}", replace(made, **match), evidence, allows, priority)


def inside(address: str, block: str | None) -> bool:
    if block is None:
        return True
    found, network = ip_address(address), ip_network(block)
    return found.version == network.version and found in network


def first_match(rules: list[Rule], blocks: list[str | None], address: str) -> bool:
    """What Azure does: the first rule by priority that names the address; priorities differ."""
    for _, allows, block in sorted((r.priority, r.allows, b) for r, b in zip(rules, blocks, strict=True)):
        if inside(address, block):
            return bool(allows)
    return False


def has(addresses: cidr.Addresses, address: str) -> bool:
    return bool(addresses & cidr.of(address))


rules_ = st.lists(st.tuples(st.sampled_from(BLOCKS), st.booleans()), max_size=6).flatmap(
    lambda items: st.permutations(range(len(items))).map(lambda order: list(zip(items, order, strict=True)))
)


@given(rules_, st.randoms(use_true_random=False))
def test_each_address_meets_the_first_rule_that_names_it(items: Any, shuffle: random.Random) -> None:
    made = [rule(block, allows, priority) for (block, allows), priority in items]
    blocks: list[str | None] = [block for (block, _), _ in items]
    expected = {a: first_match(made, blocks, a) for a in SAMPLE}
    mixed = list(made)
    shuffle.shuffle(mixed)
    found = admitted(mixed)
    assert {a: has(found.sure, a) for a in SAMPLE} == expected
    assert {a: has(found.possible, a) for a in SAMPLE} == expected
    assert found.certain == found.sure


@given(st.lists(st.sampled_from(BLOCKS), max_size=7))
def test_permissions_without_priority_agree_with_ipaddress(blocks: list[str]) -> None:
    found = admitted(rule(block) for block in blocks)
    assert {a: has(found.sure, a) for a in SAMPLE} == {a: any(inside(a, b) for b in blocks) for a in SAMPLE}


@given(rules_, st.sampled_from(BLOCKS), st.integers(-1, 7))
def test_another_refusal_never_opens(items: Any, block: str, priority: int) -> None:
    made = [rule(b, allows, p) for (b, allows), p in items]
    before, after = admitted(made), admitted([*made, rule(block, False, priority)])
    assert after.sure <= before.sure
    assert after.certain <= before.certain
    assert after.possible <= before.possible


@given(rules_, st.data())
def test_what_is_not_known_never_turns_an_answer_round(items: Any, data: st.DataObject) -> None:
    made = [rule(b, allows, p) for (b, allows), p in items]
    known = admitted(made)
    blurred = [data.draw(st.sampled_from([r, *_blurs(r)])) for r in made]
    less = admitted(blurred)
    assert less.sure <= known.sure
    assert known.possible <= less.possible
    assert less.certain <= less.sure <= less.possible


def _blurs(r: Rule) -> list[Rule]:
    return [
        replace(r, allows=None),
        replace(r, priority=None),
        replace(r, match=Match(possible=cidr.EVERYBODY)),
        replace(r, match=replace(r.match, sure=cidr.NOBODY)),
    ]


def test_of_two_rules_with_one_priority_either_may_come_first() -> None:
    found = admitted([rule("20.0.0.0/28", True, 5), rule("20.0.0.2", False, 5)])
    assert not has(found.sure, "20.0.0.2")
    assert has(found.possible, "20.0.0.2")
    assert has(found.sure, "20.0.0.3")


def test_a_refusal_by_a_name_leaves_nobody_certain() -> None:
    found = admitted(
        [rule("20.0.0.2", False, 1, sure=cidr.NOBODY, possible=cidr.NOBODY, tags=("X",)), rule(None, True, 2)]
    )
    assert found.certain == cidr.NOBODY
    assert found.sure == cidr.EVERYBODY


# -- entries


PIP = Ref(".#azurerm_public_ip.p", ("ip_address",))
VARIABLE = Input(".", "office")


def test_an_address_of_a_resource_is_one_address_and_a_variable_may_be_anything() -> None:
    assert entry(PIP).small == (PIP,)
    assert entry(Text((PIP, "/32"))).small == (PIP,)
    assert entry(VARIABLE).possible == cidr.EVERYBODY
    assert entry(Text((VARIABLE, "/24"))).small == (Text((VARIABLE, "/24")),)
    assert entry(Text((VARIABLE, "/0"))).possible == cidr.EVERYBODY


def test_words_and_lists() -> None:
    assert entry("Any") == EVERYBODY
    assert entry("AnyVnets") == Match(every_subnet=True)
    assert entry("20.0.0.0/30,20.0.0.8").sure == cidr.of("20.0.0.0/30", "20.0.0.8")
    wrong = entry("office")
    assert (wrong.sure, wrong.possible) == (cidr.NOBODY, cidr.EVERYBODY)


def test_an_unknown_field_is_what_its_bounds_say() -> None:
    need = Need("variable", "x", "variable x has no value")
    bounded = named_by(Unknown("ip", (need,), HERE, ("20.0.0.1", "20.0.0.9")))
    assert (bounded.sure, bounded.possible, bounded.needs) == (cidr.NOBODY, cidr.of("20.0.0.1", "20.0.0.9"), (need,))
    assert named_by(Unknown("ip", (need,), HERE)).possible == cidr.EVERYBODY
    assert named_by(Known("ip", ("20.0.0.1", "20.0.0.9"), HERE)).sure == cidr.of("20.0.0.1", "20.0.0.9")


def test_addresses_as_a_person_writes_them() -> None:
    addresses = cidr.of("203.0.113.7", "20.0.0.0/24", "20.0.2.1-20.0.2.5", "2001:db8::/32")
    assert shown(addresses) == "20.0.0.0/24, 20.0.2.1-20.0.2.5, 203.0.113.7, 2001:db8::/32"
    assert shown(addresses, 2) == "20.0.0.0/24, 20.0.2.1-20.0.2.5 and 2 more ranges"
