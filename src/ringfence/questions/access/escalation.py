"""Escalation: what somebody can grant himself, or whom he can become, with what he may do already.

`escalations` follows it forwards from a principal, `ways_by_takeover` backwards from a deed. Both go through the
takeovers of the estate and through the right to assign roles, step by step, a few steps deep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Unknown
from ringfence.model.verdict import Verdict, undecided
from ringfence.questions.access.grant import ESCALATION, Grant, grants
from ringfence.questions.access.matter import Matter
from ringfence.questions.access.may import joined
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.operation import Operation
from ringfence.questions.access.role import Permission, Role
from ringfence.questions.access.scope import Scope, containers
from ringfence.questions.access.takeover import PLACES, Takeover, takeovers
from ringfence.questions.access.verb import Deed
from ringfence.questions.access.who import Way, told, ways_to
from ringfence.questions.answer import unsettled
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal

    _Chain: TypeAlias = tuple[tuple[Takeover, ...], Verdict, Way | None]

ASSIGN = Operation("Microsoft.Authorization/roleAssignments/write")
EVERYTHING = Role("every role", "", (Permission(("*",), (), ("*",)),))
DEPTH = 5
"""Takeovers in a row that are followed."""
MOST = 2_000
"""Steps that are listed of one principal."""


@record(eq=False)
class Step:
    """One escalation: the grant that allows the takeover, and the steps that come first."""

    grant: Grant
    takeover: Takeover
    verdict: Verdict
    after: tuple[Step, ...] = ()

    @property
    def told(self) -> str:
        """The step in one line."""
        return f"{self.takeover.told} ({told(self.grant)})"


def escalations(estate: Estate, principal: Principal) -> tuple[Step, ...]:
    """What the principal can make of what he may do, transitively; each principal and gain once, nearest first."""
    found: list[Step] = []
    reached = {principal.key}
    waiting: list[tuple[Principal | Grant, tuple[Step, ...]]] = [(principal, ())]
    while waiting and len(found) < MOST:
        now, after = waiting.pop(0)
        for step in _steps(estate, now, after, principal):
            key = _becomes(step.takeover)
            if key in reached:
                continue
            reached.add(key)
            found.append(step)
            if len(after) + 1 < DEPTH:
                waiting.append((step.takeover.becomes, (*after, step)))
    return tuple(found[:MOST])


def taken_at_once(estate: Estate, now: Principal | Grant, first: Principal) -> tuple[Step, ...]:
    """The takeovers that one who is, or has, `now` can make as the next thing; `first` is who he was to begin with."""
    known = estate.once(_taken)
    mark = now.key, first.key
    if mark not in known:
        known[mark] = tuple(_steps(estate, now, (), first))
    return known[mark]


def _taken(_: Estate) -> dict[tuple[str, str], tuple[Step, ...]]:
    """The takeovers of one as the next thing, once they are asked for."""
    return {}


def _becomes(takeover: Takeover) -> str:
    return takeover.becomes.key


def _steps(estate: Estate, now: Principal | Grant, after: tuple[Step, ...], first: Principal) -> Iterator[Step]:
    """The takeovers that are open to one who is, or who has, this; the wide ones first."""
    held = list(_held(estate, now))
    before = after[-1].verdict if after else Verdict("pass")
    for grant in held:
        for assign, verdict in _assigning(grant):
            yield Step(grant, assign, joined(before, verdict), after)
    for grant in held:
        if not _is_wide(grant):
            yield from _taking(estate, grant, before, after, (first, now))


def _held(estate: Estate, now: Principal | Grant) -> Iterator[Grant]:
    if isinstance(now, Grant):
        yield now
        return
    acting = memberships(estate).acting(now)
    yield from grants(estate).to(acting.sure)


def _assigning(grant: Grant) -> Iterator[tuple[Takeover, Verdict]]:
    """The right to assign roles, at each scope of the grant: whoever has it has every role there."""
    verdict = _sure(grant, ASSIGN) if grant.role is not EVERYTHING else Verdict("fail")
    if verdict.outcome not in ("pass", "unknown"):
        return
    if isinstance(grant.scopes, Unknown):
        gain = Grant(f"{grant.key}/every role", grant.source, ESCALATION, (), grant.scopes, EVERYTHING)
        yield Takeover(ASSIGN, grant.source, gain, "give oneself any role wherever it holds"), undecided(grant.scopes)
        return
    for scope in grant.scopes:
        yield assigning(scope, grant.source), verdict


def assigning(scope: Scope, by: Resource) -> Takeover:
    """Give oneself any role at the scope; `by` declares the right to do so, or is the scope itself."""
    at = scope.resource if isinstance(scope.resource, Resource) else by
    gain = Grant(f"{scope.key}/every role", at, ESCALATION, (), (scope,), EVERYTHING)
    return Takeover(ASSIGN, at, gain, f"give oneself any role on {scope.title}")


def _sure(grant: Grant, operation: Operation) -> Verdict:
    """What the grant permits, with its presence, condition and principals; an assignment's condition is unknown."""
    from ringfence.model.verdict import when_present

    verdict = grant.permits(operation.name, data=operation.data)
    condition = getattr(grant.source, "condition", None)
    if verdict.outcome == "pass" and condition is not None and getattr(condition, "value", None):
        why = "the assignment has a condition"
        verdict = unsettled(grant.source.address, why, verdict.evidence)
    if not isinstance(grant.principals, Unknown) and len(grant.principals) > 1 and verdict.outcome == "pass":
        why = "it depends which principal is meant"
        verdict = unsettled(grant.source.address, why, verdict.evidence)
    return when_present(verdict, grant.presence) if grant.presence is not None else verdict


