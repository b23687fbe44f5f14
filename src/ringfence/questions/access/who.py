"""Everybody who may do something: each principal with the ways by which he may.

A way is a grant, and the groups between whom it names and the principal. Members that are declared are listed beside
their group; where a group may have others, its holder says so (`members`), as the whole list does where a grant may
name anybody (`open`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE
from ringfence.model.value import Many, Need, Unknown
from ringfence.model.verdict import Verdict
from ringfence.questions.access.grant import ESCALATION, grants
from ringfence.questions.access.matter import Matter
from ringfence.questions.access.may import joined
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.operation import Operation
from ringfence.questions.access.verb import Deed
from ringfence.questions.answer import Hop, unsettled
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.entra import Group
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Implied, Resource
    from ringfence.model.verdict import Outcome
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.takeover import Takeover


@record(eq=False)
class Way:
    """One way by which a principal may: the grant, through which groups, and after which takeovers."""

    principal: Principal
    deed: Deed
    grant: Grant
    through: tuple[Principal, ...]
    """The groups from the one that the grant names to the one that the principal is in."""
    verdict: Verdict
    takeovers: tuple[Takeover, ...] = ()
    """What he does first, in order; () when he may at once."""
    then: Way | None = None
    """After takeovers: the way of the principal that he has become by then; None where a takeover gives the deed."""

    def hops(self) -> tuple[Hop, ...]:
        """The way as a person follows it: into the groups, the grant, the takeovers, what is possible then."""
        return (
            *(_into(group) for group in reversed(self.through)),
            Hop(self.grant.source.key, told(self.grant), self.verdict),
            *(Hop(t.deed_key, t.told, t.verdict) for t in self.takeovers),
            *(self.then.hops() if self.then is not None else ()),
        )


@record(eq=False)
class Holder:
    """One who may, or might, do what was asked about."""

    principal: Principal
    ways: tuple[Way, ...]
    members: Unknown | None = None
    """Of a group: why it may have members that are not declared."""

    @property
    def outcome(self) -> Outcome:
        """ "pass" when one of the ways is sure, else "unknown"."""
        return "pass" if any(w.verdict.outcome == "pass" for w in self.ways) else "unknown"

    @property
    def escalated(self) -> bool:
        """True when every sure way begins with a takeover; of ways that are none sure, every one."""
        wanted = self.outcome
        return all(w.takeovers for w in self.ways if w.verdict.outcome == wanted)

    def best(self) -> Way:
        """The way to tell first: a sure one, with few takeovers and few groups between."""
        return min(
            self.ways,
            key=lambda w: (w.verdict.outcome != "pass", len(w.takeovers), len(w.through), w.grant.key),
        )


def who(
    estate: Estate, operation: str, on: Resource | Implied, *, data: bool = False, escalated: bool = False
) -> Many[Holder]:
    """Everybody who may perform the operation on the resource, by name."""
    return holders(estate, (Deed(operation, Operation(operation, data), on),), escalated=escalated)


def holders(estate: Estate, wanted: Iterable[Deed], *, escalated: bool = False) -> Many[Holder]:
    """Everybody who may do one of the deeds, the sure first, then by name."""
    ways: dict[str, list[Way]] = {}
    needs: list[Need] = []
    for deed in wanted:
        found = ways_to(estate, deed)
        more = _escalated(estate, deed, found.items) if escalated else ()
        for way in (*found, *more):
            ways.setdefault(way.principal.key, []).append(way)
        needs.extend(found.open.needs if found.open is not None else ())
    known = memberships(estate)
    listed = [Holder(ws[0].principal, tuple(ws), known.unread(ws[0].principal)) for ws in ways.values()]
    listed.sort(key=lambda h: (h.outcome != "pass", h.escalated, h.principal.name.casefold(), h.principal.key))
    open_ = Unknown("principals", tuple(dict.fromkeys(needs)), NOWHERE) if needs else None
    return Many("principals", tuple(listed), NOWHERE, open_)


def ways_to(estate: Estate, deed: Deed) -> Many[Way]:
    """Every way to the deed that begins with a grant for it; open while a grant may name anybody."""
    matter = Matter(estate, deed.operation, deed.on)
    found: list[Way] = []
    needs: list[Need] = []
    for grant in matter.grants():
        verdict = matter.judged(grant)
        if verdict.outcome in ("fail", "not applicable"):
            continue
        if isinstance(grant.principals, Unknown):
            needs.extend(grant.principals.needs)
        else:
            found.extend(_ways(estate, deed, grant, verdict))
    for unread in (matter.unread, grants(estate).open_to(deed.operation.name)):
        needs.extend(unread.needs if unread is not None else ())
    open_ = Unknown("principals", tuple(dict.fromkeys(needs)), NOWHERE) if needs else None
    return Many("ways", tuple(found), NOWHERE, open_)


def _ways(estate: Estate, deed: Deed, grant: Grant, verdict: Verdict) -> Iterator[Way]:
    known = memberships(estate)
    assert not isinstance(grant.principals, Unknown)
    if len(grant.principals) > 1:
        why = "it depends which principal is meant"
        names = ", ".join(map(str, grant.principals))
        verdict = joined(verdict, unsettled(names, why))
    for principal in grant.principals:
        yield Way(principal, deed, grant, (), verdict)
        if principal.kind == "group":
            for member, through in known.below(principal):
                yield Way(member, deed, grant, through, verdict)


def told(grant: Grant) -> str:
    """The grant in a few words."""
    name = grant.role.name if not isinstance(grant.role, Unknown) else "a role that is not known"
    kind = "" if grant.kind in (name.casefold(), ESCALATION) else f"{grant.kind}: "
    return f"{kind}{name} on {where(grant)}"


def where(grant: Grant) -> str:
    """Where the grant holds, for a person."""
    if isinstance(grant.scopes, Unknown):
        return "a scope that is not known"
    return " or ".join(dict.fromkeys(s.title for s in grant.scopes)) or "nothing"


def _into(group: Principal) -> Hop:
    declared: Group | Resource | None = group.resource
    return Hop(declared.key if declared is not None else "", f"member of {group}", Verdict("pass"))


def _escalated(estate: Estate, deed: Deed, direct: tuple[Way, ...]) -> tuple[Way, ...]:
    from ringfence.questions.access.escalation import ways_by_takeover

    return ways_by_takeover(estate, deed, direct)
