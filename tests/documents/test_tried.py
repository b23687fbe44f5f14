"""What was tried is evidence in a platform's documents, for as long as it was tried on what is declared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.declared import blueprint, estate
from ringfence.described import described
from ringfence.errors import InputError
from ringfence.twin.probes.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

TRIALS = [
    {
        "id": "outside/kv",
        "says": "the internet is refused by kv",
        "verdict": "green",
        "shows": ["F-031"],
        "attempts": 4,
    },
    {"id": "purge/kv", "says": "nothing is purged", "verdict": "red", "shows": [], "happened": "it was purged"},
    {"id": "sql/db", "says": "a token opens it", "verdict": "not tried", "shows": [], "why": "it is not served"},
]


@pytest.fixture(scope="module")
def mark() -> str:
    return fingerprint(estate(blueprint("flowehr")))


def pages(folder: Path, mark: str, content: Any = None) -> Any:
    evidence = {"estate": mark, "time": "2026-11-22T10:00:00+00:00", "note": "The design holds.", "trials": TRIALS}
    evidence["clients"] = {"azure-identity": "1.27.0"}
    path = folder / "tried.json"
    path.write_text(json.dumps(evidence if content is None else content))
    return described("flowehr", (), "terraform", tried=path).pages


def test_evidence_is_in_the_adherence_document_and_on_a_page(tmp_path: Path, mark: str) -> None:
    found = pages(tmp_path, mark)
    told = " ".join(found["CIS-adherence.md"].split())
    assert "On 2026-11-22 the claims were tried" in told
    assert "azure-identity 1.27.0" in told
    assert "1 **does not hold**, 1 not tried, 1 holds" in told
    assert "| `outside/kv` | the internet is refused by kv | F-031 |" in found["tried.md"]
    assert "| `purge/kv` | nothing is purged | – | it was purged |" in found["tried.md"]
    assert "[What was tried](tried.md)" in found["README.md"]
    assert "has changed since" not in found["tried.md"]


def test_what_was_tried_on_something_else_says_so(tmp_path: Path) -> None:
    found = pages(tmp_path, "0" * 64)
    assert "**The platform has changed since.**" in found["CIS-adherence.md"]
    assert "**The platform has changed since.**" in found["tried.md"]


def test_where_nothing_was_tried_nothing_is_said(tmp_path: Path) -> None:
    found = described("flowehr", (), "terraform", tried=tmp_path / "tried.json").pages
    assert "tried.md" not in found
    assert "## Tried" not in found["CIS-adherence.md"]


@pytest.mark.parametrize("content", [{}, [], {"trials": [{}]}, "x"])
def test_what_is_no_evidence_is_refused(tmp_path: Path, mark: str, content: Any) -> None:
    with pytest.raises(InputError, match="is no evidence of trials"):
        pages(tmp_path, mark, content)
