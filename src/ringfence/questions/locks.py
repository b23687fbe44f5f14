"""Whether a resource is locked against deletion, by a lock on itself or on anything that contains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import ManagementLock
from ringfence.model.judge import one_of
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, some, when_present
from ringfence.questions.access.scope import containers, scopes
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.access.scope import Scope


LEVELS = ("CanNotDelete", "ReadOnly")
"""The levels of a lock; both forbid deletion, the second any change."""


def locked(resource: Resource, estate: Estate, *levels: str) -> Verdict:
    """A lock on the resource, its parents, its group or the subscription forbids its deletion.

    `levels` are those of the locks that count, all of them when none is given.

    Source: learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    """
    around, unread = containers(estate, resource)
    found = estate.all_of(ManagementLock)
    verdict = some(found, [_holds(lock, around, estate, levels or LEVELS) for lock in _near(around, estate)])
    if verdict.outcome == "fail" and unread is not None and len(found):
        why = "; ".join(n.why for n in unread.needs)
        evidence = Evidence("group", "known", why, unread.origin, "unknown")
        return Verdict("unknown", (*verdict.evidence, evidence), why, unread.needs)
    if verdict.outcome == "fail":
        evidence = Evidence("lock", "CanNotDelete or ReadOnly", None, resource.origin, "fail")
        return Verdict("fail", (evidence,), "no lock covers it")
    return verdict


def _near(around: tuple[Scope, ...], estate: Estate) -> list[ManagementLock]:
    """The locks at these scopes, and those that may be anywhere."""
    by_scope = estate.once(_by_scope)
    near = [lock for key in ("", *(s.key for s in around)) for lock in by_scope.get(key, ())]
    return list(dict.fromkeys(near))


def _by_scope(estate: Estate) -> dict[str, list[ManagementLock]]:
    """The locks by the key of their scope; "" for a wide or unknown one."""
    found: dict[str, list[ManagementLock]] = {}
    for lock in estate.of(ManagementLock):
        where = scopes(estate, lock, lock.scope)
        wide = isinstance(where, Unknown) or any(s.level in ("tenant", "management group") for s in where)
        for key in [""] if isinstance(where, Unknown) or wide else [s.key for s in where]:
            found.setdefault(key, []).append(lock)
    return found


def _holds(lock: ManagementLock, around: tuple[Scope, ...], estate: Estate, levels: tuple[str, ...]) -> Verdict:
    where = scopes(estate, lock, lock.scope)
    if isinstance(where, Unknown):
        why = f"{lock.address} may lock it: " + "; ".join(n.why for n in where.needs)
        needs = (Need("reference", lock.address, why), *where.needs)
        evidence = Evidence("scope", "covers it", why, lock.scope.origin, "unknown", lock.key)
        return Verdict("unknown", (evidence,), why, needs)
    keys = {scope.key for scope in around}
    hits = [s for s in where if s.key in keys or s.level in ("tenant", "management group")]
    if not hits:
        return Verdict("fail", (Evidence("scope", "covers it", _names(where), lock.scope.origin, "fail", lock.key),))
    if len(hits) < len(where) or any(s.certainty == "possible" for s in hits):
        why = f"{lock.address} locks it only under a condition that is not known"
        evidence = Evidence("scope", "covers it", _names(where), lock.scope.origin, "unknown", lock.key)
        return Verdict("unknown", (evidence,), why, (Need("reference", lock.address, why),))
    level = of(lock, one_of(lock.level, *levels))
    shown = Evidence("scope", "covers it", _names(where), lock.scope.origin, "pass", lock.key)
    return when_present(Verdict(level.outcome, (shown, *level.evidence), level.why, level.needs), lock.presence)


def _names(scopes: tuple[Scope, ...]) -> str:
    return ", ".join(scope.key for scope in scopes)
