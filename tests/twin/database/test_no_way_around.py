"""Forms in which another database, or what one may not do, hides; none gets there, on either engine."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pymysql
import pytest

from .support import ADMINISTRATOR, DATABASE, OTHER, PLAIN, READER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .support import Stand

TO_ANOTHER = [
    "SELECT (SELECT word FROM {other}.rules LIMIT 1)",
    "SELECT * FROM mine WHERE EXISTS (SELECT 1 FROM {other}.rules)",
    "SELECT * FROM mine JOIN {other}.rules ON 1 = 1",
    "SELECT * FROM mine, {other}.rules",
    "SELECT a FROM mine UNION SELECT word FROM {other}.rules",
    "WITH x AS (SELECT * FROM {other}.rules) SELECT * FROM x",
    "WITH rules AS (SELECT 1) SELECT * FROM {other}.rules",
    "SELECT * FROM (SELECT * FROM {other}.rules) AS x",
    "SELECT * FROM mine ORDER BY (SELECT word FROM {other}.rules LIMIT 1)",
    "INSERT INTO mine SELECT word FROM {other}.rules",
    "INSERT INTO mine VALUES ((SELECT word FROM {other}.rules LIMIT 1))",
    "UPDATE mine SET a = (SELECT word FROM {other}.rules LIMIT 1)",
    "UPDATE mine, {other}.rules SET rules.word = 'x'",
    "UPDATE mine JOIN {other}.rules SET mine.a = rules.word",
    "DELETE FROM mine WHERE a IN (SELECT word FROM {other}.rules)",
    "DELETE {other}.rules FROM {other}.rules JOIN mine",
    "DELETE mine FROM mine JOIN {other}.rules",
    "REPLACE INTO {other}.rules VALUES ('x')",
    "TRUNCATE TABLE {other}.rules",
    "ALTER TABLE {other}.rules ADD COLUMN b INT",
    "ALTER TABLE mine RENAME TO {other}.mine",
    "RENAME TABLE mine TO {other}.mine",
    "CREATE TABLE {other}.more (a INT)",
    "CREATE TABLE more AS SELECT * FROM {other}.rules",
    "CREATE TABLE more LIKE {other}.rules",
    "CREATE VIEW more AS SELECT * FROM {other}.rules",
    "CREATE INDEX i ON {other}.rules (word)",
    "DROP INDEX i ON {other}.rules",
    "DROP TABLE mine, {other}.rules",
    "DROP DATABASE {other}",
    "DESCRIBE {other}.rules",
    "SHOW CREATE TABLE {other}.rules",
    "SHOW COLUMNS FROM rules FROM {other}",
    "SHOW TABLES FROM {other}",
    "SHOW INDEX FROM {other}.rules",
    "SELECT * FROM mysql.global_priv",
    "SELECT * FROM main.sqlite_master",
    "SELECT * FROM sqlite_schema",
    "SELECT * FROM ringfence_declared",
    "ATTACH DATABASE 'x' AS y",
    "PRAGMA database_list",
    "SELECT LOAD_FILE('/etc/passwd') IS NULL OR 1 / (LOAD_FILE('/etc/passwd') IS NULL) FROM nothing",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE mine",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE mine",
    "CREATE USER somebody IDENTIFIED BY 'x'",
    "GRANT SELECT ON {other}.* TO CURRENT_USER()",
    "SET GLOBAL general_log = 1",
    "INSTALL PLUGIN x SONAME 'x.so'",
    "SHUTDOWN",
]
TO_CHANGE = [
    "WITH mine AS (SELECT 1 AS a) DELETE FROM mine",
    "WITH mine AS (SELECT 1 AS a) UPDATE mine SET a = 'x'",
    "INSERT INTO mine WITH mine AS (SELECT 'y' AS a) SELECT a FROM mine",
    "INSERT INTO mine SELECT a FROM (SELECT 'y' AS a) AS mine",
    "DELETE m FROM mine AS m",
    "UPDATE mine AS m SET m.a = 'x'",
    "UPDATE mine JOIN (SELECT 'x' AS b) AS x SET a = b",
    "INSERT INTO mine (a) VALUES ('x') ON DUPLICATE KEY UPDATE a = 'y'",
    f"DROP TABLE `{DATABASE}`.mine",
    "CREATE OR REPLACE VIEW mine AS SELECT 1",
    "SELECT * FROM mine FOR UPDATE",
]


@pytest.fixture(scope="module")
def told(stand: Stand) -> Iterator[Stand]:
    """With a word in another database that must not be told, and one in the user's own."""
    run(stand, ADMINISTRATOR, OTHER, "DROP TABLE IF EXISTS rules", "CREATE TABLE rules (word VARCHAR(40))")
    run(stand, ADMINISTRATOR, OTHER, f"INSERT INTO rules VALUES ('{PLAIN}')")
    run(stand, ADMINISTRATOR, DATABASE, "DROP TABLE IF EXISTS mine", "CREATE TABLE mine (a VARCHAR(40))")
    run(stand, ADMINISTRATOR, DATABASE, "INSERT INTO mine VALUES ('kept')")
    yield stand
    assert run(stand, ADMINISTRATOR, OTHER, "SELECT * FROM rules") == ((PLAIN,),)
    assert run(stand, ADMINISTRATOR, OTHER, "SHOW TABLES LIKE 'm%'") == ()


def run(stand: Stand, user: str, database: str, *statements: str) -> Any:
    """What the last of the statements gives."""
    with stand.connect(user, database=database) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.parametrize("statement", TO_ANOTHER)
def test_nothing_gets_to_another_database(told: Stand, statement: str) -> None:
    with pytest.raises(pymysql.MySQLError) as refused:
        run(told, "dgca-issuance-service", DATABASE, statement.format(other=f"`{OTHER}`"))
    assert refused.value.args[0] != 2013, "the connection was lost"
    assert PLAIN not in str(refused.value)
    assert run(told, ADMINISTRATOR, DATABASE, "SELECT * FROM mine") == (("kept",),)


@pytest.mark.parametrize("statement", TO_CHANGE)
def test_who_may_only_read_changes_nothing_in_any_form(told: Stand, statement: str) -> None:
    with contextlib.suppress(pymysql.err.ProgrammingError, pymysql.err.NotSupportedError, pymysql.err.OperationalError):
        run(told, READER, DATABASE, statement)
    assert run(told, ADMINISTRATOR, DATABASE, "SELECT * FROM mine") == (("kept",),)
