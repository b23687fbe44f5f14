"""What a principal may do: each grant that reaches him, with the groups between and what it permits in verbs.

Held against needs, it says what is granted beyond them, and what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Many, Unknown
from ringfence.model.verdict import Verdict, any_of, undecided
from ringfence.questions.access.effect import by_roles
from ringfence.questions.access.grant import ROLE_ASSIGNMENT, grants
from ringfence.questions.access.may import joined, may, whom
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.operation import ACT_AS, Operation
from ringfence.questions.access.scope import containers
from ringfence.questions.access.verb import verbs_in
from ringfence.questions.access.verbs import BY_TYPE
from ringfence.questions.access.who import told
from ringfence.questions.answer import unsettled
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.membership import Acting
    from ringfence.questions.access.scope import Scope
    from ringfence.questions.access.verb import Deed

_EVERY = (
    ("assign", Operation("Microsoft.Authorization/roleAssignments/write")),
    ("lock", Operation("Microsoft.Authorization/locks/write")),
    ("act-as", ACT_AS),
)
"""Verbs that mean the same on every type."""
_ALL = "Microsoft.Any/any/write"
"""An operation of no provider: who may do it may do everything of the control plane."""


@record()
class Able:
    """One thing that a grant permits: a verb on a type of resource, by an operation."""

    verb: str
    type: str
    operation: Operation


@record(eq=False)
class Entitlement:
    """One grant that reaches the principal."""

    principal: Principal
    grant: Grant
    through: tuple[Principal, ...]
    """The groups between: the first is the one that the grant names."""
    able: tuple[Able, ...]
    verdict: Verdict
    """Whether it reaches him: "unknown" under a condition, or where its principal or presence is not known."""

    @property
    def told(self) -> str:
        """The grant in a few words."""
        return told(self.grant)

    @property
    def verbs(self) -> tuple[str, ...]:
        """What it permits in words, such as "read, list secrets"."""
        return words(self.able)

    @property
    def idle(self) -> str:
        """The type at whose resource it holds, where it permits operations of other services only; else ""."""
        scopes = self.grant.scopes
        types = () if isinstance(scopes, Unknown) else tuple(dict.fromkeys(_type(s) for s in scopes))
        if self.grant.kind != ROLE_ASSIGNMENT or not self.able or not types:
            return ""
        strange = all(_elsewhere(a.operation.name, t) for a in self.able for t in types)
        return types[0] if strange else ""


def _elsewhere(operation: str, type_: str) -> bool:
    """True of an operation on another service's resources than those of the type."""
    provider, own = operation.partition("/")[0].casefold(), type_.partition("/")[0].casefold()
    return bool(own) and provider != own and provider in _SERVICES


_SERVICES = frozenset(t.partition("/")[0].casefold() for t in BY_TYPE if "." in t) - {"microsoft.insights"}
"""Providers whose operations are on their own resources, and on none that extend others."""


def words(able: Iterable[Able]) -> tuple[str, ...]:
    """What is permitted, type by type: "read, list secrets", or "everything with keys"."""
    by_type: dict[str, dict[str, None]] = {}
    for one in able:
        by_type.setdefault(one.type, {})[one.verb] = None
    return tuple(w for type_, verbs in by_type.items() for w in _worded(type_, tuple(verbs)))


def _worded(type_: str, verbs: tuple[str, ...]) -> tuple[str, ...]:
    if not type_:
        return verbs
    name = type_.rpartition("/")[2]
    if len(verbs) > 2 and set(verbs) >= {verb for _, verb, _ in verbs_in(type_)}:
        return (f"everything with {name}",)
    return (f"{', '.join(verbs)} {name}",)


def what(estate: Estate, principal: Principal) -> Many[Entitlement]:
    """Everything that the grants of the estate let the principal do, grant by grant.

    Open while a group that he may be in, or a grant that may name him, is not known.
    """
    found = (
        Entitlement(principal, grant, _between(estate, principal, grant), tuple(_able(estate, grant)), verdict)
        for grant, verdict in given_to(estate, principal)
    )
    return Many("grants", tuple(found), NOWHERE, grants(estate).open)


def given_to(estate: Estate, principal: Principal) -> Iterator[tuple[Grant, Verdict]]:
    """The grants that reach the principal, or might, each with the verdict on that."""
    known = memberships(estate)
    acting = known.acting(principal)
    given = grants(estate)
    found = [(grant, Verdict("pass")) for grant in given.to(acting.sure)]
    found += [
        (grant, undecided(unread)) for key, unread in acting.perhaps.items() for grant in given.to((known.groups[key],))
    ]
    for grant, reaches in found:
        verdict = _reaches(grant, acting, reaches)
        if verdict.outcome in ("pass", "unknown"):
            yield grant, verdict


def _reaches(grant: Grant, acting: Acting, reaches: Verdict) -> Verdict:
    """Whether the grant reaches the one that acts: its principals, role, presence and condition count."""
    from ringfence.model.verdict import when_present

    verdict = joined(reaches, whom(grant, acting)) if reaches.outcome == "pass" else reaches
    if isinstance(grant.role, Unknown):
        verdict = joined(verdict, undecided(grant.role))
    if grant.presence is not None:
        verdict = when_present(verdict, grant.presence)
    if isinstance(getattr(getattr(grant.source, "condition", None), "value", None), str):
        why = "the assignment has a condition"
        verdict = joined(verdict, unsettled(grant.key, why))
    return verdict


