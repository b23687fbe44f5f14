"""Resources themselves: read, listed, some of their settings changed, deleted.

Source: learn.microsoft.com/rest/api/resources/resources, …/resource-groups, …/subscriptions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.model.resource import Resource
from ringfence.model.resources import ResourceGroup
from ringfence.model.subscription import KEY, Subscription
from ringfence.model.world import Altered, Change
from ringfence.twin.arm import settings
from ringfence.twin.arm.errors import RefusedError, missing, unserved, unserved_method, wrong
from ringfence.twin.arm.handler import Handler
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.twin.arm.desk import Call

_GROUP = "Microsoft.Resources/subscriptions/resourceGroups"
"""A group's type, as actions call it."""
_JOIN = "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action"
_TYPE = re.compile(r"resourceType eq '([^']+)'")
_STAY = ("microsoft.keyvault/vaults/", "microsoft.network/")
"""What is not deleted here: an item of a vault is deleted in the vault; what others stand on in a network, Azure keeps
while they do."""
_GO = ("microsoft.network/privateendpoints", "microsoft.network/privatednszones/virtualnetworklinks",
       "microsoft.network/virtualnetworks/virtualnetworkpeerings")  # fmt: skip
_BESIDE = ("microsoft.authorization/", "microsoft.insights/diagnosticsettings")
"""Extensions, which no list of resources has."""


class Resources(Handler):
    """Any resource by its id, and lists of them."""

    def answer(self, call: Call) -> Response:
        """The answer to a request; what has no provider in its id is a subscription, a group, or a list."""
        return _Top(self.desk).answer(call) if not call.asked.type else super().answer(call)

    def list(self, call: Call) -> Response:
        """Those of one type in a group, in the subscription or in a resource, that the caller may read."""
        wanted, start = call.asked.type.casefold(), f"{call.asked.over}/".casefold()
        if self.desk.ids.find(call.asked.over) is None:
            self.desk.need(call, f"{call.asked.type}/read", self.desk.ids.above(call.asked.over))
            raise missing(call.asked.over)
        found = (r for id_, r in self.desk.ids.all().items() if id_.startswith(start) and r.type.casefold() == wanted)
        return as_json(200, {"value": [self.desk.contents.of(r) for r in _readable(self, call, found)]})

    def get(self, call: Call) -> Response:
        """One resource, without its secrets."""
        return as_json(200, self.desk.contents.of(self._found(call, "read")))

    def put(self, call: Call) -> Response:
        """Its settings are those of the request; where one is not said, Azure's default stands."""
        return self._alter(call, whole=True)

    def patch(self, call: Call) -> Response:
        """The settings of the request are so; the others stay."""
        return self._alter(call, whole=False)

    def _alter(self, call: Call, *, whole: bool) -> Response:
        if not settings.alterable(call.asked.type) or self.desk.ids.find(call.asked.id) is None:
            self.desk.need(call, f"{call.asked.type}/write", self.desk.ids.above(call.asked.id))
            raise unserved_method(call.request.method, call.asked.id)
        found = self._found(call, "write")
        self.desk.unlocked(found, call.asked.id, "ReadOnly")
        _refuse_many(found)
        there = self.desk.contents.of(found)
        changed = tuple(settings.altered(found, call.content, there, whole=whole))
        self._joins(call, changed)
        if changed:
            self.desk.change(Change(set=changed))
        return as_json(200, self.desk.contents.of(self.desk.resource(found.key)))

    def _joins(self, call: Call, changed: tuple[Altered, ...]) -> None:
        """Whoever lets a subnet in may join things to it.

        Source: learn.microsoft.com/azure/role-based-access-control/permissions/networking
        """
        rules = (a.value for a in changed if a.path == ("network_acls_virtual_network_rules",))
        for id_ in (one for value in rules if isinstance(value, tuple) for one in value):
            self.desk.linked(call, _JOIN, str(id_))

    def delete(self, call: Call) -> Response:
        """It is gone with all that is in it and on it; nothing that is locked is deleted."""
        found = self.desk.ids.find(call.asked.id)
        type_ = call.asked.type.casefold()
        on = found if isinstance(found, Resource) else self.desk.ids.above(call.asked.id)
        self.desk.need(call, f"{call.asked.type}/delete", on)
        if not isinstance(found, Resource):
            return Response(204)
        if type_.startswith(_STAY) and type_ not in _GO:
            raise unserved_method("DELETE", found.type)
        _remove(self, call, found)
        return Response(200)

    def _found(self, call: Call, verb: str) -> Resource:
        """The resource, when the caller may do that with it."""
        found = self.desk.ids.find(call.asked.id)
        on = found if found is not None else self.desk.ids.above(call.asked.id)
        self.desk.need(call, f"{call.asked.type}/{verb}", on)
        if not isinstance(found, Resource) or found.type.casefold() != call.asked.type.casefold():
            raise missing(call.asked.id)
        return found


