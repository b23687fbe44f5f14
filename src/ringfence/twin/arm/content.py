"""A resource as Resource Manager shows it: JSON from the fields of its kind, each where its mapping table says.

Secrets are never shown, nor what might be one; what is not known is left out.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringfence.mapping import index
from ringfence.mapping.arm.path import Step, parse
from ringfence.mapping.read import annotation
from ringfence.mapping.table import Nested, Reference, Row
from ringfence.model.identity import IdentityHolder, UserAssignedIdentity
from ringfence.model.keyvault import KeyVault
from ringfence.model.principal import principal_of, principals
from ringfence.model.value import Absent, Known, Link, Many, Unknown
from ringfence.questions.secrecy import secrecy

if TYPE_CHECKING:
    from ringfence.mapping.arm.path import Path
    from ringfence.mapping.table import AnyRow, Table
    from ringfence.model.resource import Block, Resource
    from ringfence.twin.arm.ids import Ids
    from ringfence.twin.ground import Ground

Json = dict[str, Any]

_UNTOLD = frozenset(["value", "settings", "custom_data", "connection_string", "access_key", "manual"])
"""Fields that may hold a secret and whose names do not say so; and one that is no value in ARM, but where it stands."""
_INSIDE = {"microsoft.network/virtualnetworks": ("subnets", "virtualNetworkPeerings")}
"""By type: children that are shown in their parent as well."""
_WORDS = frozenset(["network_acls_bypass"])
"""Lists that ARM has as one text."""
_SHAPES = ("Attr[bool]", "Attr[int]", "Attr[str]", "Attr[tuple[str, ...]]")
"""What is shown of a kind: no object that has whatever somebody put into it."""


class Contents:
    """Makes the JSON of resources."""

    def __init__(self, ground: Ground, ids: Ids) -> None:
        self._ground = ground
        self._ids = ids

    def of(self, resource: Resource) -> Json:
        """The JSON of a resource."""
        whole: Json = self.head(resource)
        properties = whole.setdefault("properties", {})
        for row in _rows(type(resource)):
            self._enter(resource, resource, row, whole)
        for segment in _INSIDE.get(resource.type.casefold(), ()):
            properties[segment] = [self.of(one) for one in self._ids.below(resource, segment)]
        self._identity(resource, whole)
        self._vault(resource, whole)
        properties["provisioningState"] = "Succeeded"
        return whole

    def _vault(self, resource: Resource, whole: Json) -> None:
        """What every vault has and nobody declares."""
        if isinstance(resource, KeyVault):
            address = f"https://{whole['name']}.vault.azure.net/"
            whole["properties"] |= {"tenantId": self._ground.directory.tenant, "vaultUri": address}
            whole["properties"]["sku"] = {"family": "A", **whole["properties"].get("sku", {})}

    def head(self, resource: Resource) -> Json:
        """What a list of resources says of each."""
        found: Json = {"id": self._ids.of(resource), "name": self._ids.name(resource), "type": resource.type}
        location = getattr(resource, "location", None)
        if isinstance(location, (Known, Unknown)) and location.value is not None:
            found["location"] = self._ids.settled(location.value)
        return found

    def part(self, resource: Resource, block: Block, field: str) -> Json:
        """The JSON of one item of a field, such as a rule of a security group."""
        row = next(r for r in _rows(type(resource)) if isinstance(r, Nested) and r.field == field)
        return self._item(resource, block, row)

    def _item(self, resource: Resource, block: Block, row: Nested) -> Json:
        made: Json = {}
        for inner in row.rows:
            self._enter(resource, block, inner, made)
        return made

    def _enter(self, resource: Resource, holder: Resource | Block, row: AnyRow, whole: Json) -> None:
        path = _path(row.arm)
        if path is None:
            return
        if isinstance(row, Nested):
            items = [self._item(resource, item, row) for item in getattr(holder, row.field)]
            put(whole, path.steps, items)
        elif isinstance(row, Reference) and not path.steps[-1].name.casefold().endswith("uri"):
            put(whole, path.steps, self._referred(resource, holder, row))
        elif isinstance(row, Row):
            put(whole, path.steps, _shown(holder, row))

    def _referred(self, resource: Resource, holder: Resource | Block, row: Reference) -> Any:
        found = getattr(holder, row.field)
        if isinstance(found, Many):
            return [one for one in (self._id(resource, link) for link in found) if one]
        return self._id(resource, found) or None

    def _id(self, resource: Resource, link: Link) -> str:
        if link.value is None or link.by == "uri":
            return ""
        if link.by != "principal":
            return self._ids.referred(resource, link)
        who = principals(self._ground.present.estate, resource, link)
        return self._ground.directory.object_id(who[0]) if isinstance(who, tuple) and len(who) == 1 else ""

    def _identity(self, resource: Resource, whole: Json) -> None:
        directory, estate = self._ground.directory, self._ground.present.estate
        if isinstance(resource, UserAssignedIdentity):
            mine = principal_of(estate, resource)
            whole["properties"] |= {
                "tenantId": directory.tenant,
                "principalId": directory.object_id(mine),
                "clientId": directory.app_id(mine),
            }
        elif isinstance(resource, IdentityHolder) and whole.get("identity"):
            own = next((p for p in directory.of(resource) if p.kind == "system-assigned identity"), None)
            if own is not None:
                whole["identity"] |= {"principalId": directory.object_id(own), "tenantId": directory.tenant}


def _rows(kind: type[Resource]) -> tuple[AnyRow, ...]:
    table = table_of(kind)
    return table.rows if table else ()


def table_of(kind: type[Resource]) -> Table | None:
    """The table of a kind."""
    return _tables().get(kind)


@cache
def _tables() -> dict[type[Resource], Table]:
    """The first table of each kind."""
    found: dict[type[Resource], Table] = {}
    for name in index.MODULES:
        for table in import_module(f"ringfence.mapping.{name}").TABLES:
            found.setdefault(table.kind, table)
    return found


@cache
def _path(arm: str) -> Path | None:
    """Where in the resource's own JSON the field stands; None when it stands elsewhere."""
    found = (p for p in parse(arm) if p.steps and not (p.child or p.word or p.data or p.unread))
    path = next(found, None)
    return path if path is not None and all(_is_plain(step) for step in path.steps) else None


