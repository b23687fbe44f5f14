"""What a service's public front door goes by, in one form for all services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import holds
from ringfence.model.origin import NOWHERE
from ringfence.model.symbol import render
from ringfence.model.value import Known, Many
from ringfence.model.verdict import Evidence, Verdict, negated, not_applicable
from ringfence.questions.network import cidr
from ringfence.questions.reach.public.admitted import EVERYBODY, Match, Rule
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link
    from ringfence.model.verdict import Outcome


@record()
class Policy:
    """What a public front door goes by."""

    off: Verdict
    """Passes when there is no public front door."""
    rules: tuple[Rule, ...] = ()
    """Among them the default action, which names everybody."""
    services: tuple[str, ...] = ()
    """The names of its service endpoint, such as "Microsoft.Sql": where a subnet has one, the subnet is seen."""
    regional: str = ""
    """The one of them that works within a region only."""
    paired: bool = False
    """That one works also within the region's pair."""
    trusted: Verdict = not_applicable("")
    """Passes when "allow trusted Microsoft services" is on."""
    instances: Many[Link] | None = None
    """Resources that pass wherever they are."""
    exempt: Verdict = not_applicable("")
    """The list of them counts."""
    survives: bool | None = False
    """Trusted services and named resources pass also while public access is off; None where that is not documented."""
    local: bool = False
    """Address rules have no effect on callers of the resource's own region."""
    other: Policy | None = None
    """What the front door may go by instead."""
    doubt: Verdict = not_applicable("")
    """Why which of the two is not known."""


def default(attr: Attr[Any], word: str = "allow", *, title: str = "the default action") -> Rule:
    """The rule at the end: whom no rule names is admitted when the field has this word."""
    verdict = holds(attr, lambda v: str(v).casefold() == word, word.capitalize())
    return last(verdict, title)


LAST = 2**31
"""The priority of what decides when no rule does: ARM writes "Allow all" and "Deny all" at 2**31 - 1."""


def last(verdict: Verdict, title: str) -> Rule:
    """The rule at the end, which admits when the verdict passes."""
    allows = {"pass": True, "fail": False}.get(verdict.outcome)
    evidence = verdict.evidence[0] if verdict.evidence else _no_evidence(title)
    return Rule(title, replace(EVERYBODY, needs=verdict.needs), evidence, allows, LAST)


def _no_evidence(title: str) -> Evidence:
    return Evidence(title, None, None, NOWHERE, "unknown")


def rule(title: str, match: Match, attr: Attr[Any] | Many[Any], **more: Any) -> Rule:
    """A rule whose evidence is the field it is written in."""
    actual = getattr(attr, "value", None)
    shown_ = actual if isinstance(attr, Known) else render(actual) if actual is not None else None
    return Rule(title, match, Evidence(attr.field, title, shown_, attr.origin, "pass"), **more)


def subnets(links: Many[Link], *, allows: bool | None = True) -> tuple[Rule, ...]:
    """One rule for each subnet that a firewall names, and one for those that were not read."""
    made = tuple(
        Rule(
            f"the rule for {_text(link)}",
            Match(subnets=(link,)),
            Evidence(link.field, "it", _text(link), link.origin, "pass"),
            allows,
        )
        for link in links
    )
    if links.open is None:
        return made
    match = Match(more=True, needs=links.open.needs)
    return (
        *made,
        Rule(
            "a rule that is not known",
            match,
            Evidence(links.field, "all are known", None, links.open.origin, "unknown"),
            allows,
        ),
    )


def _text(link: Link) -> str:
    return render(link.value).strip('"')


def unlisted(rules: Many[Any], *, allows: bool | None = True) -> tuple[Rule, ...]:
    """A rule for those that may be there and were not read."""
    if rules.open is None:
        return ()
    match = Match(possible=cidr.EVERYBODY, needs=rules.open.needs)
    evidence = Evidence(rules.field, "all are known", None, rules.open.origin, "unknown")
    return (Rule("a rule that is not known", match, evidence, allows, 0 if allows else None),)


def opposite(verdict: Verdict) -> Verdict:
    """The verdict on the contrary condition, its evidence turned round with it."""
    flip: dict[Outcome, Outcome] = {"pass": "fail", "fail": "pass"}
    turned = (replace(e, expected=_not(e.expected), outcome=flip.get(e.outcome, e.outcome)) for e in verdict.evidence)
    return replace(negated(verdict), evidence=tuple(turned))


def _not(expected: Any) -> Any:
    text = str(expected)
    return text[4:] if text.startswith("not ") else f"not {render(expected) if isinstance(expected, bool) else text}"