def _between(estate: Estate, principal: Principal, grant: Grant) -> tuple[Principal, ...]:
    """The groups between whom the grant names and the principal."""
    acting = memberships(estate).acting(principal)
    named = next((p for p in _named(grant) if p in acting.sure), None)
    return _through(estate, principal, named) if named is not None and named != principal else ()


def _named(grant: Grant) -> tuple[Principal, ...]:
    return () if isinstance(grant.principals, Unknown) else grant.principals


def _through(estate: Estate, principal: Principal, group: Principal) -> tuple[Principal, ...]:
    below = memberships(estate).below(group)
    return next((through for member, through in below if member == principal), (group,))


def _able(estate: Estate, grant: Grant) -> Iterator[Able]:
    """What the grant permits at its scopes, in verbs; a verb of several operations once for each.

    What has no verb is told in the role's own operations.
    """
    if isinstance(grant.role, Unknown) or isinstance(grant.scopes, Unknown):
        return
    worded = False
    everything = grant.permits(_ALL).outcome != "fail"
    if everything:
        yield Able("manage everything", "", Operation("*"))
    for verb, operation in _EVERY:
        if grant.permits(operation.name, data=operation.data).outcome != "fail":
            worded = True
            yield Able(verb, "", operation)
    for type_ in dict.fromkeys(_type(scope) for scope in grant.scopes):
        for below, verb, operation in verbs_in(type_):
            if grant.permits(operation.name, data=operation.data).outcome not in ("fail", "not applicable"):
                worded = True
                if grant.kind != ROLE_ASSIGNMENT or not _ineffective(estate, grant, operation):
                    yield Able(verb, below, operation)
    told = {"*"} if everything else set()
    for pattern in () if worded else (p for p in grant.role.patterns() if p not in told):
        yield Able(pattern, "", Operation(pattern))


def _ineffective(estate: Estate, grant: Grant, operation: Operation) -> bool:
    """The target is governed otherwise, where the scope is one target."""
    assert not isinstance(grant.scopes, Unknown)
    for scope in grant.scopes:
        on = scope.resource
        if not isinstance(on, (Resource, Implied)) or scope.level not in ("resource", "part"):
            return False
        counts = by_roles(estate, operation.name, on, data=operation.data)
        if counts is None or counts.outcome != "fail":
            return False
    return True


def _type(scope: Scope) -> str:
    """The type at the scope; "" of a scope that contains every type."""
    return scope.type if scope.level in ("resource", "part") else ""


# -- granted minus needed


@record(eq=False)
class Missing:
    """A need that nothing, or nothing that is sure, meets."""

    need: Deed
    verdict: Verdict


@record(eq=False)
class Excess:
    """What a grant permits beyond every need: all of it, or more verbs, or the same on more than is needed."""

    entitlement: Entitlement
    beyond: tuple[str, ...]
    """The verbs that nothing needs."""
    wider: tuple[str, ...]
    """The verbs that are needed below the scope only."""


def missing(estate: Estate, principal: Principal, needs: Iterable[tuple[Deed, ...]]) -> list[Missing]:
    """The needs that are not met. A need is several deeds where its verb is several operations: any is enough."""
    found: list[Missing] = []
    for deeds in needs:
        verdicts = [may(estate, principal, d.operation.name, d.on, data=d.operation.data) for d in deeds]
        verdict = any_of(*verdicts)
        if verdict.outcome != "pass":
            found.append(Missing(deeds[0], verdict))
    return found


def excess(estate: Estate, principal: Principal, needs: Iterable[tuple[Deed, ...]]) -> list[Excess]:
    """What is granted and not needed, grant by grant."""
    needed = [(d, {s.key for s in containers(estate, d.on)[0]}, _key(d)) for deeds in needs for d in deeds]
    found: list[Excess] = []
    for entitlement in what(estate, principal):
        scopes = entitlement.grant.scopes
        at = set() if isinstance(scopes, Unknown) else {s.key for s in scopes}
        here = [(d, key) for d, around, key in needed if around & at]
        beyond = [a for a in entitlement.able if not any(_covers(a, d) for d, _ in here)]
        wider = [a for a in entitlement.able if a not in beyond and not _exactly(a, here, at)]
        if beyond or wider:
            found.append(Excess(entitlement, words(beyond), words(wider)))
    return found


def _covers(able: Able, deed: Deed) -> bool:
    return able.operation == deed.operation or (able.verb == deed.verb and able.type == _type_of(deed))


def _exactly(able: Able, here: list[tuple[Deed, str]], at: set[str]) -> bool:
    """A need for it at the scope itself and not only below."""
    return any(_covers(able, d) and key in at for d, key in here)


def _type_of(deed: Deed) -> str:
    from ringfence.questions.access.verb import type_of_target

    return type_of_target(deed.on).casefold()


def _key(deed: Deed) -> str:
    on = deed.on
    return on.key if isinstance(on, Resource) else on.key.casefold()
