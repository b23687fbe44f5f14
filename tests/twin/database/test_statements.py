"""What applications say to a database, by a real client: the same on both engines."""

from __future__ import annotations

import threading
import time
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.database.error import (
    CHILD_ROW,
    DUPLICATE,
    NO_TABLE,
    NOT_NULL,
    PARENT_ROW,
    SYNTAX,
    TABLE_EXISTS,
    UNKNOWN_COLUMN,
    UNKNOWN_TABLE,
)

from .support import DATABASE, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .support import Stand

PERSON = """
CREATE TABLE person (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'counted',
  name VARCHAR(40) NOT NULL,
  born DATE DEFAULT NULL,
  seen DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  balance DECIMAL(12,2) NOT NULL DEFAULT 0.00,
  state ENUM('new','old') NOT NULL DEFAULT 'new',
  active TINYINT(1) NOT NULL DEFAULT 1,
  picture BLOB,
  PRIMARY KEY (id), UNIQUE KEY uq_name (name), KEY ix_state (state, active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
"""
VISIT = """
CREATE TABLE visit (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT UNSIGNED NOT NULL,
  place VARCHAR(20),
  CONSTRAINT fk_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE
) ENGINE=InnoDB
"""


@pytest.fixture
def cursor(stand: Stand) -> Iterator[Any]:
    """In a database with two tables and some rows."""
    with stand.connect() as connection, connection.cursor() as made:
        for name in ("visit", "person"):
            made.execute(f"DROP TABLE IF EXISTS {name}")
        made.execute(PERSON)
        made.execute(VISIT)
        rows = [("Ada", "1815-12-10", "10.50"), ("Élise", None, "2"), ("漢字 🦓", None, "0.05")]
        made.executemany("INSERT INTO person (name, born, balance) VALUES (%s, %s, %s)", rows)
        made.execute("INSERT INTO visit (person_id, place) VALUES (1, 'Oslo'), (1, 'Rome'), (2, 'Rome')")
        yield made


def rows(cursor: Any, sql: str, *given: Any) -> Any:
    cursor.execute(sql, given or None)
    return cursor.fetchall()


def test_values_come_back_as_what_they_are(cursor: Any) -> None:
    cursor.execute("UPDATE person SET picture = %s WHERE id = 1", (bytes(range(256)),))
    [row] = rows(cursor, "SELECT id, name, born, balance, state, active, picture FROM person WHERE id = 1")
    assert row == (1, "Ada", date(1815, 12, 10), Decimal("10.50"), "new", 1, bytes(range(256)))
    [[seen]] = rows(cursor, "SELECT seen FROM person WHERE id = 1")
    assert isinstance(seen, datetime)


def test_text_is_compared_without_case_and_accents(cursor: Any) -> None:
    assert rows(cursor, "SELECT name FROM person WHERE name = 'elise'") == (("Élise",),)
    assert rows(cursor, "SELECT name FROM person WHERE name LIKE 'ÉL%%'") == (("Élise",),)
    assert rows(cursor, "SELECT name FROM person WHERE name = '漢字 🦓'") == (("漢字 🦓",),)


def test_joins_and_aggregates(cursor: Any) -> None:
    found = rows(
        cursor,
        "SELECT p.name, COUNT(v.id) AS visits, GROUP_CONCAT(v.place ORDER BY v.place SEPARATOR '+') "
        "FROM person p LEFT JOIN visit v ON v.person_id = p.id GROUP BY p.id, p.name HAVING visits > 0 "
        "ORDER BY visits DESC",
    )
    assert found == (("Ada", 2, "Oslo+Rome"), ("Élise", 1, "Rome"))
    assert rows(cursor, "SELECT COUNT(*), SUM(balance), MAX(balance) FROM person") == (
        (3, Decimal("12.55"), Decimal("10.50")),
    )
    assert rows(cursor, "SELECT DISTINCT place FROM visit ORDER BY place LIMIT 1, 1") == (("Rome",),)


def test_subqueries_unions_and_common_tables(cursor: Any) -> None:
    assert rows(
        cursor,
        "SELECT name FROM person WHERE id IN (SELECT person_id FROM visit WHERE place = 'Oslo') "
        "UNION ALL SELECT 'x' ORDER BY 1",
    ) == (("Ada",), ("x",))
    counted = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT SUM(i) FROM n"
    assert int(rows(cursor, counted)[0][0]) == 10


def test_the_number_of_what_was_inserted_is_told(cursor: Any) -> None:
    cursor.execute("INSERT INTO person (name) VALUES ('one'), ('two')")
    assert (cursor.rowcount, cursor.lastrowid) == (2, 4)
    assert rows(cursor, "SELECT LAST_INSERT_ID()") == ((4,),)


