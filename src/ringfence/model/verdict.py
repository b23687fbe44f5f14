"""The outcome of judging a condition, with its evidence, and how outcomes combine.

Outcomes are exactly "pass", "fail", "unknown" and "not applicable".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.origin import Origin
    from ringfence.model.value import Many, Need, Unknown

Outcome: TypeAlias = Literal["pass", "fail", "unknown", "not applicable"]


@record()
class Evidence:
    """One field that a verdict rests on."""

    field: str
    expected: Any
    """The value, or a phrase such as "at least 90" where several would do."""
    actual: Any
    """The value found, None when absent; for an unknown, the phrase that says why."""
    origin: Origin
    outcome: Outcome
    resource: str = ""
    """Key of the resource the field belongs to; "" for the one that is judged."""


@record()
class Verdict:
    """Whether a desired condition holds. `why` is one clause for the report, "" where evidence says it all."""

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
    needs: tuple[Need, ...] = ()
    """For "unknown": what would settle it."""

    def because(self, why: str) -> Verdict:
        """The same verdict, explained."""
        return replace(self, why=why)


def not_applicable(why: str) -> Verdict:
    """The condition does not concern the resource."""
    return Verdict("not applicable", why=why)


def undecided(found: Unknown) -> Verdict:
    """It cannot be told, for the reasons that the value cannot."""
    return Verdict("unknown", (), found.why, found.needs)


def all_of(*verdicts: Verdict) -> Verdict:
    """Holds when every part holds; a failing part decides, then an unknown one."""
    return _combine(verdicts, "fail", "unknown", "pass")


def any_of(*verdicts: Verdict) -> Verdict:
    """Holds when some part holds; a passing part decides, then an unknown one."""
    return _combine(verdicts, "pass", "unknown", "fail")


def negated(verdict: Verdict) -> Verdict:
    """Holds when `verdict` fails."""
    flip: dict[Outcome, Outcome] = {"pass": "fail", "fail": "pass"}
    return replace(verdict, outcome=flip.get(verdict.outcome, verdict.outcome))


def _combine(verdicts: Iterable[Verdict], *order: Outcome) -> Verdict:
    parts = [v for v in verdicts if v.outcome != "not applicable"]
    if len(parts) == 1 and len(parts[0].needs) < 2:
        return parts[0]
    for outcome in order:
        deciding = [v for v in parts if v.outcome == outcome]
        if deciding:
            shown = parts if outcome == order[2] else deciding
            return Verdict(
                outcome,
                tuple(e for v in shown for e in v.evidence),
                "; ".join(dict.fromkeys(v.why for v in deciding if v.why)),
                tuple(dict.fromkeys(n for v in deciding for n in v.needs)),
            )
    return Verdict("not applicable", why="; ".join(dict.fromkeys(v.why for v in verdicts if v.why)))


def every(items: Many[Any], verdicts: Iterable[Verdict]) -> Verdict:
    """`all_of` the verdicts on all items; a list that is still open cannot pass."""
    return _opened(all_of(*verdicts), items, "pass")


def some(items: Many[Any], verdicts: Iterable[Verdict]) -> Verdict:
    """`any_of` the verdicts on all items; a list that is still open cannot fail.

    With no items at all the verdict is "fail": the thing that was looked for is not there.
    """
    judged = tuple(verdicts)
    verdict = any_of(*judged) if judged else Verdict("fail")
    return _opened(verdict, items, "fail")


def _opened(verdict: Verdict, items: Many[Any], closed: Outcome) -> Verdict:
    if items.open is None or verdict.outcome not in (closed, "not applicable"):
        return verdict
    needs, why = items.open.needs, items.open.why
    evidence = Evidence(items.field, "all are known", why, items.open.origin, "unknown")
    return Verdict("unknown", (*verdict.evidence, evidence), why, needs)


def if_present(verdict: Verdict, presence: Any) -> Verdict:
    """The verdict of something that may not exist: what it would fail is then unknown.

    `presence` is a resource's `presence`. Use it for a resource's own verdict and for a part that must
    not be wrong; for a part that must be there, use `when_present`.
    """
    return _presumed(verdict, presence, "fail", "fails if it is created")


def when_present(verdict: Verdict, presence: Any) -> Verdict:
    """The verdict of a part that only helps if it exists: a pass is then unknown."""
    return _presumed(verdict, presence, "pass", "holds only if it is created")


def _presumed(verdict: Verdict, presence: Any, outcome: Outcome, why: str) -> Verdict:
    from ringfence.model.value import Unknown

    if verdict.outcome != outcome or not isinstance(presence, Unknown):
        return verdict
    settled = presence.why
    evidence = Evidence("presence", True, settled, presence.origin, "unknown")
    return Verdict("unknown", (*verdict.evidence, evidence), f"{why}: {settled}", presence.needs)
