"""Scopes: what is inside what. A role, a lock or a policy on a scope holds for everything below it.

Management group, subscription, resource group, resource, and parts of a resource down to one secret.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.resource import External, Implied, Resource
from ringfence.model.resources import ResourceGroup
from ringfence.model.subscription import KEY, Subscription
from ringfence.model.symbol import Ref, plain
from ringfence.model.value import Absent, Link, Unknown
from ringfence.questions.address import terraform_type
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Certainty, Estate, Target

Level: TypeAlias = Literal["tenant", "management group", "subscription", "resource group", "resource", "part"]

_SUBSCRIPTIONS = ("azurerm_subscription", "azurerm_client_config", "microsoft.resources/subscriptions")
_MANAGEMENT = ("azurerm_management_group", "microsoft.management/managementgroups")


@record()
class Scope:
    """One scope, comparable with others by its key."""

    key: str
    level: Level
    resource: Resource | External | Implied | None = None
    certainty: Certainty = "sure"

    @property
    def type(self) -> str:
        """The ARM type of what it is, "" when it is not known; a part has the type of the part."""
        if isinstance(self.resource, Implied):
            return type_of_part(self.resource)
        return self.resource.type if self.resource is not None else ""

    @property
    def title(self) -> str:
        """The scope for a person."""
        if self.level in ("subscription", "tenant"):
            return f"the {self.level}"
        if isinstance(self.resource, Resource):
            return self.resource.title
        if isinstance(self.resource, Implied):
            return f"{'/'.join(self.resource.path)} of {self.resource.parent.title}"
        name = self.resource.name if self.resource is not None else self.key
        return name.rstrip("/").rpartition("/")[2] if "/providers/" in name.casefold() else name


def scopes(estate: Estate, source: Resource, link: Link) -> tuple[Scope, ...] | Unknown:
    """The scopes that a ``scope`` argument may mean; one when it is certain."""
    found = estate.resolve(source, link)
    return found if isinstance(found, Unknown) else tuple(_declared(estate, scope_of(t)) for t in found)


def type_of(estate: Estate, link: Link) -> str:
    """The ARM type of what a reference refers to, also when it is not known which one it is; "" when neither is."""
    value = plain(link.value)
    if not isinstance(value, Ref) or value.path != ("id",):
        return ""
    terraform = terraform_type(value.key)
    found = estate.once(_arm_types).get(terraform, set())
    return next(iter(found)) if len(found) == 1 else ""


def _arm_types(estate: Estate) -> dict[str, set[str]]:
    """The ARM types that the resources of each Terraform type have."""
    found: dict[str, set[str]] = {}
    for resource in estate.resources.values():
        found.setdefault(resource.terraform_type, set()).add(resource.type)
    return found


def _declared(estate: Estate, scope: Scope) -> Scope:
    """A group that is named by its id is the declared one; a subscription that was not read is another."""
    if scope.level == "subscription" and isinstance(scope.resource, External) and estate.once(_are_read):
        return Scope(f"external:{scope.resource.name.casefold()}", "subscription", scope.resource, scope.certainty)
    if scope.level != "resource group" or not isinstance(scope.resource, External):
        return scope
    groups = estate.once(_groups).get(scope.key, ())
    return Scope(groups[0].key, "resource group", groups[0], scope.certainty) if len(groups) == 1 else scope


def _are_read(estate: Estate) -> bool:
    """True when the subscriptions of the estate were read, with their ids, and not only implied."""
    return any(s.origin.file and "()" not in s.title for s in estate.of(Subscription))


def _groups(estate: Estate) -> dict[str, list[ResourceGroup]]:
    """The declared groups by the keys that they would have if they were known by name only."""
    found: dict[str, list[ResourceGroup]] = {}
    for group in estate.of(ResourceGroup):
        found.setdefault(f"external:{_name(group)}", []).append(group)
    return found


def _name(group: ResourceGroup) -> str:
    """The name as a reference to it would be shown, in lower case."""
    name = group.name
    return "" if isinstance(name, Absent) else str(name.value).casefold()


def scope_of(target: Target) -> Scope:
    """The scope that the end of a reference is."""
    resource = target.resource
    if isinstance(resource, External):
        return _external(resource, target.certainty)
    if isinstance(resource, Implied):
        level: Level = "resource group" if _names_group(resource) else "part"
        return Scope(_part_key(resource), level, resource, target.certainty)
    return Scope(resource.key, _level(resource), resource, target.certainty)


def containers(estate: Estate, resource: Resource | Implied) -> tuple[tuple[Scope, ...], Unknown | None]:
    """The scopes that hold for a resource, itself first, and why there may be one more that is not known."""
    known = estate.once(_known)
    part = resource.path if isinstance(resource, Implied) else ()
    mark = resource.parent.key if isinstance(resource, Implied) else resource.key, part
    if mark not in known:
        known[mark] = _containers(estate, resource)
    return known[mark]


def _known(_: Estate) -> dict[tuple[str, tuple[str, ...]], tuple[tuple[Scope, ...], Unknown | None]]:
    """By the key of a resource and the path of a part of it, once they are asked for."""
    return {}


def _containers(estate: Estate, resource: Resource | Implied) -> tuple[tuple[Scope, ...], Unknown | None]:
    found: list[Scope] = []
    beside = isinstance(resource, Implied) and _is_beside(resource)
    if isinstance(resource, Implied):
        found.append(Scope(_part_key(resource), "part", resource))
        resource = resource.parent
    unread: Unknown | None = None
    for target in islice(_ancestors(estate, resource), 1 if beside else 0, None):
        if isinstance(target, Unknown):
            unread = target
        else:
            found.append(scope_of(target))
    return (*found, *_subscription(estate, found)), unread


def _subscription(estate: Estate, found: list[Scope]) -> tuple[Scope, ...]:
    """The subscription of what was found: that of its group; an estate of one has no other."""
    last = found[-1] if found else None
    if last is not None and last.level == "subscription":
        return ()
    above = estate.parent(last.resource) if last is not None and isinstance(last.resource, ResourceGroup) else ()
    if isinstance(above, tuple) and len(above) == 1 and isinstance(above[0].resource, Subscription):
        return (scope_of(above[0]),)
    return (Scope(KEY, "subscription"),)


def _ancestors(estate: Estate, resource: Resource) -> Iterator[Target | Unknown]:
    """The resource, its parents and its group, as targets."""
    from ringfence.model.estate import Target

    seen: set[str] = set()
    current: Resource | None = resource
    while current is not None and current.key not in seen:
        seen.add(current.key)
        yield Target(current, "sure")
        above = estate.parent(current)
        if above == ():
            above = _group(estate, current)
            current = None
        if isinstance(above, Unknown):
            yield above
            return
        if len(above) == 1 and isinstance(above[0].resource, Resource) and current is not None:
            current = above[0].resource
        else:
            yield from above
            current = None


def _group(estate: Estate, resource: Resource) -> tuple[Target, ...] | Unknown:
    if isinstance(resource, (ResourceGroup, Subscription)):
        return ()
    link = getattr(resource, "group", None)
    return estate.resolve(resource, link) if isinstance(link, Link) else ()


def _is_beside(part: Implied) -> bool:
    """True of the key and the secret of a certificate: they are beside it in the vault and not below it."""
    return part.path in (("keys",), ("secrets",))


def _part_key(part: Implied) -> str:
    return part.key.casefold()


def type_of_part(part: Implied) -> str:
    """The ARM type of a part of a resource."""
    if _is_beside(part):
        return f"{part.parent.type.rpartition('/')[0]}/{part.path[0]}"
    return "/".join((part.parent.type, *part.path[::2])) if len(part.path) % 2 == 0 else ""


def _names_group(part: Implied) -> bool:
    """True of an attribute that is the id of a group that Azure makes, such as a cluster's node group."""
    return part.path[-1].endswith("resource_group_id")