def test_changes_of_several_kinds(cursor: Any) -> None:
    assert (
        cursor.execute("UPDATE person p JOIN visit v ON v.person_id = p.id SET p.balance = 7 WHERE v.place = 'Oslo'")
        == 1
    )
    added = "ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)"
    cursor.execute(f"INSERT INTO person (name, balance) VALUES ('ADA', 1) {added}")
    assert rows(cursor, "SELECT balance FROM person WHERE id = 1") == ((Decimal("8.00"),),)
    cursor.execute("INSERT IGNORE INTO person (name) VALUES ('ada')")
    cursor.execute("REPLACE INTO visit (id, person_id, place) VALUES (1, 1, 'Bern')")
    assert rows(cursor, "SELECT place FROM visit ORDER BY id") == (("Bern",), ("Rome",), ("Rome",))
    cursor.execute("DELETE v FROM visit v JOIN person p ON p.id = v.person_id WHERE p.name = 'Ada'")
    cursor.execute("UPDATE visit SET place = 'Kyiv' ORDER BY id LIMIT 1")
    assert rows(cursor, "SELECT place FROM visit") == (("Kyiv",),)
    cursor.execute("DELETE FROM person WHERE id = 2")
    assert rows(cursor, "SELECT COUNT(*) FROM visit") == ((0,),)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("INSERT INTO person (name) VALUES ('ADA')", DUPLICATE),
        ("INSERT INTO person (name) VALUES (NULL)", NOT_NULL),
        ("INSERT INTO person (name) VALUES (REPEAT('x', 41))", 1406),
        ("INSERT INTO person (name, state) VALUES ('x', 'other')", 1265),
        ("INSERT INTO person (name, active) VALUES ('x', 'word')", 1366),
        ("INSERT INTO visit (person_id) VALUES (99)", CHILD_ROW),
        ("INSERT INTO person (nothing) VALUES (1)", UNKNOWN_COLUMN),
        ("SELECT nothing FROM person", UNKNOWN_COLUMN),
        ("SELECT * FROM nothing", NO_TABLE),
        ("DROP TABLE nothing", UNKNOWN_TABLE),
        ("CREATE TABLE person (a INT)", TABLE_EXISTS),
        ("SELEKT 1", SYNTAX),
        ("SELECT 1; DROP TABLE person", SYNTAX),
        ("SELECT @@nothing", 1193),
    ],
)
def test_errors_have_mysql_s_numbers(cursor: Any, statement: str, number: int) -> None:
    with refused(number):
        cursor.execute(statement)
    assert rows(cursor, "SELECT COUNT(*) FROM person") == ((3,),)


def test_what_is_rolled_back_never_was(stand: Stand, cursor: Any) -> None:
    with stand.connect(autocommit=False) as connection, connection.cursor() as other:
        other.execute("INSERT INTO visit (person_id) VALUES (1)")
        assert rows(other, "SELECT COUNT(*) FROM visit") == ((4,),)
        assert rows(cursor, "SELECT COUNT(*) FROM visit") == ((3,),)
        connection.rollback()
        other.execute("INSERT INTO visit (person_id) VALUES (2)")
        connection.commit()
    assert rows(cursor, "SELECT COUNT(*) FROM visit") == ((4,),)


def test_what_was_not_committed_is_gone_with_the_connection(stand: Stand, cursor: Any) -> None:
    with stand.connect(autocommit=False) as connection, connection.cursor() as other:
        other.execute("DELETE FROM visit")
    assert rows(cursor, "SELECT COUNT(*) FROM visit") == ((3,),)


def test_savepoints(cursor: Any) -> None:
    for statement in (
        "START TRANSACTION",
        "UPDATE visit SET place = 'a' WHERE id = 1",
        "SAVEPOINT half",
        "UPDATE visit SET place = 'b' WHERE id = 1",
        "ROLLBACK TO SAVEPOINT half",
        "RELEASE SAVEPOINT half",
        "COMMIT",
    ):
        cursor.execute(statement)
    assert rows(cursor, "SELECT place FROM visit WHERE id = 1") == (("a",),)


def test_tables_change_and_keep_their_rows(cursor: Any) -> None:
    cursor.execute("ALTER TABLE visit ADD COLUMN stars INT NOT NULL DEFAULT 3 AFTER person_id, DROP COLUMN place")
    cursor.execute("ALTER TABLE visit CHANGE stars rank_ SMALLINT NOT NULL DEFAULT 4, ADD INDEX ix_rank (rank_)")
    assert rows(cursor, "SELECT * FROM visit WHERE id = 1") == ((1, 1, 3),)
    cursor.execute("CREATE UNIQUE INDEX ux ON visit (id, person_id)")
    cursor.execute("DROP INDEX ux ON visit")
    cursor.execute("RENAME TABLE visit TO moved")
    cursor.execute("ALTER TABLE moved RENAME TO visit")
    assert [row[0] for row in rows(cursor, "DESCRIBE visit")] == ["id", "person_id", "rank_"]
    with refused(CHILD_ROW):
        cursor.execute("INSERT INTO visit (person_id) VALUES (99)")


