"""Kinds of Azure authorization (Microsoft.Authorization): roles, locks, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class RoleGiving(Resource):
    """What names a principal, a role and a scope."""

    scope: Link
    role_name: Attr[str]
    """Name of the role, where it is given by name."""
    role_definition: Link
    """The role, where it is given by id."""
    principal: Link
    principal_type: Attr[str]
    condition: Attr[str]


class RoleAssignment(RoleGiving):
    """Gives a principal a role on a scope and all below it."""

    arm_type = "Microsoft.Authorization/roleAssignments"


class RoleEligibility(RoleGiving):
    """Lets a principal give itself the role for some hours (Privileged Identity Management)."""

    arm_type = "Microsoft.Authorization/roleEligibilityScheduleRequests"


class RolePermission(Block):
    """One set of what a role permits; sets add up."""

    actions: Attr[tuple[str, ...]]
    not_actions: Attr[tuple[str, ...]]
    data_actions: Attr[tuple[str, ...]]
    not_data_actions: Attr[tuple[str, ...]]


class RoleDefinition(Resource):
    """A custom role."""

    arm_type = "Microsoft.Authorization/roleDefinitions"

    scope: Link
    role_definition_id: Attr[str]
    permissions: Many[RolePermission]
    assignable_scopes: Many[Link]
    """Where it may be assigned; the scope itself when none is given."""


class ManagementLock(Resource):
    """Protects a scope and all below it from deletion, or from any change."""

    arm_type = "Microsoft.Authorization/locks"

    scope: Link
    level: Attr[str]
    """``CanNotDelete`` or ``ReadOnly``."""


class PolicyAssignment(Resource):
    """Applies a policy, or a set of them, to a scope."""

    arm_type = "Microsoft.Authorization/policyAssignments"

    scope: Link
    policy_definition: Link
    enforce: Attr[bool]
    parameters: Attr[str]


class PolicyDefinitionReference(Block):
    """One policy of a set."""

    policy_definition: Link
    parameters: Attr[str]


class PolicySetDefinition(Resource):
    """A set of policies, also called an initiative."""

    arm_type = "Microsoft.Authorization/policySetDefinitions"

    policy_definitions: Many[PolicyDefinitionReference]


class PolicyDefinition(Resource):
    """A custom policy."""

    arm_type = "Microsoft.Authorization/policyDefinitions"

    mode: Attr[str]
    policy_rule: Attr[str]