class _Top(Handler):
    """The subscription, its groups, and what is in them."""

    def answer(self, call: Call) -> Response:
        """The answer to a request."""
        steps = [step.casefold() for step in call.asked.id.strip("/").split("/")]
        method = call.request.method
        if steps in (["tenants"], ["subscriptions"]):
            return self._first(call, steps[0]) if method == "GET" else self._not(call)
        if steps[:1] != ["subscriptions"]:
            raise unserved(call.asked.id)
        if steps[-1] in ("resources", "resourcegroups", "locations"):
            return self._listed(call, steps[-1]) if method == "GET" else self._not(call)
        if len(steps) in (2, 4) and method in ("GET", "HEAD"):
            return self.head(call) if method == "HEAD" else self.get(call)
        if len(steps) == 4 and method == "DELETE":
            return self.delete(call)
        raise unserved_method(method, call.asked.id)

    def _first(self, call: Call, what: str) -> Response:
        directory = self.desk.ground.directory
        if what == "tenants":
            tenant = directory.tenant
            return as_json(200, {"value": [{"id": f"/tenants/{tenant}", "tenantId": tenant}]})
        mine = self.desk.resource(KEY)
        seen = any(True for _ in _readable(self, call, self.desk.ids.all().values()))
        return as_json(200, {"value": [self._content(mine)] if seen else []})

    def _listed(self, call: Call, what: str) -> Response:
        over = self.desk.ids.find(call.asked.id.rpartition("/")[0])
        if not isinstance(over, (Subscription, ResourceGroup)):
            raise missing(call.asked.id.rpartition("/")[0])
        if what == "locations":
            raise unserved("locations")
        groups = what == "resourcegroups"
        start, sort = f"{self.desk.ids.of(over)}/".casefold(), _wanted(call)
        inside = [r for id_, r in self.desk.ids.all().items() if id_.startswith(start)]
        found = [r for r in inside if (isinstance(r, ResourceGroup) if groups else _is_listed(r, sort))]
        make = self._content if groups else self.desk.contents.head
        return as_json(200, {"value": [make(r) for r in _readable(self, call, found)]})

    def get(self, call: Call) -> Response:
        """The subscription, or a group."""
        found = self._found(call, "read")
        return as_json(200, self._content(found))

    def delete(self, call: Call) -> Response:
        """The group is gone with all that is in it, unless any of that is locked."""
        found = self._found(call, "delete")
        _remove(self, call, found)
        return Response(200)

    def _found(self, call: Call, verb: str) -> Resource:
        found = self.desk.ids.find(call.asked.id)
        on = found if found is not None else self.desk.resource(KEY)
        sort = Subscription.arm_type if call.asked.id.count("/") == 2 else _GROUP
        self.desk.need(call, f"{sort}/{verb}", on)
        if not isinstance(found, (Subscription, ResourceGroup)):
            raise missing(call.asked.id)
        return found

    def _content(self, found: Resource) -> dict[str, Any]:
        if isinstance(found, ResourceGroup):
            return {**self.desk.contents.head(found), "properties": {"provisioningState": "Succeeded"}}
        directory = self.desk.ground.directory
        return {
            "id": self.desk.ids.subscription,
            "subscriptionId": directory.subscription,
            "tenantId": directory.tenant,
            "displayName": self.desk.ground.present.source.name,
            "state": "Enabled",
        }


def _readable(handler: Handler, call: Call, found: Iterable[Resource]) -> Iterator[Resource]:
    """Of some resources those that the caller may read; he is not told of others."""
    for resource in found:
        type_ = _GROUP if isinstance(resource, ResourceGroup) else resource.type
        if handler.desk.may(call, f"{type_}/read", resource):
            yield resource


def _wanted(call: Call) -> str:
    text = call.request.query.get("$filter", "")
    match = _TYPE.fullmatch(text.strip())
    if text and match is None:
        raise wrong("UnsupportedQuery", "This twin serves the filter resourceType eq.")
    return match.group(1).casefold() if match else ""


def _is_listed(resource: Resource, sort: str) -> bool:
    type_ = resource.type.casefold()
    if isinstance(resource, (ResourceGroup, Subscription)) or type_.startswith(_BESIDE):
        return False
    return type_ == sort if sort else type_.count("/") == 1


def _remove(handler: Handler, call: Call, found: Resource) -> None:
    """The resource is gone, and what is in it and on it.

    Raises:
        RefusedError: a lock holds any of it back, or it is not known how many of it there are.
    """
    desk = handler.desk
    start = f"{desk.ids.of(found)}/".casefold()
    inside = [found, *(r for id_, r in desk.ids.all().items() if id_.startswith(start))]
    for one in inside:
        desk.unlocked(one, call.asked.id)
        _refuse_many(one)
    desk.change(Change(tuple(one.key for one in inside)))


def _refuse_many(resource: Resource) -> None:
    if resource.plural:
        raise RefusedError(409, "NotOneResource", f"{resource.address} stands for any number of resources.")