def test_a_server_tells_of_itself(cursor: Any) -> None:
    assert {"person", "visit"} <= {row[0] for row in rows(cursor, "SHOW TABLES")}
    assert (DATABASE,) in rows(cursor, "SHOW DATABASES")
    described = {row[0]: row[1:4] for row in rows(cursor, "DESCRIBE person")}
    assert described["name"] == ("varchar(40)", "NO", "UNI")
    assert described["born"] == ("date", "YES", "")
    shown = rows(cursor, "SHOW CREATE TABLE visit")[0][1].split("\n")
    assert shown[0] == "CREATE TABLE `visit` ("
    assert "NOT NULL AUTO_INCREMENT," in shown[1]
    assert "  PRIMARY KEY (`id`)," in shown
    assert [line for line in shown if line.startswith("  CONSTRAINT `fk_person` FOREIGN KEY (`person_id`) REFERENCES")]
    assert {row[2] for row in rows(cursor, "SHOW INDEX FROM person")} == {"PRIMARY", "uq_name", "ix_state"}
    found = rows(
        cursor,
        "SELECT column_name, data_type, column_key FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name = 'visit' ORDER BY ordinal_position",
    )
    assert (
        found == (("id", "int", "PRI"), ("person_id", "bigint", "MUL"), ("place", "varchar", ""))
        or found[0][2] == "PRI"
    )
    assert rows(cursor, "SHOW VARIABLES LIKE 'autocommit'") == (("autocommit", "ON"),)
    assert rows(cursor, "SELECT @@autocommit, CONNECTION_ID() > 0") == ((1, 1),)


def test_variables_of_the_client(cursor: Any) -> None:
    cursor.execute("SET @one = 41, @@session.sql_mode = 'ANSI_QUOTES'")
    cursor.execute("SET NAMES utf8mb4")
    assert rows(cursor, "SELECT @one + 1") == ((42,),)


def test_functions(cursor: Any) -> None:
    [row] = rows(
        cursor,
        "SELECT CONCAT('a', 1), IF(1 > 2, 'x', 'y'), IFNULL(NULL, 'z'), UPPER('é'), CHAR_LENGTH('🦓é'), LENGTH('🦓é'), "
        "SUBSTRING('abc', 2), MD5('a'), COALESCE(NULL, 'c'), GREATEST(3, 9, 4), 7 DIV 2, MOD(7, 4), LPAD('7', 3, '0'), "
        "SUBSTRING_INDEX('a.b.c', '.', 2), TIMESTAMPDIFF(DAY, '2026-01-01', '2026-02-01'), "
        "DATE_FORMAT('2026-03-04 05:06:07', '%Y/%m/%d %H:%i'), DATEDIFF('2026-03-02', '2026-02-28'), "
        "CAST('2026-01-31' AS DATE) + INTERVAL 1 MONTH, CAST('7' AS SIGNED) + 1",
    )
    assert row == (
        "a1", "y", "z", "É", 2, 6, "bc", "0cc175b9c0f1b6a831c399e269772661", "c", 9, 3, 3, "007", "a.b", 31,
        "2026/03/04 05:06", 2, date(2026, 2, 28), 8,
    )  # fmt: skip


def test_what_is_computed_is_called_as_it_is_written(cursor: Any) -> None:
    cursor.execute("SELECT DATABASE(), COUNT(*), 'word', MAX(id) AS most, CONCAT(MIN(name), '!') FROM person")
    names = [one[0] for one in cursor.description]
    assert names == ["DATABASE()", "COUNT(*)", "word", "most", "CONCAT(MIN(name), '!')"]


def test_a_view(cursor: Any) -> None:
    cursor.execute("DROP VIEW IF EXISTS seen_in")
    with refused(1142):
        cursor.execute("CREATE VIEW seen_in AS SELECT place, COUNT(*) AS n FROM visit GROUP BY place")


def test_who_waits_for_another_gets_on_when_that_one_has_ended(stand: Stand, cursor: Any) -> None:
    with stand.connect(autocommit=False) as one, stand.connect() as other, one.cursor() as first:
        first.execute("UPDATE visit SET place = 'a' WHERE id = 1")
        waits = threading.Thread(target=other.query, args=("UPDATE visit SET place = 'b' WHERE id = 1",))
        waits.start()
        time.sleep(0.1)
        assert waits.is_alive()
        one.commit()
        waits.join(5)
    assert rows(cursor, "SELECT place FROM visit WHERE id = 1") == (("b",),)


def test_a_row_that_is_read_to_be_changed_is_nobody_else_s(stand: Stand, cursor: Any) -> None:
    def book() -> None:
        with stand.connect(autocommit=False) as connection, connection.cursor() as own:
            for _ in range(10):
                own.execute("SELECT balance FROM person WHERE id = 2 FOR UPDATE")
                [balance] = own.fetchone()
                own.execute("UPDATE person SET balance = %s WHERE id = 2", (balance + 1,))
                connection.commit()

    clerks = [threading.Thread(target=book) for _ in range(4)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join(30)
    assert rows(cursor, "SELECT balance FROM person WHERE id = 2") == ((Decimal(42),),)


def test_a_row_that_others_refer_to_stays(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS bound")
    cursor.execute("CREATE TABLE bound (v INT NOT NULL, FOREIGN KEY (v) REFERENCES visit (id))")
    cursor.execute("INSERT INTO bound VALUES (1)")
    with refused(PARENT_ROW):
        cursor.execute("DELETE FROM visit WHERE id = 1")
    cursor.execute("DROP TABLE bound")
