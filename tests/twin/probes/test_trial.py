"""A trial itself: what makes it green or red, and that it leaves everything as it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.probes.hands import Done
from ringfence.twin.probes.told import as_json, as_text
from ringfence.twin.probes.trial import ExpectedError, Result, Trial, Trying, together, tried
from ringfence.twin.probes.who import Who
from tests.twin.probes.subjects import subject

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

INSIDE, OUTSIDE = Who("subnet"), Who("internet")


class Hands:
    """Accepts what is asked for inside; outside the network refuses. The estate becomes what it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[Who, str]] = []
        self.change: dict[str, Any] = {"without": []}

    async def do(self, who: Who, job: str, **words: Any) -> Done:
        self.asked.append((who, job))
        if who.at == "subnet":
            return Done(who, job, words, {"fine": True})
        refused = {"status": 403, "code": "Forbidden", "by": "network", "why": "a rule"}
        return Done(who, job, words, None, refused)

    once = do

    async def order(self, do: str, **words: Any) -> Any:
        if do == "change":
            self.change = words["change"]
        return self.change


def result(act: Callable[[Trying], Awaitable[None]], hands: Any = None) -> Result:
    mine: Any
    trial, mine = Trial("family/one", ("E-001",), "it holds", act), hands or Hands()
    return asyncio.run(tried(trial, mine, subject("eudcc")))


async def _both(trying: Trying) -> None:
    await trying.accepted(INSIDE, "knock", host="a")
    await trying.refused(OUTSIDE, "knock", "network", host="a")


def test_refused_outside_and_accepted_inside_is_green() -> None:
    found = result(_both)
    assert (found.verdict, len(found.done), len(found.controls)) == ("green", 2, 1)


def test_what_is_accepted_that_should_not_be_is_red_and_says_both() -> None:
    async def act(trying: Trying) -> None:
        await trying.refused(INSIDE, "knock", "network", host="a")

    found = result(act)
    assert (found.verdict, found.expected) == ("red", "a refusal by network")
    assert "at subnet: knock a: accepted" in found.happened


def test_a_refusal_by_something_else_is_red() -> None:
    async def act(trying: Trying) -> None:
        await trying.accepted(INSIDE, "knock", host="a")
        await trying.refused(OUTSIDE, "knock", "access", host="a")

    found = result(act)
    assert (found.verdict, found.expected) == ("red", "a refusal by access")
    assert "refused by network (403 Forbidden: a rule)" in found.happened


def test_a_control_that_fails_is_red() -> None:
    async def act(trying: Trying) -> None:
        await trying.accepted(OUTSIDE, "knock", host="a")

    assert result(act).verdict == "red"


def test_refusals_without_any_control_show_nothing() -> None:
    async def act(trying: Trying) -> None:
        await trying.refused(OUTSIDE, "knock", "network", host="a")

    found = result(act)
    assert (found.verdict, found.expected) == ("red", "a positive control")


def test_a_trial_that_breaks_is_red_and_stops_no_other() -> None:
    async def act(trying: Trying) -> None:
        await trying.accepted(INSIDE, "knock", host="a")
        raise KeyError("nobody")

    found = result(act)
    assert (found.verdict, found.happened) == ("red", "it broke: KeyError 'nobody'")


def test_what_a_trial_changes_is_put_back_even_when_it_fails() -> None:
    async def act(trying: Trying) -> None:
        async with trying.put_back():
            await trying.hands.order("change", change={"without": ["it"]})
            await trying.accepted(OUTSIDE, "knock", host="a")

    hands = Hands()
    assert result(act, hands).verdict == "red"
    assert hands.change == {"without": []}


def test_of_several_at_once_the_first_that_fails_is_told_when_all_have_ended() -> None:
    ended: list[str] = []

    async def slow() -> None:
        await asyncio.sleep(0.05)
        ended.append("slow")

    async def wrong() -> None:
        raise ExpectedError("one thing", "another")

    async def act() -> None:
        await together(wrong(), slow())

    with pytest.raises(ExpectedError):
        asyncio.run(act())
    assert ended == ["slow"]


def test_what_is_not_tried_is_no_green() -> None:
    trial = Trial("inside/one", (), "it holds", None, "the twin serves none")
    found = asyncio.run(tried(trial, Hands(), subject("eudcc")))  # type: ignore[arg-type]  # a hand's stand-in
    assert (found.verdict, found.happened) == ("not tried", "the twin serves none")


class Run:
    """A run with these results."""

    def __init__(self, *results: Result) -> None:
        from datetime import UTC, datetime

        self.subject, self.results = subject("eudcc"), results
        self.versions, self.seconds = {"azure-core": "1"}, 1.5
        self.began = datetime(2026, 11, 22, tzinfo=UTC)


def test_the_worst_is_told_first_and_the_last_line_says_what_it_does_not_show() -> None:
    async def red(trying: Trying) -> None:
        await trying.refused(INSIDE, "knock", "network", host="a")

    run: Any = Run(result(_both), result(red))
    text = as_text(run)
    assert text.splitlines()[0] == "eudcc prod: 2 trials, 1 green, 1 red  (1.5 s)"
    assert text.index("✗ family/one  E-001") < text.index("✓ family: one")
    assert "expected a refusal by network" in text
    assert text.rstrip().endswith("it does not show that Azure behaves so.")


def test_evidence_says_when_on_what_and_with_which_clients() -> None:
    run: Any = Run(result(_both))
    told = as_json(run)
    assert (told["platform"], told["world"], told["clients"]) == ("eudcc", "prod", {"azure-core": "1"})
    assert len(told["estate"]) == 64
    (row,) = told["trials"]
    assert (row["id"], row["shows"], row["verdict"], row["attempts"]) == ("family/one", ["E-001"], "green", 2)
    assert row["seen"][1]["refused"]["by"] == "network"
    assert row["control"] == ["nobody in particular at subnet: knock a: accepted"]
