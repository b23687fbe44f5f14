"""Who connected, from where, what was done: in Azure's columns, as the estate switches it, without what is secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.model.world import Altered, Change
from ringfence.twin.database.audit import shown
from ringfence.twin.database.error import DATABASE_DENIED, SIGN_IN_DENIED

from .. import grounds
from .support import DATABASE, HOST, ISSUANCE, OTHER, PLAIN, SERVER, connections, refused, statements

if TYPE_CHECKING:
    from .support import Stand


def test_a_visit_is_recorded_from_its_begin_to_its_end(stand: Stand) -> None:
    before = len(connections(stand))
    with stand.connect():
        pass
    begun, ended = stand.settled(lambda: connections(stand)[before:], 2)
    assert (begun["event_subclass_s"], ended["event_subclass_s"]) == ("CONNECT", "DISCONNECT")
    assert begun["connection_id_d"] == ended["connection_id_d"]
    assert begun["LogicalServerName_s"] == HOST.partition(".")[0]
    told = [begun[name] for name in ("event_class_s", "user_s", "ip_s", "db_s", "status_d", "is_aad_auth_s")]
    assert told == ["connection_log", ISSUANCE, "10.1.2.3", DATABASE, 0, "Y"]


@pytest.mark.parametrize(
    ("database", "secret", "number"), [(OTHER, None, DATABASE_DENIED), (DATABASE, PLAIN, SIGN_IN_DENIED)]
)
def test_who_is_refused_is_recorded_and_not_what_he_showed(
    stand: Stand, database: str, secret: str, number: int
) -> None:
    before = len(connections(stand))
    with refused(number):
        stand.connect(secret=secret, database=database)
    [row] = stand.settled(lambda: connections(stand)[before:], 1)
    assert (row["user_s"], row["db_s"], row["status_d"]) == (ISSUANCE, database, number)
    assert PLAIN not in str(row)


def test_definitions_are_recorded_and_queries_are_not_as_declared(stand: Stand) -> None:
    with stand.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS written (a VARCHAR(40) DEFAULT '{PLAIN}')")
        cursor.execute("INSERT INTO written VALUES (%s)", (PLAIN,))
        cursor.execute("DROP TABLE written")
    found = [row["sql_text_s"] for row in statements(stand)]
    assert "CREATE TABLE IF NOT EXISTS written (a VARCHAR(40) DEFAULT ?)" in found
    assert "DROP TABLE written" in found
    assert not [text for text in found if text.startswith("INSERT")]


def test_a_statement_that_is_denied_is_recorded_as_an_error(stand: Stand) -> None:
    with stand.connect() as connection, connection.cursor() as cursor, refused(1142):
        cursor.execute(f"DROP TABLE `{OTHER}`.rules")
    row = stand.settled(lambda: [r for r in statements(stand) if r["error_code_d"]], 1)[-1]
    told = [row[name] for name in ("event_class_s", "event_subclass_s", "error_code_d", "user_s", "ip_s")]
    assert told == ["general_log", "ERROR", 1142, ISSUANCE, "10.1.2.3"]


def test_no_value_and_no_token_is_in_any_record(stand: Stand) -> None:
    token = stand.token(ISSUANCE)
    with stand.connect(secret=token) as connection, connection.cursor() as cursor:
        cursor.execute("SET @x = %s", (PLAIN,))
        cursor.execute("SHOW TABLES LIKE %s", (PLAIN,))
    everything = str(grounds.rows(stand.ground))
    assert PLAIN not in everything
    assert token not in everything


def test_where_the_audit_log_is_off_nothing_is_recorded(stand: Stand) -> None:
    audit = f"{SERVER.partition('#')[0]}#azurerm_mysql_flexible_server_configuration.audit_log_enabled"
    stand.ground.present.become(Change(without=(audit,)))
    try:
        before = len(connections(stand))
        stand.connect().close()
        assert len(connections(stand)) == before
    finally:
        stand.ground.present.become(Change())


def test_queries_and_slow_ones_are_recorded_once_that_is_switched_on(stand: Stand) -> None:
    set_ = (("audit_log_events", "GENERAL"), ("long_query_time", "0"))
    changed = (Altered(SERVER, ("configurations", name, "value"), value) for name, value in set_)
    stand.ground.present.become(Change(set=tuple(changed)))
    try:
        with stand.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1, %s", (PLAIN,))
    finally:
        stand.ground.present.become(Change())
    assert "SELECT 1, ?" in [row["sql_text_s"] for row in statements(stand)]
    slow = [row for _, category, row, _ in grounds.rows(stand.ground) if category == "MySqlSlowLogs"]
    [row] = [row for row in slow if row["sql_text_s"] == "SELECT 1, ?"]
    assert row["query_time_d"] >= 0
    assert row["user_host_s"] == f"{ISSUANCE}[{ISSUANCE}] @ [10.1.2.3]"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("SELECT 'it''s' , \"b\\\"c\", 3", "SELECT ? , ?, 3"),
        ("CREATE USER x IDENTIFIED BY 'p", "CREATE USER x IDENTIFIED BY ?"),
        ("SELECT x'4142', 0xFF", "SELECT ?, ?"),
        ("SELECT `a'b`, 'c'", "SELECT `a'b`, ?"),
        ("SELECT /* 'c */ 'd'", "SELECT /* ?d?"),
    ],
)
def test_what_stands_between_quotes_is_left_out(statement: str, told: str) -> None:
    assert shown(statement) == told
