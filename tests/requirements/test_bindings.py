"""What holds of the bindings themselves: each names statements that exist, and fails when its platform is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ringfence.errors import RingfenceError
from ringfence.twin.probes.shown import every
from ringfence.twin.probes.statements import untried
from tests.requirements.bench import Bench
from tests.requirements.binding import EUDCC, FLOWEHR, LIST, MOST, WAYS, Binding, bindings, statements
from tests.requirements.running import running

SHARED = LIST.parent.parent.parent / "shared" / "requirements.json"


@pytest.mark.parametrize("binding", bindings(), ids=str)
def test_a_bound_test_fails_when_its_platform_is_broken(binding: Binding) -> None:
    with pytest.raises((AssertionError, RingfenceError)):
        binding.run(Bench(binding.platform, binding.case.breaks))


def test_no_test_is_bound_to_more_than_five_statements() -> None:
    assert [b.name for b in bindings() if len(b.case.ids) > MOST] == []


def test_a_test_is_bound_to_statements_that_exist_in_ways_that_they_have() -> None:
    known = {name: one["ways"] for name, one in statements().items()}
    wrong = [f"{b.name} {b}" for b in bindings() for name in b.case.ids if b.case.way not in known.get(name, ())]
    assert wrong == []


def test_every_statement_that_can_be_tried_is_bound_or_said_why_not() -> None:
    tried = [name for name, one in statements().items() if "run" in one["ways"]]
    bound = {name for b in bindings() if b.case.way == "run" for name in b.case.ids}
    assert sorted(tried) == sorted([*bound, *untried()])
    assert all(len(why) > 20 for why in untried().values())


def test_the_bound_statements_are_those_that_trials_show() -> None:
    bound = {name for b in bindings() if b.case.way == "run" for name in b.case.ids}
    assert bound == {name for platform in (EUDCC, FLOWEHR) for name in every(platform)}


def test_no_trial_shows_more_than_five_statements() -> None:
    for platform in (EUDCC, FLOWEHR):
        assert [trial.id for trial in running(platform).trials if len(trial.shows) > MOST] == []


def test_every_statement_has_a_way_to_show_it() -> None:
    assert [name for name, one in statements().items() if not one["ways"] or set(one["ways"]) - set(WAYS)] == []


@pytest.mark.skipif(not SHARED.is_file(), reason="the statements in full are not here")
def test_the_ways_are_those_of_the_statements() -> None:
    listed = json.loads(Path(SHARED).read_text(encoding="utf-8"))["requirements"]
    mine = {name: set(one["ways"]) for name, one in statements().items()}
    assert mine == {r["id"]: set(r["testable_as"]) for r in listed}
