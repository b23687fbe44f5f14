"""MySQL, by a client that knows nothing of the twin, through the stand's proxy."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pymysql

from ringfence.twin.probes.hand.tunnel import trusting, tunnel

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients

SCOPE = "https://ossrdbms-aad.database.windows.net/.default"
_PORT, _SECONDS = 3306, 10
_STEP = 0.25


def query(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The rows of the last of some statements, sent on one connection of their own."""
    with _connected(clients, words) as connection, connection.cursor() as cursor:
        for statement in words["statements"]:
            cursor.execute(statement)
        rows = cursor.fetchall()
        connection.commit()
    return {"rows": [list(map(_plain, row)) for row in rows]}


def hold(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """After how many seconds a connection that is used all the time was closed; None when it was not, in that time."""
    with _connected(clients, words) as connection, connection.cursor() as cursor:
        began = time.monotonic()
        while (passed := time.monotonic() - began) < words["seconds"]:
            try:
                cursor.execute("SELECT 1")
            except pymysql.err.MySQLError:
                return {"closed": round(passed, 1)}
            time.sleep(_STEP)
    return {"closed": None}


def _connected(clients: Clients, words: dict[str, Any]) -> Any:
    password = words.get("password") or clients.credential(words["who"]).get_token(SCOPE).token
    connection = pymysql.connect(
        host=words["host"], user=words["user"], password=password, database=words.get("database"),
        ssl=None if words.get("plain") else trusting(), ssl_disabled=bool(words.get("plain")),
        connect_timeout=_SECONDS, read_timeout=_SECONDS, defer_connect=True,
    )  # fmt: skip
    connection.connect(tunnel(words["host"], _PORT))
    return connection


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
