"""The answers to ``ask access``: who may do it, whether one may, what one may, and what of that nobody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.errors import UsageError
from ringfence.model.resource import Untyped
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, any_of, undecided
from ringfence.questions.access.authorities.databases import inside
from ringfence.questions.access.escalation import Step, escalations
from ringfence.questions.access.may import may
from ringfence.questions.access.people import people
from ringfence.questions.access.verb import deeds, type_of_target
from ringfence.questions.access.what import Entitlement, Excess, Missing, excess, missing, what
from ringfence.questions.access.who import Holder, holders
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal, PrincipalKind
    from ringfence.questions.access.verb import Deed
    from ringfence.questions.select import Thing


@record(eq=False)
class Who:
    """Everybody who may do it on one thing."""

    verb: str
    on: Thing
    holders: tuple[Holder, ...]
    open: Unknown | None
    """Why there may be others."""


@record(eq=False)
class Whether:
    """Whether one principal may do it on one thing."""

    verb: str
    on: Thing
    principal: Principal
    verdict: Verdict
    holder: Holder | None
    """The ways, where there are any."""


@record(eq=False)
class What:
    """What one principal may do, and what he can make of it."""

    principal: Principal
    entitlements: tuple[Entitlement, ...]
    open: Unknown | None
    steps: tuple[Step, ...] = ()


@record(eq=False)
class Against:
    """What one principal may do, held against what he needs."""

    principal: Principal
    missing: tuple[Missing, ...]
    excess: tuple[Excess, ...]


Result: TypeAlias = Who | Whether | What | Against


def answers(
    estate: Estate,
    can: str = "",
    on: Iterable[Thing] = (),
    principal: str = "",
    *,
    escalated: bool = False,
    needs: Iterable[tuple[str, Thing]] = (),
) -> list[Result]:
    """What the words ask for: a verb and things, a principal, or both; a principal and needs.

    Raises:
        UsageError: a verb without a thing, nobody of that name, or a verb that means nothing on a thing.
    """
    things, wanted = tuple(on), tuple(needs)
    who = people(estate, principal) if principal else ()
    if wanted:
        if not who:
            raise UsageError("needs are a principal's", hint="Give --as PRINCIPAL as well.")
        return [_against(estate, p, wanted) for p in who]
    if can and not things:
        raise UsageError(f"{can} what?", hint="Give --on WHAT as well.")
    if can and who:
        return [_whether(estate, p, can, t, escalated=escalated) for p in who for t in things]
    if can:
        return [_who(estate, can, t, escalated=escalated) for t in things]
    if not who:
        raise UsageError("access of whom, or to what?", hint="Give --can VERB --on WHAT, or --as PRINCIPAL.")
    return list(_what(estate, who, things, escalated=escalated))


def _who(estate: Estate, verb: str, on: Thing, *, escalated: bool) -> Who:
    strange = _unmodelled(verb, on)
    if strange is not None:
        return Who(verb, on, (), strange)
    wanted = deeds(estate, verb, on)
    found = holders(estate, wanted, escalated=escalated)
    return Who(verb, on, found.items, _also(found.open, _in_databases(estate, wanted)))


def _whether(estate: Estate, principal: Principal, verb: str, on: Thing, *, escalated: bool) -> Whether:
    strange = _unmodelled(verb, on)
    if strange is not None:
        return Whether(verb, on, principal, undecided(strange), None)
    wanted = deeds(estate, verb, on)
    verdict = any_of(*(_may(estate, principal, d) for d in wanted))
    unseen = _in_databases(estate, wanted) if principal.kind not in _NO_USERS else None
    if verdict.outcome == "fail" and unseen is not None:
        verdict = Verdict("unknown", verdict.evidence, unseen.why, unseen.needs)
    found = holders(estate, wanted, escalated=escalated)
    holder = next((h for h in found if h.principal == principal), None)
    return Whether(verb, on, principal, verdict, holder)


def _unmodelled(verb: str, on: Thing) -> Unknown | None:
    """Why a verb says nothing on a resource of a type whose operations are not modelled; None where it does."""
    if not isinstance(on, Untyped) or on.type or "/" in verb:
        return None
    why = f"what lets one {verb} {on.terraform_type} is not modelled; give the operation as Azure names it"
    return Unknown("type", (Need("reference", on.address, why),), on.origin)


_NO_USERS: tuple[PrincipalKind, ...] = ("key holder", "workload", "federated subject")
"""Kinds of principals that no user inside a database stands for."""


def _in_databases(estate: Estate, wanted: Iterable[Deed]) -> Unknown | None:
    """Why others may do it who are users inside a database; None where it is done to something else."""
    return inside(estate) if any(d.operation.name.startswith("databases/") for d in wanted) else None


def _also(one: Unknown | None, other: Unknown | None) -> Unknown | None:
    """Both reasons."""
    if one is None or other is None:
        return one or other
    return Unknown(one.field, tuple(dict.fromkeys((*one.needs, *other.needs))), one.origin)


def _may(estate: Estate, principal: Principal, deed: Deed) -> Verdict:
    return may(estate, principal, deed.operation.name, deed.on, data=deed.operation.data)


def _what(estate: Estate, who: tuple[Principal, ...], things: tuple[Thing, ...], *, escalated: bool) -> Iterator[What]:
    from ringfence.questions.access.scope import containers

    around = {s.key for t in things for s in containers(estate, t)[0]}
    for principal in who:
        found = what(estate, principal)
        kept = tuple(e for e in found if not things or _touches(e, around))
        unseen = inside(estate) if principal.kind not in _NO_USERS and _about_databases(things) else None
        steps = escalations(estate, principal) if escalated else ()
        yield What(principal, kept, _also(found.open, unseen), steps)


def _about_databases(things: tuple[Thing, ...]) -> bool:
    """True of everything, and of a server or what is in it."""
    return not things or any(type_of_target(t).casefold().startswith(_DATABASES) for t in things)


_DATABASES = ("microsoft.sql/", "microsoft.dbformysql/", "microsoft.dbforpostgresql/")


def _touches(entitlement: Entitlement, around: set[str]) -> bool:
    scopes = entitlement.grant.scopes
    wide = ("tenant", "management group")
    return not isinstance(scopes, tuple) or any(s.key in around or s.level in wide for s in scopes)


def _against(estate: Estate, principal: Principal, needs: tuple[tuple[str, Thing], ...]) -> Against:
    wanted = [deeds(estate, verb, thing) for verb, thing in needs]
    return Against(principal, tuple(missing(estate, principal, wanted)), tuple(excess(estate, principal, wanted)))
