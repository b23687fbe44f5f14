"""Taking over a hand-written document: decisions that the reader of decisions understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.adopt import Adopted, adopted, decisions_file
from ringfence.adherence.claims import claims
from ringfence.adherence.compare import compare
from ringfence.adherence.decisions import Decision, read_decisions
from tests.adherence.lab import assessed, vaults

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """
| Azure Resource | CIS Reference | Adherence | Notes |
|--|--|--|--|
| Vault: `kv-<suffix>` | `CIS 8` | | |
| | `CIS 8.5`: Recovery | N | We say "no": it's \\\\ fine |
| | `CIS 8.9`: Retention | TODO | https://example.org/issues/3 |
| Other: `other-<suffix>` | `CIS 8.5`: Recovery | N | |
| | `CIS 8.9`: Retention | Y | |
| Gone: `gone-<suffix>` | `CIS 8.9`: Retention | N | Not ours |
| Defender | `CIS 2.1` | n/a | Set elsewhere |
| | Isolation | Partial | |
"""


def taken() -> tuple[Adopted, ...]:
    assessment = assessed(vaults(kv={}, other={}))
    found = claims(DOCUMENT, "A.md")
    assessment.claims, _ = compare(found, assessment)
    return adopted(found, assessment)


def test_what_deviates_with_a_reason_becomes_a_decision(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(decisions_file(taken(), "A.md"), encoding="utf-8")
    key = (".#azurerm_key_vault.kv",)
    found = read_decisions(path, "d.yaml")
    assert [(d.word, d.items, d.resources, d.reason, d.issue) for d in found] == [
        ("accept", ("8.5",), key, 'We say "no": it\'s \\\\ fine', ""),
        ("todo", ("8.9",), key, "To be done: Retention", "https://example.org/issues/3"),
        ("not-applicable", ("2.1",), (".#subscription",), "Set elsewhere", ""),
    ]


def test_what_cannot_be_taken_over_is_listed_with_the_reason() -> None:
    assert [(a.claim.line, a.left) for a in taken() if a.left] == [
        (7, "it gives no reason"),
        (9, "not in code: no resource is named like gone-<suffix>"),
        (11, "it names no item of the benchmark"),
    ]
    assert "# - line 7: 8.5 N on other-<suffix>: it gives no reason" in decisions_file(taken(), "A.md")


def test_adopted_decisions_decide() -> None:
    words = {a.word for a in taken() if a.word}
    assert words == {"accept", "todo", "not-applicable"}
    mine = [Decision(a.word, (), a.items, a.resources, a.reason) for a in taken() if a.word]  # type: ignore[arg-type]
    rows = {(r.item, r.resource.title): r.status for r in assessed(vaults(kv={}, other={}), decisions=mine).rows}
    assert rows[("8.5", "kv-prod")] == "Partial"


def test_nothing_to_decide_is_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(decisions_file((), "A.md"), encoding="utf-8")
    assert read_decisions(path, "d.yaml") == ()
