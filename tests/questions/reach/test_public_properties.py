"""Front doors as a whole: against an independent reading, and that less is known never turns an answer round."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Input
from ringfence.questions.network import cidr
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.public import ANYBODY, AZURE, Caller, public
from tests.support import declare, estate

BLOCKS = (
    "203.0.113.0/24",
    "203.0.113.0/25",
    "203.0.113.7/32",
    "198.51.100.0/24",
    "0.0.0.0/0",
    "20.0.0.0/7",
    "20.0.0.0/9",
)
ADDRESSES = ("203.0.113.7", "203.0.113.200", "198.51.100.1", "21.0.0.1", "8.8.8.8")
CALLERS = [Caller(a, cidr.of(a), azure=False) for a in ADDRESSES]
UNSURE = Input(".", "unsure")

rule_ = st.fixed_dictionaries(
    {
        "priority": st.integers(1, 4),
        "action": st.sampled_from(["Allow", "Deny"]),
        "ip_address": st.sampled_from(BLOCKS),
    }
)
site_ = st.tuples(st.lists(rule_, max_size=5), st.sampled_from(["Allow", "Deny"]))


def answers(rules: list[dict[str, Any]], default: Any, door: str = "sites") -> dict[str, str]:
    """What the site answers to each caller, by name."""
    config = {"ip_restriction": rules, "ip_restriction_default_action": default}
    found = estate(declare("azurerm_linux_web_app.w", name="w1", site_config=[config]))
    wanted = next(d for d in doors(found.resources[".#azurerm_linux_web_app.w"], found) if d.name == door)
    return {c.title: public(wanted, c, found).outcome for c in (*CALLERS, ANYBODY, AZURE)}


def named(rule: dict[str, Any], address: str) -> bool:
    return ip_address(address) in ip_network(rule["ip_address"])


def read(rules: list[dict[str, Any]], default: str, address: str) -> str:
    """As Microsoft words it: in order of priority the first that names the address; of equal ones either may be."""
    for priority in sorted({r["priority"] for r in rules}):
        met = {r["action"] for r in rules if r["priority"] == priority and named(r, address)}
        if met == {"Allow"}:
            return "pass"
        if met == {"Deny"}:
            return "fail"
        if met:
            return "unknown"
    return "pass" if default == "Allow" else "fail"


@settings(max_examples=60, deadline=None)
@given(site_)
def test_a_site_answers_as_an_independent_reading_does(site: tuple[list[dict[str, Any]], str]) -> None:
    rules, default = site
    found = answers(rules, default)
    assert {a: found[a] for a in ADDRESSES} == {a: read(rules, default, a) for a in ADDRESSES}


@settings(max_examples=40, deadline=None)
@given(site_, st.randoms(use_true_random=False))
def test_the_order_of_writing_does_not_matter(site: tuple[list[dict[str, Any]], str], shuffle: Any) -> None:
    rules, default = site
    mixed = list(rules)
    shuffle.shuffle(mixed)
    assert answers(mixed, default) == answers(rules, default)


RANK = {"fail": 0, "unknown": 1, "pass": 2}


@settings(max_examples=60, deadline=None)
@given(site_, rule_)
def test_a_refusal_more_never_opens(site: tuple[list[dict[str, Any]], str], rule: dict[str, Any]) -> None:
    rules, default = site
    before, after = answers(rules, default), answers([*rules, {**rule, "action": "Deny"}], default)
    assert all(RANK[after[who]] <= RANK[before[who]] for who in before)


@settings(max_examples=60, deadline=None)
@given(site_, st.data())
def test_what_is_not_known_never_turns_an_answer_round(site: Any, data: st.DataObject) -> None:
    rules, default = site
    blurred = [dict(r) for r in rules]
    for rule in blurred:
        for field in data.draw(st.sets(st.sampled_from(["priority", "action", "ip_address"]))):
            rule[field] = UNSURE
    known, less = answers(rules, default), answers(blurred, data.draw(st.sampled_from([default, UNSURE])))
    assert {who: less[who] for who in less if less[who] not in (known[who], "unknown")} == {}


STORES = [
    ("azurerm_key_vault", "network_acls", "ip_rules"),
    ("azurerm_storage_account", "network_rules", "ip_rules"),
    ("azurerm_cognitive_account", "network_acls", "ip_rules"),
]


@pytest.mark.parametrize(("type_", "block", "field"), STORES)
@settings(max_examples=25, deadline=None)
@given(blocks=st.lists(st.sampled_from(BLOCKS), max_size=4), blur=st.booleans())
def test_stores_admit_whom_ipaddress_says(type_: str, block: str, field: str, blocks: list[str], blur: bool) -> None:
    entries = (*blocks, UNSURE) if blur else tuple(blocks)
    found = estate(declare(f"{type_}.r", name="r1", **{block: [{"default_action": "Deny", field: entries}]}))
    door = doors(found.resources[f".#{type_}.r"], found)[0]
    for caller in CALLERS:
        inside = any(ip_address(caller.title) in ip_network(b) for b in blocks)
        assert public(door, caller, found).outcome == ("pass" if inside else "unknown" if blur else "fail")
    wide = any(b in ("0.0.0.0/0", "20.0.0.0/7") for b in blocks)
    assert public(door, ANYBODY, found).outcome == ("pass" if wide else "unknown" if blur else "fail")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(ADDRESSES)), max_size=4))
def test_a_range_of_a_database_has_both_its_ends(ranges: list[tuple[str, str]]) -> None:
    from ringfence.model.symbol import Ref

    server = Ref(".#azurerm_mssql_server.s", ("id",))
    rules = [
        declare(
            f"azurerm_mssql_firewall_rule.r{i}", name=f"r{i}", server_id=server, start_ip_address=a, end_ip_address=b
        )
        for i, (a, b) in enumerate(ranges)
    ]
    found = estate(declare("azurerm_mssql_server.s", name="s1"), *rules)
    door = doors(found.resources[".#azurerm_mssql_server.s"], found)[0]
    for caller in CALLERS:
        at = ip_address(caller.title)
        inside = any(ip_address(a) <= at <= ip_address(b) for a, b in ranges)
        assert public(door, caller, found).outcome == ("pass" if inside else "fail")
