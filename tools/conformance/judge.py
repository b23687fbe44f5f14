"""What came of the suites, against what is known of them: a table of every test that does not pass, with its reason.

A test that fails and is not in the table, one in the table that passes, and one in the table that is not there any more
all fail the run, so that the table says what is so.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHARE = 0.8
"""Of the tests that ask a vault, so many pass at least."""
Outcomes = dict[str, dict[str, Any]]


@record()
class Suite:
    """One suite: the version of its client, and how many of its tests that ask a vault pass."""

    version: str
    passed: int


@record()
class Known:
    """Tests that do not pass, and why; or that the suites leave out by themselves, by the reason that they say."""

    suites: Mapping[str, Suite]

    failing: Mapping[str, str]
    """By suite and test, such as ``keys/test_key_client.py::TestKeyClient::test_x``: without parameters it is all."""
    left_out: Mapping[str, str]
    """By what the suite says when it skips."""


@record(frozen=False)
class Judgement:
    """The figures of one suite, and what is not as the table says."""

    suite: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    elsewhere: int = 0
    """Tests that ask no vault, and pass."""
    listed: dict[str, int] = field(default_factory=dict)
    """How many tests each reason of the table stands for."""
    wrong: list[str] = field(default_factory=list)


def read(path: Path) -> Known:
    """The table."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    suites = {name: Suite(row["version"], row["passed"]) for name, row in content["suites"].items()}
    failing = {test: row["why"] for row in content["failing"] for test in row["tests"]}
    return Known(suites, failing, {row["says"]: row["why"] for row in content["left_out"]})


def judge(suite: str, outcomes: Outcomes, known: Known) -> Judgement:
    """The figures of a suite."""
    found = Judgement(suite)
    met: set[str] = set()
    for test, outcome in outcomes.items():
        name = f"{suite}/{test.removeprefix('tests/')}"
        entry = next((one for one in (name, name.partition("[")[0]) if one in known.failing), "")
        met.add(entry)
        _count(found, name, outcome, known, entry)
    if found.passed != known.suites[suite].passed:
        found.wrong.append(f"{found.passed} tests of {suite} pass; the table says {known.suites[suite].passed}")
    gone = [one for one in known.failing if one.startswith(f"{suite}/") and one not in met]
    found.wrong += [f"{one} is in the table, and there is no such test" for one in gone]
    return found


def _count(found: Judgement, name: str, outcome: dict[str, Any], known: Known, entry: str) -> None:
    if outcome["outcome"] == "skipped":
        _skipped(found, name, outcome["why"], known)
    elif outcome["outcome"] == "failed":
        found.failed += 1
        if entry:
            why = known.failing[entry]
            found.listed[why] = found.listed.get(why, 0) + 1
        else:
            found.wrong.append(f"{name} fails, and is not in the table: {outcome['why']}")
    else:
        found.passed += outcome["live"]
        found.elsewhere += not outcome["live"]
        if entry:
            found.wrong.append(f"{name} passes, and is in the table")


def _skipped(found: Judgement, name: str, said: str, known: Known) -> None:
    found.skipped += 1
    why = next((why for says, why in known.left_out.items() if says in said), "")
    if why:
        found.listed[why] = found.listed.get(why, 0) + 1
    else:
        found.wrong.append(f"{name} is left out by the suite, and the table has no such reason: {said}")


def share(all_: list[Judgement]) -> float:
    """The share that passes of the tests that ask a vault."""
    passed, failed = sum(one.passed for one in all_), sum(one.failed for one in all_)
    return passed / (passed + failed) if passed else 0.0
