"""The link step for ARM: objects by id become an Estate.

Every object is a resource of its kind or an untyped one, save those that only configure their parent. What stands
inside its parent in ARM and is a resource of its own (a subnet, a peering, a node pool) becomes one here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm import kinds, special
from ringfence.mapping.arm.index import Index
from ringfence.mapping.arm.path import member
from ringfence.mapping.arm.read import reading
from ringfence.mapping.arm.record import Item, group, kind_of, subscription
from ringfence.mapping.arm.resolve import Resolution
from ringfence.mapping.needs import needs
from ringfence.model.estate import Estate
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import Resource, Untyped
from ringfence.model.subscription import KEY, Subscription
from ringfence.model.symbol import is_symbol
from ringfence.model.value import Known, Unknown
from ringfence.model.world import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.arm.record import Json
    from ringfence.mapping.table import Table
    from ringfence.model.world import Change, Ledger, World

PRESENT = Known("presence", True, NOWHERE)

_INSIDE = {
    "microsoft.network/virtualnetworks": (("subnets", "subnets"), ("virtualNetworkPeerings", "virtualNetworkPeerings")),
    "microsoft.network/loadbalancers": (
        ("backendAddressPools", "backendAddressPools"),
        ("inboundNatRules", "inboundNatRules"),
    ),
    "microsoft.containerservice/managedclusters": (("agentPoolProfiles", "agentPools"),),
}
"""By type: properties that hold children, and the type of those. A cluster's first node pool is part of it."""

_GROUP = "microsoft.resources/resourcegroups"
_SUBSCRIPTION = "microsoft.resources/subscriptions"
DEPLOYED_FROM = "/subscriptions/subscription()"
_ROLE = "microsoft.authorization/roledefinitions"


def link(world: World, items: Iterable[Item], ledger: Ledger) -> Estate:
    """The estate of one world. Types that the input cannot hold are entered in the ledger."""
    made = _Making(world, ledger)
    for item in items:
        made.add(item)
    resources = made.finish()
    resolver = Resolution(world.name, made.index)
    resolver.keys = {r.key: key for key, r in made.index.resources.items()}
    resources += _changed(world.change, resolver, resources, ledger)
    for entry in sorted({*world.change.without} - made.met):
        message = f"{entry} is declared nowhere in world {world.name}, so nothing was left out"
        ledger.problems.append(Problem(message, NOWHERE))
    ledger.read = len(made.index.items)
    ledger.untyped = sum(isinstance(r, Untyped) for r in resources)
    for type_ in kinds.types():
        why = made.index.unread(type_)
        if why:
            ledger.missing[type_] = why
    return Estate(world, resources, resolver, ledger)


def _changed(change: Change, resolver: Resolution, there: list[Resource], ledger: Ledger) -> list[Resource]:
    """What a change adds; what is there has what it sets."""
    if not change.added and not change.set:
        return []
    from ringfence.mapping.arm.change import configure
    from ringfence.mapping.arm.change import resources as of
    from ringfence.mapping.change import enter

    more = list(of(change.added))
    by_key = {r.key: r for r in (*there, *more)}
    resolver.enter(more)
    configure(change.added, resolver, by_key)
    enter(change, by_key, ledger)
    return more


