"""Forms of MySQL's statements that SQLite writes otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from ringfence.twin.database.embedded.tables import Table


def named(node: exp.Query) -> exp.Query:
    """What a query computes is called as it is written, where it gives no name."""
    first = node if isinstance(node, exp.Select) else node.find(exp.Select)
    for one in list(first.expressions) if first is not None else ():
        if not isinstance(one, (exp.Alias, exp.Column, exp.Star)):
            one.replace(exp.alias_(one.copy(), _called(one), quoted=True))
    return node


def _called(node: exp.Expr) -> str:
    if isinstance(node, exp.Literal):
        return str(node.name)
    return "DATABASE()" if isinstance(node, exp.CurrentSchema) else node.sql(dialect="mysql", comments=False)


def insert(node: exp.Insert, table: Table | None) -> exp.Insert:
    """``ON DUPLICATE KEY UPDATE`` as ``ON CONFLICT DO UPDATE``; what would have been inserted is `excluded`."""
    if table is not None and isinstance(node.expression, exp.Values):
        _defaults(node, table)
    conflict = node.args.get("conflict")
    if conflict is None:
        return node
    alias = node.expression.alias if isinstance(node.expression, exp.Values) else ""
    if alias:
        node.expression.set("alias", None)
    for one in list(conflict.find_all(exp.Anonymous)):
        if one.name.upper() == "VALUES":
            one.replace(exp.column(one.expressions[0].name, table="excluded", quoted=True))
    for column in list(conflict.find_all(exp.Column)):
        if alias and column.table == alias:
            column.set("table", exp.to_identifier("excluded"))
    for assigned in conflict.expressions:
        assigned.this.set("table", None)
    conflict.set("duplicate", False)
    conflict.set("action", exp.var("DO UPDATE"))
    if isinstance(node.expression, exp.Select) and not node.expression.args.get("where"):
        node.expression.where("TRUE", copy=False)
    return node


def _defaults(node: exp.Insert, table: Table) -> None:
    """``DEFAULT`` for a value is what the column's declaration says."""
    named = [one.name for one in node.this.expressions] if isinstance(node.this, exp.Schema) else []
    fields = [table.by_name.get(name.casefold()) for name in named] if named else list(table.fields)
    for row in node.expression.expressions:
        for field, value in zip(fields, row.expressions, strict=False):
            if isinstance(value, exp.Column) and value.name.upper() == "DEFAULT" and not value.this.quoted:
                default = field.has(exp.DefaultColumnConstraint) if field is not None else None
                value.replace(default.this.copy() if default is not None else exp.null())


def update(node: exp.Update, table: Table | None) -> exp.Update:
    """A change of one table: joined tables behind FROM, a limit as a choice of rows, moments that renew themselves."""
    target = node.this
    joins = target.args.get("joins") or []
    if joins:
        _joined(node, target, joins)
    elif node.args.get("limit") or node.args.get("order"):
        _chosen(node, target)
    assigned = {one.this.name.casefold() for one in node.expressions}
    for one in node.expressions:
        one.this.set("table", None)
        one.this.set("db", None)
    for field in table.fields if table is not None else ():
        if field.has(exp.OnUpdateColumnConstraint) and field.name.casefold() not in assigned:
            node.append(
                "expressions", exp.EQ(this=exp.column(field.name, quoted=True), expression=exp.CurrentTimestamp())
            )
    return node


def _joined(node: exp.Update, target: exp.Table, joins: list[exp.Join]) -> None:
    named = {one.this.table for one in node.expressions if one.this.table}
    every = [target, *(join.this for join in joins)]
    changed = next((t for t in every if t.alias_or_name in named), target)
    target.set("joins", None)
    others = [t for t in every if t is not changed]
    where = [one for one in (join.args.get("on") for join in joins) if one is not None]
    if node.args.get("where"):
        where.append(node.args["where"].this)
    node.set("this", changed)
    source = exp.From(this=others[0])
    for other in others[1:]:
        others[0].append("joins", exp.Join(this=other))
    node.set("from_", source)
    if where:
        node.set("where", exp.Where(this=exp.and_(*where)))


def _chosen(node: exp.Update | exp.Delete, target: exp.Table) -> None:
    """``ORDER BY … LIMIT`` as the rows that such a query gives."""
    rows = exp.select("rowid").from_(target.copy())
    for name in ("where", "order", "limit"):
        part = node.args.get(name)
        if part is not None:
            rows.set(name, part.copy())
        node.set(name, None)
    node.set("where", exp.Where(this=exp.In(this=exp.column("rowid"), query=exp.Subquery(this=rows))))


def delete(node: exp.Delete, _: Table | None) -> exp.Delete:
    """Rows of one table, chosen by others or by a limit, as the rows that such a query gives."""
    target = node.this
    joins = target.args.get("joins") or []
    if not joins:
        if node.args.get("limit") or node.args.get("order"):
            _chosen(node, target)
        return node
    named = {one.name for one in node.args.get("tables") or ()}
    every = [target, *(join.this for join in joins)]
    changed = next((t for t in every if t.alias_or_name in named), target)
    rows = exp.select(exp.column("rowid", table=changed.alias_or_name, quoted=True)).from_(target.copy())
    if node.args.get("where"):
        rows.set("where", node.args["where"].copy())
    plain = exp.Table(this=changed.this.copy(), db=changed.args["db"].copy())
    return exp.Delete(this=plain, where=exp.Where(this=exp.In(this=exp.column("rowid"), query=exp.Subquery(this=rows))))
