"""What is placed on a resource and says more of it: diagnostic settings, management locks.

Source: learn.microsoft.com/rest/api/monitor/diagnostic-settings (2021-05-01-preview),
learn.microsoft.com/rest/api/resources/management-locks (2020-05-01)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.path import member
from ringfence.model.resource import Resource
from ringfence.model.world import Added, Change
from ringfence.questions.locks import LEVELS
from ringfence.twin.arm import references
from ringfence.twin.arm.errors import missing, wrong
from ringfence.twin.arm.forms import named
from ringfence.twin.arm.handler import Handler
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.twin.arm.desk import Call
    from ringfence.twin.arm.ids import Thing


_WORKSPACE = "Microsoft.OperationalInsights/workspaces/sharedKeys/action"
_STORAGE = "Microsoft.Storage/storageAccounts/listKeys/action"


class Extensions(Handler):
    """Lists, shows, places and removes those of one type."""

    type = ""
    terraform = ""
    holds_back = True
    """A lock on the scope keeps it from being deleted."""

    def list(self, call: Call) -> Response:
        """Those on the scope."""
        self.desk.need(call, f"{self.type}/read", self._scope(call, "read"), call.asked.scope)
        mine, mark = f"{call.asked.scope}/".casefold(), f"/providers/{self.type}/".casefold()
        placed = ((f"{id_.rpartition(mark)[0]}/", r) for id_, r in self.desk.ids.all().items() if mark in id_)
        return as_json(200, {"value": [self.desk.contents.of(r) for over, r in placed if self._near(mine, over, call)]})

    def _near(self, mine: str, over: str, call: Call) -> bool:
        """What is placed there is listed at this scope; both are ids in lower case with a slash at their end."""
        del call
        return over == mine

    def get(self, call: Call) -> Response:
        """One of them."""
        self.desk.need(call, f"{self.type}/read", self._scope(call, "read"))
        found = self.desk.ids.find(call.asked.id)
        if not isinstance(found, Resource):
            raise missing(call.asked.id)
        return as_json(200, self.desk.contents.of(found))

    def put(self, call: Call) -> Response:
        """It is there, as the request says."""
        on = self._scope(call, "write")
        self.desk.need(call, f"{self.type}/write", on)
        self.desk.unlocked(on, call.asked.id, "ReadOnly")
        before = self.desk.ids.find(call.asked.id)
        declared = before if isinstance(before, Resource) else None
        key = f"{_root(on)}#{self.terraform}.{self._called(on, call)}"
        arguments = self._arguments(on, call)
        given = tuple((name, value) for name, value in arguments.items() if value not in (None, ()))
        self.desk.change(Change((declared.key,) if declared else (), added=(Added(key, given),)))
        return as_json(200, self.desk.contents.of(self.desk.resource(key)))

    def delete(self, call: Call) -> Response:
        """It is not there."""
        on = self._scope(call, "delete")
        self.desk.need(call, f"{self.type}/delete", on)
        found = self.desk.ids.find(call.asked.id)
        if not isinstance(found, Resource):
            return Response(204)
        if self.holds_back:
            self.desk.unlocked(on, call.asked.id)
        self.desk.change(Change((found.key,)))
        return Response(200)

    def _scope(self, call: Call, verb: str) -> Thing:
        found = self.desk.ids.find(call.asked.scope)
        if found is None:
            self.desk.need(call, f"{self.type}/{verb}", self.desk.ids.above(call.asked.scope))
            raise missing(call.asked.scope)
        return found

    def _called(self, on: Thing, call: Call) -> str:
        """A name for the declaration that no other has."""
        return f"{on.key.partition('#')[2]}/{named(call.asked.names[0]).casefold()}"

    def _arguments(self, on: Thing, call: Call) -> dict[str, Value]:
        raise NotImplementedError

    def _reference(self, call: Call, id_: Any, action: str) -> Value:
        """A reference to what a client names by its id, and on which he may perform an action."""
        return references.to(self.desk.linked(call, action, str(id_))) if id_ else None


class DiagnosticSettings(Extensions):
    """Which logs of a resource go where: whoever sends them may have the keys of where they go.

    Source: learn.microsoft.com/azure/azure-monitor/fundamentals/roles-permissions-security
    """

    type = "Microsoft.Insights/diagnosticSettings"
    terraform = "azurerm_monitor_diagnostic_setting"

    def _arguments(self, on: Thing, call: Call) -> dict[str, Value]:
        properties = member(call.content, "properties")
        workspace = self._reference(call, member(properties, "workspaceId"), _WORKSPACE)
        storage = self._reference(call, member(properties, "storageAccountId"), _STORAGE)
        if workspace is None and storage is None:
            raise wrong("BadRequest", "A diagnostic setting sends to a workspace or a storage account in this twin.")
        return {
            "name": call.asked.names[0],
            "target_resource_id": references.to(on),
            "log_analytics_workspace_id": workspace,
            "storage_account_id": storage,
            "log_analytics_destination_type": member(properties, "logAnalyticsDestinationType"),
            "enabled_log": tuple(_categories(member(properties, "logs"))),
            "enabled_metric": tuple(_categories(member(properties, "metrics"))),
        }


class Locks(Extensions):
    """What protects a scope from deletion, or from any change. No lock holds back a lock."""

    type = "Microsoft.Authorization/locks"
    terraform = "azurerm_management_lock"
    holds_back = False

    def _near(self, mine: str, over: str, call: Call) -> bool:
        """All that lies in the scope; with the filter ``atScope()``, all that holds for it."""
        at_scope = call.request.query.get("$filter", "").replace(" ", "") == "atScope()"
        return mine.startswith(over) if at_scope else over.startswith(mine)

    def _arguments(self, on: Thing, call: Call) -> dict[str, Value]:
        level = str(member(member(call.content, "properties"), "level"))
        found = next((one for one in LEVELS if one.casefold() == level.casefold()), None)
        if found is None:
            raise wrong("InvalidLockLevel", f"The level of a lock is {' or '.join(LEVELS)}.")
        scope = references.to(on)
        return {"name": call.asked.names[0], "scope": scope, "lock_level": found}


def _root(on: Thing) -> str:
    return (on if isinstance(on, Resource) else on.parent).root


def _categories(found: Any) -> list[Value]:
    """The categories that are on, as blocks."""
    items = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    said = ((member(one, "category"), member(one, "categoryGroup"), member(one, "enabled")) for one in items)
    return [
        {k: str(v) for k, v in (("category", name), ("category_group", group)) if v}
        for name, group, enabled in said
        if enabled is not False
    ]
