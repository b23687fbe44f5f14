"""One operation on one resource, as every grant is judged on it: where it holds, what it permits, whether it counts.

Who is asking is left out, so that `may` and `who` decide alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleGiving
from ringfence.model.resource import External, Implied
from ringfence.model.storage import Blob, BlobContainer, StorageAccount
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, when_present
from ringfence.questions.access.condition import holds
from ringfence.questions.access.effect import by_roles
from ringfence.questions.access.grant import ROLE_ASSIGNMENT, grants
from ringfence.questions.access.scope import containers
from ringfence.questions.answer import of, unsettled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Outcome
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.operation import Operation
    from ringfence.questions.access.scope import Scope

_CONTAINERS = "microsoft.storage/storageaccounts/blobservices/containers"


class Matter:
    """An operation on a resource."""

    def __init__(self, estate: Estate, operation: Operation, on: Resource | Implied) -> None:
        self.estate = estate
        self.operation = operation
        self.on = on
        self.around, self.unread = containers(estate, on)
        """The scopes that hold for the resource, and why there may be one more."""
        self._counts = by_roles(estate, operation.name, on, data=operation.data)
        self._attributes: dict[str, str] | None = None

    def grants(self) -> Iterator[Grant]:
        """The grants that hold, or may hold, where the resource is, and whose roles have the operation."""
        return grants(self.estate).at(self.around, self.operation)

    def loose(self) -> Iterator[Grant]:
        """Those of them that name a group, or nobody who is known."""
        return filter(self._has_it, grants(self.estate).loose(self.around))

    def _has_it(self, grant: Grant) -> bool:
        """A look into the role alone: of thousands of grants at a subscription few are about the operation."""
        role = grant.role
        return isinstance(role, Unknown) or role.allows(self.operation.name, data=self.operation.data)

    def judged(self, grant: Grant) -> Verdict:
        """Whether the grant lets those whom it names perform the operation here."""
        parts = (self._where(grant), grant.permits(self.operation.name, data=self.operation.data))
        verdict = _joined(parts)
        if verdict.outcome != "fail" and grant.kind == ROLE_ASSIGNMENT:
            verdict = _joined((verdict, *self._role_assignment(grant)))
        if grant.presence is not None:
            verdict = when_present(verdict, grant.presence)
        return verdict if all(e.resource for e in verdict.evidence) else of(grant.source, verdict)

    def _where(self, grant: Grant) -> Verdict:
        if isinstance(grant.scopes, Unknown):
            return unknown("scope", grant.scopes)
        origin = grant.scoped or grant.origin
        actual = ", ".join(s.key for s in grant.scopes)
        around = {scope.key for scope in self.around}
        hits = [s for s in grant.scopes if s.key in around or s.level in ("tenant", "management group")]
        if not hits:
            evidence = Evidence("scope", "covers " + self.around[0].key, actual, origin, "fail", grant.source.key)
            return Verdict("fail", (evidence,))
        why = _why_unsure(hits, len(grant.scopes))
        needs = (Need("reference", actual, why),) if why else ()
        outcome: Outcome = "unknown" if why else "pass"
        evidence = Evidence("scope", "covers " + self.around[0].key, actual, origin, outcome, grant.source.key)
        return Verdict(outcome, (evidence,), why, needs)

    def _role_assignment(self, grant: Grant) -> Iterator[Verdict]:
        if self._counts is not None:
            yield self._counts
        if isinstance(grant.source, RoleGiving) and not isinstance(grant.source.condition, Absent):
            yield self._condition(grant.source)

    def _condition(self, assignment: RoleGiving) -> Verdict:
        written = assignment.condition
        if isinstance(written, Unknown):
            return unknown("condition", written)
        text = str(written.value) if isinstance(written, Known) else ""
        found = holds(text, self.operation.name, self.attributes()) if isinstance(written, Known) else None
        if found is None:
            why = "the assignment has a condition"
            evidence = Evidence("condition", "holds", text, written.origin, "unknown")
            return unsettled(assignment.address, why, (evidence,))
        outcome: Outcome = "pass" if found else "fail"
        return Verdict(outcome, (Evidence("condition", "holds", text, written.origin, outcome),))

    def attributes(self) -> dict[str, str]:
        """What conditions may ask of the resource and is known: names of an account and of a container."""
        if self._attributes is None:
            self._attributes = dict(_attributes(self.estate, self.on))
        return self._attributes


def unknown(field: str, found: Unknown) -> Verdict:
    """The verdict on something that cannot be told."""
    return Verdict("unknown", (Evidence(field, "known", found.why, found.origin, "unknown"),), found.why, found.needs)


def _joined(parts: tuple[Verdict, ...]) -> Verdict:
    """`all_of`; the first part that is not so decides alone."""
    for outcome in ("fail", "unknown"):
        decided = next((p for p in parts if p.outcome == outcome), None)
        if decided is not None:
            return decided
    return Verdict("pass", tuple(e for p in parts for e in p.evidence))


def _why_unsure(hits: list[Scope], of_all: int) -> str:
    """Why scopes that cover the resource may not; "" when one does for sure."""
    if len(hits) < of_all or any(s.certainty == "possible" for s in hits):
        return "it depends which scope is meant"
    groups = [s for s in hits if s.level == "management group"]
    if len(groups) == len(hits):
        return f"it is not known whether the subscription is in {groups[0].key.removeprefix('external:')}"
    return ""


def _attributes(estate: Estate, on: Resource | Implied) -> Iterator[tuple[str, str]]:
    if isinstance(on, Implied) and on.path[:3:2] == ("blobservices", "containers") and len(on.path) > 3:
        yield f"{_CONTAINERS}:name", on.path[3]
    current: Resource | None = on.parent if isinstance(on, Implied) else on
    while isinstance(current, (Blob, BlobContainer, StorageAccount)):
        if isinstance(current.name, Known) and isinstance(current.name.value, str):
            yield f"{current.type.casefold()}:name", current.name.value
        current = _above(estate, current)


def _above(estate: Estate, child: Resource) -> Resource | None:
    found = estate.parent(child)
    parent = found[0].resource if isinstance(found, tuple) and len(found) == 1 else None
    if isinstance(parent, Implied):
        return parent.parent
    return None if isinstance(parent, External) else parent
