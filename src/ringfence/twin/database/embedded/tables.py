"""Tables: MySQL's declaration of one, and what is made of it in a file of SQLite.

The declaration is kept beside the table, since SQLite's own says less: what a column's type is to a client, what
belongs to `SHOW CREATE TABLE`, and what a change of the table begins with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

from ringfence.record import record
from ringfence.twin.database.embedded.dialect import kept, quoted, written
from ringfence.twin.database.embedded.functions import COLLATION
from ringfence.twin.database.wire import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DECLARATIONS = "ringfence_declared"
"""The table that keeps them."""

LONG, LISTED, NUMBER = "too long: ", "not listed: ", "no number: "
"""How a guard of a column is called; what it refuses is known by that."""

_INTEGERS = {
    "TINYINT": values.TINY,
    "SMALLINT": values.SHORT,
    "MEDIUMINT": values.INT24,
    "INT": values.LONG,
    "BIGINT": values.LONGLONG,
    "BOOLEAN": values.TINY,
    "YEAR": values.YEAR,
}
_OTHERS = {
    "DECIMAL": values.DECIMAL,
    "UDECIMAL": values.DECIMAL,
    "FLOAT": values.FLOAT,
    "DOUBLE": values.DOUBLE,
    "DATE": values.DATE,
    "DATETIME": values.DATETIME,
    "TIMESTAMP": values.TIMESTAMP,
    "TIMESTAMPTZ": values.TIMESTAMP,
    "TIME": values.TIME,
    "JSON": values.JSON,
}
_TYPES = {
    **_OTHERS,
    **_INTEGERS,
    **{f"U{name}": number for name, number in _INTEGERS.items()},
    **dict.fromkeys(("BINARY", "VARBINARY", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "BIT"), values.BLOB),
}


@record(eq=False)
class Field:
    """A column of a table."""

    name: str
    kind: exp.DataType
    definition: exp.ColumnDef

    @property
    def type(self) -> int:
        """Its type on the wire."""
        return _TYPES.get(self.kind.this.name, values.TEXT)

    @property
    def decimals(self) -> int:
        """Digits behind the point, of a decimal."""
        given = self.kind.expressions
        return int(given[1].name) if self.type == values.DECIMAL and len(given) > 1 else 0

    @property
    def written(self) -> str:
        """MySQL's word for its type, such as ``varchar(64)``."""
        if self.kind.this.name == "BOOLEAN":
            return "tinyint(1)"
        word, bracket, rest = kept(self.kind).partition("(")
        return f"{word.lower()}{bracket}{rest.replace(', ', ',')}"

    def has(self, constraint: Any) -> Any:
        """Its constraint of that sort; None when it has none."""
        return next((c.kind for c in self.definition.constraints if isinstance(c.kind, constraint)), None)

    @property
    def counts(self) -> bool:
        """It numbers the rows."""
        return self.has(exp.AutoIncrementColumnConstraint) is not None

    @property
    def nullable(self) -> bool:
        """It may be NULL, as far as it says itself."""
        found = self.has(exp.NotNullColumnConstraint)
        return (found is None or bool(found.args.get("allow_null"))) and not self.has(exp.PrimaryKeyColumnConstraint)


@record(eq=False)
class Index:
    """An index of a table, or the key of its rows ("PRIMARY")."""

    name: str
    columns: tuple[str, ...]
    unique: bool


