"""From verdicts and decisions to rows, remarks and the exit status."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.adherence.assessment import assess
from ringfence.adherence.decisions import Decision
from ringfence.adherence.finding import STATUSES, part_status, row_status
from ringfence.model.origin import NOWHERE
from ringfence.model.symbol import Input
from ringfence.model.world import Ledger, Problem
from ringfence.record import replace
from tests.adherence.lab import BENCHMARK, TODAY, assessed, judged, vaults
from tests.support import declare, estate

UNSET = Input(".", "purge", "variable")
ACCEPT = Decision("accept", (), ("8.5",), ("*",), "It stays so", line=1)


def rows(*decisions: Decision, **settings: Any) -> dict[str, str]:
    """The status of each row of one vault."""
    found = assessed(vaults(kv=settings), decisions=decisions)
    return {row.item: row.status for row in found.rows}


def test_all_parts_hold() -> None:
    assert rows(purge_protection_enabled=True) == {"8.5": "Y", "8.9": "Y"}


def test_a_failing_part_opens_the_row() -> None:
    assert rows(purge_protection_enabled=False) == {"8.5": "open", "8.9": "Y"}


def test_some_parts_pass_and_the_others_are_decided() -> None:
    assert rows(ACCEPT, purge_protection_enabled=False) == {"8.5": "Partial", "8.9": "Y"}


def test_a_decision_on_an_item_leaves_the_other_items_of_its_check_open() -> None:
    settings = {"purge_protection_enabled": False, "soft_delete_retention_days": 7}
    assert rows(ACCEPT, **settings) == {"8.5": "N", "8.9": "open"}
    by_check = replace(ACCEPT, items=(), checks=("lab-retention",))
    assert rows(by_check, **settings) == {"8.5": "open", "8.9": "N"}


def test_todo_and_not_applicable() -> None:
    settings = {"purge_protection_enabled": False, "soft_delete_retention_days": 7}
    assert rows(replace(ACCEPT, word="todo"), **settings)["8.5"] == "TODO"
    assert rows(replace(ACCEPT, word="not-applicable"), **settings)["8.5"] == "n/a"


def test_what_is_unknown_cannot_be_accepted_but_can_be_not_applicable() -> None:
    assert rows(ACCEPT, purge_protection_enabled=UNSET)["8.5"] == "unknown"
    found = rows(replace(ACCEPT, word="not-applicable"), purge_protection_enabled=UNSET)
    assert found["8.5"] == "n/a"


def test_a_decision_never_changes_a_verdict() -> None:
    found = assessed(vaults(kv={"purge_protection_enabled": False}), decisions=(ACCEPT,))
    purge = found.findings[0]
    assert (purge.check.id, purge.verdict.outcome, purge.status, purge.decision) == ("lab-purge", "fail", "N", ACCEPT)


def test_a_lapsed_decision_decides_nothing() -> None:
    lapsed = replace(ACCEPT, review_by=date(2026, 5, 31))
    found = assessed(vaults(kv={"purge_protection_enabled": False}), decisions=(lapsed,))
    assert [r.kind for r in found.remarks] == ["lapsed"]
    assert (found.findings[0].status, found.findings[0].lapsed, found.exit) == ("open", True, 3)
    on_the_day = replace(ACCEPT, review_by=date(2026, 6, 1))
    assert not assessed(vaults(kv={"purge_protection_enabled": False}), decisions=(on_the_day,)).remarks


def test_a_newer_decision_stands_in_for_a_lapsed_one() -> None:
    lapsed = replace(ACCEPT, review_by=date(2026, 5, 31))
    assert rows(lapsed, ACCEPT, purge_protection_enabled=False)["8.5"] == "Partial"


def test_a_decision_that_matches_nothing_says_why() -> None:
    vault = vaults(kv={"purge_protection_enabled": True})
    cases = {
        "there is no such resource": replace(ACCEPT, resources=("nosuch",)),
        "lab-1.0 has no such item, and no such check was judged": replace(ACCEPT, items=("9.9",)),
        "the check does not concern that resource": replace(ACCEPT, resources=("subscription",)),
    }
    for why, decision in cases.items():
        remark = assessed(vault, decisions=(decision,)).remarks[0]
        assert (remark.kind, remark.why) == ("unused", why)


def test_a_decision_on_what_passes() -> None:
    found = assessed(vaults(kv={"purge_protection_enabled": True}), decisions=(ACCEPT,))
    assert [(r.kind, r.worlds) for r in found.remarks] == [("redundant", ("prod",))]
    assert found.exit == 0


def test_a_decision_that_some_world_needs_is_no_finding() -> None:
    worlds = [vaults(w, kv={"purge_protection_enabled": w == "prod"}) for w in ("prod", "dev")]
    assert assessed(*worlds, decisions=(ACCEPT,)).remarks == ()


def test_a_decision_on_another_world_is_no_finding() -> None:
    dev = replace(ACCEPT, worlds=("dev",), resources=("nosuch",))
    found = assessed(vaults(kv={"purge_protection_enabled": False}), decisions=(dev,))
    assert (found.remarks, found.exit) == ((), 3)


def test_a_decision_on_an_item_that_the_subscription_decides() -> None:
    elsewhere = Decision("not-applicable", (), ("2.1",), ("*",), "Set for the organisation")
    found = assessed(vaults(kv={"purge_protection_enabled": True}), decisions=(elsewhere,))
    assert found.remarks == ()
    assert found.item_decision(found.benchmark.items["2.1.1"]) == elsewhere


@pytest.mark.parametrize(
    ("setting", "exit"), [({"purge_protection_enabled": True}, 0), ({"purge_protection_enabled": UNSET}, 4), ({}, 3)]
)
def test_exit_status(setting: dict[str, Any], exit: int) -> None:
    assert assessed(vaults(kv=setting)).exit == exit


def test_unreadable_input_comes_first() -> None:
    ledger = Ledger(problems=[Problem("does not parse", NOWHERE)])
    assert assessed(estate(declare("azurerm_key_vault.kv"), ledger=ledger)).exit == 2
    warned = Ledger(problems=[Problem("old syntax", NOWHERE, "warning")])
    assert assessed(estate(declare("azurerm_key_vault.kv", purge_protection_enabled=True), ledger=warned)).exit == 0


def test_only_the_items_asked_for_count() -> None:
    found = assessed(vaults(kv={"purge_protection_enabled": False}), items=("8.9",))
    assert ([r.item for r in found.rows], found.exit) == (["8.9"], 0)


def test_decisions_on_other_items_are_no_findings_when_one_is_asked_for() -> None:
    lapsed = replace(ACCEPT, review_by=date(2026, 5, 31))
    unused = replace(ACCEPT, resources=("nosuch",))
    found = assessed(vaults(kv={"purge_protection_enabled": False}), decisions=(lapsed, unused), items=("8.9",))
    assert found.remarks == ()


def test_items_without_a_row_are_counted_by_what_they_need() -> None:
    found = assessed(vaults(kv={}))
    assert (found.undecided("subscription"), found.undecided("signature"), found.undecided("check")) == (1, 1, 0)
    assert found.counts("prod") == {"open": 1, "unknown": 0, "TODO": 0, "N": 0, "Partial": 0, "n/a": 0, "Y": 1}


statuses = st.lists(st.sampled_from(STATUSES), min_size=1)


@given(statuses, st.randoms())
def test_the_order_of_parts_never_matters(parts: list[Any], random: Any) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert row_status(parts) == row_status(shuffled)


@given(statuses)
def test_a_row_is_adhered_to_only_when_nothing_fails_or_is_unknown(parts: list[Any]) -> None:
    if row_status(parts) == "Y":
        assert set(parts) <= {"Y", "n/a"}
    if "open" in parts:
        assert row_status(parts) == "open"


@given(st.sampled_from(["fail", "unknown", "pass", "not applicable"]), st.sampled_from([None, "accept", "todo"]))
def test_only_what_passes_is_y(outcome: Any, word: Any) -> None:
    decision = replace(ACCEPT, word=word) if word else None
    assert (part_status(outcome, decision) == "Y") is (outcome == "pass")


def test_verdicts_do_not_depend_on_decisions() -> None:
    found = vaults(kv={"purge_protection_enabled": False})
    plain = [v.outcome for _, _, v in judged(found).verdicts]
    assert [f.verdict.outcome for f in assessed(found, decisions=(ACCEPT,)).findings] == plain


SECTION = replace(ACCEPT, items=("8",), word="todo", reason="Later")


@pytest.mark.parametrize("decisions", [(SECTION, ACCEPT), (ACCEPT, SECTION)])
def test_a_decision_on_the_item_goes_before_one_on_its_section(decisions: tuple[Decision, ...]) -> None:
    settings = {"purge_protection_enabled": False, "soft_delete_retention_days": 7}
    assert rows(*decisions, **settings) == {"8.5": "N", "8.9": "TODO"}


def test_a_decision_on_an_item_without_rows_goes_before_one_on_its_section() -> None:
    section = Decision("accept", (), ("2.1",), ("*",), "Elsewhere", line=1)
    item = Decision("not-applicable", (), ("2.1.1",), ("*",), "By the organisation", line=2)
    found = assessed(vaults(kv={"purge_protection_enabled": True}), decisions=(section, item))
    assert found.item_decision(found.benchmark.items["2.1.1"]) == item


def test_a_decision_on_a_world_that_there_is_not_is_a_finding() -> None:
    typo = replace(ACCEPT, worlds=("prdo",))
    one = judged(vaults(kv={"purge_protection_enabled": False}))
    found = assess([one], BENCHMARK, (typo,), TODAY, system="lab", worlds=("prod", "dev"))
    assert [(r.kind, r.why) for r in found.remarks] == [("unused", "there is no world prdo, only prod, dev")]
    other = replace(ACCEPT, worlds=("dev",))
    assert assess([one], BENCHMARK, (other,), TODAY, system="lab", worlds=("prod", "dev")).remarks == ()