def _is_wide(grant: Grant) -> bool:
    """Everything on the subscription or above: what can be taken there is no more than that."""
    if isinstance(grant.scopes, Unknown):
        return False
    wide = any(s.level in ("tenant", "management group", "subscription") for s in grant.scopes)
    return wide and (grant.role is EVERYTHING or _sure(grant, ASSIGN).outcome == "pass")


def _taking(
    estate: Estate, grant: Grant, before: Verdict, after: tuple[Step, ...], who: tuple[Principal, Principal | Grant]
) -> Iterator[Step]:
    """The takeovers that a grant allows."""
    index = estate.once(_under)
    for operation in _permitted(estate, grant):
        for key in _around(grant):
            for one in index[operation].get(key, ()):
                if one.attach and not any(_has_place(estate, p) for p in who):
                    continue
                verdict = joined(before, joined(one.verdict, Matter(estate, operation, one.on).judged(grant)))
                if verdict.outcome in ("pass", "unknown"):
                    yield Step(grant, one, verdict, after)


def _permitted(estate: Estate, grant: Grant) -> tuple[Operation, ...]:
    """The operations of takeovers that the grant permits, or may: worked out once for all that give the same role."""
    known = estate.once(_permitted_by)
    mark = (grant.kind, id(grant.role), *map(id, grant.conditions))
    if mark not in known:
        outcomes = ((o, grant.permits(o.name, data=o.data).outcome) for o in estate.once(_under))
        known[mark] = grant, tuple(o for o, outcome in outcomes if outcome not in ("fail", "not applicable"))
    return known[mark][1]


def _permitted_by(_: Estate) -> dict[tuple[object, ...], tuple[Grant, tuple[Operation, ...]]]:
    """By role and conditions, once they are asked for; the grant keeps both alive, so that they stay themselves."""
    return {}


def _around(grant: Grant) -> tuple[str, ...]:
    """The keys of the scopes in which it holds, as `_under` has them; one that is not known may be any."""
    if isinstance(grant.scopes, Unknown):
        return ("",)
    return tuple("" if s.level in ("tenant", "management group") else s.key for s in grant.scopes)


