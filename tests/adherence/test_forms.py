"""Tables as people write them: other columns, other words, several resources or items in one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.adopt import adopted, decisions_file
from ringfence.adherence.claims import claims, status_of
from ringfence.adherence.compare import compare
from tests.adherence.lab import assessed, vaults

if TYPE_CHECKING:
    from ringfence.adherence.claims import Claim


def shape(claim: Claim) -> tuple[str, tuple[str, ...], str, str]:
    return claim.subject.label, claim.items, claim.status, claim.notes


def test_columns_in_another_order() -> None:
    text = (
        "| Status | Notes | Control | Resource |\n|:--|:-:|--:|---|\n"
        "| No | We accept \\| it<br>so | CIS 8.5 | Vault `kv-prod` |\n"
        "| \u2705 | | 8.9 Kept | |\n"
    )
    assert [shape(c) for c in claims(text, "A.md")] == [
        ("kv-prod", ("8.5",), "N", "We accept | it so"),
        ("kv-prod", ("8.9",), "Y", ""),
    ]


def test_a_table_without_resources_speaks_of_all() -> None:
    text = "| Recommendation | Compliance |\n|---|---|\n| 8.5 Recovery | N - it is a lab |\n"
    found = claims(text, "A.md")
    assert [shape(c) for c in found] == [("", ("8.5",), "N", "it is a lab")]
    assessment = assessed(vaults(a={}, b={}))
    assessment.claims, _ = compare(found, assessment)
    (taken,) = adopted(found, assessment)
    assert (taken.word, taken.resources) == ("accept", (".#azurerm_key_vault.a", ".#azurerm_key_vault.b"))


def test_several_resources_and_several_items_in_a_cell() -> None:
    text = (
        "| Azure Resource | CIS Reference | Adherence | Notes |\n|--|--|--|--|\n"
        "| Vaults: <ul><li>`a-prod`</li><li>`b-prod`</li></ul> | `CIS 8` | [main.tf](main.tf) | |\n"
        "| | `CIS 8.5`: x<br/>`CIS 8.9`: y | N<br/>Y | because |\n"
    )
    found = [c for c in claims(text, "A.md") if c.status]
    assert [shape(c) for c in found] == [
        ("a-prod", ("8.5",), "N", "because"),
        ("b-prod", ("8.5",), "N", "because"),
        ("a-prod", ("8.9",), "Y", "because"),
        ("b-prod", ("8.9",), "Y", "because"),
    ]
    assessment = assessed(vaults(a={}, b={}))
    assessment.claims, _ = compare(found, assessment)
    printed = decisions_file(adopted(found, assessment), "A.md")
    assert "# A.md line 4: a-prod, b-prod" in printed
    assert 'resource: [".#azurerm_key_vault.a", ".#azurerm_key_vault.b"]' in printed


def test_a_name_without_code_is_a_name() -> None:
    text = "| Resource | CIS | Status |\n|--|--|--|\n| a-prod | 8.5 | N |\n"
    (compared,) = compare(claims(text, "A.md"), assessed(vaults(a={}, b={})))[0]
    assert [r.title for r in compared.resources] == ["a-prod"]


def test_a_word_that_is_no_status_is_said() -> None:
    text = "| Resource | CIS | Status |\n|--|--|--|\n| `a-prod` | | |\n| | 8.5 | maybe |\n"
    found = claims(text, "A.md")
    assessment = assessed(vaults(a={}))
    assessment.claims, _ = compare(found, assessment)
    printed = decisions_file(adopted(found, assessment), "A.md")
    assert "# - line 4: 8.5 nothing on a-prod: its adherence is none of Y, N, TODO, Partial and n/a" in printed


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("**N**", "N"),
        ("Non-compliant", "N"),
        ("\u2714\ufe0f", "Y"),
        ("To do", "TODO"),
        ("partially compliant", "Partial"),
        ("N.A.", "n/a"),
        ("Not applicable", "n/a"),
        ("Note", ""),
        ("", ""),
    ],
)
def test_words_for_a_status(cell: str, status: str) -> None:
    assert status_of(cell) == status
