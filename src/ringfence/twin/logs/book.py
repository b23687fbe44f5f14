"""The journal of a run: rows by workspace and table, sealed on disk within half a second of being written.

Rows that were written together are sealed together. A process that is killed loses what it wrote in the last half
second at most; whoever asks for rows gets all that were written before.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from ringfence.model.monitor import DirectoryDiagnosticSetting
from ringfence.model.subscription import Subscription
from ringfence.questions.logs.kept import in_workspace
from ringfence.twin.arm.ids import Ids
from ringfence.twin.logs import alerts, shape
from ringfence.twin.logs.envelope import Envelope
from ringfence.twin.logs.flows import records
from ringfence.twin.logs.kql import Batch
from ringfence.twin.logs.routes import routes
from ringfence.twin.logs.tables import all_columns, columns_of, is_fixed, type_of
from ringfence.twin.logs.values import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from ringfence.model.insights import LogAnalyticsWorkspace
    from ringfence.model.resource import Resource
    from ringfence.twin.entra.directory import Directory
    from ringfence.twin.logs.flows import Flow
    from ringfence.twin.logs.kql import Columns, Row
    from ringfence.twin.logs.routes import Route
    from ringfence.twin.present import Present
    from ringfence.twin.store import Store

_ROWS, _COLUMNS = "logs", "logs columns"
"""Buckets: batches of rows, and the columns that a table has got besides those that it always has."""
_PAUSE = 0.5
"""Seconds until what was written is on disk."""


class Book:
    """Writes rows down, and finds them again."""

    def __init__(self, present: Present, store: Store, directory: Directory, now: Callable[[], datetime]) -> None:
        self._present = present
        self._store = store
        self._ids = Ids(present, directory)
        self._envelope = Envelope(directory, self._ids)
        self._now = now
        self.alerts = alerts.Alerts(present, store, self._ids, now)
        self._open: dict[Route, list[Row]] = {}
        self._batches = 0
        self._timer: asyncio.TimerHandle | None = None
        self._grown: dict[str, Columns] = {key: dict(row) for key, row in store.rows(_COLUMNS)}
        self._grew: set[str] = set()
        self.lost: Counter[tuple[str, str]] = Counter()
        """How many records no setting sends, by the resource's key and the category."""

    def write(
        self, resource: Resource | None, category: str, row: Mapping[str, Any], part: tuple[str, ...] = ()
    ) -> None:
        """The record is in every workspace that the newest estate sends its category to."""
        if isinstance(resource, DirectoryDiagnosticSetting):
            resource = None
        newest = resource and self._present.now(resource)
        found = routes(self._present.estate, newest, category, part) if newest or resource is None else ()
        if not found:
            self.lost[resource.key if resource is not None else "", category] += 1
        for route in found:
            around = self._envelope.around(route.workspace, route.table, newest, category, part)
            content = {**around, **row, "TimeGenerated": row.get("TimeGenerated") or moment(self._now())}
            self._add(route, shape.row(route.table, content))
        if isinstance(newest, Subscription) and category != alerts.CATEGORY:
            for raised in self.alerts.raised(category, row):
                self.write(newest, alerts.CATEGORY, raised)

    def flow(self, flow: Flow) -> None:
        """The connection is in every workspace to which a flow log that sees it writes."""
        for resource, category, row in records(flow, self._present.estate, self._ids, moment(self._now())):
            self.write(resource, category, row)

    def _add(self, route: Route, row: Row) -> None:
        self._grow(route, row)
        self._open.setdefault(route, []).append(row)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self.flush()
        if self._timer is None:
            self._timer = loop.call_later(_PAUSE, self.flush)
        return None

    def flush(self) -> None:
        """All that was written is on disk."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._open:
            return
        until = _milliseconds(self._now())
        with self._store.together():
            for mark in self._grew:
                self._store.put(_COLUMNS, mark, dict(self._grown[mark]))
            for route, rows in self._open.items():
                self._batches += 1
                key = f"{_prefix(route.workspace, route.table)}{until:015d}-{self._batches:06d}-{token_hex(4)}"
                self._store.put(_ROWS, key, {"rows": json.dumps(rows, separators=(",", ":"))})
        self._open, self._grew = {}, set()

    def batches(self, workspace: LogAnalyticsWorkspace, table: str, since: datetime | None = None) -> Iterator[Batch]:
        """The rows of a table that the workspace still keeps, of those that were written since then, as they are kept.

        What is past the table's retention counts no more, and is destroyed.
        """
        self.flush()
        prefix = _prefix(workspace.key, table)
        kept = self._kept_since(workspace, table)
        first = max((moment for moment in (kept, since) if moment is not None), default=None)
        for key in self._store.keys(_ROWS, prefix):
            last = int(key.removeprefix(prefix).partition("-")[0])
            if kept is not None and last < _milliseconds(kept):
                self._store.delete(_ROWS, key)
            elif first is None or last >= _milliseconds(first):
                batch = self._store.get(_ROWS, key)
                if batch is not None:
                    yield Batch(table, batch["rows"], first)

    def rows(self, workspace: LogAnalyticsWorkspace, table: str) -> list[Row]:
        """All rows of a table that are kept."""
        return [row for batch in self.batches(workspace, table) for row in json.loads(batch.rows)]

    def _kept_since(self, workspace: LogAnalyticsWorkspace, table: str) -> datetime | None:
        """From when on rows of the table are kept; where it is not known for how long, all are."""
        days = in_workspace(workspace, table, self._present.estate).days
        return self._now() - timedelta(days=days) if isinstance(days, int) else None

    def tables(self, workspace: LogAnalyticsWorkspace) -> dict[str, Columns]:
        """The tables of a workspace: those that each has, and those that it was given records of."""
        found = {name: dict(columns) for name, columns in all_columns().items()}
        prefix = _prefix(workspace.key, "")[:-1]
        for mark, columns in self._grown.items():
            if mark.startswith(prefix):
                table = mark.removeprefix(prefix).rstrip("\n")
                found[table] = {**found.get(table, columns_of(table)), **columns}
        return found

    def _grow(self, route: Route, row: Row) -> None:
        """The table has a column for everything in the row."""
        if is_fixed(route.table):
            return
        mark = _prefix(route.workspace, route.table)
        known = {**columns_of(route.table), **self._grown.get(mark, {})}
        more = {name: type_of(name) for name in row if name not in known}
        if more or (mark not in self._grown and route.table not in all_columns()):
            self._grown[mark] = {**self._grown.get(mark, {}), **more}
            self._grew.add(mark)


def _prefix(workspace: str, table: str) -> str:
    return f"{workspace}\n{table}\n"


def _milliseconds(moment_: datetime) -> int:
    return int(moment_.timestamp() * 1000)
