"""Diagnostic settings: what they name, send, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Choice, Input, Ref, Text
from ringfence.questions.logs.categories import emits
from ringfence.questions.logs.settings import sent, settings
from tests.support import Open, declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate

VAULT = ".#azurerm_key_vault.vault"
UNSURE = Input(".", "on", "variable")
READS = ("StorageRead", "StorageWrite", "StorageDelete")
BLOBS = ("blobservices", "default")


def setting(
    target: Any, *, name: str = "d", version: str = "4.81.0", presence: Any = True, **content: Any
) -> Declaration:
    content = {"log_analytics_workspace_id": Ref(".#azurerm_log_analytics_workspace.w", ("id",)), **content}
    return declare(
        f"azurerm_monitor_diagnostic_setting.{name}",
        version=version,
        presence=presence,
        target_resource_id=target,
        **content,
    )


def vault(**content: Any) -> Estate:
    return estate(declare("azurerm_key_vault.vault", name="kv"), setting(Ref(VAULT, ("id",)), **content))


def asked(found: Estate, *categories: str) -> str:
    return sent(found.resources[VAULT], found, categories).outcome


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        ({"enabled_log": [{"category": "AuditEvent"}]}, "pass"),
        ({"enabled_log": [{"category": "auditevent"}]}, "pass"),
        ({"enabled_log": [{"category_group": "allLogs"}]}, "pass"),
        ({"enabled_log": [{"category_group": "audit"}]}, "pass"),
        ({"enabled_log": [{"category": "AzurePolicyEvaluationDetails"}]}, "fail"),
        ({"enabled_log": []}, "fail"),
        ({"metric": [{"category": "AllMetrics"}]}, "fail"),
        ({"enabled_log": [{"category": UNSURE}]}, "unknown"),
        ({"enabled_log": Open(UNSURE)}, "unknown"),
        ({"enabled_log": Open(UNSURE, {"category": "AuditEvent"})}, "pass"),
        ({"log": [{"category": "AuditEvent"}], "version": "2.71.0"}, "pass"),
        ({"log": [{"category": "AuditEvent", "enabled": False}], "version": "2.71.0"}, "fail"),
        ({"log": [{"category": "AuditEvent", "enabled": UNSURE}], "version": "3.47.0"}, "unknown"),
        ({"log": [{"category": "AuditEvent"}]}, "unknown"),
        ({"enabled_log": [{"category": "AuditEvent"}], "log_analytics_workspace_id": None}, "fail"),
        ({"enabled_log": [{"category": "AuditEvent"}], "log_analytics_workspace_id": UNSURE}, "unknown"),
        ({"enabled_log": [{"category": "AuditEvent"}], "log_analytics_workspace_id": Choice(UNSURE, "/x", None)},
         "unknown"),
        ({"enabled_log": [{"category": "AuditEvent"}], "log_analytics_workspace_id": Choice(UNSURE, "/x", "/y")},
         "pass"),
        ({"enabled_log": [{"category": "AuditEvent"}], "log_analytics_workspace_id": None, "storage_account_id": "/x"},
         "pass"),
        ({"enabled_log": [{"category": "AuditEvent"}], "presence": UNSURE}, "unknown"),
    ],
)  # fmt: skip
def test_one_category(content: dict[str, Any], outcome: str) -> None:
    assert asked(vault(**content), "AuditEvent") == outcome


def test_no_setting_names_the_resource() -> None:
    found = estate(declare("azurerm_key_vault.vault", name="kv"))
    verdict = sent(found.resources[VAULT], found, ("AuditEvent",))
    assert (verdict.outcome, verdict.why) == ("fail", "no diagnostic setting names it")


def test_a_setting_whose_target_is_unknown_leaves_it_open() -> None:
    other = setting(Input(".", "target", "variable"), enabled_log=[{"category": "AuditEvent"}])
    verdict = sent_of(estate(declare("azurerm_key_vault.vault", name="kv"), other))
    assert verdict.outcome == "unknown"
    assert "variable target has no value in world prod" in verdict.why


def sent_of(found: Estate) -> Any:
    return sent(found.resources[VAULT], found, ("AuditEvent",))


def test_the_account_is_not_its_blob_service() -> None:
    account = declare("azurerm_storage_account.a", name="a")
    ref = Ref(".#azurerm_storage_account.a", ("id",))
    logs = [{"category": c} for c in READS]
    found = estate(account, setting(ref, enabled_log=logs))
    resource = found.resources[".#azurerm_storage_account.a"]
    assert sent(resource, found, READS, BLOBS).outcome == "fail"
    found = estate(account, setting(Text((ref, "/blobServices/default/")), enabled_log=logs))
    resource = found.resources[".#azurerm_storage_account.a"]
    assert sent(resource, found, READS, BLOBS).outcome == "pass"
    assert sent(resource, found, READS, ("queueservices", "default")).outcome == "fail"


def test_two_settings_share_the_categories() -> None:
    account = declare("azurerm_storage_account.a", name="a")
    target = Text((Ref(".#azurerm_storage_account.a", ("id",)), "/blobServices/default"))
    first = setting(target, name="one", enabled_log=[{"category": "StorageRead"}, {"category": "StorageWrite"}])
    second = setting(target, name="two", enabled_log=[{"category": "StorageDelete"}])
    found = estate(account, first, second)
    resource = found.resources[".#azurerm_storage_account.a"]
    assert sent(resource, found, READS, BLOBS).outcome == "pass"
    assert len(settings(resource, found, ("StorageRead",), BLOBS)) == 2


def test_the_audit_group_of_storage_is_not_recorded() -> None:
    account = declare("azurerm_storage_account.a", name="a")
    target = Text((Ref(".#azurerm_storage_account.a", ("id",)), "/blobServices/default"))
    found = estate(account, setting(target, enabled_log=[{"category_group": "audit"}]))
    assert sent(found.resources[".#azurerm_storage_account.a"], found, READS, BLOBS).outcome == "unknown"


def test_evidence_names_each_hop() -> None:
    verdict = sent_of(vault(enabled_log=[{"category": "AuditEvent"}]))
    assert [(e.field, e.actual) for e in verdict.evidence] == [
        ("target", "azurerm_key_vault.vault.id"),
        ("category", "AuditEvent"),
        ("enabled", True),
        ("workspace", "azurerm_log_analytics_workspace.w.id"),
    ]
    assert {e.resource for e in verdict.evidence} == {".#azurerm_monitor_diagnostic_setting.d"}


def test_what_a_type_can_emit() -> None:
    found = vault(enabled_log=[])
    assert emits(found.resources[VAULT]) == ("AuditEvent", "AzurePolicyEvaluationDetails")