def _under(estate: Estate) -> dict[Operation, dict[str, list[Takeover]]]:
    """The takeovers by their operation and by every scope that their resource is in; "" is all."""
    found: dict[Operation, dict[str, list[Takeover]]] = {}
    around: dict[str, tuple[str, ...]] = {}
    for one in takeovers(estate).all:
        if one.on.key not in around:
            around[one.on.key] = ("", *(s.key for s in containers(estate, one.on)[0]))
        by_scope = found.setdefault(one.operation, {})
        for key in around[one.on.key]:
            by_scope.setdefault(key, []).append(one)
    return found


def _has_place(estate: Estate, who: Principal | Grant) -> bool:
    """True of one who can make something to which an identity may be attached, wherever it is."""
    return any(g.permits(place).outcome in ("pass", "unknown") for g in _held(estate, who) for place in PLACES)


# -- backwards


def ways_by_takeover(estate: Estate, deed: Deed, direct: tuple[Way, ...]) -> tuple[Way, ...]:
    """The ways to a deed that begin with a takeover, the short ones first; none for those who may at once."""
    return tuple(_Backwards(estate, deed, direct).found())


class _Backwards:
    """From the deed to whoever could become one who may, and to whoever could become him."""

    def __init__(self, estate: Estate, deed: Deed, direct: tuple[Way, ...]) -> None:
        self._estate = estate
        self._deed = deed
        self._direct = direct
        self._reached = {w.principal.key for w in direct if w.verdict.outcome == "pass"}
        self._taken: set[str] = set()

    def found(self) -> Iterator[Way]:
        waiting = [
            *self._giving(self._deed, (), Verdict("pass"), None),
            *(chain for way in self._direct for chain in self._becoming(way.principal, (), way.verdict, way)),
        ]
        while waiting:
            chain, verdict, then = waiting.pop(0)
            first = chain[0]
            deed = Deed(first.operation.name, first.operation, first.on)
            for way in ways_to(self._estate, deed):
                if way.principal.key in self._reached or not self._able(way.principal, first):
                    continue
                whole = replace(way, deed=self._deed, verdict=joined(verdict, way.verdict), takeovers=chain, then=then)
                yield whole
                if whole.verdict.outcome == "pass":
                    self._reached.add(way.principal.key)
                if len(chain) < DEPTH:
                    waiting.extend(self._becoming(way.principal, chain, whole.verdict, then))
            if len(chain) < DEPTH:
                waiting.extend(self._giving(deed, chain, verdict, then))

    def _able(self, principal: Principal, takeover: Takeover) -> bool:
        return not takeover.attach or _has_place(self._estate, principal)

    def _becoming(
        self, principal: Principal, chain: tuple[Takeover, ...], verdict: Verdict, then: Way | None
    ) -> Iterator[_Chain]:
        for one in takeovers(self._estate).to.get(principal.key, ()):
            yield from self._longer(one, chain, verdict, then)

    def _giving(self, deed: Deed, chain: tuple[Takeover, ...], verdict: Verdict, then: Way | None) -> Iterator[_Chain]:
        """What gives the deed itself: a grant that one makes for oneself."""
        matter = Matter(self._estate, deed.operation, deed.on)
        for scope in matter.around:
            for one in takeovers(self._estate).giving.get(scope.key, ()):
                if isinstance(one.becomes, Grant) and matter.judged(one.becomes).outcome == "pass":
                    yield from self._longer(one, chain, verdict, then)
        on = deed.on.parent if isinstance(deed.on, Implied) else deed.on
        if deed.operation != ASSIGN and not on.type.casefold().startswith("microsoft.graph/"):
            at = Scope(on.key, "resource", on)
            yield from self._longer(assigning(at, on), chain, verdict, then)

    def _longer(
        self, one: Takeover, chain: tuple[Takeover, ...], verdict: Verdict, then: Way | None
    ) -> Iterator[_Chain]:
        mark = f"{one.operation} {one.on.key} {one.becomes.key}"
        if mark not in self._taken:
            self._taken.add(mark)
            yield (one, *chain), joined(one.verdict, verdict), then
