"""MySQL's SQL, read and written again as SQLite's; what SQLite lacks is a function of ours with MySQL's name."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.dialects.sqlite import SQLite
from sqlglot.errors import SqlglotError
from sqlglot.generators.sqlite import SQLiteGenerator

from ringfence.twin.database.error import EMPTY, SYNTAX, SqlError

if TYPE_CHECKING:
    from collections.abc import Callable


def _as(name: str, *fields: str) -> Callable[[Any, Any], str]:
    """Writes an expression as a call of a function with these of its fields."""

    def write(generator: Any, node: Any) -> str:
        given = [node.args.get(field) for field in fields]
        while given and given[-1] is None:
            given.pop()
        return str(generator.func(name, *given))

    return write


def _moved(name: str) -> Callable[[Any, Any], str]:
    """``date_add(x, amount, 'DAY')`` for what MySQL writes with an interval."""

    def write(generator: Any, node: Any) -> str:
        unit = node.args.get("unit")
        word = exp.Literal.string(unit.name.upper() if unit is not None else "DAY")
        return str(generator.func(name, node.this, node.expression, word))

    return write


def _values(generator: Any, node: Any) -> str:
    """The rows of an insert. The name that MySQL lets one give them is left out; `excluded` stands for it."""
    rows = ", ".join(generator.sql(row) for row in node.expressions)
    return f"VALUES {rows}" if isinstance(node.parent, exp.Insert) else str(generator.values_sql(node))


def _sum(name: str, sign: str) -> Callable[[Any, Any], str]:
    """``x + INTERVAL 1 DAY`` as a call, any other sum as it is."""

    def write(generator: Any, node: Any) -> str:
        moment, span = node.this, node.expression
        if isinstance(moment, exp.Interval):
            moment, span = span, moment
        if not isinstance(span, exp.Interval):
            return str(generator.binary(node, sign))
        return str(generator.func(name, moment, span.this, exp.Literal.string(span.text("unit").upper())))

    return write


def _cast(generator: Any, node: Any) -> str:
    name = {"DATE": "date_", "DATETIME": "moment_", "JSON": "json"}.get(node.to.this.name)
    return str(generator.func(name, node.this) if name else generator.cast_sql(node))


_NAMED: dict[type[exp.Expr], Callable[[Any, Any], str]] = {
    exp.DateAdd: _moved("date_add"),
    exp.DateSub: _moved("date_sub"),
    exp.TimestampDiff: _moved("timestamp_diff"),
    exp.DateDiff: _as("date_diff", "this", "expression"),
    exp.TimeToStr: _as("date_format", "this", "format"),
    exp.StrToDate: _as("str_to_date", "this", "format"),
    exp.UnixToTime: _as("from_unixtime", "this"),
    exp.CurrentTimestamp: _as("now", "this"),
    exp.UtcTimestamp: _as("now", "this"),
    exp.CurrentDate: _as("curdate"),
    exp.CurrentTime: _as("curtime"),
    exp.CurrentUser: _as("current_user_"),
    exp.CurrentSchema: _as("database_"),
    exp.CurrentVersion: _as("version_"),
    exp.Year: _as("year", "this"),
    exp.Month: _as("month", "this"),
    exp.Day: _as("day", "this"),
    exp.DayOfWeek: _as("dayofweek", "this"),
    exp.LastDay: _as("last_day", "this"),
    exp.Left: _as("left_", "this", "expression"),
    exp.Right: _as("right_", "this", "expression"),
    exp.MD5: _as("md5", "this"),
    exp.SHA: _as("sha1", "this"),
    exp.SHA2: _as("sha2", "this", "length"),
    exp.ToBase64: _as("to_base64", "this"),
    exp.FromBase64: _as("from_base64", "this"),
    exp.Rand: _as("rand"),
    exp.Uuid: _as("uuid"),
    exp.RegexpLike: _as("regexp_like", "this", "expression"),
    exp.TsOrDsToDate: _as("date_", "this"),
    exp.Trunc: _as("truncate_", "this", "decimals"),
    exp.Xor: lambda g, n: f"(({g.sql(n, 'this')}) <> 0) <> (({g.sql(n, 'expression')}) <> 0)",
    exp.BitwiseXor: _as("bit_xor_", "this", "expression"),
    exp.Greatest: lambda g, n: str(g.func("greatest", n.this, *n.expressions)),
    exp.Least: lambda g, n: str(g.func("least", n.this, *n.expressions)),
    exp.Length: lambda g, n: str(g.func("bytes_" if n.args.get("binary") else "length", n.this)),
    exp.Add: _sum("date_add", "+"),
    exp.Sub: _sum("date_sub", "-"),
    exp.Cast: _cast,
    exp.Values: _values,
}


class _Writer(SQLiteGenerator):
    """Writes MySQL's functions by their own names."""

    TRANSFORMS = {**SQLiteGenerator.TRANSFORMS, **_NAMED}  # noqa: RUF012  # sqlglot's own way


