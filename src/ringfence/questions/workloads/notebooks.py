"""Databricks workspaces as workloads: whose identity their notebooks have, and which secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.databricks import DatabricksSecret, DatabricksSecretScope, DatabricksWorkspace
from ringfence.model.identity import IdentityHolder
from ringfence.model.network import Subnet
from ringfence.model.principal import identities
from ringfence.model.resource import Resource
from ringfence.model.symbol import render
from ringfence.model.value import Absent, Many, Unknown
from ringfence.questions.workloads.held import Held, held_in_setting
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


def notebooks(estate: Estate, workspace: DatabricksWorkspace) -> Workload:
    """A workspace: code in it acts as its access connector where it has one, in the network it is put into."""
    connector = estate.target(workspace, workspace.access_connector)
    none = Many[Any]("identity", (), workspace.origin)
    acting = identities(estate, connector) if isinstance(connector, IdentityHolder) else none
    return Workload(
        workspace.key,
        workspace,
        acting,
        (),
        _notebook_secrets(estate, workspace),
        _notebook_subnets(estate, workspace),
    )


def _notebook_secrets(estate: Estate, workspace: DatabricksWorkspace) -> Many[Held]:
    """The secrets that are kept in the workspace, and the vaults that its scopes stand for.

    Source: learn.microsoft.com/azure/databricks/security/secrets
    """
    found: list[Held] = []
    for secret in estate.of(DatabricksSecret):
        if _in_workspace(estate, secret, workspace) and not isinstance(secret.value, Absent):
            value = secret.value
            found.extend(held_in_setting(estate, "Databricks secret", secret.title, value.value, value.origin))
    for scope in estate.of(DatabricksSecretScope):
        vault = estate.target(scope, scope.vault)
        if vault is not None and _in_workspace(estate, scope, workspace):
            found.append(Held(scope.title, "secrets store", scope.vault.origin, vault))
    return Many("secrets", tuple(found), workspace.origin, estate.all_of(DatabricksSecret).open)


def _in_workspace(
    estate: Estate, inside: DatabricksSecret | DatabricksSecretScope, workspace: DatabricksWorkspace
) -> bool:
    """What names no workspace is in the only one."""
    if inside.workspace.value is not None:
        return estate.target(inside, inside.workspace) is workspace
    return len(estate.of(DatabricksWorkspace)) == 1


def _notebook_subnets(estate: Estate, workspace: DatabricksWorkspace) -> Many[Resource]:
    network = estate.target(workspace, workspace.custom_virtual_network)
    names = (workspace.custom_public_subnet_name, workspace.custom_private_subnet_name)
    wanted = {render(n.value) for n in names if not isinstance(n, Absent)}
    found = (
        tuple(
            e.source
            for e in estate.referrers(network, Subnet, "virtual_network")
            if not isinstance(e.source.name, Absent) and render(e.source.name.value) in wanted
        )
        if isinstance(network, Resource)
        else ()
    )
    missing = next((n for n in names if isinstance(n, Unknown)), None) if len(found) < len(wanted) else None
    return Many("subnets", found, workspace.origin, missing)
