"""Queries of a workspace, by the client of Azure Monitor as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from azure.monitor.query import LogsQueryClient, LogsQueryPartialResult

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients

_WINDOW = timedelta(minutes=3)
"""How old what is looked for can be: less is to be read so."""

_AHEAD = timedelta(minutes=1)


def query_logs(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The rows that a query finds."""
    client = clients.once(
        f"logs {words['who']}", lambda: LogsQueryClient(clients.credential(words["who"]), transport=clients.transport)
    )
    since = datetime.fromisoformat(words["since"]) if "since" in words else datetime.now(UTC) - _WINDOW
    found = client.query_workspace(words["workspace"], words["query"], timespan=(since, datetime.now(UTC) + _AHEAD))
    tables = found.partial_data if isinstance(found, LogsQueryPartialResult) else found.tables
    return {"rows": [dict(zip(t.columns, map(_plain, row), strict=True)) for t in tables for row in t.rows]}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
