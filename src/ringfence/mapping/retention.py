"""Lifecycle rules and workspace tables: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/storage and
services/loganalytics. Workspace tables came with 3.86.
"""

from __future__ import annotations

from ringfence.mapping.table import Fold, Nested, Reference, Row, Table, row
from ringfence.model.retention import BlobTag, LifecycleRule, ManagementPolicy, WorkspaceTable

_ACCOUNT = Reference("account", "", "storage_account_id", to="Microsoft.Storage/storageAccounts")
_WORKSPACE = Reference("workspace", "", "workspace_id", to="Microsoft.OperationalInsights/workspaces")
_DELETE = "definition.actions.baseBlob.delete"


def _after(field: str, arm: str, terraform: str, since: str) -> Row:
    return row(
        f"delete_after_{field}_days",
        f"{_DELETE}.{arm}",
        {since: f"actions.base_blob.delete_after_days_since_{terraform}"},
    )


TABLES = (
    Table(
        ManagementPolicy,
        ("azurerm_storage_management_policy",),
        parent=_ACCOUNT,
        unique="parent",
        rows=(
            Row("name", "name", {"": ""}, azure="default"),
            _ACCOUNT,
            Nested(
                "rules",
                "properties.policy.rules",
                "rule",
                LifecycleRule,
                (
                    row("name", "name", "name"),
                    row("enabled", "enabled", "enabled", azure=True),
                    row("prefix_match", "definition.filters.prefixMatch", "filters.prefix_match", azure=()),
                    row("blob_types", "definition.filters.blobTypes", "filters.blob_types"),
                    Nested(
                        "tags",
                        "definition.filters.blobIndexMatch",
                        "filters.match_blob_index_tag",
                        BlobTag,
                        (row("name", "name", "name"),),
                    ),
                    _after("modification", "daysAfterModificationGreaterThan", "modification_greater_than", ""),
                    _after("creation", "daysAfterCreationGreaterThan", "creation_greater_than", ">=3.0"),
                    _after(
                        "last_access", "daysAfterLastAccessTimeGreaterThan", "last_access_time_greater_than", ">=3.0"
                    ),
                ),
            ),
        ),
    ),
    Table(
        WorkspaceTable,
        ("azurerm_log_analytics_workspace_table",),
        parent=_WORKSPACE,
        unique="parent",
        rows=(
            Row("name", "name", "name"),
            _WORKSPACE,
            row("plan", "properties.plan", "plan", default="Analytics"),
            row("retention_in_days", "properties.retentionInDays", "retention_in_days"),
            row("total_retention_in_days", "properties.totalRetentionInDays", "total_retention_in_days"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
