"""What a server records of who connects and what is done: the audit log and the slow log, as the estate switches them.

Columns are those that Azure's records have in AzureDiagnostics. What stands between quotes in a statement is left out,
which Azure does not do: it would be the patients' data, and now and then a password or a token.

Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs, …/concepts-slow-query-logs
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ringfence.record import record
from ringfence.twin.database.error import SqlError
from ringfence.twin.database.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.database.settings import Server, Settings
    from ringfence.twin.ground import Ground

AUDIT, SLOW = "MySqlAuditLogs", "MySqlSlowLogs"
LONGEST = 2048
"""Characters of a statement that are recorded."""
_NAME = r"(`[^`]*`?)"
_TEXT = r"'(?:[^'\\]|\\.|'')*'?|\"(?:[^\"\\]|\\.|\"\")*\"?|\b[xX]'[^']*'?|\b0x[0-9a-fA-F]+"
_QUOTED = re.compile(f"{_NAME}|{_TEXT}", re.DOTALL)
_CLASSES = {
    "DML_SELECT": ("SELECT", "WITH", "TABLE", "VALUES", "("),
    "DML_NONSELECT": ("INSERT", "UPDATE", "DELETE", "REPLACE", "CALL", "LOAD"),
    "DDL": ("CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME"),
    "DCL": ("GRANT", "REVOKE"),
}
_OF_USERS = re.compile(r"\s*(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE|AADUSER)\b|\s*SET\s+PASSWORD\b", re.IGNORECASE)
_COMMENTS = re.compile(r"\s*(?:/\*.*?\*/|--[^\n]*\n|#[^\n]*\n)\s*", re.DOTALL)
_COVERS = {
    "DML_SELECT": ("DML_SELECT", "DML", "GENERAL"),
    "DML_NONSELECT": ("DML_NONSELECT", "DML", "GENERAL"),
    "DDL": ("DDL", "GENERAL"),
    "DCL": ("DCL", "GENERAL"),
    "ADMIN": ("ADMIN", "GENERAL"),
}
"""By a class of statements: the values of audit_log_events that record it."""
_CONNECTIONS = ("CONNECTION", "CONNECTION_V2")


@record(frozen=False, eq=False)
class Told:
    """What becomes known of a statement while it runs."""

    rows: int | None = None
    """None where nobody counts them."""
    error: int = 0


class Record:
    """The records of one connection."""

    def __init__(self, ground: Ground, server: Server, connection: int, address: str) -> None:
        self._ground, self._server = ground, server
        self._connection, self._address = connection, address
        self.user = self.database = ""
        self.by_token = True
        self.in_ = False
        """Somebody has been let in."""

    @property
    def _settings(self) -> Settings:
        found: Any = self._ground.present.now(self._server) or self._server
        return settings(found)

    def connected(self) -> None:
        """Somebody has been let in."""
        self.in_ = True
        self._connection_log("CONNECT", 0)

    def refused(self, error: SqlError) -> None:
        """Somebody has been refused."""
        self._connection_log("CONNECT", error.number)

    def left(self) -> None:
        """Whoever was let in has left, or was sent away."""
        self._connection_log("DISCONNECT", 0)

    def _connection_log(self, what: str, status: int) -> None:
        if self._settings.audited.isdisjoint(_CONNECTIONS):
            return
        row = {"event_class_s": "connection_log", "event_subclass_s": what, "status_d": status}
        told = {"db_s": self.database, "is_aad_auth_s": "Y" if self.by_token else "N"}
        self._ground.journal.write(self._server, AUDIT, self._common() | row | told)

    def _common(self) -> dict[str, Any]:
        return {
            "OperationName": "LogEvent",
            "LogicalServerName_s": self._server.title,
            "event_time_t": self._ground.now().isoformat(),
            "connection_id_d": self._connection,
            "thread_id_d": self._connection,
            "host_s": "",
            "ip_s": self._address,
            "user_s": self.user,
        }

    @contextmanager
    def statement(self, sql: str, database: str) -> Iterator[Told]:
        """What is done inside is one statement; it is recorded with what came of it."""
        told, begun = Told(), time.monotonic()
        try:
            yield told
        except SqlError as error:
            told.error = error.number
            raise
        finally:
            self.done(sql, database, told, time.monotonic() - begun)

    def done(self, sql: str, database: str, told: Told, seconds: float) -> None:
        """A statement has been done, or has failed."""
        found = self._settings
        text = shown(sql)
        if not found.audited.isdisjoint(_COVERS[_class(sql)]):
            what = {"event_class_s": "general_log", "event_subclass_s": "ERROR" if told.error else "LOG"}
            more = {"error_code_d": told.error, "db_s": database, "sql_text_s": text}
            self._ground.journal.write(self._server, AUDIT, self._common() | what | more)
        if found.slow is not None and seconds >= found.slow:
            self._slow(database, text, told, seconds)

    def _slow(self, database: str, text: str, told: Told, seconds: float) -> None:
        row = {
            "OperationName": "LogEvent",
            "LogicalServerName_s": self._server.title,
            "event_class_s": "slow_log",
            "start_time_t": self._ground.now().isoformat(),
            "query_time_d": seconds,
            "lock_time_d": 0.0,
            "user_host_s": f"{self.user}[{self.user}] @ [{self._address}]",
            "rows_sent_d": told.rows,
            "db_s": database,
            "thread_id_s": str(self._connection),
            "sql_text_s": text,
        }
        self._ground.journal.write(self._server, SLOW, row)


def shown(sql: str) -> str:
    """A statement without what stands between quotes."""
    return _QUOTED.sub(lambda found: found[1] or "?", sql[: 4 * LONGEST])[:LONGEST]


def _class(sql: str) -> str:
    while True:
        comment = _COMMENTS.match(sql)
        if comment is None:
            break
        sql = sql[comment.end() :]
    if _OF_USERS.match(sql):
        return "DCL"
    found = re.match(r"\s*(\(|\w+)", sql)
    word = found[1].upper() if found else ""
    return next((name for name, words in _CLASSES.items() if word in words), "ADMIN")
