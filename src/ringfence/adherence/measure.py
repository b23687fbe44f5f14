"""Whether the code has what a table says that the platform has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.adherence.claims import Claim, Subject
from ringfence.adherence.comparison import NOT_IN_CODE, Comparison
from ringfence.adherence.matching import pattern_of, types_of
from ringfence.adherence.reasons import reason
from ringfence.adherence.relations import Relations
from ringfence.model.authorization import RoleAssignment
from ringfence.model.containers import ManagedCluster
from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.insights import LogAnalyticsSolution
from ringfence.model.judge import equals, holds
from ringfence.model.keyvault import Certificate, Key, ManagedHsmKey, ManagedHsmRoleAssignment, Secret
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.value import Known, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some
from ringfence.questions.logs.settings import sent
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ringfence.adherence.properties import Statement
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Outcome

_CONTENTS: dict[str, type[Resource]] = {"certificate": Certificate, "secret": Secret, "key": Key}


def measure(statements: Sequence[Statement], estates: Mapping[str, Estate]) -> tuple[Comparison, ...]:
    """Every statement against every world."""
    return tuple(_Side(world, estate).compare(s) for world, estate in estates.items() for s in statements)


class _Side:
    """One world."""

    def __init__(self, world: str, estate: Estate) -> None:
        self._world = world
        self._estate = estate
        self._relations = Relations(estate)

    def compare(self, statement: Statement) -> Comparison:
        judges: dict[str, Callable[[Statement], tuple[list[tuple[Resource, Verdict]], str]]] = {
            "content": self._content,
            "zone": self._zone,
            "key": self._key,
            "solution": self._solution,
            "log": self._log,
        }
        found, why = judges[statement.shape](statement)
        subject = Subject(statement.line, statement.subject, section=statement.section)
        claim = Claim(statement.source, statement.line, subject, (), statement.text, "Y")
        resources = tuple(r for r, _ in found)
        if not found:
            return Comparison(self._world, claim, "", NOT_IN_CODE, None, why, (), ())
        verdict = all_of(*(v for _, v in found))
        told = "; ".join(dict.fromkeys(f"{r.title}: {reason(v)}" for r, v in found if v.outcome == verdict.outcome))
        agrees = {"pass": True, "fail": False}.get(verdict.outcome)
        return Comparison(self._world, claim, "", verdict.outcome, agrees, told, (), resources)

    def _content(self, statement: Statement) -> tuple[list[tuple[Resource, Verdict]], str]:
        """A certificate, secret or key of that name in a vault of the section."""
        wanted = _CONTENTS[statement.cell("type").casefold()]
        named = [r for kind in _CONTENTS.values() for r in self._estate.of(kind) if r.title == statement.subject]
        named = self._of_section(statement, named)
        return [(r, _is_a(r, wanted)) for r in named], f"nothing in a vault is named {statement.subject}"

    def _zone(self, statement: Statement) -> tuple[list[tuple[Resource, Verdict]], str]:
        """The private endpoints of the subject write their addresses to the zone."""
        subjects = self._subjects(statement)
        why = f"no {statement.subject} is declared"
        return [(r, self._in_zone(r, statement.cell("zone"))) for r in subjects], why

    def _in_zone(self, resource: Resource, zone: str) -> Verdict:
        if isinstance(resource, ManagedCluster):  # its zone is made with it, or is the one it names
            return equals(resource.enable_private_cluster, True)
        edges = self._estate.referrers(resource, PrivateEndpoint, "target")
        verdicts = [self._writes(e.source, zone) for e in edges if isinstance(e.source, PrivateEndpoint)]
        if verdicts:
            return any_of(*verdicts)
        if edges.open is not None:
            return Verdict("unknown", why="; ".join(n.why for n in edges.open.needs), needs=edges.open.needs)
        return Verdict("fail", why="no private endpoint leads to it")

    def _writes(self, endpoint: PrivateEndpoint, zone: str) -> Verdict:
        regex = pattern_of(zone)
        names: list[str] = []
        for link in endpoint.dns_zones:
            found = self._estate.resolve(endpoint, link)
            if isinstance(found, Unknown):
                return Verdict("unknown", why="; ".join(n.why for n in found.needs), needs=found.needs)
            names += [getattr(t.resource, "title", "") or str(getattr(t.resource, "name", "")) for t in found]
        outcome: Outcome = "pass" if any(regex.fullmatch(n) for n in names) else "fail"
        told = f"the zones of {endpoint.title} are {', '.join(names) or 'none'}"
        evidence = Evidence("dns_zones", zone, ", ".join(names), endpoint.origin, outcome, endpoint.key)
        return Verdict(outcome, (evidence,), told)

    def _key(self, statement: Statement) -> tuple[list[tuple[Resource, Verdict]], str]:
        """The key has type, size and operations as stated, and a reference leads from the service to it."""
        keys = [k for k in self._estate.of(Key) if k.title == statement.cell("key")]
        options = frozenset(o.strip().casefold() for o in statement.cell("options").split(","))
        found: list[tuple[Resource, Verdict]] = [(key, _as_stated(key, statement, options)) for key in keys]
        found += [(r, self._uses(r, keys)) for r in self._subjects(statement)] if keys else []
        if statement.cell("holder"):
            found += [(key, self._given(key, statement.cell("holder"))) for key in keys]
        return found, f"no key is named {statement.cell('key')}"

    def _uses(self, service: Resource, keys: Iterable[Key]) -> Verdict:
        near = set().union(*self._relations.within(service, 2))
        mine = [k for k in keys if k.key in near]
        outcome: Outcome = "pass" if mine else "fail"
        told = f"is encrypted under {mine[0].key}" if mine else "no reference leads from it to the key"
        return Verdict(outcome, (Evidence("encryption_key", "the key", told, service.origin, outcome),), told)

    def _given(self, key: Key, holder: str) -> Verdict:
        """A role on the key is given to the identity stated, such as "MySQL Server System Assigned Identity"."""
        edges = self._estate.referrers(key, RoleAssignment, "scope")
        verdicts = [_holds(e.source, holder, self._estate) for e in edges if isinstance(e.source, RoleAssignment)]
        if isinstance(key, ManagedHsmKey):
            verdicts = [_holds(a, holder, self._estate) for a in self._given_in_module(key)]
        return some(edges, verdicts) if verdicts or edges.open else Verdict("fail", why="no role is given on the key")

    def _given_in_module(self, key: ManagedHsmKey) -> Iterator[ManagedHsmRoleAssignment]:
        """The role assignments of the key's own module that are on this key."""
        module = self._estate.target(key, key.vault)
        for assignment in self._estate.of(ManagedHsmRoleAssignment):
            scope = assignment.scope.value if isinstance(assignment.scope, Known) else ""
            on_it = str(scope).casefold() == f"/keys/{key.title.casefold()}"
            if on_it and self._estate.target(assignment, assignment.vault) is module:
                yield assignment

    def _solution(self, statement: Statement) -> tuple[list[tuple[Resource, Verdict]], str]:
        """A solution of that name, publisher and product is in a workspace."""
        found: list[tuple[Resource, Verdict]] = []
        for solution in self._estate.of(LogAnalyticsSolution):
            name = equals(solution.solution_name, statement.subject)
            if name.outcome != "fail":
                publisher = equals(solution.publisher, statement.cell("publisher"))
                found.append((solution, all_of(name, publisher, equals(solution.product, statement.cell("product")))))
        return found, f"no solution is named {statement.subject}"

    def _log(self, statement: Statement) -> tuple[list[tuple[Resource, Verdict]], str]:
        """Each of the log categories of the subject is sent somewhere."""
        subjects = self._subjects(statement)
        return [(r, self._sends(r, statement)) for r in subjects], f"no {statement.subject} is declared"

    def _sends(self, resource: Resource, statement: Statement) -> Verdict:
        metric = statement.cell("metric")  # some documents list log categories there
        listed = f"{statement.cell('logs')},{'' if metric == 'AllMetrics' else metric}"
        logs = tuple(dict.fromkeys(c.strip() for c in listed.split(",") if c.strip()))
        if logs == ("oms_agent",) and isinstance(resource, ManagedCluster):
            return is_given(resource, resource.oms_agent_workspace, self._estate, "a workspace")
        return sent(resource, self._estate, logs)

    def _subjects(self, statement: Statement) -> list[Resource]:
        types = types_of(statement.subject)
        found = [r for r in self._estate.resources.values() if r.type.casefold() in types]
        return self._of_section(statement, found)

    def _of_section(self, statement: Statement, found: list[Resource]) -> list[Resource]:
        """Those whose root or module is called by a word of the section, such as EU or IE; all when none is."""
        words = set(re.findall(r"\b[A-Z]{2}\b", statement.section))
        mine = [r for r in found if {w.casefold() for w in words} & set(re.split(r"[^a-z0-9]+", r.key.casefold()))]
        return mine or found


