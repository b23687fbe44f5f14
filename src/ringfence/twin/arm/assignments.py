"""Role assignments, at every scope down to one item of a vault.

Source: learn.microsoft.com/rest/api/authorization/role-assignments (2022-04-01)
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.path import member
from ringfence.model.authorization import RoleAssignment
from ringfence.model.principal import Principal, principals
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Known, Unknown
from ringfence.model.world import Added, Change
from ringfence.questions.access.role import role_of
from ringfence.questions.access.scope import containers, scopes
from ringfence.twin.arm import references
from ringfence.twin.arm.definitions import found as role_found
from ringfence.twin.arm.definitions import id_of as role_id
from ringfence.twin.arm.errors import RefusedError, missing, wrong
from ringfence.twin.arm.handler import Handler
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.arm.desk import Call
    from ringfence.twin.arm.ids import Thing

TYPE = "Microsoft.Authorization/roleAssignments"
_FILTER = re.compile(r"(principalId eq|assignedTo\()\s*'([0-9a-fA-F-]{36})'\)?")
_KINDS = {"user": "User", "guest": "User", "group": "Group"}
"""What a directory calls a principal; everything else that may be given a role is a service principal."""


class Assignments(Handler):
    """Who has which role where."""

    def list(self, call: Call) -> Response:
        """Those at the scope, above it and below it; with a filter, fewer."""
        on = self._scope(call)
        self.desk.need(call, f"{TYPE}/read", on, call.asked.scope)
        wanted = self._wanted(call, on)
        estate = self.desk.ground.present.estate
        return as_json(200, {"value": [self._content(a) for a in estate.of(RoleAssignment) if wanted(a)]})

    def get(self, call: Call) -> Response:
        """One of them."""
        self.desk.need(call, f"{TYPE}/read", self._scope(call))
        found = self._found(call)
        if found is None:
            raise RefusedError(404, "RoleAssignmentNotFound", f"There is no role assignment {call.asked.names[0]}.")
        return as_json(200, self._content(found))

    def put(self, call: Call) -> Response:
        """The principal has the role; every decision from now on knows it."""
        on = self._scope(call)
        self.desk.need(call, f"{TYPE}/write", on)
        self.desk.unlocked(on, call.asked.id, "ReadOnly")
        properties = member(call.content, "properties")
        same = self._refuse_twice(call, properties)
        added = self._added(call, on, properties)
        if same is not None:
            return as_json(200, self._content(same))
        self.desk.change(Change(added=(added,)))
        made = self.desk.resource(added.key)
        assert isinstance(made, RoleAssignment)
        return as_json(201, self._content(made))

    def delete(self, call: Call) -> Response:
        """The principal does not have the role any more; a lock on the scope holds its assignments back too.

        Source: github.com/MicrosoftDocs/azure-docs/issues/110791
        """
        on = self._scope(call)
        self.desk.need(call, f"{TYPE}/delete", on)
        found = self._found(call)
        if found is None:
            return Response(204)
        self.desk.unlocked(on, call.asked.id)
        if found.plural:
            raise RefusedError(409, "NotOneResource", f"{found.address} stands for any number of assignments.")
        content = self._content(found)
        self.desk.change(Change((found.key,)))
        return as_json(200, content)

    # -- what is asked

    def _scope(self, call: Call) -> Thing:
        found = self.desk.ids.find(call.asked.scope)
        if found is None:
            above = self.desk.ids.above(call.asked.scope)
            self.desk.need(call, f"{TYPE}/read", above)
            raise missing(call.asked.scope)
        return found

    def _found(self, call: Call) -> RoleAssignment | None:
        found = self.desk.ids.find(call.asked.id)
        return found if isinstance(found, RoleAssignment) else None

    def _wanted(self, call: Call, on: Thing) -> Callable[[RoleAssignment], bool]:
        text = call.request.query.get("$filter", "")
        at_scope = "atScope()" in text
        match = _FILTER.search(text)
        rest = _FILTER.sub("", text).replace("atScope()", "").replace(" and ", "").strip()
        if rest:
            raise wrong("UnsupportedQuery", "This twin serves the filters atScope(), principalId eq and assignedTo().")
        who = self._who(match.group(2), match.group(1) == "assignedTo(") if match else None
        return lambda a: self._is_near(a, on, at_scope) and (who is None or bool(who & self._named(a)))

    def _who(self, object_id: str, through_groups: bool) -> set[str]:
        directory = self.desk.ground.directory
        principal = directory.by_object(object_id)
        if principal is None:
            return set()
        return {principal.key, *(g.key for g in (directory.groups(principal) if through_groups else ()))}

    def _named(self, assignment: RoleAssignment) -> set[str]:
        found = principals(self.desk.ground.present.estate, assignment, assignment.principal)
        return set() if isinstance(found, Unknown) else {p.key for p in found}

    def _is_near(self, assignment: RoleAssignment, on: Thing, at_scope: bool) -> bool:
        estate = self.desk.ground.present.estate
        where = scopes(estate, assignment, assignment.scope)
        if isinstance(where, Unknown):
            return False
        around, _ = containers(estate, on)
        if {s.key for s in where} & {s.key for s in around}:
            return True
        return not at_scope and any(self._is_below(s.resource, around[0].key) for s in where)

    def _is_below(self, thing: Resource | Implied | External | None, key: str) -> bool:
        if not isinstance(thing, (Resource, Implied)):
            return False
        return key in {s.key for s in containers(self.desk.ground.present.estate, thing)[0]}

    # -- making one

    def _added(self, call: Call, on: Thing, properties: Any) -> Added:
        role, principal = self._role(properties), self._principal(properties)
        root = (on if isinstance(on, Resource) else on.parent).root
        condition = member(properties, "condition")
        arguments = {
            "name": self._name(call),
            "scope": references.to(on),
            "role_definition_id": role,
            "principal_id": references.principal(principal),
            "condition": condition if isinstance(condition, str) and condition else None,
        }
        given = tuple((n, v) for n, v in arguments.items() if v is not None)
        return Added(f"{root}#azurerm_role_assignment.{self._name(call)}", given)

    def _name(self, call: Call) -> str:
        try:
            return str(uuid.UUID(call.asked.names[0]))
        except ValueError:
            raise wrong("InvalidRoleAssignmentId", "The name of a role assignment is a GUID.") from None

    def _role(self, properties: Any) -> Any:
        wanted = str(member(properties, "roleDefinitionId") or "")
        role = role_found(self.desk, wanted.rstrip("/").rpartition("/")[2])
        if role is None:
            raise RefusedError(404, "RoleDefinitionDoesNotExist", f"There is no role definition {wanted[:200]}.")
        return role

    def _principal(self, properties: Any) -> Principal:
        wanted = str(member(properties, "principalId") or "")
        found = self.desk.ground.directory.by_object(wanted)
        if found is None:
            raise wrong("PrincipalNotFound", f"Nobody in the directory has the object id {wanted[:64]}.")
        return found

    def _refuse_twice(self, call: Call, properties: Any) -> RoleAssignment | None:
        """The assignment that says the same and has the id, None where there is none.

        Raises:
            RefusedError: one that has another id says the same, or one that has the id says something else.
        """
        here = self._found(call)
        wanted = str(member(properties, "roleDefinitionId") or "").rpartition("/")[2].casefold()
        whose = str(member(properties, "principalId") or "").casefold()
        for one in self.desk.ground.present.estate.of(RoleAssignment):
            mine = self._content(one)["properties"]
            if (
                mine["scope"].casefold() == call.asked.scope.casefold()
                and str(mine["roleDefinitionId"]).rpartition("/")[2].casefold() == wanted
                and str(mine["principalId"]).casefold() == whose
            ):
                if one is here:
                    return one
                raise RefusedError(409, "RoleAssignmentExists", f"The role is given already: {one.address}.")
        if here is not None:
            raise wrong("RoleAssignmentUpdateNotPermitted", f"{here.address} gives another role, or to somebody else.")
        return None

    # -- showing one

    def _content(self, assignment: RoleAssignment) -> dict[str, Any]:
        estate, ids = self.desk.ground.present.estate, self.desk.ids
        id_ = ids.of(assignment)
        found = principals(estate, assignment, assignment.principal)
        who = found[0] if isinstance(found, tuple) and len(found) == 1 else None
        role = role_of(estate, assignment)
        condition = assignment.condition
        properties = {
            "scope": id_.rpartition(f"/providers/{TYPE}/")[0],
            "roleDefinitionId": "" if isinstance(role, Unknown) else role_id(self.desk, role),
            "principalId": self.desk.ground.directory.object_id(who) if who else "",
            "principalType": _KINDS.get(who.kind, "ServicePrincipal") if who else "Unknown",
            "condition": str(condition.value) if isinstance(condition, Known) else None,
            "conditionVersion": "2.0" if isinstance(condition, Known) else None,
        }
        return {"id": id_, "name": ids.name(assignment), "type": TYPE, "properties": properties}
