"""What the name of a door may lead to: its public address, a private one, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.value import Need
from ringfence.model.verdict import Verdict, undecided
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from ringfence.model.value import Many
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.fronts import Front

LeadKind: TypeAlias = Literal["public", "private", "nowhere"]


@record()
class Lead:
    """One thing that a name may lead to. The verdict passes when it leads there for sure.

    A private one without a `front` is an endpoint that is not known.
    """

    kind: LeadKind
    text: str
    verdict: Verdict = field(compare=False)
    front: Front | None = None


def to_public(door: Door, verdict: Verdict, why: str = "") -> Lead:
    """The name has the public address."""
    return Lead("public", f"{_name(door)} resolves to its public address{f': {why}' if why else ''}", verdict)


def to_private(door: Door, front: Front, verdict: Verdict) -> Lead:
    """The name has a private address that is known."""
    return Lead("private", f"{_name(door)} resolves to {front.destination.title}", verdict, front)


def to_nowhere(door: Door, verdict: Verdict, why: str = "") -> Lead:
    """The name has no address."""
    why = why or "the private zone that answers for it does not hold it"
    return Lead("nowhere", f"{_name(door)} does not resolve: {why}", verdict)


def to_further(door: Door, fronts: Many[Front]) -> list[Lead]:
    """An endpoint that was not read may lead to the door too."""
    if fronts.open is None:
        return []
    doubt = undecided(fronts.open)
    return [Lead("private", f"{_name(door)} resolves to a private endpoint that is not known", doubt)]


def _name(door: Door) -> str:
    return door.hosts[0] if door.hosts else f"the name of {door.resource.title}"


def sorted_out(options: list[Lead], doubt: Verdict) -> tuple[Lead, ...]:
    """The options, each once: sure when there is one, else each is unknown for what is in doubt."""
    alone = {(lead.kind, lead.front): lead for lead in options}
    if len(alone) == 1:
        return tuple(replace(lead, verdict=Verdict("pass", lead.verdict.evidence)) for lead in alone.values())
    why = doubt.why if doubt.outcome == "unknown" else "several private endpoints answer to the name"
    needs = doubt.needs if doubt.outcome == "unknown" else (Need("reference", "private_dns_zone_group", why),)
    return tuple(
        replace(lead, verdict=Verdict("unknown", lead.verdict.evidence, why, needs)) for lead in alone.values()
    )
