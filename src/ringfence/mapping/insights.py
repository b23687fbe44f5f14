"""Log Analytics and Application Insights: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0.
"""

from __future__ import annotations

from ringfence.mapping.codecs import BEFORE_BRACKET, KEY
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, NOT, Fold, Nested, Reference, Table, flag, row
from ringfence.model.insights import (
    ApplicationInsights,
    LinkedStorage,
    LogAnalyticsCluster,
    LogAnalyticsLinkedService,
    LogAnalyticsSolution,
    LogAnalyticsWorkspace,
    MonitorPrivateLinkScope,
    ScopedResource,
)

ACCESS = flag("Enabled", "Disabled")
_KEY = "Microsoft.KeyVault/vaults/keys"

_LINKED = (
    row("data_source_type", "name", "data_source_type"),
    Reference("storage_accounts", "properties.storageAccountIds", "storage_account_ids", many=True),
)
_SCOPED = (Reference("resource", "properties.linkedResourceId", "linked_resource_id"),)

TABLES = (
    Table(
        LogAnalyticsWorkspace,
        ("azurerm_log_analytics_workspace",),
        rows=(
            *COMMON,
            row("sku", "properties.sku.name", "sku", azure="PerGB2018"),
            row("retention_in_days", "properties.retentionInDays", "retention_in_days", azure=30),
            row("daily_quota_gb", "properties.workspaceCapping.dailyQuotaGb", "daily_quota_gb", default=-1, azure=-1),
            row(
                "public_network_access_for_ingestion",
                "properties.publicNetworkAccessForIngestion",
                "internet_ingestion_enabled",
                default=True,
                azure="Enabled",
                codec=ACCESS,
            ),
            row(
                "public_network_access_for_query",
                "properties.publicNetworkAccessForQuery",
                "internet_query_enabled",
                default=True,
                azure="Enabled",
                codec=ACCESS,
            ),
            row(
                "disable_local_auth",
                "properties.features.disableLocalAuth",
                {">=4.0": "local_authentication_enabled", ">=3.0,<5.0": "local_authentication_disabled"},
                azure=False,
                codec={"local_authentication_enabled": NOT},
            ),
            row("force_cmk_for_query", "properties.forceCmkForQuery", {">=3.0": "cmk_for_query_forced"}, azure=False),
            Nested("linked_storage_accounts", "linkedStorageAccounts/*:", "", LinkedStorage, _LINKED),
        ),
    ),
    Table(
        LogAnalyticsSolution,
        ("azurerm_log_analytics_solution",),
        rows=(
            row("name", "name", "solution_name", arm_codec=BEFORE_BRACKET),
            *COMMON[1:],
            row("solution_name", "name", "solution_name", arm_codec=BEFORE_BRACKET),
            Reference("workspace", "properties.workspaceResourceId", "workspace_resource_id"),
            row("publisher", "plan.publisher", "plan.publisher"),
            row("product", "plan.product", "plan.product"),
        ),
    ),
    Table(
        LogAnalyticsLinkedService,
        ("azurerm_log_analytics_linked_service",),
        rows=(
            *COMMON,
            Reference("workspace", "@parent", "workspace_id"),
            Reference("write_access", "properties.writeAccessResourceId", "write_access_id"),
            Reference("read_access", "properties.resourceId", "read_access_id"),
        ),
    ),
    Table(
        LogAnalyticsCluster,
        ("azurerm_log_analytics_cluster",),
        rows=(
            *COMMON,
            *IDENTITY,
            Reference("key_vault_key", "properties.keyVaultProperties", "", arm_codec=KEY, to=_KEY),
        ),
    ),
    Table(
        ApplicationInsights,
        ("azurerm_application_insights",),
        rows=(
            *COMMON,
            row("application_type", "properties.Application_Type", "application_type"),
            Reference("workspace", "properties.WorkspaceResourceId", "workspace_id"),
            row("retention_in_days", "properties.RetentionInDays", "retention_in_days", default=90, azure=90),
            row(
                "public_network_access_for_ingestion",
                "properties.publicNetworkAccessForIngestion",
                {">=3.0": "internet_ingestion_enabled"},
                default={">=3.0": True},
                azure="Enabled",
                codec=ACCESS,
            ),
            row(
                "public_network_access_for_query",
                "properties.publicNetworkAccessForQuery",
                {">=3.0": "internet_query_enabled"},
                default={">=3.0": True},
                azure="Enabled",
                codec=ACCESS,
            ),
            row(
                "disable_local_auth",
                "properties.DisableLocalAuth",
                {">=4.0": "local_authentication_enabled", ">=3.0,<5.0": "local_authentication_disabled"},
                azure=False,
                codec={"local_authentication_enabled": NOT},
            ),
            row(
                "disable_ip_masking",
                "properties.DisableIpMasking",
                {">=4.0": "ip_masking_enabled", "<5.0": "disable_ip_masking"},
                azure=False,
                codec={"ip_masking_enabled": NOT},
            ),
            row("sampling_percentage", "properties.SamplingPercentage", "sampling_percentage", default=100, azure=100),
        ),
    ),
    Table(
        MonitorPrivateLinkScope,
        ("azurerm_monitor_private_link_scope",),
        rows=(
            *COMMON,
            row(
                "ingestion_access_mode",
                "properties.accessModeSettings.ingestionAccessMode",
                {">=3.0": "ingestion_access_mode"},
                default="Open",
                azure="Open",
            ),
            row(
                "query_access_mode",
                "properties.accessModeSettings.queryAccessMode",
                {">=3.0": "query_access_mode"},
                default="Open",
                azure="Open",
            ),
            Nested("scoped", "scopedResources/*:", "", ScopedResource, _SCOPED),
        ),
    ),
)

FOLDS = (
    Fold(
        "azurerm_log_analytics_linked_storage_account",
        LogAnalyticsWorkspace,
        Reference("workspace", "", {">=4.0": "workspace_id", "<5.0": "workspace_resource_id"}),
        _LINKED,
        whole="linked_storage_accounts",
        item=LinkedStorage,
    ),
    Fold(
        "azurerm_log_analytics_cluster_customer_managed_key",
        LogAnalyticsCluster,
        Reference("cluster", "", "log_analytics_cluster_id"),
        (Reference("key_vault_key", "properties.keyVaultProperties", "key_vault_key_id", to=_KEY),),
    ),
    Fold(
        "azurerm_monitor_private_link_scoped_service",
        MonitorPrivateLinkScope,
        Reference(
            "scope",
            "",
            "scope_name",
            by="name",
            to=MonitorPrivateLinkScope.arm_type,
            scope=("resource_group_name",),
        ),
        _SCOPED,
        whole="scoped",
        item=ScopedResource,
    ),
)
