"""Resource Manager's ids: from a resource of the estate to its id, and back.

A name that only a deployment settles is settled by the run, always alike: what stands for the same has the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleAssignment, RoleDefinition, RoleEligibility
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.resources import ResourceGroup
from ringfence.model.subscription import KEY, Subscription
from ringfence.model.symbol import Ref, Text, plain
from ringfence.model.value import Absent, Known, Link, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.symbol import Value
    from ringfence.twin.entra.directory import Directory
    from ringfence.twin.present import Present

Thing = Resource | Implied

_PLACED = ("scope", "target", "target_resource")
"""The fields by which an extension says on what it is placed."""
_GUIDS = (RoleAssignment, RoleEligibility, RoleDefinition)
"""What is named by an id that whoever makes it chooses."""
_SUBSCRIPTIONS = ("azurerm_subscription", "azurerm_client_config")
"""What the subscription is known by where nothing declares it."""
_EXTENSIONS = (
    "microsoft.authorization/",
    "microsoft.insights/diagnosticsettings",
    "microsoft.insights/datacollectionruleassociations",
)


@record(eq=False)
class _Table:
    """The ids of one estate."""

    by_id: dict[str, Resource]
    """By id in lower case."""
    by_key: dict[str, str]


class Ids:
    """The ids of the newest estate."""

    def __init__(self, present: Present, directory: Directory) -> None:
        self._present = present
        self._directory = directory

    @property
    def subscription(self) -> str:
        """The id of the subscription."""
        return f"/subscriptions/{self._directory.subscription}"

    def all(self) -> dict[str, Resource]:
        """What has an id, by its id in lower case."""
        return self._known().by_id

    def of(self, thing: Thing) -> str:
        """The id of a resource, or of a part of it; "" of what Resource Manager does not have."""
        if isinstance(thing, Resource):
            return self._known().by_key.get(thing.key, "")
        over = self.of(thing.parent)
        if len(thing.path) == 1 and over:  # the key or the secret of a certificate
            vault, _, name = over.rpartition("/certificates/")
            return f"{vault}/{thing.path[0]}/{name}" if vault else ""
        return "/".join((over, *thing.path)) if over else ""

    def find(self, id_: str) -> Thing | None:
        """What has the id: a resource, or a part of one; None where nothing does."""
        known, at = self._known().by_id, id_.rstrip("/")
        if at.casefold() in known:
            return known[at.casefold()]
        parts = at.split("/")
        for end in range(len(parts) - 1, 2, -1):
            over = known.get("/".join(parts[:end]).casefold())
            if over is not None:
                return None if isinstance(over, (Subscription, ResourceGroup)) else self._part(over, parts[end:])
        return None

    def below(self, thing: Resource, segment: str) -> list[Resource]:
        """The children of a resource that have one type, by its last word."""
        start = f"{self.of(thing)}/{segment}/".casefold()
        return [r for id_, r in self.all().items() if id_.startswith(start) and "/" not in id_[len(start) :]]

    def above(self, id_: str) -> Thing:
        """What has the id, or what it would be in: a resource, its group, the subscription."""
        found = self.find(id_)
        while found is None and "/" in id_.strip("/"):
            id_ = id_.rpartition("/")[0]
            found = self.find(id_)
        return self._present.estate.resources[KEY] if found is None else found

    def _part(self, over: Resource, rest: list[str]) -> Thing | None:
        """A part of a resource, as whoever names it by its id would mean it."""
        link = Link("scope", Text((Ref(over.key, ("id",)), "/" + "/".join(rest))), NOWHERE)
        found = self._present.estate.resolve(over, link)
        only = found[0].resource if isinstance(found, tuple) and len(found) == 1 else None
        return only if isinstance(only, (Resource, Implied)) else None

    def referred(self, source: Resource, link: Link) -> str:
        """The id of what a link refers to; "" when that cannot be told."""
        found = self._present.estate.resolve(source, link)
        only = found[0].resource if isinstance(found, tuple) and len(found) == 1 else None
        if isinstance(only, External):
            return self._external(only.name)
        return self.of(only) if only is not None else ""

    def _external(self, name: str) -> str:
        steps = name.split("/")
        if steps[:2] == ["", "subscriptions"] and len(steps) == 3:
            return self.subscription
        return name if name.startswith("/") else ""

    def settled(self, value: Value) -> str:
        """A name as this run has it: what is not known of it is made up, the same here as in the names of hosts."""
        value = plain(value)
        if isinstance(value, Text):
            return "".join(map(self.settled, value.parts))
        if value is None or isinstance(value, (str, int)):
            return "" if value is None else str(value)
        return self._directory.id_of(str(value))[:8]

    def name(self, resource: Resource) -> str:
        """Its name in this run."""
        if isinstance(resource, RoleDefinition) and isinstance(resource.role_definition_id, Known):
            return str(resource.role_definition_id.value)
        own = resource.name
        if isinstance(resource, _GUIDS) and (isinstance(own, Absent) or isinstance(resource, RoleDefinition)):
            return self._directory.id_of(f"name/{resource.key}")
        if isinstance(own, Absent) or own.value is None:
            return self._directory.id_of(f"name/{resource.key}")[:8]
        return self.settled(own.value)

    # -- making

    def _known(self) -> _Table:
        estate, run = self._present.estate, self._directory.subscription
        tables = estate.once(_tables)
        if run not in tables:
            tables[run] = self._made(estate)
        return tables[run]

    def _made(self, estate: Estate) -> _Table:
        by_key: dict[str, str] = {}
        for resource in estate.resources.values():
            self._enter(estate, resource, by_key)
        by_id: dict[str, Resource] = {}
        for key, id_ in by_key.items():
            if id_:
                by_id.setdefault(id_.casefold(), estate.resources[key])
        return _Table(by_id, by_key)

    def _enter(self, estate: Estate, resource: Resource, found: dict[str, str]) -> str:
        if resource.key not in found:
            found[resource.key] = ""  # a part of itself has no id
            found[resource.key] = self._made_of(estate, resource, found)
        return found[resource.key]

    def _made_of(self, estate: Estate, resource: Resource, found: dict[str, str]) -> str:
        if isinstance(resource, Subscription):
            return self.subscription
        if resource.address.startswith("/subscriptions/"):
            return resource.address
        name = self.name(resource)
        if isinstance(resource, ResourceGroup):
            return f"{self.subscription}/resourceGroups/{name}"
        if not resource.type.casefold().startswith("microsoft.") or resource.type.startswith("Microsoft.Graph"):
            return ""
        if isinstance(resource, RoleDefinition):
            return f"{self.subscription}/providers/{resource.type}/{name}"
        if resource.type.casefold().startswith(_EXTENSIONS):
            over = self._placed(estate, resource, found)
            return f"{over}/providers/{resource.type}/{name}" if over else ""
        return self._in(estate, resource, name, found)

    def _placed(self, estate: Estate, resource: Resource, found: dict[str, str]) -> str:
        link = next((one for f in _PLACED if isinstance(one := getattr(resource, f, None), Link)), None)
        if link is None or link.value is None:
            return self.subscription
        targets = estate.resolve(resource, link)
        only = targets[0].resource if isinstance(targets, tuple) and len(targets) == 1 else None
        if isinstance(only, Implied):
            over = self._enter(estate, only.parent, found)
            return self._of_part(over, only.path) if over else ""
        if isinstance(only, External):
            return self._external(only.name) or (self.subscription if only.type in _SUBSCRIPTIONS else "")
        return self._enter(estate, only, found) if only is not None else ""

    def _of_part(self, over: str, path: tuple[str, ...]) -> str:
        vault, _, name = over.rpartition("/certificates/")
        return f"{vault}/{path[0]}/{name}" if len(path) == 1 and vault else "/".join((over, *path))

    def _in(self, estate: Estate, resource: Resource, name: str, found: dict[str, str]) -> str:
        over = estate.parent(resource)
        parent = over[0].resource if isinstance(over, tuple) and over else None
        namespace, _, types = resource.type.partition("/")
        if isinstance(parent, Resource):
            mine = self._enter(estate, parent, found)
            *between, last = types.split("/")[len(parent.type.split("/")) - 1 :] or [types.rpartition("/")[2]]
            return "/".join((mine, *(f"{one}/default" for one in between), last, name)) if mine else ""
        names = [self.settled(parent.name).rpartition("/")[2], name] if isinstance(parent, External) else [name]
        steps = types.split("/")
        if isinstance(over, Unknown) or len(steps) != len(names):
            return ""
        pairs = "/".join(f"{type_}/{one}" for type_, one in zip(steps, names, strict=True))
        return f"{self._group(estate, resource, found)}/providers/{namespace}/{pairs}"

    def _group(self, estate: Estate, resource: Resource, found: dict[str, str]) -> str:
        link = getattr(resource, "group", None)
        targets = estate.resolve(resource, link) if isinstance(link, Link) else ()
        only = targets[0].resource if isinstance(targets, tuple) and len(targets) == 1 else None
        if isinstance(only, Resource):
            return self._enter(estate, only, found)
        name = self.settled(only.name).rpartition("/")[2] if isinstance(only, External) else ""
        return f"{self.subscription}/resourceGroups/{name}" if name else self.subscription


def _tables(_: Estate) -> dict[str, _Table]:
    """The ids by the run: whoever asks for them has the same."""
    return {}