class Kept(SQLite):
    """SQLite, with what is registered in `functions`.

    Names are between backticks: what stands between double quotes and is no name is a text to SQLite.
    Source: sqlite.org/quirks.html (8)
    """

    class Tokenizer(SQLite.Tokenizer):
        """Says what names stand between."""

        IDENTIFIERS = ["`"]  # noqa: RUF012  # sqlglot's own way

    Generator = _Writer


logging.getLogger("sqlglot").disabled = True
"""It would quote statements, with all that is in them, in what the twin has to say."""

_REPLACE = re.compile(r"\s*REPLACE\s+(?:INTO\s+)?", re.IGNORECASE)
_RENAME = re.compile(r"\s*RENAME\s+TABLE\s+(\S+)\s+TO\s+(\S+?)\s*;?\s*", re.IGNORECASE)


def read(sql: str) -> exp.Expr:
    """The one statement of a query.

    Raises:
        SqlError: it is none, or there are several.
    """
    sql = _numbered(sql)
    replacing = _REPLACE.match(sql)
    renaming = _RENAME.fullmatch(sql)
    if renaming:
        sql = f"ALTER TABLE {renaming[1]} RENAME TO {renaming[2]}"
    found = _parsed(f"INSERT INTO {sql[replacing.end() :]}" if replacing else sql)
    if not found:
        raise SqlError(EMPTY, "Query was empty")
    if len(found) > 1:
        raise SqlError(SYNTAX, "You have an error in your SQL syntax: one query is one statement.")
    if replacing:
        found[0].set("alternative", "REPLACE")
    return found[0]


def parameters(sql: str) -> int:
    """How many values a prepared statement takes."""
    return len(_marks(sql))


def _numbered(sql: str) -> str:
    """Each ``?`` with its number, since a statement that is written again has its parts in another order."""
    found = sql
    for number, at in reversed(list(enumerate(_marks(sql)))):
        found = f"{found[:at]}:p{number}{found[at + 1 :]}"
    return found


def _marks(sql: str) -> list[int]:
    """Where a statement has a ``?`` for a value."""
    if "?" not in sql:
        return []
    try:
        return [t.start for t in sqlglot.tokenize(sql, read="mysql") if t.token_type == TokenType.PLACEHOLDER]
    except SqlglotError:
        raise SqlError(SYNTAX, "You have an error in your SQL syntax.") from None


def _parsed(sql: str) -> list[exp.Expr]:
    try:
        return [one for one in sqlglot.parse(sql, dialect="mysql") if one is not None]
    except (SqlglotError, RecursionError):
        raise SqlError(SYNTAX, "You have an error in your SQL syntax, or it is none that this engine has.") from None


def written(node: exp.Expr) -> str:
    """A statement as the file's engine takes it."""
    return node.sql(dialect=Kept, identify=True, comments=False)


def kept(node: exp.Expr) -> str:
    """A declaration as MySQL would show it."""
    return node.sql(dialect="mysql", identify=True, comments=False)


def quoted(name: str) -> str:
    """A name inside a statement of ours."""
    return "`" + name.replace("`", "``") + "`"
