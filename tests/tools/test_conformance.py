"""The judgement on Microsoft's suites: it fails where the table and what happens disagree, in either direction."""

from __future__ import annotations

from typing import Any

import pytest

from tools.conformance import judge

KNOWN = judge.Known({"keys": judge.Suite("1", 1)}, {"keys/test_a.py::test_listed": "not here"}, {"no HSM": "for HSMs"})


def outcome(outcome: str, *, live: bool = True, why: str = "") -> dict[str, Any]:
    return {"outcome": outcome, "live": live, "why": why}


GOOD: judge.Outcomes = {
    "tests/test_a.py::test_passes[1]": outcome("passed"),
    "tests/test_a.py::test_asks_nobody": outcome("passed", live=False),
    "tests/test_a.py::test_listed[1]": outcome("failed", why="404"),
    "tests/test_a.py::test_hsm[1]": outcome("skipped", live=False, why="Skipped: no HSM endpoint"),
}


def test_what_is_as_the_table_says_is_counted() -> None:
    found = judge.judge("keys", GOOD, KNOWN)
    assert (found.passed, found.failed, found.skipped, found.elsewhere) == (1, 1, 1, 1)
    assert found.listed == {"not here": 1, "for HSMs": 1}
    assert found.wrong == []


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"tests/test_a.py::test_new": outcome("failed", why="500")}, "fails, and is not in the table"),
        ({"tests/test_a.py::test_listed[2]": outcome("passed")}, "passes, and is in the table"),
        ({"tests/test_a.py::test_new": outcome("skipped", why="flaky")}, "the table has no such reason"),
        ({"tests/test_a.py::test_more": outcome("passed")}, "the table says 1"),
    ],
)
def test_what_is_not_is_told(change: judge.Outcomes, wanted: str) -> None:
    found = judge.judge("keys", GOOD | change, KNOWN)
    assert any(wanted in line for line in found.wrong)


def test_a_listed_test_that_is_gone_is_told() -> None:
    there = {name: found for name, found in GOOD.items() if "listed" not in name}
    assert judge.judge("keys", there, KNOWN).wrong == [
        "keys/test_a.py::test_listed is in the table, and there is no such test"
    ]


def test_no_outcome_at_all_is_no_share() -> None:
    assert judge.share([judge.judge("keys", {}, KNOWN)]) == 0.0
    assert judge.share([judge.judge("keys", GOOD, KNOWN)]) == 0.5