def _level(resource: Resource) -> Level:
    if isinstance(resource, Subscription):
        return "subscription"
    if resource.type.casefold() in _MANAGEMENT or resource.terraform_type in _MANAGEMENT:
        return "management group"
    return "resource group" if isinstance(resource, ResourceGroup) else "resource"


def _external(resource: External, certainty: Certainty) -> Scope:
    kind, steps = resource.type.casefold(), _steps(resource.name)
    if resource.name == "/":
        return Scope("/", "tenant", resource, certainty)
    if kind in _MANAGEMENT:
        return Scope(f"external:{resource.name.casefold()}", "management group", resource, certainty)
    if kind in _SUBSCRIPTIONS or (steps[0].casefold() == "subscriptions" and len(steps) <= 2):
        return Scope(KEY, "subscription", resource, certainty)
    if _is_group(kind, steps):
        return Scope(f"external:{steps[-1].casefold()}", "resource group", resource, certainty)
    return Scope(f"external:{resource.name.casefold()}", "resource", resource, certainty)


def _steps(name: str) -> list[str]:
    """The steps of an id; a name with the root that it belongs to is one."""
    return [name] if "#" in name else name.strip("/").split("/")


def _is_group(kind: str, steps: list[str]) -> bool:
    if kind in ("azurerm_resource_group", "microsoft.resources/resourcegroups"):
        return True
    return len(steps) == 4 and steps[2].casefold() == "resourcegroups"
