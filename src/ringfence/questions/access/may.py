"""Who may do what: a principal, an operation and a resource, decided by the grants of the estate.

Every authority counts (`access/authorities`), and every group that is declared. Blind spots, each of which makes an
answer too narrow: grants made outside the estate, and members added to a declared group by hand. A principal that is
known by its id only may be a group; it is taken for one where its type says so.

Source: learn.microsoft.com/azure/role-based-access-control/overview
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ringfence.model.value import Unknown
from ringfence.model.verdict import Evidence, Verdict, any_of
from ringfence.questions.access.grant import grants
from ringfence.questions.access.matter import Matter, unknown
from ringfence.questions.access.membership import memberships, undeclared
from ringfence.questions.access.operation import Operation
from ringfence.questions.answer import unsettled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Implied, Resource
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.membership import Acting

MOST = 20
"""Grants that are shown of those that leave an answer open."""


def may(estate: Estate, principal: Principal, operation: str, on: Resource | Implied, *, data: bool = False) -> Verdict:
    """Whether a principal may perform an operation, such as
    ``Microsoft.KeyVault/vaults/secrets/getSecret/action`` with `data`, on a resource or a part of it.

    "pass" is yes; "fail" is no, as far as the grants of the estate say.
    """
    return allowed(Matter(estate, Operation(operation, data), on), principal)


def allowed(matter: Matter, principal: Principal) -> Verdict:
    """`may`, where the operation and the resource are read already."""
    acting = memberships(matter.estate).acting(principal)
    named = [joined(matter.judged(g), whom(g, acting)) for g in grants(matter.estate).to(acting.sure)]
    if any(v.outcome == "pass" for v in named):
        return any_of(*(v for v in named if v.outcome == "pass"))
    unsure = [v for v in named if v.outcome == "unknown"]
    unsure += islice((v for g in matter.loose() for v in _perhaps(matter, g, acting)), MOST)
    if unsure:
        return any_of(*unsure)
    if matter.unread is not None:
        return unknown("group", matter.unread)
    more = grants(matter.estate).open_to(matter.operation.name)
    return unknown(more.field, more) if more is not None else _refused(matter, principal, named)


def whom(grant: Grant, acting: Acting) -> Verdict:
    """Whether the grant names one of those acting."""
    if isinstance(grant.principals, Unknown):
        return unknown("principal", grant.principals)
    origin = grant.named or grant.origin
    names, who = ", ".join(map(str, grant.principals)), str(acting.sure[0])
    if not any(p in acting.sure for p in grant.principals):
        return Verdict("fail", (Evidence("principal", who, names, origin, "fail", grant.source.key),))
    if len(grant.principals) == 1:
        return Verdict("pass", (Evidence("principal", who, names, origin, "pass", grant.source.key),))
    why = "it depends which principal is meant"
    evidence = Evidence("principal", who, names, origin, "unknown", grant.source.key)
    return unsettled(names, why, (evidence,))


def joined(given: Verdict, who: Verdict) -> Verdict:
    """The verdict on a grant and on whom it names: the first that is not so decides."""
    for verdict in (who, given):
        if verdict.outcome == "fail":
            return verdict
    for verdict in (who, given):
        if verdict.outcome == "unknown":
            return verdict
    return Verdict("pass", (*who.evidence, *given.evidence))


def _perhaps(matter: Matter, grant: Grant, acting: Acting) -> Iterator[Verdict]:
    """The unknown that a grant leaves to a group whose members, or to a principal that, is not known."""
    why = _unread(matter.estate, grant, acting)
    if why is not None and matter.judged(grant).outcome != "fail":
        yield unknown("members" if why.field == "members" else "principal", why)


def _unread(estate: Estate, grant: Grant, acting: Acting) -> Unknown | None:
    if isinstance(grant.principals, Unknown):
        return grant.principals
    sure = {p.key for p in acting.sure}
    for principal in grant.principals:
        if principal.key in sure:
            continue
        if principal.anyone is not None and any(map(principal.may_be, acting.sure)):
            return Unknown("principal", (principal.anyone,), grant.named or grant.origin)
        if principal.kind != "group":
            continue
        if principal.key in acting.perhaps:
            return acting.perhaps[principal.key]
        if principal.key not in memberships(estate).groups:
            return undeclared(principal)
    return None


def _refused(matter: Matter, principal: Principal, named: list[Verdict]) -> Verdict:
    """No. What comes near is shown: a role for it elsewhere, or another role here."""
    near = [v for v in named if any(e.outcome == "fail" for e in v.evidence)]
    near.sort(key=lambda v: all(e.field == "scope" for e in v.evidence))
    why = next((v.why for v in near if v.why), "")
    if not why:
        why = f"nothing gives {principal} {matter.operation} on {matter.around[0].title}"
    return Verdict("fail", tuple(e for v in near[:3] for e in v.evidence), why)
