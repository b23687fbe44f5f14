"""Each identity does in its own database what it was given, and nothing elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pymysql
import pytest

from ringfence.twin.database.error import DATABASE_DENIED, TABLE_DENIED

from .support import ISSUANCE, OTHER, READER, refused

if TYPE_CHECKING:
    from .support import Stand


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT * FROM `{OTHER}`.rules",
        f"INSERT INTO `{OTHER}`.rules VALUES (1)",
        f"CREATE TABLE `{OTHER}`.mine (a INT)",
        f"DROP TABLE `{OTHER}`.rules",
        "SELECT * FROM mysql.user",
    ],
)
def test_another_database_is_refused(stand: Stand, statement: str) -> None:
    with stand.connect() as connection, connection.cursor() as cursor, refused(TABLE_DENIED, ISSUANCE):
        cursor.execute(statement)


def test_another_database_cannot_be_used(stand: Stand) -> None:
    with stand.connect() as connection:
        with refused(DATABASE_DENIED, OTHER):
            connection.select_db(OTHER)
        with refused(DATABASE_DENIED, OTHER):
            connection.query(f"USE `{OTHER}`")


def test_another_database_is_not_seen(stand: Stand) -> None:
    with stand.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SHOW DATABASES")
        assert OTHER not in str(cursor.fetchall())
        cursor.execute("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = %s", (OTHER,))
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE kept",
        "TRUNCATE TABLE kept",
        "DELETE FROM kept",
        "DELETE FROM kept WHERE a IN (SELECT a FROM kept)",
        "UPDATE kept SET a = 2",
        "INSERT INTO kept VALUES (2)",
        "REPLACE INTO kept VALUES (2)",
        "CREATE TABLE mine (a INT)",
        "ALTER TABLE kept ADD COLUMN b INT",
        "CREATE INDEX i ON kept (a)",
        "INSERT INTO kept SELECT a FROM kept",
    ],
)
def test_who_may_only_read_changes_nothing(stand: Stand, statement: str) -> None:
    with stand.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (a INT)")
        cursor.execute("DELETE FROM kept")
        cursor.execute("INSERT INTO kept VALUES (1)")
    with stand.connect(READER) as connection, connection.cursor() as cursor:
        with refused(TABLE_DENIED, READER):
            cursor.execute(statement)
        cursor.execute("SELECT a FROM kept")
        assert cursor.fetchall() == ((1,),)


@pytest.mark.parametrize("statement", ["GRANT ALL ON *.* TO x", "CREATE DATABASE mine", "SET GLOBAL read_only = 1"])
def test_nobody_raises_himself(stand: Stand, statement: str) -> None:
    with stand.connect() as connection, pytest.raises(pymysql.MySQLError, match=r"\((1044|1045|1227|1235),"):
        connection.query(statement)


def test_no_connection_becomes_another_user(stand: Stand) -> None:
    change_user = 17
    with stand.connect() as connection:
        connection._execute_command(change_user, b"root\0\0\0")
        with refused(1047):
            connection._read_packet()
