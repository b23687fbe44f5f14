"""Reading hand-written documents: Markdown as written, and as it is after copy and paste."""

from __future__ import annotations

import pytest

from ringfence.adherence.claims import Claim, claims, files, named, numbers, status_of
from ringfence.adherence.tables import cells, tables

WRITTEN = """# Adherence

### The Core Layer

| Azure Resource | CIS Reference | Adherence | Notes |
|--|--|--|--|
| Main network: <br/>`vnet-<suffix>` | `CIS 6` | [network.tf](./core/network.tf) | Private |
| | `CIS 5.1.6`: Flow logs | Y | https://example.org/o/r/issues/7 |
| SQL: <br/> `sql-suffix` | [sql.tf](./core/sql.tf) | |
| | `CIS 4.2.2 -> CIS 4.2.5`: Assessment | Y |  |
| | `CIS: 3.13`: Logging of 'read' | N | We do not |
| Cloud defence | `CIS 2.1` | N | TODO: buy it |
| Logs: <br/>`log-<suffix>` | `CIS 5` | TODO | https://example.org/o/r/issues/8 |
| | `CIS 5.2`: Alerts | Y | Firewall \\| change |
| Bricks | Not in the benchmark | | Some settings |
| | Isolation | Partial | One<br/>two |
| Background store | `CIS 3` | | [aml.tf](./serve/aml.tf). [Issue](https://example.org/o/r/issues/9) |
| | `CIS 3.8`: Deny | N | |

```
| Azure Resource | CIS Reference | Adherence | Notes |
|--|--|--|--|
| | `CIS 1.1`: in a fence | Y | |
```
"""

PASTED = """This layer deploys the core.
Azure Resource | CIS Reference | Adherence | Notes |
---|---|---|---|
Main network: vnet-<suffix> |
CIS 6 |
network.tf | Private |
CIS 5.1.6 : Flow logs |
Y | #7 | |
SQL:sql-suffix |
sql.tf | ||
CIS 4.2.2 -> CIS 4.2.5 : Assessment |
Y | ||
CIS: 3.13 : Logging of 'read' |
N | We do not | |
Cloud defence | CIS 2.1 |
N | TODO: buy it |
Logs: log-<suffix> |
CIS 5 |
TODO | #8 |
CIS 5.2 : Alerts |
Y | Firewall change | |
Bricks | Not in the benchmark | Some settings |
Isolation | Partial | One two |
|
Background store | CIS 3 |
aml.tf. Issue | |
CIS 3.8 : Deny |
N |
"""


def essence(found: tuple[Claim, ...]) -> list[tuple[str, str, tuple[str, ...], str, str]]:
    return [(c.subject.title, c.subject.pattern, c.items, c.text, c.status) for c in found]


EXPECTED = [
    ("Main network", "vnet-<suffix>", ("5.1.6",), "Flow logs", "Y"),
    ("SQL", "sql-suffix", ("4.2.2", "4.2.3", "4.2.4", "4.2.5"), "Assessment", "Y"),
    ("SQL", "sql-suffix", ("3.13",), "Logging of 'read'", "N"),
    ("Cloud defence", "", ("2.1",), "", "N"),
    ("Logs", "log-<suffix>", ("5",), "", "TODO"),
    ("Logs", "log-<suffix>", ("5.2",), "Alerts", "Y"),
    ("Bricks", "", (), "Isolation", "Partial"),
    ("Background store", "", ("3.8",), "Deny", "N"),
]


@pytest.mark.parametrize("text", [WRITTEN, PASTED])
def test_both_forms_say_the_same(text: str) -> None:
    assert essence(claims(text, "A.md")) == EXPECTED


def test_a_claim_has_line_notes_issues_files_and_section() -> None:
    found = claims(WRITTEN, "A.md")
    flow, store = found[0], found[-1]
    assert (flow.line, flow.notes, flow.issues) == (8, "https://example.org/o/r/issues/7", (flow.notes,))
    assert (flow.subject.section, flow.subject.files) == ("The Core Layer", ("core/network.tf",))
    assert (store.subject.files, store.subject.issues) == (("serve/aml.tf",), ("https://example.org/o/r/issues/9",))
    assert found[5].notes == "Firewall | change"
    assert found[6].notes == "One two"


def test_lines_of_the_pasted_form() -> None:
    assert [c.line for c in claims(PASTED, "A.txt")] == [7, 11, 13, 15, 17, 20, 23, 27]