def _is_plain(step: Step) -> bool:
    return step.take in ("", "[]", "{}") or step.take.isdigit()


def _shown(holder: Resource | Block, row: Row) -> Any:
    found = getattr(holder, row.field)
    value = found.value if isinstance(found, Known) else found.default if isinstance(found, Absent) else None
    if value is None or row.field in _UNTOLD or annotation(type(holder), row.field) not in _SHAPES:
        return None
    if isinstance(value, str) and secrecy(value, row.field).answer != "harmless":
        return None
    if isinstance(value, tuple):
        value = [one for one in value if isinstance(one, (str, int))]
        value = ", ".join(map(str, value)) if row.field in _WORDS else value
    elif not isinstance(value, (bool, int, str)):
        return None
    return row.arm_codec.write(value) if row.arm_codec else value


def put(whole: Json, steps: tuple[Step, ...], value: Any) -> None:
    """The value stands at the end of the steps; None stands nowhere."""
    if value is None or (not steps):
        return
    step, rest = steps[0], steps[1:]
    if step.take == "{}":
        whole[step.name] = {str(one): {} for one in value}
    elif step.take == "[]":
        items = value if isinstance(value, list) else [value]
        whole[step.name] = [_one(one, rest) for one in items]
    elif step.take.isdigit():
        items = whole.setdefault(step.name, [{}])
        put(items[0], rest, value)
    elif rest:
        inner = whole.setdefault(step.name, {})
        if isinstance(inner, dict):
            put(inner, rest, value)
    else:
        whole[step.name] = value


def _one(value: Any, steps: tuple[Step, ...]) -> Any:
    made: Json = {}
    put(made, steps, value)
    return made if steps else value
