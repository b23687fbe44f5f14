"""The estate: all resources of one world, the edges between them, and what could not be read.

Absence is a fact only when everything that could supply it has been read: `Estate.referrers` says
who points at a resource, and stays open while somebody might.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

from ringfence.model.origin import NOWHERE, Origin
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Link, Many, Need, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ringfence.model.world import Ledger, World

R = TypeVar("R", bound=Resource)
T = TypeVar("T")

_End: TypeAlias = tuple[str, tuple[str, ...]]
"""The key of a resource and the part of it that is meant."""

Certainty: TypeAlias = Literal["sure", "derived", "possible"]


@record()
class Target:
    """One end of a reference. `slot` is the attribute of the target that the reference names, such as ("id",)."""

    resource: Resource | External | Implied
    certainty: Certainty
    slot: tuple[str, ...] = ()


@record()
class Edge:
    """`source.field` refers to `target`."""

    source: Resource
    field: str
    target: Target
    origin: Origin


class Resolver(Protocol):
    """Finds what a link refers to; the mapping provides it."""

    def targets(self, source: Resource, link: Link) -> tuple[Target, ...] | Unknown: ...

    def parent(self, child: Resource) -> tuple[Target, ...] | Unknown:
        """The resource that a child is a part of, such as the vault of a secret; () when it is no child."""


class Estate:
    """Immutable: resources by key, typed edges, indexes for reverse look-ups.

    `resolver` finds the targets of links. `ledger.unread` keeps every absence open.
    """

    def __init__(self, world: World, resources: Iterable[Resource], resolver: Resolver, ledger: Ledger) -> None:
        self.world = world
        self.ledger = ledger
        self.resources: Mapping[str, Resource] = {r.key: r for r in resources}
        self._resolver = resolver
        self._by_kind: dict[type[Resource], tuple[Resource, ...]] = {}
        self._by_class: dict[type[Resource], list[Resource]] = {}
        self._edges: dict[tuple[type[Resource], str], tuple[dict[_End, list[Edge]], list[Unknown]]] = {}
        self._plural: dict[type[Resource], list[Unknown]] = {}
        self._once: dict[Callable[[Estate], Any], Any] = {}

    @property
    def unread(self) -> tuple[Need, ...]:
        """The modules and roots that were not read: each may hold anything."""
        return tuple(Need("module", what, f"{what} was not read: {why}") for what, why in self.ledger.unread)

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, in reading order."""
        if kind not in self._by_kind:
            if not self._by_class:
                for resource in self.resources.values():
                    self._by_class.setdefault(type(resource), []).append(resource)
            self._by_kind[kind] = self._those(kind)
        return self._by_kind[kind]  # type: ignore[return-value]  # of that class, or of one that derives from it

    def _those(self, kind: type[Resource]) -> tuple[Resource, ...]:
        """In reading order, which several classes together have lost."""
        classes = [c for c in self._by_class if issubclass(c, kind)]
        if len(classes) == 1:
            return tuple(self._by_class[classes[0]])
        return tuple(r for r in self.resources.values() if isinstance(r, kind)) if classes else ()

    def all_of(self, kind: type[R]) -> Many[R]:
        """All resources of a kind, open while a module or root is unread or one stands for any number."""
        items = self.of(kind)
        return Many(kind.__name__, items, NOWHERE, self._open(kind, self._any_number(kind)))

    def resolve(self, source: Resource, link: Link) -> tuple[Target, ...] | Unknown:
        """What the link refers to: () when it is unset, one target, several possible ones, or unknown."""
        if link.value is None:
            return ()
        return self._resolver.targets(source, link)

    def target(self, source: Resource, link: Link) -> Resource | External | Implied | None:
        """The target when it is the only one, else None."""
        found = self.resolve(source, link)
        return found[0].resource if isinstance(found, tuple) and len(found) == 1 else None

    def parent(self, child: Resource) -> tuple[Target, ...] | Unknown:
        """The resource that `child` is a part of, such as the vault of a secret; () when it is no child."""
        return self._resolver.parent(child)

    def referrers(self, target: Resource, kind: type[R], field: str, part: tuple[str, ...] = ()) -> Many[Edge]:
        """The edges from `field` of resources of `kind` to `target`, or to a `part` of it that its id implies.

        A part is the rest of the ARM id in lower case, such as ``("blobservices", "default")``.
        """
        edges, loose = self._edges_of(kind, field)
        mine = tuple(edges.get((target.key, part), ()))
        return Many(f"{kind.__name__}.{field}", mine, target.origin, self._open(kind, loose))

    def once(self, compute: Callable[[Estate], T]) -> T:
        """What `compute` makes of the estate, computed the first time it is asked for: an index of a question's own."""
        if compute not in self._once:
            self._once[compute] = compute(self)
        found: T = self._once[compute]
        return found

    def _edges_of(self, kind: type[R], field: str) -> tuple[dict[_End, list[Edge]], list[Unknown]]:
        """The edges by their ends, and what could not be resolved."""
        if (kind, field) not in self._edges:
            edges: dict[_End, list[Edge]] = {}
            loose: list[Unknown] = []
            for source in self.of(kind):
                value = getattr(source, field)
                if isinstance(value, Many) and value.open is not None:
                    loose.append(_about(source, value.open, value.origin))
                for link in _links(value):
                    found = self.resolve(source, link)
                    if isinstance(found, Unknown):
                        loose.append(_about(source, found, link.origin))
                        continue
                    if source.plural and not _declared(found):
                        loose.append(_of_any_number(source))
                    for t in found:
                        edges.setdefault(_end(t), []).append(Edge(source, field, t, link.origin))
            self._edges[kind, field] = edges, loose
        return self._edges[kind, field]

    def _any_number(self, kind: type[Resource]) -> list[Unknown]:
        if kind not in self._plural:
            self._plural[kind] = [_of_any_number(r) for r in self.of(kind) if r.plural]
        return self._plural[kind]

    def _open(self, kind: type[Resource], loose: Iterable[Unknown]) -> Unknown | None:
        needs = [n for u in loose for n in u.needs]
        needs += self.unread
        needs += self._missing(kind) if self.ledger.missing else ()
        origin = next((u.origin for u in loose), NOWHERE)
        return Unknown(kind.__name__, tuple(dict.fromkeys(needs)), origin) if needs else None

    def _missing(self, kind: type[Resource]) -> list[Need]:
        """Why there may be more of a kind than the input can hold."""
        found = ((t, self.ledger.missing.get(t.casefold())) for t in _arm_types(kind))
        return [Need("module", type_, why) for type_, why in found if why]


