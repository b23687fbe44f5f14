"""What SQLite says when something is not done, in MySQL's numbers and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.twin.database import error as errors
from ringfence.twin.database.embedded.tables import LISTED, LONG, NUMBER
from ringfence.twin.database.error import SqlError

if TYPE_CHECKING:
    from collections.abc import Callable

_FORMS: tuple[tuple[str, int, Callable[[re.Match[str]], str]], ...] = (
    (r"no such table: (?:(.+)\.)?(.+)", errors.NO_TABLE, lambda m: f"Table '{m[1] or ''}.{m[2]}' doesn't exist"),
    (r"no such column: (.+)", errors.UNKNOWN_COLUMN, lambda m: f"Unknown column '{m[1]}'"),
    (r"table .+ has no column named (.+)", errors.UNKNOWN_COLUMN, lambda m: f"Unknown column '{m[1]}' in 'field list'"),
    (r"table \"?([^\"]+)\"? already exists", errors.TABLE_EXISTS, lambda m: f"Table '{m[1]}' already exists"),
    (r"UNIQUE constraint failed: (.+)", errors.DUPLICATE, lambda m: f"Duplicate entry for key '{m[1]}'"),
    (r"NOT NULL constraint failed: .+\.(.+)", errors.NOT_NULL, lambda m: f"Column '{m[1]}' cannot be null"),
    (r"FOREIGN KEY constraint failed", errors.CHILD_ROW, lambda _: "A foreign key constraint fails"),
    (f"CHECK constraint failed: {LONG}(.+)", 1406, lambda m: f"Data too long for column '{m[1]}'"),
    (f"CHECK constraint failed: {LISTED}(.+)", 1265, lambda m: f"Data truncated for column '{m[1]}'"),
    (f"CHECK constraint failed: {NUMBER}(.+)", 1366, lambda m: f"Incorrect integer value for column '{m[1]}'"),
    (r"CHECK constraint failed: (.+)", errors.CHECK_FAILED, lambda m: f"Check constraint '{m[1]}' is violated."),
    (r"no such function: (.+)", errors.UNKNOWN_FUNCTION, lambda m: f"FUNCTION {m[1]} does not exist"),
    (r"database is locked", errors.LOCKED, lambda _: "Lock wait timeout exceeded; try restarting transaction"),
    (r"not authorized|prohibited", errors.DENIED_PRIVILEGE, lambda _: "Access denied; this engine does not do that"),
    (r"no such index: (.+)", 1091, lambda m: f"Can't DROP '{m[1]}'; check that column/key exists"),
    (r"duplicate column name: (.+)", 1060, lambda m: f"Duplicate column name '{m[1]}'"),
    (r"(\d+) values for (\d+) columns", 1136, lambda _: "Column count doesn't match value count at row 1"),
    (r"ambiguous column name: (.+)", 1052, lambda m: f"Column '{m[1]}' in field list is ambiguous"),
    (r"interrupted", errors.SHUTDOWN, lambda _: "Query execution was interrupted"),
    (r"syntax error|incomplete input", errors.SYNTAX, lambda _: "You have an error in your SQL syntax"),
)


def as_mysql(message: str) -> SqlError:
    """The error that MySQL would give; values that a message quotes are left out."""
    for form, number, say in _FORMS:
        found = re.search(form, message)
        if found:
            return SqlError(number, say(found))
    return SqlError(errors.UNSUPPORTED, "This engine cannot do that.")
