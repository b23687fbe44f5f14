"""Azure authorization: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/authorization,
services/policy and services/resource.
"""

from __future__ import annotations

from ringfence.mapping.codecs import ENFORCED
from ringfence.mapping.table import AnyRow, Fold, Nested, Reference, Row, Table, row
from ringfence.model.authorization import (
    ManagementLock,
    PolicyAssignment,
    PolicyDefinition,
    PolicyDefinitionReference,
    PolicySetDefinition,
    RoleAssignment,
    RoleDefinition,
    RoleEligibility,
    RolePermission,
)

_NAME = Row("name", "name", "name")

_ASSIGNMENT: tuple[AnyRow, ...] = (
    _NAME,
    row("role_name", "", "role_definition_name"),
    Reference(
        "role_definition",
        "properties.roleDefinitionId",
        "role_definition_id",
        to=RoleDefinition.arm_type,
    ),
    Reference("principal", "properties.principalId", "principal_id", by="principal"),
    row("principal_type", "properties.principalType", {">=3.100": "principal_type"}),
    row("condition", "properties.condition", "condition"),
)


def _scope(tf: str, to: str = "") -> Reference:
    return Reference("scope", "properties.scope|@scope", tf, to=to)


_SCHEDULED: tuple[AnyRow, ...] = (
    row("name", "name", {}),
    row("role_name", "", {}),
    Reference("role_definition", "properties.roleDefinitionId", "role_definition_id", to=RoleDefinition.arm_type),
    Reference("principal", "properties.principalId", "principal_id", by="principal"),
    row("principal_type", "properties.principalType", {}),
    row("condition", "properties.condition", {">=4.70": "condition"}),
    _scope("scope"),
)
"""Of assignments by Privileged Identity Management, which know no names of roles."""


def _policy(terraform: str, scope: str, to: str = "") -> Table:
    return Table(
        PolicyAssignment,
        (terraform,),
        rows=(
            _NAME,
            _scope(scope, to),
            Reference(
                "policy_definition",
                "properties.policyDefinitionId",
                "policy_definition_id",
            ),
            row(
                "enforce",
                "properties.enforcementMode",
                {"": "enforce", "<3.0": "enforcement_mode"},
                default=True,
                azure=True,
                arm_codec=ENFORCED,
            ),
            row("parameters", "properties.parameters", "parameters"),
        ),
    )


TABLES = (
    Table(RoleAssignment, ("azurerm_role_assignment",), rows=(*_ASSIGNMENT, _scope("scope"))),
    Table(
        RoleAssignment,
        ("azurerm_pim_active_role_assignment",),
        arm="Microsoft.Authorization/roleAssignmentScheduleRequests",
        rows=_SCHEDULED,
    ),
    Table(RoleEligibility, ("azurerm_pim_eligible_role_assignment",), rows=_SCHEDULED),
    Table(
        RoleDefinition,
        ("azurerm_role_definition",),
        rows=(
            Row("name", "properties.roleName|name", "name"),
            _scope("scope"),
            row("role_definition_id", "name", "role_definition_id"),
            Nested(
                "permissions",
                "properties.permissions",
                "permissions",
                RolePermission,
                (
                    row("actions", "actions", "actions", azure=()),
                    row("not_actions", "notActions", "not_actions", azure=()),
                    row("data_actions", "dataActions", "data_actions", azure=()),
                    row("not_data_actions", "notDataActions", "not_data_actions", azure=()),
                ),
            ),
            Reference("assignable_scopes", "properties.assignableScopes", "assignable_scopes", many=True),
        ),
    ),
    Table(
        ManagementLock,
        ("azurerm_management_lock",),
        rows=(_NAME, _scope("scope"), row("level", "properties.level", "lock_level")),
    ),
    _policy("azurerm_policy_assignment", "scope"),
    _policy("azurerm_resource_policy_assignment", "resource_id"),
    _policy("azurerm_resource_group_policy_assignment", "resource_group_id", "Microsoft.Resources/resourceGroups"),
    _policy("azurerm_subscription_policy_assignment", "subscription_id", "Microsoft.Resources/subscriptions"),
    _policy(
        "azurerm_management_group_policy_assignment",
        "management_group_id",
        "Microsoft.Management/managementGroups",
    ),
    Table(
        PolicySetDefinition,
        ("azurerm_policy_set_definition",),
        rows=(
            _NAME,
            Nested(
                "policy_definitions",
                "properties.policyDefinitions",
                "policy_definition_reference",
                PolicyDefinitionReference,
                (
                    Reference("policy_definition", "policyDefinitionId", "policy_definition_id"),
                    row("parameters", "parameters", "parameter_values"),
                ),
            ),
        ),
    ),
    Table(
        PolicyDefinition,
        ("azurerm_policy_definition",),
        rows=(
            _NAME,
            row("mode", "properties.mode", "mode"),
            row("policy_rule", "properties.policyRule", "policy_rule"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