def _arm_types(kind: type[Resource]) -> dict[str, None]:
    """The ARM types of a kind and of those that derive from it."""
    found = dict.fromkeys([kind.arm_type] if kind.arm_type else [])
    for narrower in kind.__subclasses__():
        found |= _arm_types(narrower)
    return found


def _links(value: Any) -> Iterable[Link]:
    """The links in a field: itself, or those of a `Many`."""
    if isinstance(value, Link):
        return (value,)
    return tuple(v for v in value if isinstance(v, Link)) if isinstance(value, Many) else ()


def _declared(targets: tuple[Target, ...]) -> bool:
    """However many instances the source stands for, they refer to nothing but these resources."""
    return all(isinstance(t.resource, Resource) for t in targets)


def _of_any_number(source: Resource) -> Unknown:
    return Unknown("presence", getattr(source.presence, "needs", ()), source.origin)


def _end(target: Target) -> _End:
    end = target.resource
    if isinstance(end, Implied):
        return end.parent.key, end.path
    return (end.key if isinstance(end, Resource) else ""), ()


def _about(source: Resource, found: Unknown, origin: Origin) -> Unknown:
    need = Need("reference", source.address, f"{source.address} may refer to it: {found.why}")
    return Unknown(found.field, (need, *found.needs), origin)
