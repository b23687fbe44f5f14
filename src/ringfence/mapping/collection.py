"""Data collection rules: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v3.47.0, v3.117.1 and v4.81.0, services/monitor. They came with 3.22.
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Fold, Nested, Reference, Row, Table, row
from ringfence.model.collection import DataCollectionRule, DataCollectionRuleAssociation, DataFlow, RuleWorkspace

TABLES = (
    Table(
        DataCollectionRule,
        ("azurerm_monitor_data_collection_rule",),
        rows=(
            *COMMON,
            Nested(
                "workspaces",
                "properties.destinations.logAnalytics",
                "destinations.log_analytics",
                RuleWorkspace,
                (
                    row("name", "name", "name"),
                    Reference("workspace", "workspaceResourceId", "workspace_resource_id"),
                ),
            ),
            Nested(
                "flows",
                "properties.dataFlows",
                "data_flow",
                DataFlow,
                (row("streams", "streams", "streams"), row("destinations", "destinations", "destinations")),
            ),
        ),
    ),
    Table(
        DataCollectionRuleAssociation,
        ("azurerm_monitor_data_collection_rule_association",),
        rows=(
            Row("name", "name", "name", "configurationAccessEndpoint"),
            Reference("target", "@scope", "target_resource_id"),
            Reference("rule", "properties.dataCollectionRuleId", "data_collection_rule_id"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
