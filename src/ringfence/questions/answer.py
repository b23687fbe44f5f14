"""The form of an answer: an outcome, and the path that leads to it hop by hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import missing
from ringfence.model.symbol import render
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Evidence, Outcome, Verdict, all_of
from ringfence.record import record, replace

if TYPE_CHECKING:
    from typing import Any

    from ringfence.model.estate import Target
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link


@record()
class Hop:
    """One step of a path and whether it holds; `text` says the step in a few words."""

    resource: str
    """Key of the resource that the step is declared in; "" when it is known by name only."""
    text: str
    verdict: Verdict


@record()
class Answer:
    """What a question found: `verdict` passes when the thing asked for is so."""

    verdict: Verdict
    hops: tuple[Hop, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The outcome of the verdict."""
        return self.verdict.outcome

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The fields that the answer rests on."""
        return self.verdict.evidence

    @property
    def needs(self) -> tuple[Need, ...]:
        """What would settle it, when it is unknown."""
        return self.verdict.needs


def path(*hops: Hop) -> Answer:
    """The answer of a path: it holds when every hop does."""
    return Answer(all_of(*(hop.verdict for hop in hops)), hops)


def of(resource: Resource, verdict: Verdict) -> Verdict:
    """The verdict with its evidence ascribed to a resource other than the one that is judged."""
    if all(e.resource for e in verdict.evidence):
        return verdict
    evidence = tuple(e if e.resource else replace(e, resource=resource.key) for e in verdict.evidence)
    return replace(verdict, evidence=evidence)


def found(link: Link, expected: Any, outcome: Outcome, why: str = "", needs: tuple[Need, ...] = ()) -> Verdict:
    """The verdict on what a link refers to; its value is the evidence."""
    actual = None if link.value is None else render(link.value)
    return Verdict(outcome, (Evidence(link.field, expected, actual, link.origin, outcome),), why, needs)


def unresolved(link: Link, expected: Any, unknown: Unknown) -> Verdict:
    """The verdict on a link that cannot be followed."""
    return found(link, expected, "unknown", "; ".join(n.why for n in unknown.needs), unknown.needs)


def unsettled(subject: str, why: str, evidence: tuple[Evidence, ...] = ()) -> Verdict:
    """The verdict on what cannot be told; whoever knows the subject can."""
    return Verdict("unknown", evidence, why, (Need("reference", subject, why),))


def doubted(verdict: Verdict, subject: str, why: str) -> Verdict:
    """The verdict as it is while something besides its own evidence may turn it."""
    evidence = tuple(replace(e, outcome="unknown") for e in verdict.evidence)
    return Verdict("unknown", evidence, why, verdict.needs or (Need("reference", subject, why),))


def certain(verdict: Verdict, target: Target, link: Link) -> Verdict:
    """The verdict of a hop over a reference: one that may refer elsewhere cannot pass."""
    if target.certainty != "possible" or verdict.outcome != "pass":
        return verdict
    why = f"{link.field} refers to it only under a condition that is not known"
    evidence = tuple(replace(e, outcome="unknown") for e in verdict.evidence)
    return Verdict("unknown", evidence, why, conditions(link) or (Need("reference", link.field, why),))


def conditions(link: Link) -> tuple[Need, ...]:
    """The inputs on which it depends whether the link refers to one thing or another."""
    return missing(link.value)