class _Making:
    """Holds what is being put together."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self.index = Index()
        self._world = world
        self._ledger = ledger
        self._inside: list[tuple[Item, tuple[tuple[str, str], ...]]] = []
        self._groups: dict[str, Item] = {}
        self.met: set[str] = set()
        """What a supposition leaves out and was there."""

    def add(self, item: Item) -> None:
        """Makes a resource of one object, unless it was met before or configures another."""
        index, type_ = self.index, item.type
        if item.source.export:  # also of what is left out: the export does hold the type
            index.exports = True
            index.present.add(type_)
        if self._left_out(item):
            return
        content = item.content
        if type_ == _ROLE and str(member(member(content, "properties"), "type")).casefold() == "builtinrole":
            return
        if item.key in index.items and not self._is_other(item, index.items[item.key]):
            return
        index.items[item.key] = item
        if type_ in kinds.parts():
            index.add_part(item)
        else:
            index.resources[item.key] = self._resource(item, content)
            self._note(item, content)

    def _left_out(self, item: Item) -> bool:
        """A supposition leaves the object out, or what it is a part of."""
        change = self._world.change
        if not change.without:
            return False
        key = f"{item.source.file}#{item.id}".casefold()
        entry = next((w for w in change.without if _is_within(key, w.casefold())), "")
        if entry:
            self.met.add(entry)
        return bool(entry)

    def finish(self) -> list[Resource]:
        """All resources, in the order of their ids."""
        for item, places in sorted(self._inside, key=lambda pair: pair[0].key):
            self._take_out(item, places)
        for item in sorted(self.index.parts(), key=lambda i: i.key):
            if kinds.parts()[item.type] and not self._has_parent(item):
                self.index.resources[item.key] = self._resource(item, item.content)
        self._implied_groups()
        self._imply_subscriptions()
        return [self.index.resources[key] for key in sorted(self.index.resources)]

    def _is_other(self, item: Item, before: Item) -> bool:
        """True when the object takes the place of one with its id: which of two stands, their order does not decide."""
        mine, its = item.content, before.content
        if mine == its:
            return False
        message = f"{item.id} stands in the input twice, with different content (also at {before.origin})"
        self._ledger.problems.append(Problem(message, item.origin, "warning"))
        return repr(mine) > repr(its)

    def _note(self, item: Item, content: Json) -> None:
        """What other resources ask of this one."""
        index, type_ = self.index, item.type
        index.note(item.key, type_, content)
        if type_ in _INSIDE:
            self._inside.append((item, _INSIDE[type_]))
        elif type_ == "microsoft.network/networkinterfaces":
            index.attach("network_interface", item, content)
        elif type_ == "microsoft.network/virtualnetworks/subnets":
            index.attach("subnet", item, content)
        if type_ not in (_GROUP, _SUBSCRIPTION):
            self._groups.setdefault(group(item.key), item)

    def _resource(self, item: Item, content: Json) -> Resource:
        table = kinds.table(item.type, content)
        kind: Any = Subscription if item.type == _SUBSCRIPTION else table.kind if table else Untyped
        return self._made(item, kind, table, content)

    def _made(self, item: Item, kind: Any, table: Table | None, content: Json) -> Resource:
        read = reading(item, table, kind, self.index)
        resource: Resource = kind(
            read,
            read.origin,
            key=f"{item.source.file}#{item.id}",
            presence=PRESENT if item.presence is True else self._presence(item),
            layer=item.source.file,
            plural=item.plural,
            arm_type=(table.arm if table else "") or kind.arm_type or str(content.get("type") or item.type),
        )
        read.resource = resource
        return resource

    def _presence(self, item: Item) -> Unknown:
        return Unknown("presence", needs(item.presence, self._world.name), item.origin, (True, None))

    # -- what stands inside others

    def _take_out(self, item: Item, places: tuple[tuple[str, str], ...]) -> None:
        """Children that are written inside their parent, and not as objects of their own."""
        properties = member(item.content, "properties")
        for place, segment in places:
            found = member(properties, place)
            type_ = f"{item.type}/{segment.casefold()}"
            if is_symbol(found):
                self.index.missing[type_] = f"{place} of {item.id} is not known"
            elif isinstance(found, (list, tuple)):
                self._each(item, place, segment, found)
            if item.source.export and isinstance(properties, dict):
                self.index.present.add(type_)
            elif item.source.export:
                self.index.missing[type_] = f"the properties of {item.id} are not in the export"

    def _each(self, item: Item, place: str, segment: str, found: Any) -> None:
        for at, part in enumerate(found):
            if segment == "agentPools" and not at:
                continue
            name = member(part, "name") if isinstance(part, dict) else None
            if not isinstance(name, str):
                self.index.missing[f"{item.type}/{segment.casefold()}"] = f"{place} of {item.id} are not all known"
                continue
            key = f"{item.key}/{segment}/{name}".casefold()
            whole = f"{item.id}/{segment}/{name}"
            child = Item(whole, key, kind_of(key), item.source, item.line, _Part(place, at), item)
            if key not in self.index.items and not self._left_out(child):
                self.index.items[key] = child
                content = child.content
                self.index.resources[key] = self._resource(child, content)
                self._note(child, content)

    def _has_parent(self, item: Item) -> bool:
        return item.key.rpartition("/")[0].rpartition("/")[0] in self.index.resources

    # -- what ids imply

    def _implied_groups(self) -> None:
        """The groups that resources are in, where no object declares them."""
        for key, item in sorted(self._groups.items()):
            if key and key not in self.index.resources:
                shown = "resourceGroup()" if key == special.DEPLOYED_TO else group(item.id)
                self._imply(item, shown, key, _GROUP)

    def _imply_subscriptions(self) -> None:
        """One for each that ids name, the first under the key that every estate has; with none, the implied one."""
        index = self.index
        named: dict[str, Item] = {}
        for key in index.resources:
            if key in index.items:
                named.setdefault(subscription(key), index.items[key])
        named.pop("", None)
        for at, key in enumerate(sorted(named)):
            item = named[key]
            shown = "subscription()" if key == DEPLOYED_FROM else subscription(item.id)
            made = index.resources.get(key) or self._imply(item, shown, key, _SUBSCRIPTION)
            if not at:
                made.key = KEY
        if len(named) > 1:
            why = f"{len(named)} subscriptions are read together: a check of a whole subscription judges them as one"
            message = f"{why}, so that what one of them has may stand for another; give a file for each"
            self._ledger.problems.append(Problem(message, NOWHERE, "warning"))
        if not named:
            from ringfence.mapping.subscription import subscription as implied

            index.resources[DEPLOYED_FROM] = implied()

    def _imply(self, item: Item, shown: str, key: str, type_: str) -> Resource:
        mine = self.index.items.get(key)
        found = mine or Item(shown, key, type_, item.source, item.line, {"name": shown.rpartition("/")[2]})
        self.index.items[key] = found
        self.index.resources[key] = made = self._resource(found, found.content)
        return made


def _is_within(key: str, outer: str) -> bool:
    """The key or the id is this one, or that of a part of it."""
    address = key.partition("#")[2]
    return any(k == outer or k.startswith(f"{outer}/") for k in (key, address))


class _Part:
    """Takes one part out of its parent."""

    __slots__ = ("_at", "_place")

    def __init__(self, place: str, at: int) -> None:
        self._place = place
        self._at = at

    def __call__(self, content: Json) -> Json:
        part: Json = member(member(content, "properties"), self._place)[self._at]
        if self._place == "agentPoolProfiles":
            return {"name": part.get("name"), "properties": part}
        return part
