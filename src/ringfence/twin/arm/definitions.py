"""Role definitions: those of Azure, and the platform's own.

Source: learn.microsoft.com/rest/api/authorization/role-definitions (2022-04-01)
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from ringfence.facts import roles
from ringfence.model.authorization import RoleDefinition
from ringfence.model.symbol import Ref
from ringfence.questions.access.role import Role, built_in, custom_role
from ringfence.twin.arm.errors import RefusedError, wrong
from ringfence.twin.arm.handler import Handler
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.twin.arm.desk import Call, Desk

TYPE = "Microsoft.Authorization/roleDefinitions"
_FILTER = re.compile(r"\s*(roleName|type) eq '([^']*)'\s*(?:and)?|\s*(atScopeAndBelow\(\)|atScope\(\))\s*(?:and)?")


class Definitions(Handler):
    """What each role permits."""

    def list(self, call: Call) -> Response:
        """All roles; with a filter, those of a name or of one of the two sorts."""
        self.desk.need(call, f"{TYPE}/read", self.desk.ids.above(call.asked.scope), call.asked.scope)
        text = call.request.query.get("$filter", "")
        if _FILTER.sub("", text).strip():
            raise wrong("UnsupportedQuery", "This twin serves the filters roleName eq and type eq.")
        wanted = {m.group(1): m.group(2) for m in _FILTER.finditer(text) if m.group(1)}
        found = (_content(self.desk, role) for role in _all(self.desk, wanted.get("roleName", "")))
        return as_json(200, {"value": [c for c in found if _is_wanted(c["properties"], wanted)]})

    def get(self, call: Call) -> Response:
        """One role, by its id."""
        self.desk.need(call, f"{TYPE}/read", self.desk.ids.above(call.asked.scope))
        role = _role(self.desk, call.asked.names[0])
        if role is None:
            raise RefusedError(404, "RoleDefinitionDoesNotExist", f"There is no role {call.asked.names[0]}.")
        return as_json(200, _content(self.desk, role))


def found(desk: Desk, guid: str) -> Value:
    """A reference to the role that has an id; None where none has."""
    custom = _custom(desk).get(guid.casefold())
    if custom is not None:
        return Ref(custom.key, ("role_definition_resource_id",))
    role = built_in(guid)
    return id_of(desk, role) if role is not None and role.id.casefold() == guid.casefold() else None


def id_of(desk: Desk, role: Role) -> str:
    """The id of a role in the subscription."""
    guid = desk.ids.name(role.custom) if role.custom is not None else role.id
    return f"{desk.ids.subscription}/providers/{TYPE}/{guid}"


def _custom(desk: Desk) -> dict[str, RoleDefinition]:
    return {desk.ids.name(d).casefold(): d for d in desk.ground.present.estate.of(RoleDefinition)}


def _role(desk: Desk, guid: str) -> Role | None:
    custom = _custom(desk).get(guid.casefold())
    if custom is None:
        role = built_in(guid)
        return role if role is not None and role.id.casefold() == guid.casefold() else None
    made = custom_role(custom)
    return made if isinstance(made, Role) else None


def _all(desk: Desk, name: str) -> list[Role]:
    custom = [custom_role(d) for d in desk.ground.present.estate.of(RoleDefinition)]
    mine = [role for role in custom if isinstance(role, Role)]
    if name:
        role = built_in(name)
        return [*mine, *([role] if role is not None else [])]
    return [*mine, *(role for role in map(built_in, _names()) if role is not None)]


@cache
def _names() -> tuple[str, ...]:
    lines = roles.table().decode().splitlines()
    return tuple(line.partition("\t")[0] for line in lines if "\t" in line)


def _is_wanted(properties: dict[str, Any], wanted: dict[str, str]) -> bool:
    name, sort = wanted.get("roleName", ""), wanted.get("type", "")
    return (not name or properties["roleName"].casefold() == name.casefold()) and (
        not sort or properties["type"].casefold() == sort.casefold()
    )


def _content(desk: Desk, role: Role) -> dict[str, Any]:
    permissions = [
        {
            "actions": list(p.actions),
            "notActions": list(p.not_actions),
            "dataActions": list(p.data_actions),
            "notDataActions": list(p.not_data_actions),
        }
        for p in role.permissions
    ]
    id_ = id_of(desk, role)
    properties = {
        "roleName": role.name,
        "type": "BuiltInRole" if role.custom is None else "CustomRole",
        "assignableScopes": ["/"] if role.custom is None else [desk.ids.subscription],
        "permissions": permissions,
    }
    return {"id": id_, "name": id_.rpartition("/")[2], "type": TYPE, "properties": properties}
