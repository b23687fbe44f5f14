"""Parts of a resource that have ids of their own: rules of security groups, firewall rules of database servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.path import find, parse
from ringfence.mapping.read import annotation
from ringfence.mapping.table import Nested, Reference, Row
from ringfence.model.resource import Resource
from ringfence.model.symbol import Ref
from ringfence.model.value import Known
from ringfence.model.world import Added, Altered, Change
from ringfence.record import record, replace
from ringfence.twin.arm.content import table_of
from ringfence.twin.arm.errors import missing
from ringfence.twin.arm.forms import formed, named
from ringfence.twin.arm.handler import Handler
from ringfence.twin.arm.rules import check, spelt
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from ringfence.model.resource import Block
    from ringfence.model.symbol import Value
    from ringfence.twin.arm.desk import Call


@record()
class _Sort:
    """One sort of parts."""

    field: str
    terraform: str
    """The type of a declaration that adds one."""
    argument: str
    """The argument that says to what, and by which attribute of it."""
    attribute: str


SORTS = {
    "microsoft.network/networksecuritygroups/securityrules": _Sort(
        "security_rules", "azurerm_network_security_rule", "network_security_group_name", "name"
    ),
    "microsoft.sql/servers/firewallrules": _Sort("firewall_rules", "azurerm_mssql_firewall_rule", "server_id", "id"),
    "microsoft.dbformysql/flexibleservers/firewallrules": _Sort(
        "firewall_rules", "azurerm_mysql_flexible_server_firewall_rule", "server_name", "name"
    ),
    "microsoft.dbforpostgresql/flexibleservers/firewallrules": _Sort(
        "firewall_rules", "azurerm_postgresql_flexible_server_firewall_rule", "server_id", "id"
    ),
}
"""By ARM type in lower case."""


class Items(Handler):
    """Lists, shows, sets and removes them."""

    def list(self, call: Call) -> Response:
        """All of a resource."""
        over = self._over(call, "read")
        return as_json(200, {"value": [self._content(over, item, call) for item in self._items(over, call)]})

    def get(self, call: Call) -> Response:
        """One of them."""
        over = self._over(call, "read")
        found = self._item(over, call)
        if found is None:
            raise missing(call.asked.id)
        return as_json(200, self._content(over, found, call))

    def put(self, call: Call) -> Response:
        """The part is as the request says; every decision from now on knows it."""
        over, sort = self._over(call, "write"), _sort(call)
        self.desk.unlocked(over, call.asked.id, "ReadOnly")
        values = self._values(over, call)
        check(over, values, self._others(over, call))
        before = self._item(over, call)
        self.desk.change(*self._set(over, sort, values, call))
        now = self.desk.resource(over.key)
        item = self._item(now, call)
        assert item is not None
        return as_json(200 if before is not None else 201, self._content(now, item, call))

    def delete(self, call: Call) -> Response:
        """The resource has no such part."""
        over = self._over(call, "delete")
        if self._item(over, call) is None:
            return Response(204)
        self.desk.unlocked(over, call.asked.id)
        key, path = self._key(over, call), (_sort(call).field, call.asked.names[-1])
        mine = any(a.key == key for a in self.desk.ground.present.change.added)
        self.desk.change(Change((key,)) if mine else Change(set=(Altered(over.key, path),)))
        return Response(200)

    # -- what is asked

    def _over(self, call: Call, verb: str) -> Resource:
        """What the part is in, when the caller may do that with its parts."""
        over = self.desk.ids.find(call.asked.over)
        above = over if isinstance(over, Resource) else self.desk.ids.above(call.asked.over)
        self.desk.need(call, f"{call.asked.type}/{verb}", above)
        if not isinstance(over, Resource):
            raise missing(call.asked.over)
        return over

    def _items(self, over: Resource, call: Call) -> tuple[Block, ...]:
        return getattr(over, _sort(call).field).items  # type: ignore[no-any-return]  # of a field with several blocks

    def _item(self, over: Resource, call: Call) -> Block | None:
        wanted = call.asked.names[-1].casefold()
        return next((i for i in self._items(over, call) if _name(i).casefold() == wanted), None)

    def _others(self, over: Resource, call: Call) -> tuple[Block, ...]:
        wanted = call.asked.names[-1].casefold()
        return tuple(i for i in self._items(over, call) if _name(i).casefold() != wanted)

    def _content(self, over: Resource, item: Block, call: Call) -> dict[str, Any]:
        id_ = f"{self.desk.ids.of(over)}/{call.asked.type.rpartition('/')[2]}/{_name(item)}"
        made = self.desk.contents.part(over, item, _sort(call).field)
        made.setdefault("properties", {})["provisioningState"] = "Succeeded"
        return {"id": id_, "name": _name(item), "type": call.asked.type, **made}

    # -- making one

    def _key(self, over: Resource, call: Call) -> str:
        return f"{over.root}#{_sort(call).terraform}.{over.address}/{call.asked.names[-1].casefold()}"

    def _values(self, over: Resource, call: Call) -> dict[str, Value]:
        """By field: what the request says."""
        content, nested = {**call.content, "name": named(call.asked.names[-1])}, _nested(over, call)
        rows = (row for row in nested.rows if not isinstance(row, Nested))
        return spelt({row.field: _given(content, row, nested.kind) for row in rows})

    def _set(self, over: Resource, sort: _Sort, values: dict[str, Value], call: Call) -> tuple[Change, Change]:
        """The change, and what it comes after: a part that was removed and is there again was never removed."""
        before, removal = self.desk.ground.present.change, (sort.field, call.asked.names[-1])
        kept = tuple(a for a in before.set if not (a.key == over.key and _is_same(a.path, removal)))
        key = self._key(over, call)
        declared = len(kept) < len(before.set) or self._item(over, call) is not None
        if declared and not any(a.key == key for a in before.added):
            name = removal[1]
            said = (Altered(over.key, (sort.field, name, f), v) for f, v in values.items() if f != "name")
            return Change(set=tuple(said)), replace(before, set=kept)
        arguments: list[tuple[str, Value]] = [(sort.argument, Ref(over.key, (sort.attribute,)))]
        arguments += [(_spelled(row), values[row.field]) for row in _nested(over, call).rows if values.get(row.field)]
        return Change(added=(Added(key, tuple(arguments)),)), replace(before, set=kept)


def _sort(call: Call) -> _Sort:
    return SORTS[call.asked.type.casefold()]


def _nested(over: Resource, call: Call) -> Nested:
    """The row of the field that has them."""
    table, field = table_of(type(over)), _sort(call).field
    assert table is not None
    return next(row for row in table.rows if isinstance(row, Nested) and row.field == field)


def _given(content: dict[str, Any], row: Row | Reference, kind: type[Block]) -> Value:
    found = find(content, parse(row.arm)[0].steps) if row.arm else None
    value = formed(found, row.field, annotation(kind, row.field))
    return None if value in ((), "") else value


def _spelled(row: Row | Reference | Nested) -> str:
    return row.tf if isinstance(row.tf, str) else next(iter(row.tf.values()))


def _name(item: Block) -> str:
    name = getattr(item, "name", None)
    return str(name.value) if isinstance(name, Known) else ""


def _is_same(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return tuple(p.casefold() for p in path) == tuple(p.casefold() for p in other)