def test_pasted_tables_may_follow_one_another() -> None:
    found = claims(PASTED + PASTED.partition("\n")[2], "A.txt")
    assert essence(found) == EXPECTED * 2
    assert {c.subject.section for c in found[len(EXPECTED) :]} == {""}


def test_tables_that_are_not_about_adherence_are_no_claims() -> None:
    assert claims("| Name | Type |\n|--|--|\n| `CIS 3.1` | Y |\n", "A.md") == ()


def test_a_flat_table_repeats_the_resource() -> None:
    text = "|Resource|Control|Status|\n|:-|:-:|-:|\n|`kv-a`|8.5|Yes|\n|`kv-b`|8.5|No|\n"
    assert essence(claims(text, "A.md")) == [("", "kv-a", ("8.5",), "", "Y"), ("", "kv-b", ("8.5",), "", "N")]


def test_a_row_with_too_few_cells_still_speaks() -> None:
    text = "| Resource | CIS | Status | Notes |\n|--|--|--|--|\n| Vault: `kv` |\n| | `CIS 8.5`\n| | `CIS 8.6` | Y\n"
    found = claims(text, "A.md")
    assert [(c.items, c.status) for c in found] == [(("8.5",), ""), (("8.6",), "Y")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("`CIS 3.10`: x 1.2", ("3.10",)),
        ("CIS: 3.13 : y", ("3.13",)),
        ("`CIS 6`", ("6",)),
        ("4.2.2 - 4.2.4", ("4.2.2", "4.2.3", "4.2.4")),
        ("CIS 4.2.2 to CIS 4.2.3", ("4.2.2", "4.2.3")),
        ("CIS 3.1, 3.2", ("3.1", "3.2")),
        ("CIS 3.9 -> CIS 4.1", ("3.9", "4.1")),
        ("CIS 3.1 -> CIS 3.999999", ("3.1", "3.999999")),
        ("CIS 3.15: TLS 1.2", ("3.15",)),
    ],
)
def test_numbers(cell: str, expected: tuple[str, ...]) -> None:
    assert numbers(cell) == expected


@pytest.mark.parametrize(
    ("cell", "status"), [("Y", "Y"), ("**yes**", "Y"), ("N/A", "n/a"), ("todo", "TODO"), ("maybe", "")]
)
def test_statuses(cell: str, status: str) -> None:
    assert status_of(cell) == status


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Key Vault: <br/>`kv-<suffix>`", ("Key Vault", "kv-<suffix>")),
        ("Azure SQL Server:sql-x", ("Azure SQL Server", "sql-x")),
        ("Azure Key Vault Secrets", ("Azure Key Vault Secrets", "")),
        ("kv-<suffix>", ("kv-<suffix>", "kv-<suffix>")),
        ("Note: several words here", ("Note: several words here", "")),
    ],
)
def test_resource_cells(cell: str, expected: tuple[str, str]) -> None:
    assert named(cell) == expected


def test_files() -> None:
    assert files("[a.tf](./x/a.tf#L3) / [b](https://h/b.tf) and c.tf") == ("x/a.tf", "c.tf")


def test_pipes_in_code_and_after_a_backslash_are_text() -> None:
    assert cells(r"| `a|b` | c \| d | |") == ("`a|b`", "c | d", "")
    assert cells("| a ` b | c |") == ("a ` b", "c")


@pytest.mark.parametrize(
    "text", ["", "|", "|--|--|", "| a |\n|--|", "a | b |\n---|---|\n|\n|||\n", "```\n", "|" * 10_000]
)
def test_anything_can_be_read(text: str) -> None:
    assert claims(text, "A.md") == ()
    assert len(tables(text)) <= 1


def test_a_heading_that_nothing_follows_is_bare() -> None:
    from ringfence.adherence.claims import bare

    text = """
| Azure Resource | CIS Reference | Adherence | Notes |
| -- | -- | -- | -- |
| Vault: <br/>`kv-one` | CIS 8 | main.tf | |
| | CIS 8.5: recoverable | Y | |
| Log: <br/>`log-one` | CIS 5 | TODO | #187 |
| Vault: <br/>`kv-two` | CIS 8 | main.tf | |
"""
    assert [(subject.label, subject.line) for subject in bare(text)] == [("kv-two", 7)]
