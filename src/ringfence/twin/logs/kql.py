"""Queries in KQL: what an engine is given and what it answers, whichever library stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

Columns = dict[str, str]
"""Names of columns, in order, with their types: "string", "datetime", "long", "int", "real", "bool", "dynamic"."""

Row = dict[str, Any]


class QueryError(Exception):
    """A query that cannot be answered, as Log Analytics says it."""

    def __init__(self, kind: str, code: str, message: str, line: int | None = None, pos: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        """ "SyntaxError" or "SemanticError"."""
        self.code = code
        """Such as "SYN0002" or "SEM0100"."""
        self.message = message
        self.line = line
        self.pos = pos


class SlowQueryError(Exception):
    """A query that took longer than it may."""


@record(eq=False)
class Batch:
    """Rows of a table as they are kept, and which of them count."""

    table: str
    rows: str
    """A JSON array of objects."""
    since: datetime | None = None
    until: datetime | None = None
    over: str = ""
    """How the id of a row's resource has to begin, with a slash behind it; "" for any."""


@record(eq=False)
class Answer:
    """The table that a query makes."""

    columns: tuple[tuple[str, str], ...]
    """Names and types in KQL."""
    rows: Sequence[tuple[Any, ...]] = field(default=())
    """Values as JSON has them: a datetime is text, a dynamic value the text of its JSON."""
    whole: bool = True
    """False when there were more rows than may be answered."""
    counted: Mapping[str, int] = field(default_factory=dict)
    """How many rows of each table there were to look at."""


class Engine(Protocol):
    """Reads a query, and runs the one that was read last. A query changes nothing and reads its tables alone."""

    async def plan(self, query: str, known: Mapping[str, Columns], now: datetime, seconds: float) -> tuple[str, ...]:
        """The tables that the query needs, of those that there are.

        Raises:
            QueryError: it is no such query.
            SlowQueryError: it took longer than so many seconds.
        """

    async def run(self, tables: Mapping[str, Columns], batches: Iterable[Batch], seconds: float, most: int) -> Answer:
        """What the query makes of the rows of its tables, at most so many rows. Batches are taken one by one.

        Raises:
            QueryError: it cannot be answered.
            SlowQueryError: it took longer than so many seconds.
        """

    async def end(self) -> None:
        """Nothing is left running."""


def engine() -> Engine:
    """The engine that the twin has. Its library is loaded when the first query comes, in a process of its own."""
    from ringfence.twin.logs.apart import Apart

    return Apart()
