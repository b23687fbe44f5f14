"""What FlowEHR's document says, row by row, against what is measured of production."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.claims import claims
from ringfence.platforms import folder
from ringfence.platforms.flowehr import WORLDS
from ringfence.prove import Request, prove

if TYPE_CHECKING:
    from ringfence.adherence.assessment import Assessment

ITEMS = {
    "vnet-<suffix>": 2,
    "strg<suffix>": 12,
    "kv-<suffix>": 4,
    "Microsoft Defender for Cloud": 8,
    "log-<suffix>": 5,
    "sql-server-features-<suffix>": 12,
    "Azure Key Vault Secrets": 1,
    "Azure Databricks": 2,
    "kv-<suffix>-serve": 3,
    "adls<suffix>": 12,
    "asp-serve-<suffix>": 8,
    "cosmos-serve-<suffix>": 3,
    "ai-<suffix>": 1,
    "Background Storage Account of the model registry": 12,
}
"""How many items the document judges of each of its resources, ranges expanded."""


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return prove(Request(folder("flowehr"), WORLDS, platform="flowehr"))


def test_every_row_of_the_document_is_there() -> None:
    text = (folder("flowehr") / "claims.md").read_text()
    found: Counter[str] = Counter()
    for claim in claims(text, "claims.md"):
        found[claim.subject.label] += len(claim.items) or 1
    assert dict(found) == ITEMS


def test_rows_have_the_document_s_four_columns() -> None:
    lines = (folder("flowehr") / "claims.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert {line.count("|") for line in rows} == {5}
    assert rows.count("| Azure Resource | CIS Reference | Adherence | Notes |") == 3


def test_every_row_is_bound_to_what_is_declared_or_decided(assessment: Assessment) -> None:
    unbound = [(c.claim.line, c.item) for c in assessment.claims if c.published is None and c.claim.status != "n/a"]
    assert unbound == []


def test_no_row_that_is_claimed_fails(assessment: Assessment) -> None:
    claimed = [c for c in assessment.claims if c.claim.status == "Y"]
    assert len(claimed) > 50
    assert [(c.claim.line, c.item, c.why) for c in claimed if c.measured != "pass"] == []


def test_what_is_not_claimed_holds_or_is_decided(assessment: Assessment) -> None:
    for c in assessment.claims:
        if c.claim.status in ("N", "TODO"):
            assert c.measured in ("pass", "not applicable") or c.published in ("N", "TODO", "n/a", "Partial")
            if c.measured == "fail":
                assert all(part.decision and part.decision.reason for row in c.rows for part in row.parts
                           if part.verdict.outcome == "fail")  # fmt: skip


def test_the_document_is_about_production(assessment: Assessment) -> None:
    assert {c.world for c in assessment.claims} == {"prod"}


def test_what_the_platform_set_differs_from_what_the_project_set(assessment: Assessment) -> None:
    """One item holds of one storage account and not of another, in one evaluation."""
    rows = {c.claim.subject.label: c.measured for c in assessment.claims if c.item == "3.8"}
    assert rows == {
        "strg<suffix>": "pass",
        "adls<suffix>": "pass",
        "Background Storage Account of the model registry": "fail",
    }


def test_the_account_that_azure_makes_is_as_the_document_found_it(assessment: Assessment) -> None:
    behind = [
        c for c in assessment.claims if c.claim.subject.label == "Background Storage Account of the model registry"
    ]
    held = {c.item: (c.claim.status, c.measured) for c in behind if c.item != "3.4"}
    assert len(held) == 11
    assert set(held.values()) == {("Y", "pass"), ("N", "fail")}
    assert {resource.maker for c in behind for resource in c.resources} == {"serve#azapi_resource.models"}
