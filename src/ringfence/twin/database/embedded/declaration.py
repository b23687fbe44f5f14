"""A table's declaration in the very form that MySQL shows it in: libraries read it line by line.

Source: dev.mysql.com/doc/refman/8.4/en/show-create-table.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ringfence.twin.database.embedded.dialect import kept
from ringfence.twin.database.embedded.functions import COLLATION
from ringfence.twin.database.wire import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.twin.database.embedded.tables import Field, Index, Table

_NO_DEFAULT = (values.BLOB, values.JSON)


def shown_of(table: Table) -> str:
    """What ``SHOW CREATE TABLE`` shows."""
    lines = [*map(_field, table.fields), *map(_index, table.indexes), *_references(table)]
    inside = ",\n".join(f"  {line}" for line in lines)
    return f"CREATE TABLE {_name(table.name)} (\n{inside}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={COLLATION}"


def _field(field: Field) -> str:
    words = [_name(field.name), field.written, *_collated(field)]
    if not field.nullable:
        words.append("NOT NULL")
    default = field.has(exp.DefaultColumnConstraint)
    if field.counts:
        words.append("AUTO_INCREMENT")
    elif default is not None:
        words.append(f"DEFAULT {_value(default.this)}")
    elif field.nullable and field.type not in _NO_DEFAULT:
        words.append("DEFAULT NULL")
    renewed, comment = field.has(exp.OnUpdateColumnConstraint), field.has(exp.CommentColumnConstraint)
    if renewed is not None:
        words.append(f"ON UPDATE {kept(renewed.this)}")
    if comment is not None:
        words.append(f"COMMENT {kept(comment.this)}")
    return " ".join(words)


def _collated(field: Field) -> Iterator[str]:
    collation = field.has(exp.CollateColumnConstraint)
    if collation is not None:
        yield f"COLLATE {collation.this.name}"


def _value(node: exp.Expr) -> str:
    """A default; a number is shown between quotes."""
    if isinstance(node, exp.Literal) and not node.is_string:
        return f"'{node.name}'"
    return kept(node)


def _index(index: Index) -> str:
    columns = _listed(index.columns)
    if index.name == "PRIMARY":
        return f"PRIMARY KEY ({columns})"
    return f"{'UNIQUE ' if index.unique else ''}KEY {_name(index.name)} ({columns})"


def _references(table: Table) -> Iterator[str]:
    for name, key in table.references.items():
        reference = key.args["reference"]
        to = reference.this
        options = " ".join(str(option) for option in reference.args.get("options") or ())
        own, other = (_listed(one.name for one in part.expressions) for part in (key, to))
        named = f"CONSTRAINT {_name(name)} FOREIGN KEY ({own})"
        yield f"{named} REFERENCES {_name(to.this.name)} ({other}) {options}".rstrip()


def _listed(names: Iterable[str]) -> str:
    return ",".join(map(_name, names))


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
