"""The checks of logging, alerts and telemetry on small estates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.subscription import KEY
from ringfence.model.symbol import Choice, Input, Ref, Text
from tests.support import Open, declare, estate, verdict

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

UNSURE = Input(".", "x", "variable")
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
CURRENT = declare("data.azurerm_subscription.current")
OPERATION = "Microsoft.Sql/servers/firewallRules/write"


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path or ("id",))


def told(*declarations: Declaration) -> Any:
    return verdict("alert-sql-firewall-rule-write", estate(*declarations, CURRENT), KEY)


def alert(criteria: dict[str, Any] | None = None, **content: Any) -> Declaration:
    arguments: dict[str, Any] = {
        "scopes": (ref("data.azurerm_subscription.current"),),
        "criteria": [{"category": "Administrative", "operation_name": OPERATION, **(criteria or {})}],
        "action": [{"action_group_id": ref("azurerm_monitor_action_group.g")}],
        **content,
    }
    return declare("azurerm_monitor_activity_log_alert.a", **arguments)


def people(**content: Any) -> Declaration:
    arguments: dict[str, Any] = {"email_receiver": [{"name": "a", "email_address": "a@b.c"}], **content}
    return declare("azurerm_monitor_action_group.g", name="g", **arguments)


ELSEWHERE = "/subscriptions/x/resourceGroups/r/providers/Microsoft.Insights/actionGroups/o"

ALERTS: list[tuple[Declaration, Declaration, str]] = [
    (alert(), people(), "pass"),
    (alert(scopes=(SUBSCRIPTION,)), people(), "pass"),
    (alert(scopes=(Text(("/subscriptions/", Ref("@azurerm_client_config", ("subscription_id",)))),)), people(), "pass"),
    (alert(scopes=(f"{SUBSCRIPTION}/resourceGroups/rg",)), people(), "fail"),
    (alert(scopes=(ref("azurerm_resource_group.rg"),)), people(), "fail"),
    (alert(scopes=(UNSURE,)), people(), "unknown"),
    (alert({"operation_name": "microsoft.sql/servers/firewallrules/WRITE"}), people(), "pass"),
    (alert({"operation_name": "Microsoft.Sql/servers/firewallRules/delete"}), people(), "fail"),
    (alert({"operation_name": "Microsoft.Sql/servers/firewallRules/*"}), people(), "fail"),
    (alert({"operation_name": UNSURE}), people(), "unknown"),
    (alert({"operation_name": None}), people(), "fail"),
    (alert({"category": "ServiceHealth"}), people(), "fail"),
    (alert({"level": "Informational"}), people(), "fail"),
    (alert({"levels": ("Error",)}), people(), "fail"),
    (alert({"status": "Failed"}), people(), "fail"),
    (alert({"caller": "me"}), people(), "fail"),
    (alert({"resource_id": "/subscriptions/x/resourceGroups/r/providers/Microsoft.Sql/servers/s"}), people(), "fail"),
    (alert({"resource_group": "rg"}), people(), "fail"),
    (alert(enabled=False), people(), "fail"),
    (alert(enabled=UNSURE), people(), "unknown"),
    (alert(action=[]), people(), "fail"),
    (alert(), people(email_receiver=[]), "fail"),
    (alert(), people(email_receiver=Open(UNSURE)), "unknown"),
    (alert(), people(email_receiver=[], sms_receiver=[{"name": "a"}]), "pass"),
    (alert(), people(enabled=False), "fail"),
    (alert(action=[{"action_group_id": ELSEWHERE}]),
     people(), "pass"),
    (alert(presence=UNSURE), people(), "unknown"),
    (alert(), people(presence=UNSURE), "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "group", "outcome"), ALERTS)
def test_who_is_told(one: Declaration, group: Declaration, outcome: str) -> None:
    rg = declare("azurerm_resource_group.rg", name="rg")
    assert told(one, group, rg).outcome == outcome


def test_no_alert_at_all() -> None:
    judged = told()
    assert (judged.outcome, judged.why) == ("fail", f"no activity log alert names {OPERATION}")


def setting(*categories: str, **content: Any) -> Declaration:
    arguments: dict[str, Any] = {
        "target_resource_id": ref("data.azurerm_subscription.current"),
        "enabled_log": [{"category": c} for c in categories],
        "storage_account_id": ref("azurerm_storage_account.a"),
        **content,
    }
    return declare("azurerm_monitor_diagnostic_setting.s", **arguments)


IMPORTANT = ("Administrative", "Alert", "Policy", "Security")
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"


@pytest.mark.parametrize(
    ("declarations", "exported", "complete"),
    [
        ((), "fail", "fail"),
        ((setting(*IMPORTANT),), "pass", "pass"),
        ((setting("Administrative"),), "pass", "fail"),
        ((setting(*IMPORTANT, storage_account_id=None),), "fail", "fail"),
        ((setting(*IMPORTANT, target_resource_id=GROUP),), "fail", "fail"),
        ((setting(*IMPORTANT, target_resource_id=UNSURE),), "unknown", "unknown"),
        ((setting(*IMPORTANT, presence=UNSURE),), "unknown", "unknown"),
        ((declare("azurerm_monitor_log_profile.p", version="3.47.0", storage_account_id="/x", locations=("global",),
                  categories=("Action", "Write", "Delete")),), "pass", "pass"),
        ((declare("azurerm_monitor_log_profile.p", version="3.47.0", storage_account_id="/x", locations=("global",),
                  categories=("Write",)),), "pass", "fail"),
    ],
)  # fmt: skip
def test_the_activity_log(declarations: tuple[Declaration, ...], exported: str, complete: str) -> None:
    found = estate(*declarations, CURRENT, declare("azurerm_storage_account.a", name="a"))
    assert verdict("activity-log-export", found, KEY).outcome == exported
    assert verdict("activity-log-categories", found, KEY).outcome == complete


def test_where_the_activity_log_is_kept() -> None:
    def outcomes(*more: Declaration, **account: Any) -> tuple[str, str]:
        found = estate(setting(*IMPORTANT), CURRENT, declare("azurerm_storage_account.a", name="a", **account), *more)
        checks = ("activity-log-container-private", "activity-log-storage-customer-managed-key")
        return tuple(verdict(c, found, KEY).outcome for c in checks)

    key = [{"key_vault_key_id": ref("azurerm_key_vault_key.k")}]
    closed = {"allow_nested_items_to_be_public": False}
    assert outcomes(**closed, customer_managed_key=key) == ("pass", "pass")
    assert outcomes() == ("unknown", "fail")
    container = declare(
        "azurerm_storage_container.c",
        name="insights-activity-logs",
        storage_account_id=ref("azurerm_storage_account.a"),
    )
    assert outcomes(container) == ("pass", "fail")
    assert verdict("activity-log-container-private", estate(), KEY).outcome == "not applicable"


def logs(target: Any, category: str) -> Declaration:
    return declare(
        "azurerm_monitor_diagnostic_setting.d",
        target_resource_id=target,
        enabled_log=[{"category": category}],
        log_analytics_workspace_id="/w",
    )


@pytest.mark.parametrize(
    ("check", "address", "category"),
    [
        ("keyvault-logging", "azurerm_key_vault.x", "AuditEvent"),
        ("webapp-http-logging", "azurerm_linux_web_app.x", "AppServiceHTTPLogs"),
        ("resource-logs", "azurerm_data_factory.x", "PipelineRuns"),
        ("resource-audit-logs", "azurerm_log_analytics_workspace.x", "Audit"),
    ],
)
def test_resources_log(check: str, address: str, category: str) -> None:
    resource = declare(address, name="x")
    assert verdict(check, estate(resource), address).outcome == "fail"
    assert verdict(check, estate(resource, logs(ref(address), category)), address).outcome == "pass"
    other = declare(address.replace(".x", ".y"), name="y")
    assert (
        verdict(check, estate(resource, other, logs(ref(address.replace(".x", ".y")), category)), address).outcome
        == "fail"
    )
    assert verdict(check, estate(resource, logs(UNSURE, category)), address).outcome == "unknown"


@pytest.mark.parametrize(
    ("check", "content", "outcome"),
    [
        ("log-analytics-retention", {}, "fail"),
        ("log-analytics-retention", {"retention_in_days": 90}, "pass"),
        ("log-analytics-retention", {"retention_in_days": 89}, "fail"),
        ("log-analytics-public-ingestion", {}, "fail"),
        ("log-analytics-public-ingestion", {"internet_ingestion_enabled": False}, "pass"),
        ("log-analytics-public-ingestion", {"internet_ingestion_enabled": Choice(UNSURE, True, False)}, "unknown"),
        ("log-analytics-public-query", {"internet_query_enabled": "false"}, "pass"),
        ("log-analytics-directory-authentication", {"local_authentication_enabled": False}, "pass"),
        ("log-analytics-directory-authentication", {}, "fail"),
        ("log-analytics-linked-storage-key", {}, "not applicable"),
    ],
)
def test_workspaces(check: str, content: dict[str, Any], outcome: str) -> None:
    address = "azurerm_log_analytics_workspace.w"
    assert verdict(check, estate(declare(address, name="w", **content)), address).outcome == outcome


def test_linked_storage() -> None:
    address = "azurerm_log_analytics_workspace.w"
    link = declare(
        "azurerm_log_analytics_linked_storage_account.l",
        version="3.47.0",
        workspace_resource_id=ref(address),
        data_source_type="CustomLogs",
        storage_account_ids=(ref("azurerm_storage_account.a"),),
    )

    def outcome(**account: Any) -> str:
        found = estate(declare(address, name="w"), link, declare("azurerm_storage_account.a", name="a", **account))
        return str(verdict("log-analytics-linked-storage-key", found, address).outcome)

    assert outcome() == "fail"
    assert outcome(customer_managed_key=[{"key_vault_key_id": ref("azurerm_key_vault_key.k")}]) == "pass"


def test_application_insights() -> None:
    component = declare("azurerm_application_insights.c", name="c", application_type="web")
    assert verdict("application-insights", estate(), KEY).outcome == "fail"
    assert verdict("application-insights", estate(component), KEY).outcome == "pass"
    address = "azurerm_application_insights.c"
    assert verdict("application-insights-declared", estate(component), address).outcome == "pass"
    assert verdict("application-insights-workspace", estate(component), address).outcome == "fail"


@pytest.mark.parametrize(
    ("address", "version", "content", "outcome"),
    [
        ("azurerm_public_ip.x", "3.47.0", {}, "fail"),
        ("azurerm_public_ip.x", "4.81.0", {}, "pass"),
        ("azurerm_public_ip.x", "3.47.0", {"sku": "Standard"}, "pass"),
        ("azurerm_container_registry.x", "4.81.0", {"sku": "Basic"}, "fail"),
        ("azurerm_service_plan.x", "4.81.0", {"sku_name": "B1"}, "fail"),
        ("azurerm_service_plan.x", "4.81.0", {"sku_name": "Y1"}, "fail"),
        ("azurerm_service_plan.x", "4.81.0", {"sku_name": "P1v2"}, "pass"),
        ("azurerm_service_plan.x", "4.81.0", {"sku_name": UNSURE}, "unknown"),
    ],
)
def test_tiers(address: str, version: str, content: dict[str, Any], outcome: str) -> None:
    assert verdict("sku-not-basic", estate(declare(address, version=version, **content)), address).outcome == outcome