def _holds(assignment: RoleAssignment | ManagedHsmRoleAssignment, holder: str, estate: Estate) -> Verdict:
    """The principal is the identity stated: one of its own of a resource of the named kind, or a user-assigned one."""
    found = estate.resolve(assignment, assignment.principal)
    if isinstance(found, Unknown):
        return Verdict("unknown", why="; ".join(n.why for n in found.needs), needs=found.needs)
    own = "system" in holder.casefold()
    told: list[str] = []
    fits = False
    for target in found:
        end = target.resource
        user = isinstance(end, UserAssignedIdentity)
        kind = str(getattr(end, "type", "")).casefold()
        fits = fits or (target.certainty != "possible" and (kind in types_of(holder) if own else user) and own != user)
        told.append(f"{'user' if user else 'system'}-assigned identity of {getattr(end, 'address', end)}")
    outcome: Outcome = "pass" if fits else "fail"
    names = ", ".join(told) or "nobody"
    evidence = Evidence("principal", holder, names, assignment.origin, outcome, assignment.key)
    return Verdict(outcome, (evidence,), f"its role is given to the {names}")


def _is_a(resource: Resource, wanted: type[Resource]) -> Verdict:
    kind, expected = type(resource).__name__.casefold(), wanted.__name__.casefold()
    outcome: Outcome = "pass" if isinstance(resource, wanted) else "fail"
    told = f"is a {kind}" if outcome == "pass" else f"is a {kind}, not a {expected}"
    return Verdict(outcome, (Evidence("type", expected, kind, resource.origin, outcome),), told)


def _as_stated(key: Key, statement: Statement, options: frozenset[str]) -> Verdict:
    return all_of(
        equals(key.kty, statement.cell("type")),
        equals(key.key_size, int(statement.cell("size") or 0)),
        holds(key.key_ops, lambda ops: {o.casefold() for o in ops or ()} == options, statement.cell("options")),
    )