class Table:
    """A table as MySQL declares it."""

    def __init__(self, name: str, create: exp.Create) -> None:
        self.name = name
        self.create = create
        parts = create.this.expressions
        self.fields = [Field(p.name, p.args["kind"], p) for p in parts if isinstance(p, exp.ColumnDef)]
        self._rest = [_inner(p) for p in parts if not isinstance(p, exp.ColumnDef)]

    @property
    def declaration(self) -> str:
        """The statement that MySQL would show."""
        return kept(self.create)

    @property
    def by_name(self) -> dict[str, Field]:
        """Its columns by their names in lower case."""
        return {field.name.casefold(): field for field in self.fields}

    @property
    def primary(self) -> tuple[str, ...]:
        """The columns of its primary key."""
        own = tuple(f.name for f in self.fields if f.has(exp.PrimaryKeyColumnConstraint))
        return own or next((_columns(p) for p in self._rest if isinstance(p, exp.PrimaryKey)), ())

    @property
    def counter(self) -> Field | None:
        """The column that numbers the rows."""
        return next((field for field in self.fields if field.counts), None)

    @property
    def indexes(self) -> list[Index]:
        """Its indexes, the primary key first."""
        found = [Index("PRIMARY", self.primary, True)] if self.primary else []
        found += [Index(f.name, (f.name,), True) for f in self.fields if f.has(exp.UniqueColumnConstraint)]
        for part in self._rest:
            if isinstance(part, exp.UniqueColumnConstraint):
                columns = _columns(part.this)
                found.append(Index(part.this.this.name if part.this.this else columns[0], columns, True))
            elif isinstance(part, exp.IndexColumnConstraint):
                columns = _columns(part)
                found.append(Index(part.name or columns[0], columns, False))
        return found

    @property
    def references(self) -> dict[str, exp.ForeignKey]:
        """Its foreign keys by their names."""
        found: dict[str, exp.ForeignKey] = {}
        for part in self.create.this.expressions:
            inner = part.expressions[0] if isinstance(part, exp.Constraint) else part
            if isinstance(inner, exp.ForeignKey):
                found[part.name or f"{self.name}_ibfk_{len(found) + 1}"] = inner
        return found

    def statements(self, database: str, name: str = "") -> Iterator[str]:
        """What makes the table in a file."""
        name = name or self.name
        parts = [*map(self._column, self.fields)]
        if self.primary and self.counter is None:
            parts.append(f"PRIMARY KEY ({_listed(self.primary)})")
        parts += [f"CHECK ({written(p.this)})" for p in self._rest if isinstance(p, exp.CheckColumnConstraint)]
        parts += [_foreign(one) for one in self.references.values()]
        yield f"CREATE TABLE {quoted(database)}.{quoted(name)} ({', '.join(parts)})"

    def index_statements(self, database: str) -> Iterator[str]:
        """What makes its indexes, once the table has its name."""
        for index in self.indexes:
            if index.name == "PRIMARY" and (self.counter is None or self.primary == (self.counter.name,)):
                continue
            unique = "UNIQUE " if index.unique else ""
            name = f"{quoted(database)}.{quoted(f'{self.name}.{index.name}')}"
            yield f"CREATE {unique}INDEX {name} ON {quoted(self.name)} ({_listed(index.columns)})"

    def _column(self, field: Field) -> str:
        name = quoted(field.name)
        if field.counts:
            return f"{name} INTEGER PRIMARY KEY AUTOINCREMENT"
        collated = f" COLLATE {COLLATION}" if field.type == values.TEXT and not _is_binary(field) else ""
        found = f"{name} {_affinity(field)}{collated}"
        if not field.nullable:
            found += " NOT NULL"
        default = field.has(exp.DefaultColumnConstraint)
        if default is not None and not isinstance(default.this, exp.Null):
            found += f" DEFAULT ({written(default.this)})"
        elif field.type == values.TIMESTAMP and not field.nullable:
            found += " DEFAULT (now())"
        found += _guard(field)
        computed = field.has(exp.ComputedColumnConstraint)
        return f"{found} AS ({written(computed.this)}) STORED" if computed is not None else found


def _affinity(field: Field) -> str:
    """How SQLite keeps the values."""
    if field.type in _INTEGERS.values():
        return "INTEGER"
    if field.type in (values.FLOAT, values.DOUBLE):
        return "REAL"
    return {values.DECIMAL: "NUMERIC", values.BLOB: "BLOB"}.get(field.type, "TEXT")


def _guard(field: Field) -> str:
    """What the type itself refuses: a text that is too long, a word that is none of its list, what is no number."""
    name, kind, given = quoted(field.name), field.kind.this.name, field.kind.expressions
    if kind in ("VARCHAR", "CHAR") and given:
        return f" CONSTRAINT {quoted(LONG + field.name)} CHECK (length({name}) <= {int(given[0].name)})"
    if kind == "ENUM":
        return f" CONSTRAINT {quoted(LISTED + field.name)} CHECK ({name} IN ({', '.join(map(written, given))}))"
    if field.type in _INTEGERS.values():
        return f" CONSTRAINT {quoted(NUMBER + field.name)} CHECK (typeof({name}) IN ('integer', 'null'))"
    return ""


def _is_binary(field: Field) -> bool:
    collation = field.has(exp.CollateColumnConstraint)
    return collation is not None and collation.this.name.endswith(("_bin", "_cs"))


def _inner(part: exp.Expr) -> exp.Expr:
    """What a named constraint is; an index's own name stays with it."""
    if not isinstance(part, exp.Constraint):
        return part
    inner: exp.Expr = part.expressions[0]
    if isinstance(inner, exp.UniqueColumnConstraint) and inner.this.this is None:
        inner = inner.copy()
        inner.this.set("this", part.this.copy())
    return inner


def _columns(part: exp.Expr) -> tuple[str, ...]:
    """The columns that a key or an index names; a prefix of one is the whole of it here."""
    return tuple((e.this if isinstance(e, exp.Ordered) else e).name for e in part.expressions)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names))


def _foreign(key: exp.ForeignKey) -> str:
    reference = key.args["reference"]
    options = " ".join(str(option) for option in reference.args.get("options") or ())
    to = f"{quoted(reference.this.this.name)} ({_listed(_columns(reference.this))})"
    return f"FOREIGN KEY ({_listed(_columns(key))}) REFERENCES {to} {options}".rstrip()


def table_of(declaration: str) -> Table:
    """The table of a declaration that was kept."""
    create = sqlglot.parse_one(declaration, dialect="mysql")
    assert isinstance(create, exp.Create)
    return Table(create.this.this.name, create)
