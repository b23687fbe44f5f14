"""``--format json``: its shape is published."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from ringfence.adherence.claims import claims
from ringfence.adherence.compare import compare
from ringfence.adherence.decisions import Decision
from ringfence.documents.data import dumped
from ringfence.model.origin import Origin
from ringfence.model.symbol import Input, Sensitive
from ringfence.model.world import Problem
from tests.adherence.lab import assessed, vaults
from tests.documents.schema import problems

SCHEMA = Path(__file__).parents[2] / "docs/schema/prove.schema.json"

DOCUMENT = """
## Core
| Azure Resource | CIS Reference | Adherence | Notes |
|--|--|--|--|
| Key Vault: <br/>`kv-<suffix>` | `CIS 8` | [main.tf](main.tf) | |
| | `CIS 8.5`: recoverable | Y | |
| | Guards | Y | |
| Defender | `CIS 2.1` | n/a | Set elsewhere |
"""


def everything() -> Any:
    """An assessment with one of each thing that it can hold."""
    unset = Input(".", "purge", "variable")
    worlds = [
        vaults(world, kv={"purge_protection_enabled": world == "prod"}, other={"purge_protection_enabled": unset})
        for world in ("prod", "dev")
    ]
    worlds[0].ledger.problems.append(Problem("does not parse", Origin("a.tf", 3, 1)))
    worlds[0].ledger.skipped.append(("null_resource.x", "not an Azure resource"))
    worlds[0].ledger.unread.append(("module.y", "not downloaded"))
    lapsed = Decision("accept", (), ("8.5",), ("kv*",), "x", "me", "#1", date(2026, 1, 1), ("dev",), "d.yaml", 1)
    unused = Decision("todo", ("lab-purge",), (), ("nosuch",), "y")
    found = assessed(*worlds, decisions=(lapsed, unused))
    found.document = "DOC.md"
    found.claims, found.omissions = compare(claims(DOCUMENT, "DOC.md"), found)
    return found


def test_the_output_has_the_published_shape() -> None:
    schema = json.loads(SCHEMA.read_text())
    printed = json.loads(dumped(everything()))
    assert problems(printed, schema, schema) == []
    assert all(printed[name] for name in ("findings", "items", "claims", "omitted", "decisions", "problems"))


def test_a_finding() -> None:
    found = json.loads(dumped(assessed(vaults(kv={"purge_protection_enabled": True}))))
    origin = {"file": "main.tf", "line": 1, "expression": "True"}
    assert found["findings"][0] == {
        "world": "prod",
        "check": "lab-purge",
        "title": "Deleted keys stay recoverable",
        "severity": "high",
        "items": ["8.5"],
        "verdict": "pass",
        "why": "enable_purge_protection is true",
        "resource": {
            "key": ".#azurerm_key_vault.kv",
            "root": ".",
            "address": "azurerm_key_vault.kv",
            "type": "Microsoft.KeyVault/vaults",
            "name": "kv-prod",
            "origin": {"file": "main.tf", "line": 1, "expression": ""},
        },
        "evidence": [
            {
                "field": "enable_purge_protection",
                "expected": True,
                "actual": True,
                "outcome": "pass",
                "resource": ".#azurerm_key_vault.kv",
                "origin": origin,
            }
        ],
        "unknown": None,
        "status": "Y",
        "decision": None,
    }


def test_an_unknown_says_what_would_settle_it() -> None:
    found = json.loads(dumped(assessed(vaults(kv={"purge_protection_enabled": Input(".", "purge", "variable")}))))
    why = "variable purge has no value in world prod"
    assert found["findings"][0]["unknown"] == {
        "why": why,
        "needs": [{"kind": "variable", "subject": "purge", "why": why}],
    }


def test_every_item_is_there_with_its_counts() -> None:
    found = json.loads(dumped(assessed(vaults(kv={}), vaults("dev", kv={}))))
    items = {i["id"]: (i["needs"], i["pass"], i["fail"], i["worlds"]["dev"]["pass"]) for i in found["items"]}
    assert items == {
        "8.5": (None, 0, 2, 0),
        "8.9": (None, 2, 0, 1),
        "2.1.1": ("subscription", 0, 0, 0),
        "1.4": ("signature", 0, 0, 0),
    }


def test_all_items_stay_when_only_one_is_asked_for() -> None:
    found = json.loads(dumped(assessed(vaults(kv={}), items=("8.9",))))
    assert (len(found["items"]), {i for f in found["findings"] for i in f["items"]}) == (4, {"8.5", "8.9"})


def test_a_sensitive_value_is_in_no_format() -> None:
    from ringfence.documents.html import html
    from ringfence.documents.markdown import markdown
    from ringfence.documents.table import table
    from ringfence.documents.text import Page, text

    found = assessed(vaults(kv={"purge_protection_enabled": Sensitive("hunter2"), "name": Sensitive("hunter2")}))
    printed = (dumped(found), text(found, Page(all=True)), html(found), markdown(found), table(found, "A.md"))
    assert [p for p in printed if "hunter2" in p] == []
