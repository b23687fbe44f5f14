"""Azure Monitor: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0.
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Fold, Nested, Reference, Table, row
from ringfence.model.monitor import (
    Action,
    ActionGroup,
    ActivityLogAlert,
    AutoscaleSetting,
    DiagnosticSetting,
    DirectoryDiagnosticSetting,
    LogCategory,
    LogProfile,
    MetricCategory,
    Receiver,
)

_LOGS = Nested(
    "logs",
    "properties.logs",
    {"<4.0": "log", ">=3.0": "enabled_log"},
    LogCategory,
    (
        row("category", "category", "category"),
        row("category_group", "categoryGroup", "category_group"),
        row("enabled", "enabled", "enabled", default=True, azure=False),
        row("retention_enabled", "retentionPolicy.enabled", "retention_policy.enabled", azure=False),
        row("retention_days", "retentionPolicy.days", "retention_policy.days", azure=0),
    ),
)

_METRICS = Nested(
    "metrics",
    "properties.metrics",
    {"<5.0": "metric", ">=4.0": "enabled_metric"},
    MetricCategory,
    (row("category", "category", "category"), row("enabled", "enabled", "enabled", default=True, azure=False)),
)

_DESTINATIONS = (
    Reference("workspace", "properties.workspaceId", "log_analytics_workspace_id"),
    Reference("storage", "properties.storageAccountId", "storage_account_id"),
    Reference("event_hub", "properties.eventHubAuthorizationRuleId", "eventhub_authorization_rule_id"),
)


def _one(field: str) -> str:
    """The value that an alert's condition wants of a field."""
    return f"properties.condition.allOf[field={field}].equals"


def _any(field: str) -> str:
    """The values of which it wants one."""
    return (
        f"properties.condition.allOf[field={field}].containsAny"
        f"|properties.condition.allOf[].anyOf[field={field}*].equals"
    )


def _receivers(word: str, arm: str) -> Nested:
    return Nested(
        f"{word}_receivers", f"properties.{arm}", f"{word}_receiver", Receiver, (row("name", "name", "name"),)
    )


TABLES = (
    Table(
        DiagnosticSetting,
        ("azurerm_monitor_diagnostic_setting",),
        rows=(
            *COMMON,
            Reference("target", "@scope", "target_resource_id"),
            _LOGS,
            _METRICS,
            *_DESTINATIONS,
            row("destination_type", "properties.logAnalyticsDestinationType", "log_analytics_destination_type"),
            Reference("partner", "properties.marketplacePartnerId", {">=3.0": "partner_solution_id"}),
        ),
    ),
    Table(
        DirectoryDiagnosticSetting,
        ("azurerm_monitor_aad_diagnostic_setting",),
        rows=(*COMMON, _LOGS, *_DESTINATIONS),
    ),
    Table(
        LogProfile,
        ("azurerm_monitor_log_profile",),
        rows=(
            *COMMON,
            row("categories", "properties.categories", "categories"),
            row("locations", "properties.locations", "locations"),
            Reference("storage", "properties.storageAccountId", "storage_account_id"),
            Reference("event_hub", "properties.serviceBusRuleId", "servicebus_rule_id"),
            row("retention_enabled", "properties.retentionPolicy.enabled", "retention_policy.enabled"),
            row("retention_days", "properties.retentionPolicy.days", "retention_policy.days", default=0),
        ),
    ),
    Table(
        ActivityLogAlert,
        ("azurerm_monitor_activity_log_alert",),
        rows=(
            *COMMON,
            Reference("scopes", "properties.scopes", "scopes", many=True),
            row("enabled", "properties.enabled", "enabled", default=True, azure=True),
            row("category", _one("category"), "criteria.category"),
            row("operation_name", _one("operationName"), "criteria.operation_name"),
            row("level", _one("level"), "criteria.level"),
            row("levels", _any("level"), {">=3.0": "criteria.levels"}),
            row("status", _one("status"), "criteria.status"),
            row("statuses", _any("status"), {">=3.0": "criteria.statuses"}),
            row("caller", _one("caller"), "criteria.caller"),
            Reference("resource_criterion", _one("resourceId"), "criteria.resource_id"),
            Reference("resource_criteria", _any("resourceId"), {">=3.0": "criteria.resource_ids"}, many=True),
            row("resource_group_criterion", _one("resourceGroup"), "criteria.resource_group"),
            row(
                "resource_group_criteria",
                _any("resourceGroup"),
                {">=3.0": "criteria.resource_groups"},
            ),
            row("resource_type_criterion", _one("resourceType"), "criteria.resource_type"),
            row("resource_type_criteria", _any("resourceType"), {">=3.0": "criteria.resource_types"}),
            row("resource_provider_criterion", _one("resourceProvider"), "criteria.resource_provider"),
            row(
                "resource_provider_criteria",
                _any("resourceProvider"),
                {">=3.0": "criteria.resource_providers"},
            ),
            row("sub_status", _one("subStatus"), "criteria.sub_status"),
            row("sub_statuses", _any("subStatus"), {">=3.0": "criteria.sub_statuses"}),
            Nested(
                "actions",
                "properties.actions.actionGroups",
                "action",
                Action,
                (Reference("action_group", "actionGroupId", "action_group_id"),),
            ),
        ),
    ),
    Table(
        ActionGroup,
        ("azurerm_monitor_action_group",),
        rows=(
            *COMMON,
            row("enabled", "properties.enabled", "enabled", default=True, azure=True),
            _receivers("email", "emailReceivers"),
            _receivers("sms", "smsReceivers"),
            _receivers("voice", "voiceReceivers"),
            _receivers("webhook", "webhookReceivers"),
            _receivers("arm_role", "armRoleReceivers"),
            _receivers("automation_runbook", "automationRunbookReceivers"),
            _receivers("azure_app_push", "azureAppPushReceivers"),
            _receivers("azure_function", "azureFunctionReceivers"),
            _receivers("event_hub", "eventHubReceivers"),
            _receivers("itsm", "itsmReceivers"),
            _receivers("logic_app", "logicAppReceivers"),
        ),
    ),
    Table(
        AutoscaleSetting,
        ("azurerm_monitor_autoscale_setting",),
        rows=(
            *COMMON,
            Reference("target", "properties.targetResourceUri", "target_resource_id"),
            row("enabled", "properties.enabled", "enabled", default=True, azure=True),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
