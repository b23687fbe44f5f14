"""The rows of "who may do what": one for each principal and thing, grant, takeover, need or excess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.documents.ask import part
from ringfence.model.principal import Principal
from ringfence.model.resource import External, Resource
from ringfence.model.value import Unknown
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Implied
    from ringfence.model.value import Need
    from ringfence.model.verdict import Outcome
    from ringfence.questions.access.answers import Against, Result, What, Whether, Who
    from ringfence.questions.access.escalation import Step
    from ringfence.questions.access.what import Entitlement
    from ringfence.questions.access.who import Holder, Way
    from ringfence.questions.answer import Hop


WORDS: dict[Outcome, str] = {"pass": "yes", "fail": "no", "unknown": "unknown", "not applicable": "no"}


def rows(found: Iterable[Result]) -> list[Row]:
    """One row for each principal and thing, for each grant of a principal, or for each need and excess."""
    from ringfence.questions.access.answers import What, Whether, Who

    made: list[Row] = []
    for one in found:
        if isinstance(one, Who):
            made.extend(_who(one))
        elif isinstance(one, Whether):
            made.append(_whether(one))
        else:
            made.extend(_what(one) if isinstance(one, What) else _against(one))
    return made


def _who(one: Who) -> Iterator[Row]:
    for holder in one.holders:
        for way in _apart(holder, one.on):
            yield _holder(holder, one.verb, way)
    if one.open is not None:
        principal = {"kind": "principal", "name": "somebody else", "key": "", "anyone": True}
        yield _row("unknown", principal, one.verb, part.thing(one.on), why=one.open.why, needs=one.open.needs)


def _apart(holder: Holder, on: Resource | Implied) -> list[Way]:
    """The best way to the thing itself, where it is as good as those to what is in it; else the best way to each."""
    targets: dict[str, list[Way]] = {}
    for way in holder.ways:
        targets.setdefault(part.thing(way.deed.on)["key"], []).append(way)
    best = {key: replace(holder, ways=tuple(ways)).best() for key, ways in targets.items()}
    whole = best.get(part.thing(on)["key"])
    if whole is not None and all(_rank(whole) <= _rank(way) for way in best.values()):
        return [whole]
    return list(best.values())


def _rank(way: Way) -> tuple[bool, bool]:
    return way.verdict.outcome != "pass", bool(way.takeovers)


def _holder(holder: Holder, verb: str, way: Way) -> Row:
    grant = way.grant
    return _row(
        WORDS[way.verdict.outcome],
        part.who(holder.principal),
        verb,
        part.thing(way.deed.on),
        operation=way.deed.operation.name,
        role="" if isinstance(grant.role, Unknown) else grant.role.name,
        via=[p.name for p in reversed(way.through)],
        escalated=bool(way.takeovers),
        members="" if holder.members is None else holder.members.why,
        why=way.verdict.why or ", then ".join(h.text for h in way.hops()),
        hops=way.hops(),
        needs=way.verdict.needs,
        origin=grant.origin,
    )


def _whether(one: Whether) -> Row:
    if one.holder is not None and (one.verdict.outcome != "fail" or one.holder.escalated):
        return {**_holder(one.holder, one.verb, one.holder.best()), "on": part.thing(one.on)}
    verdict = one.verdict
    return _row(
        WORDS[verdict.outcome],
        part.who(one.principal),
        one.verb,
        part.thing(one.on),
        why=verdict.why,
        needs=verdict.needs,
        origin=part.deciding(verdict),
    )


def _what(one: What) -> Iterator[Row]:
    for entitlement in one.entitlements:
        scopes = entitlement.grant.scopes
        if isinstance(scopes, Unknown):
            yield _somewhere(entitlement, scopes)
        elif entitlement.idle:
            told = f"{entitlement.told}: none of its operations is on {entitlement.idle}"
            yield _entitlement(entitlement, "nothing", told)
        else:
            yield _entitlement(entitlement, "; ".join(entitlement.verbs) or "nothing", entitlement.told)
    for step in one.steps:
        yield _step(one.principal, step)
    if one.open is not None:
        yield _row(
            "unknown", part.who(one.principal), "more", part.nothing("anything"), why=one.open.why, needs=one.open.needs
        )


def _somewhere(one: Entitlement, scopes: Unknown) -> Row:
    """A grant of which it is not known where it holds."""
    role = one.grant.role
    can = f"what {role.name} permits" if not isinstance(role, Unknown) else "what the role permits"
    why = f"{one.told}: {scopes.why}"
    return {**_entitlement(one, can, why), "outcome": "unknown", "why": why, "needs": part.needs(scopes.needs)}


def _entitlement(one: Entitlement, can: str, why: str, **more: Any) -> Row:
    grant = one.grant
    return _row(
        WORDS[one.verdict.outcome],
        part.who(one.principal),
        can,
        _scope(one),
        grant=grant.key,
        role="" if isinstance(grant.role, Unknown) else grant.role.name,
        via=[p.name for p in reversed(one.through)],
        why=one.verdict.why or why,
        needs=one.verdict.needs,
        origin=grant.origin,
        **more,
    )


def _step(principal: Principal, step: Step) -> Row:
    from ringfence.questions.access.who import told as telling

    told = ", then ".join(s.told for s in (*step.after, step))
    becomes = step.takeover.becomes
    if isinstance(becomes, Principal):
        can, on = "become", {**part.nothing(str(becomes)), "key": becomes.key}
    else:
        can, on = "gain", {**part.nothing(telling(becomes)), "key": becomes.key}
    return _row(
        WORDS[step.verdict.outcome],
        part.who(principal),
        can,
        on,
        operation=step.takeover.operation.name,
        role="" if isinstance(step.grant.role, Unknown) else step.grant.role.name,
        escalated=True,
        why=step.verdict.why or told,
        needs=step.verdict.needs,
        origin=step.grant.origin,
    )


def _against(one: Against) -> Iterator[Row]:
    for need in one.missing:
        deed, verdict = need.need, need.verdict
        why = f"it is needed, and not granted: {verdict.why}" if verdict.outcome == "fail" else verdict.why
        yield _row(
            WORDS[verdict.outcome],
            part.who(one.principal),
            deed.verb,
            part.thing(deed.on),
            operation=deed.operation.name,
            needed=True,
            why=why,
            needs=verdict.needs,
            origin=part.deciding(verdict),
        )
    for more in one.excess:
        if more.beyond:
            why = f"nothing needs it: {more.entitlement.told}"
            yield _entitlement(more.entitlement, "; ".join(more.beyond), why, needed=False)
        if more.wider:
            why = f"it is needed on parts only: {more.entitlement.told}"
            yield _entitlement(more.entitlement, "; ".join(more.wider), why, needed=False)


def _row(
    outcome: str,
    principal: Row,
    can: str,
    on: Row,
    *,
    needs: tuple[Need, ...] = (),
    hops: tuple[Hop, ...] = (),
    origin: Origin | None = None,
    **more: Any,
) -> Row:
    """A row; every row has every field."""
    fields: Row = {
        "operation": "",
        "role": "",
        "grant": "",
        "via": [],
        "members": "",
        "escalated": False,
        "needed": None,
        "why": "",
    }
    return {
        "outcome": outcome,
        "principal": principal,
        "can": can,
        "on": on,
        **fields,
        **more,
        "hops": [part.hop(hop, WORDS) for hop in hops],
        "needs": part.needs(needs),
        "origin": part.line(origin),
    }


def _scope(one: Entitlement) -> Row:
    scopes = one.grant.scopes
    if isinstance(scopes, Unknown) or not scopes:
        return part.nothing("a scope that is not known" if isinstance(scopes, Unknown) else "nothing")
    first = scopes[0]
    name = " or ".join(dict.fromkeys(s.title for s in scopes))
    if first.resource is not None and not isinstance(first.resource, External):
        return {**part.thing(first.resource), "name": name}
    return {"key": first.key, "address": "", "type": first.type, "name": name}
