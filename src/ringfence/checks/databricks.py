"""Azure Databricks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.databricks import DatabricksSecretScope, DatabricksWorkspace
from ringfence.model.judge import equals, holds, is_on
from ringfence.model.value import Unknown
from ringfence.model.verdict import all_of, not_applicable
from ringfence.questions.answer import unresolved
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Verdict


@check(
    "databricks-no-public-ip",
    DatabricksWorkspace,
    severity="high",
    fix="Set custom_parameters.no_public_ip = true.",
)
def no_public_ip(workspace: DatabricksWorkspace) -> Verdict:
    """Clusters have private addresses only.

    Until 4.0 the provider writes false when custom_parameters does not say otherwise.

    Source: learn.microsoft.com/azure/databricks/security/network/classic/secure-cluster-connectivity
    """
    return is_on(workspace.enable_no_public_ip)


@check(
    "databricks-public-access",
    DatabricksWorkspace,
    severity="high",
    fix="Set public_network_access_enabled = false, and network_security_group_rules_required to "
    '"NoAzureDatabricksRules".',
)
def public_access(workspace: DatabricksWorkspace) -> Verdict:
    """The control plane is reached through a private endpoint only.

    Source: learn.microsoft.com/azure/databricks/security/network/front-end/front-end-private-connect
    """
    return equals(workspace.public_network_access, "Disabled")


@check(
    "databricks-own-network",
    DatabricksWorkspace,
    severity="high",
    fix="Set custom_parameters.virtual_network_id and the two subnets.",
)
def own_network(workspace: DatabricksWorkspace, estate: Estate) -> Verdict:
    """Clusters run in a network of one's own.

    Source: learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject
    """
    return is_given(workspace, workspace.custom_virtual_network, estate, "a virtual network")


@check(
    "databricks-secret-scopes",
    DatabricksWorkspace,
    severity="medium",
    fix='Remove initial_manage_principal = "users" and give a databricks_secret_acl to those who need the secrets.',
)
def secret_scopes(workspace: DatabricksWorkspace, estate: Estate) -> Verdict:
    """Secrets of the workspace are in scopes that not everybody in it may manage.

    A scope that names nobody is managed by whoever made it.

    Source: learn.microsoft.com/azure/databricks/security/secrets (permission levels)
    """
    found = [_managed(workspace, scope, estate) for scope in estate.of(DatabricksSecretScope)]
    judged = [verdict for verdict in found if verdict is not None]
    return all_of(*judged) if judged else not_applicable("no secret scope of it is declared")


def _managed(workspace: DatabricksWorkspace, scope: DatabricksSecretScope, estate: Estate) -> Verdict | None:
    """None where the scope is another workspace's."""
    ends = estate.resolve(scope, scope.workspace)
    if isinstance(ends, Unknown):
        return unresolved(scope.workspace, "a workspace", ends)
    if not any(end.resource is workspace for end in ends):
        return None
    return holds(scope.initial_manage_principal, lambda v: v != "users", "not users")


@check(
    "databricks-secret-scope-in-vault",
    DatabricksSecretScope,
    severity="low",
    fix="Write keyvault_metadata with a vault of its own, in which Databricks may read secrets.",
)
def secret_scope_in_vault(scope: DatabricksSecretScope, estate: Estate) -> Verdict:
    """The secrets of a scope are those of a vault.

    They are then in one place, whose log says who read them, and a renewed one needs no second copy. One scope stands
    for a whole vault, and Databricks reads all of it; so the vault should hold nothing else.

    Source: learn.microsoft.com/azure/databricks/security/secrets/workspace-secret-scopes (backed by Key Vault)
    """
    return is_given(scope, scope.vault, estate, "a vault")


@check(
    "databricks-infrastructure-encryption",
    DatabricksWorkspace,
    severity="low",
    fix="Set infrastructure_encryption_enabled = true. The workspace has to be made anew.",
)
def infrastructure_encryption(workspace: DatabricksWorkspace) -> Verdict:
    """The workspace's own storage is encrypted a second time.

    Source: learn.microsoft.com/azure/databricks/security/keys/double-encryption
    """
    return is_on(workspace.require_infrastructure_encryption)
