"""Each form of a claim: it holds, fails, stays open, or concerns nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.claims.lab import MAIN, UNREAD, claimed, read

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

NET = "from_"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return read(tmp_path_factory.mktemp("estate"))


CASES: list[tuple[str, dict[str, Any], str]] = [
    ("unreachable", {NET: "internet", "to": "kv1"}, "pass"),
    ("unreachable", {NET: "internet", "to": "stopen"}, "fail"),
    ("unreachable", {NET: "internet", "to": "kv2"}, "unknown"),
    ("unreachable", {NET: "internet", "to": ("kv1", "stopen")}, "fail"),
    ("unreachable", {NET: "internet", "to": "stsealed"}, "fail"),
    ("unreachable", {NET: "internet", "to": "stsealed", "except": "1.2.3.4"}, "pass"),
    ("unreachable", {NET: "internet", "to": "stsealed", "except": "1.2.3.5"}, "fail"),
    ("unreachable", {NET: "internet", "to": "kind cluster"}, "not applicable"),
    ("unreachable", {NET: "internet", "to": "kv9"}, "unknown"),
    ("unreachable", {NET: "nowhere", "to": "kv1"}, "unknown"),
    ("reachable", {NET: "internet", "to": "stopen"}, "pass"),
    ("reachable", {NET: "internet", "to": "kv1"}, "fail"),
    ("reachable", {NET: "internet", "to": "kv2"}, "unknown"),
    ("reachable", {NET: "internet", "to": "kind cluster"}, "not applicable"),
    ("only", {"can": "read", "on": "kv1/secrets/dsc", "principals": "id-issuer"}, "pass"),
    ("only", {"can": "read", "on": "kv1/secrets/dsc", "principals": "id-*"}, "pass"),
    ("only", {"can": "read", "on": "kv1/secrets/dsc", "principals": "other"}, "fail"),
    ("only", {"can": "read", "on": "kv1/secrets/dsc"}, "fail"),
    ("only", {"can": "purge", "on": "kv1/secrets/dsc"}, "pass"),
    ("only", {"can": "fly", "on": "kv1"}, "unknown"),
    ("only", {"can": "read", "on": "kind cluster", "principals": "x"}, "not applicable"),
    ("sealed-without", {"on": "stsealed", "without": "kv1"}, "pass"),
    ("sealed-without", {"on": "stsealed", "without": "azurerm_role_assignment.wraps"}, "pass"),
    ("sealed-without", {"on": "stsealed", "without": "azurerm_role_assignment.reads"}, "fail"),
    ("sealed-without", {"on": "stopen", "without": "kv1"}, "fail"),
    ("kept", {"on": "stsealed"}, "pass"),
    ("kept", {"on": "stsealed", "protection": "software"}, "pass"),
    ("kept", {"on": "stsealed", "protection": "hsm"}, "fail"),
    ("kept", {"on": "stopen"}, "fail"),
    ("kept", {"on": "stopen", "by": "platform"}, "pass"),
    ("logged", {"on": "kv1", "categories": "AuditEvent"}, "pass"),
    ("logged", {"on": "kv1", "categories": "AuditEvent", "to": "logs", "days": "90"}, "pass"),
    ("logged", {"on": "kv1", "categories": "AuditEvent", "days": "91"}, "fail"),
    ("logged", {"on": "kv1", "categories": "AuditEvent", "to": "elsewhere"}, "fail"),
    ("logged", {"on": "kv1"}, "fail"),
    ("logged", {"on": "kv1", "categories": ("AuditEvent", "AuditEvnt")}, "unknown"),
    ("logged", {"on": "kind cluster"}, "not applicable"),
    ("unexposed", {"to": "kv1"}, "pass"),
    ("unexposed", {"to": "stopen"}, "fail"),
    ("unexposed", {"to": "kv1", "as": "id-issuer"}, "pass"),
    ("unexposed", {"to": "kind cluster"}, "not applicable"),
    ("unexposed", {"to": "kv1", "in": "portal"}, "unknown"),
]


@pytest.mark.parametrize(("form", "words", "outcome"), CASES)
def test_a_claim(estate: Estate, form: str, words: dict[str, Any], outcome: str) -> None:
    found = claimed(estate, form, **words)
    assert found.outcome == outcome, found.contrary or found.why
    assert found.world == "prod"
    assert bool(found.contrary or found.why) == (outcome != "pass")
    assert all(c.outcome in ("fail", "unknown") for c in found.contrary)
    assert [c.outcome for c in found.contrary] == sorted(
        (c.outcome for c in found.contrary), key=("fail", "unknown").index
    )


def test_what_contradicts_says_where(estate: Estate) -> None:
    (contrary,) = claimed(estate, "only", can="read", on="kv1/secrets/dsc").contrary
    assert contrary.text == (
        "user-assigned identity id-issuer may read dsc: role assignment: Key Vault Secrets User on dsc"
    )
    assert contrary.origin is not None
    assert (contrary.origin.file.rpartition("/")[2], contrary.origin.line) == ("main.tf", 45)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("unreachable", {NET: "internet", "to": "kind vault"}),
        ("unreachable", {NET: "internet", "to": "kv*"}),
        ("unreachable", {NET: "internet", "to": "azurerm_key_vault"}),
        ("unreachable", {NET: "internet", "to": "Microsoft.KeyVault/vaults"}),
        ("reachable", {NET: "internet", "to": "kind site"}),
        ("only", {"can": "delete", "on": "kind cluster", "principals": "*"}),
        ("kept", {"on": "kind cluster"}),
        ("logged", {"on": "kind cluster"}),
        ("sealed-without", {"on": "kind cluster", "without": "kv1"}),
        ("unexposed", {"to": "kind vault"}),
    ],
)
def test_a_module_that_was_not_read_may_hold_some_of_it(tmp_path: Path, form: str, words: dict[str, Any]) -> None:
    closed = MAIN.replace("public_network_access_enabled = var.switch", "public_network_access_enabled = false")
    found = claimed(read(tmp_path, closed + UNREAD), form, **words)
    assert found.outcome == "unknown"
    assert "module.m was not read" in found.why + "".join(c.text for c in found.contrary)


def test_what_is_named_is_read_whatever_else_is_not(tmp_path: Path) -> None:
    estate = read(tmp_path, MAIN + UNREAD)
    assert claimed(estate, "unreachable", from_="internet", to="kv1").outcome == "pass"
    assert claimed(estate, "kept", on="stsealed").outcome == "pass"


def test_somebody_of_whom_nothing_is_known_has_no_name(tmp_path: Path) -> None:
    named = claimed(
        read(tmp_path, MAIN + UNREAD), "only", can="read", on="kv1/secrets/dsc", principals=("id-issuer", "*")
    )
    assert named.outcome == "unknown"
    assert [c.text.partition(":")[0] for c in named.contrary] == ["principal somebody else might read dsc"]
