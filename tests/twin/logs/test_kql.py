"""Queries in KQL and what they make of three rows; and what the engine refuses."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.logs.duck import Duck
from ringfence.twin.logs.kql import Batch, QueryError
from ringfence.twin.logs.tables import all_columns

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.logs.kql import Answer, Columns

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AUDIT: Columns = {
    "TimeGenerated": "datetime", "OperationName": "string", "HttpStatusCode": "int", "CallerIpAddress": "string",
    "Identity": "dynamic", "Ok": "bool", "DurationMs": "real", "Props": "string", "Id": "string",
}  # fmt: skip
PEOPLE: Columns = {"oid": "string", "Name": "string"}
TABLES: dict[str, tuple[Columns, list[dict[str, Any]]]] = {
    "Audit": (AUDIT, [
        {"TimeGenerated": "2026-11-22T11:30:00.5Z", "OperationName": "SecretGet", "HttpStatusCode": 200,
         "CallerIpAddress": "10.0.0.4", "Identity": {"claim": {"oid": "a-1", "appid": "x"}}, "Ok": True,
         "DurationMs": 1.5, "Props": '{"k":[1,2]}', "Id": "https://kv/secrets/one/1"},
        {"TimeGenerated": "2026-11-22T11:00:00Z", "OperationName": "SecretGet", "HttpStatusCode": 403,
         "CallerIpAddress": "203.0.113.10", "Identity": {"claim": {"oid": "b-2"}}, "Ok": False, "DurationMs": 2,
         "Id": "https://kv/secrets/two/1"},
        {"TimeGenerated": "2026-11-21T11:00:00Z", "OperationName": "KeySign", "HttpStatusCode": 200,
         "Identity": {"claim": {"oid": "a-1"}}, "Ok": True},
    ]),
    "People": (PEOPLE, [{"oid": "a-1", "Name": "Ann"}]),
    "Empty": (AUDIT, []),
}  # fmt: skip
KNOWN = {name: columns for name, (columns, _) in TABLES.items()}


@pytest.fixture(scope="module")
def duck() -> Duck:
    return Duck()


def answered(duck: Duck, query: str, most: int = 100) -> Answer:
    names = duck.plan(query, KNOWN, NOW)
    duck.open({name: KNOWN[name] for name in names})
    for name in names:
        duck.add(Batch(name, json.dumps(TABLES[name][1])))
    return duck.answer(most)


def rows(duck: Duck, query: str) -> list[tuple[Any, ...]]:
    return list(answered(duck, query).rows)


COUNTS = [
    # -- where
    ("Audit", 3), ("Empty", 0),
    ('Audit | where OperationName == "SecretGet"', 2), ('Audit | where OperationName == "secretget"', 0),
    ('Audit | where OperationName =~ "secretget"', 2), ('Audit | where OperationName !~ "secretget"', 1),
    ('Audit | where OperationName in ("KeySign", "x")', 1), ('Audit | where OperationName !in ("KeySign")', 2),
    ('Audit | where OperationName in~ ("keysign")', 1),
    ("Audit | where CallerIpAddress in ((People | project Name))", 0),
    ('Audit | where Id has "secrets"', 2), ('Audit | where Id has "secret"', 0), ('Audit | where Id !has "one"', 2),
    ('Audit | where Id contains "ECRET"', 2), ('Audit | where Id contains_cs "ECRET"', 0),
    ('Audit | where OperationName startswith "secret"', 2), ('Audit | where OperationName endswith "sign"', 1),
    ('Audit | where OperationName has_any ("SecretGet", "x")', 2),
    ('Audit | where Id has_all ("secrets", "one")', 1),
    ('Audit | where CallerIpAddress matches regex @"^10\\."', 1),
    ("Audit | where HttpStatusCode between (400 .. 499)", 1), ("Audit | where HttpStatusCode !between (1 .. 300)", 1),
    ("Audit | where TimeGenerated between (datetime(2026-11-22) .. datetime(2026-11-22T11:15:00Z))", 1),
    ("Audit | where TimeGenerated > ago(45m)", 1), ("Audit | where TimeGenerated > ago(1d)", 2),
    ("Audit | where TimeGenerated >= startofday(now())", 2),
    ("Audit | where Ok and not(HttpStatusCode == 403) or false", 2),
    ("Audit | where isempty(CallerIpAddress)", 1), ("Audit | where isnotempty(CallerIpAddress)", 2),
    ("Audit | where isnull(DurationMs)", 1), ("Audit | where isempty(Identity.claim.nothing)", 3),
    ('Audit | where Identity.claim.oid == "a-1"', 2), ('Audit | where Identity["claim"]["oid"] =~ "A-1"', 2),
    ('Audit | where Identity has "b-2"', 1), ('Audit | where * has "two"', 1), ('Audit | where * contains "WO/1"', 1),
    ("Audit | where ipv4_is_private(CallerIpAddress)", 1),
    ('Audit | where ipv4_is_in_range(CallerIpAddress, "203.0.113.0/24")', 1),
    # -- joins and unions
    ("Audit | extend oid = tostring(Identity.claim.oid) | join kind=inner People on oid", 2),
    ("Audit | extend oid = tostring(Identity.claim.oid) | join kind=leftouter (People) on oid", 3),
    ("Audit | extend o = tostring(Identity.claim.oid) | join kind=leftanti People on $left.o == $right.oid", 1),
    ("Audit | extend oid = tostring(Identity.claim.oid) | lookup kind=leftouter People on oid", 3),
    ("Audit | extend oid = tostring(Identity.claim.oid) | join (People) on oid", 1),
    ('Audit | where Id == "percentiles(a, b)"', 0),
    ("Audit | where tostring(Identity.claim.oid) in ((People | project oid))", 2),
    ("Audit | extend o = Identity.claim.oid | extend o = tostring(o) | join kind=inner People on $left.o == $right.oid",
     2),
    ("union Audit, People", 4), ("union isfuzzy=true Audit, Nothing", 3), ("Audit | union Empty, Audit", 6),
    # -- let, search, the rest
    ('let who = "a-1"; Audit | where Identity.claim.oid == who', 2),
    ("let bad = (s:int) { s >= 400 }; Audit | where bad(HttpStatusCode)", 1),
    ("let t = materialize(Audit | where Ok); union t, t", 4),
    ("let last_ = toscalar(Audit | summarize max(TimeGenerated)); Audit | where TimeGenerated == last_", 1),
    ('search in (Audit, People) "Ann"', 1), ('search in (Audit) "Secret*"', 2),
    ('search in (Audit) ("one" or "two") and not "zzz"', 2), ('Audit | where Ok | search "*NE*"', 1),
    ("search in (Audit, People) *", 4),
    ("Audit | take 2", 2), ("Audit | limit 1", 1), ("Audit | sample 2", 2), ("Audit | as T | serialize", 3),
    ("Audit | consume", 0), ("Audit | project OperationName | distinct *", 2),
    ("Audit | distinct OperationName, Ok", 3),
    ("Audit | mv-expand k = parse_json(Props).k | where isnotempty(k)", 2),
    ("range x from 1 to 5 step 2", 3), ('datatable(a:string, b:int) ["x", 1, "y", 2] | where b > 1', 1),
    ("Audit // a comment with | and ;\n| where Id != 'a|b;c' // another\n", 3),
]  # fmt: skip


@pytest.mark.parametrize(("query", "count"), COUNTS)
def test_how_many_rows(duck: Duck, query: str, count: int) -> None:
    assert len(rows(duck, query)) == count


ANSWERS = [
    ("Audit | count", [(3,)]),
    ("Audit | summarize count() by OperationName | order by count_ desc", [("SecretGet", 2), ("KeySign", 1)]),
    ("Audit | summarize n = count(), dcount(CallerIpAddress), countif(HttpStatusCode >= 400)", [(3, 3, 1)]),
    ("Audit | summarize sum(DurationMs), avg(DurationMs), min(DurationMs), max(DurationMs)", [(3.5, 1.75, 1.5, 2.0)]),
    ("Audit | summarize percentiles(DurationMs, 50, 95)", [(1.5, 2.0)]),
    ("Audit | summarize make_set(OperationName) | project array_length(set_OperationName)", [(2,)]),
    ("Audit | summarize arg_max(TimeGenerated, *) by Ok | project Ok, HttpStatusCode | sort by Ok",
     [(True, 200), (False, 403)]),
    ("Audit | summarize count() by bin(TimeGenerated, 1d) | order by TimeGenerated asc",
     [("2026-11-21T00:00:00Z", 1), ("2026-11-22T00:00:00Z", 2)]),
    ("Audit | summarize count() by tostring(Identity.claim.oid) | order by count_", [("a-1", 2), ("b-2", 1)]),
    ("Audit | top 1 by TimeGenerated | project TimeGenerated", [("2026-11-22T11:30:00.5Z",)]),
    ("Audit | top 1 by TimeGenerated asc | project OperationName, CallerIpAddress", [("KeySign", "")]),
    ("Audit | order by TimeGenerated desc | take 1 | extend d = DurationMs * 2 | project d, Ok", [(3.0, True)]),
    ("Audit | where Ok | summarize arg_max(TimeGenerated, Identity) | project Identity.claim.oid", [("a-1",)]),
    ("Audit | top 1 by TimeGenerated | project Identity", [('{"claim":{"oid":"a-1","appid":"x"}}',)]),
    ("Audit | top 1 by TimeGenerated | extend p = parse_json(Props) | project x = p.k[0], y = toint(p.k[1])",
     [("1", 2)]),
    ("Audit | top 1 by TimeGenerated | project s = split(Id, '/')[4], n = array_length(split(Id, '/'))",
     [("one", 6)]),
    ('Audit | top 1 by TimeGenerated | parse Id with * "secrets/" name "/" version | project name, version',
     [("one", "1")]),
    ('Audit | top 1 by TimeGenerated | project extract("secrets/([a-z]+)", 1, Id)', [("one",)]),
    ('Audit | order by TimeGenerated | project case(HttpStatusCode < 300, "ok", HttpStatusCode < 500, "no", "?")',
     [("ok",), ("no",), ("ok",)]),
    ('Audit | top 1 by TimeGenerated | project strcat(OperationName, "-", tostring(HttpStatusCode)), iff(Ok, 1, 0)',
     [("SecretGet-200", 1)]),
    ("Audit | top 1 by TimeGenerated | project now() - TimeGenerated, bin(DurationMs, 1)", [("00:29:59.5000000", 1.0)]),
    ("Audit | top 1 by TimeGenerated | project format_datetime(TimeGenerated, 'yyyy-MM-dd HH:mm')",
     [("2026-11-22 11:30",)]),
    ("Audit | top 1 by TimeGenerated | project-away Identity, Props, Id, Ok, TimeGenerated",
     [("SecretGet", 200, "10.0.0.4", 1.5)]),
    ("Audit | top 1 by TimeGenerated | project-keep Op*, Ok", [("SecretGet", True)]),
    ("Audit | top 1 by TimeGenerated | project-keep Id, Ok | project-reorder Id", [("https://kv/secrets/one/1", True)]),
    ("Audit | top 1 by TimeGenerated | project-rename Op = OperationName | project Op", [("SecretGet",)]),
    ("union withsource=Table Audit, People, Empty | summarize count() by Table | order by Table asc",
     [("Audit", 3), ("People", 1)]),
    ("search in (Audit, People) 'Ann' | project ['$table'], Name", [("People", "Ann")]),
    ("print a = 1, b = 'x', c = 1.5, d = true, e = datetime(2026-01-01), f = 90m, g = dynamic({'h': [1]})",
     [(1, "x", 1.5, True, "2026-01-01T00:00:00Z", "01:30:00", '{"h":[1]}')]),
    ("print tolong('7'), toint('x'), todouble('1.5'), tobool('true'), todatetime('2026-01-01')",
     [(7, None, 1.5, True, "2026-01-01T00:00:00Z")]),
    ("print real(nan), 1.0 / 0.0", [("NaN", "Infinity")]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), ANSWERS)
def test_what_a_query_makes(duck: Duck, query: str, expected: list[tuple[Any, ...]]) -> None:
    assert rows(duck, query) == expected


def test_columns_have_names_and_types(duck: Duck) -> None:
    query = (
        "Audit | project TimeGenerated, OperationName, HttpStatusCode, DurationMs, Ok, Identity, n = long(1), s = 1h"
    )
    assert answered(duck, query).columns == (
        ("TimeGenerated", "datetime"), ("OperationName", "string"), ("HttpStatusCode", "int"), ("DurationMs", "real"),
        ("Ok", "bool"), ("Identity", "dynamic"), ("n", "long"), ("s", "timespan"),
    )  # fmt: skip


def test_every_table_can_be_asked_though_it_is_empty(duck: Duck) -> None:
    for name, columns in all_columns().items():
        duck.plan(f"{name} | where TimeGenerated > ago(1h)", all_columns(), NOW)
        duck.open({name: columns})
        assert duck.answer(10).columns == tuple(columns.items())


def test_a_text_is_found_in_whatever_table_has_it(duck: Duck) -> None:
    """Tables of a workspace have columns whose names differ only in case."""
    known = {name: all_columns()[name] for name in ("AzureDiagnostics", "StorageBlobLogs", "AzureActivity")}
    names = duck.plan("search 'canary' | project ['$table'], CallerIPAddress", known, NOW)
    assert set(names) == set(known)
    duck.open(known)
    for name, column in (("StorageBlobLogs", "CallerIpAddress"), ("AzureActivity", "CallerIpAddress")):
        text = "a canary" if name == "StorageBlobLogs" else "canaries"
        duck.add(Batch(name, json.dumps([{"Category": text, column: "10.0.0.4"}])))
    assert duck.answer(10).rows == [("StorageBlobLogs", "10.0.0.4")]


def test_a_union_that_cannot_keep_columns_apart_is_refused(duck: Duck) -> None:
    for query in (
        "union AzureDiagnostics, StorageBlobLogs",
        "AzureDiagnostics | union StorageBlobLogs | count",
        "let t = union AzureDiagnostics, StorageBlobLogs; t | count",
        "AzureActivity | join kind=inner (union AzureDiagnostics, StorageBlobLogs) on OperationName",
    ):
        with pytest.raises(QueryError, match="differ only in case"):
            duck.plan(query, all_columns(), NOW)
    good = "let t = union (AzureDiagnostics | project a = Level), (AzureActivity | project a = Caller); t | count"
    assert duck.plan(good, all_columns(), NOW) == ("AzureActivity", "AzureDiagnostics")


# -- what is refused


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("Nothing | take 1", "SEM0100", "'Nothing'"),
        ("search in (Nothing) 'x'", "SEM0100", "'Nothing'"),
        ("audit | take 1", "SEM0100", "'audit'"),
        ("Audit | where Nothing == 1", "SEM0100", "'Nothing'"),
        ('Audit | where operationname == "x"', "SEM0100", "'operationname'"),
        ("Audit | wherex y", "SYN0002", "mismatched input"),
        ("Audit | where (", "SYN0002", ""),
        ("Audit |", "SYN0002", ""),
        ("Audit | make-series n = count() on TimeGenerated step 1d", "SEM0001", "the twin does not know"),
        ("Audit | evaluate bag_unpack(Identity)", "SEM0001", "the twin does not know"),
        ("Audit | mv-apply Identity on (take 1)", "SEM0001", "the twin does not know"),
        ("Audit | partition by OperationName (take 1)", "SEM0001", "the twin does not know"),
        ("find where Id == 'x'", "SEM0001", "the twin does not know"),
        ("Audit | reduce by OperationName", "SEM0001", "the twin does not know"),
        ("Audit | fork (count) (take 1)", "SEM0001", "the twin does not know"),
        ("Audit | where Identity.claim.oid in ((People | project oid))", "SEM0064", "tostring"),
        (
            "let t = People | project oid; Audit | extend w = Identity.claim | where w !in (t)",
            "SEM0064",
            "tostring",
        ),
        ("Audit | where Id in ((Audit | project x = Identity.claim.oid))", "SEM0064", "tostring"),
        ("Audit | where Identity.claim.oid != CallerIpAddress", "SEM0064", "tostring"),
        ("Audit | extend oid = Identity.claim.oid | join kind=inner People on oid", "SEM0064", "tostring"),
        ("Audit | where nonsense(Id)", "SEM0001", "the twin does not know"),
        ("workspace('x').Audit", "SEM0001", "the twin does not know"),
        ("cluster('x').database('y').Audit", "SEM0100", "cannot be resolved"),
        ("externaldata(x:string)['https://example.org/y.csv']", "SEM0001", "the twin does not know"),
        ("search Id:'x'", "SEM0001", "searches for texts only"),
        (".show tables", "SYN0002", "no commands"),
        ("// quiet\n  .drop table Audit", "SYN0002", "no commands"),
        (".set-or-replace New <| Audit", "SYN0002", "no commands"),
        ("declare query_parameters(x:string); Audit | where Id == x", "SEM0100", "no value"),
        ("['duckdb_settings']", "SEM0100", "'duckdb_settings'"),
        ("['information_schema.tables'] | take 1", "SEM0100", "'information_schema.tables'"),
        ("database('system').Audit", "", ""),
        ("['_s0']", "", ""),
    ],
)
def test_what_cannot_be_answered_says_so(duck: Duck, query: str, code: str, said: str) -> None:
    with pytest.raises(QueryError) as error:
        answered(duck, query)
    assert error.value.code.startswith(code)
    assert said in error.value.message
    assert "SELECT" not in error.value.message


def test_no_file_is_read(duck: Duck, tmp_path: Path) -> None:
    file = tmp_path / "canary.csv"
    file.write_text("a,b\n1,2\n")
    for query in (
        f"['{file}']",
        f'["{file}"] | count',
        f"union ['{file}'], Audit",
        f"Audit | join ['{file}'] on $left.Id == $right.a",
    ):
        with pytest.raises(QueryError):
            answered(duck, query)


def test_no_object_of_the_process_is_read(duck: Duck) -> None:
    canary = [(1,)]
    with pytest.raises(QueryError):
        answered(duck, "canary")
    assert canary


def test_the_database_is_shut(tmp_path: Path) -> None:
    import duckdb

    from ringfence.twin.logs.duck import _database

    with _database() as database:
        for statement in (
            f"COPY (SELECT 1) TO '{tmp_path / 'x'}'", "SELECT * FROM read_csv('/etc/passwd')", "INSTALL httpfs",
            "SET enable_external_access = true", f"ATTACH '{tmp_path / 'y.db'}'", "LOAD httpfs", "RESET memory_limit",
            "SELECT content FROM read_text('/etc/passwd')",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                database.execute(statement)
    assert not list(tmp_path.iterdir())


def test_a_text_stays_a_text(duck: Duck) -> None:
    for text in ("x'; DROP TABLE Audit; --", 'x" OR 1=1 --', "$kqlnow", "\\"):
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        assert rows(duck, f"print a = {quoted}") == [(text,)]
        assert rows(duck, f"Audit | where Id == {quoted} | count") == [(0,)]


def test_rows_are_limited(duck: Duck) -> None:
    found = answered(duck, "range x from 1 to 10 step 1", most=3)
    assert (len(found.rows), found.whole) == (3, False)
    assert answered(duck, "range x from 1 to 3 step 1", most=3).whole


def test_ten_thousand_rows_take_no_time_to_speak_of(duck: Duck) -> None:
    many = [dict(TABLES["Audit"][1][n % 3], Id=f"https://kv/secrets/{n}") for n in range(10_000)]
    duck.plan('Audit | where Identity.claim.oid == "a-1" | summarize count() by OperationName', KNOWN, NOW)
    start = time.monotonic()
    duck.open({"Audit": AUDIT})
    duck.add(Batch("Audit", json.dumps(many)))
    found = duck.answer(10)
    assert sorted(found.rows) == [("KeySign", 3333), ("SecretGet", 3334)]
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    ("within", "count"),
    [
        ({}, 3), ({"since": datetime(2026, 11, 22, tzinfo=UTC)}, 2), ({"until": datetime(2026, 11, 22, tzinfo=UTC)}, 1),
        ({"since": datetime(2026, 11, 22, 11, 0, tzinfo=UTC), "until": datetime(2026, 11, 22, 11, 0, tzinfo=UTC)}, 1),
        ({"over": "/s/a/"}, 2), ({"over": "/s/a/b/"}, 1),
    ],
)  # fmt: skip
def test_which_rows_of_a_batch_count(duck: Duck, within: dict[str, Any], count: int) -> None:
    columns = {"TimeGenerated": "datetime", "_ResourceId": "string"}
    places = ("/s/a", "/s/a/b", "/s/ab")
    rows_ = [{**row, "_ResourceId": at} for row, at in zip(TABLES["Audit"][1], places, strict=True)]
    duck.plan("T | count", {"T": columns}, NOW)
    duck.open({"T": columns})
    duck.add(Batch("T", json.dumps(rows_), **within))
    found = duck.answer(10)
    assert found.rows == [(count,)]
    assert found.counted == {"T": count}
