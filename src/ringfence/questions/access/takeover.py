"""Takeovers: operations that are more than they seem, since they let one act as another or grant oneself more.

Each says what is held (an operation on a resource), and what it becomes: a principal whose rights one then has, or a
grant that one then has. `takeovers` lists those of an estate, by kind of resource:

- keys of an account, registry or cluster may be listed: one holds the key, while keys are accepted;
- code may be run where an identity is attached, or an identity be attached where one runs code;
- a credential may be added to an identity or application, a member to a group;
- a secret may be read that holds the key or password of something else; a machine be signed in to;
- access policies, directory administrators or roles of a store may be written.

Who may assign roles may do anything at that scope and below; as that holds for every scope, `escalation` adds it.
Settings that somebody could change back first, such as keys that are refused now, are not counted.

Source: learn.microsoft.com/azure/role-based-access-control/best-practices (privileged administrator roles),
learn.microsoft.com/azure/key-vault/general/rbac-guide (Contributor and access policies; the permission model cannot be
changed without roleAssignments/write), learn.microsoft.com/azure/storage/common/authorize-data-access (keys),
learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import Machine, VirtualMachine, VirtualMachineExtension
from ringfence.model.containers import ContainerRegistry, ManagedCluster
from ringfence.model.cosmos import CosmosAccount
from ringfence.model.data_factory import DataFactory
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.entra import Application, Group, ServicePrincipal
from ringfence.model.identity import IdentityHolder, UserAssignedIdentity
from ringfence.model.judge import is_off, is_on, one_of
from ringfence.model.keyvault import KeyVault, Secret
from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.model.postgresql import PostgresFlexibleServer, PostgresServer
from ringfence.model.principal import Principal, identities, key_holder, kubelet_of, principal_of
from ringfence.model.sql import SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Unknown
from ringfence.model.verdict import Verdict, some
from ringfence.model.web import Site
from ringfence.questions.access.authorities.acting import controller
from ringfence.questions.access.authorities.stored import keys_in
from ringfence.questions.access.grant import ESCALATION, Grant
from ringfence.questions.access.operation import ACT_AS, ADD_CREDENTIAL, ADD_MEMBER, Operation
from ringfence.questions.access.role import Permission, Role
from ringfence.questions.access.scope import Scope
from ringfence.questions.answer import of
from ringfence.questions.workloads.every import workloads_of
from ringfence.questions.workloads.nodes import kubelet
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource


@record(eq=False)
class Takeover:
    """Who may `operation` on `on` becomes a principal, or gets a grant."""

    operation: Operation
    on: Resource
    becomes: Principal | Grant
    told: str
    """What one does, in a few words."""
    verdict: Verdict = Verdict("pass")
    """Whether it works: keys are accepted, the vault uses access policies."""
    attach: bool = False
    """It takes a place of one's own as well to which the identity is attached."""

    @property
    def deed_key(self) -> str:
        """The key of what it is done to."""
        return self.on.key


PLACES = (
    "Microsoft.Compute/virtualMachines/write",
    "Microsoft.Compute/virtualMachineScaleSets/write",
    "Microsoft.Web/sites/write",
    "Microsoft.ContainerInstance/containerGroups/write",
    "Microsoft.App/containerApps/write",
    "Microsoft.Resources/deploymentScripts/write",
    "Microsoft.Automation/automationAccounts/write",
    "Microsoft.Logic/workflows/write",
    "Microsoft.DataFactory/factories/write",
)
"""Operations that make a place to which an identity can be attached and in which one's own code runs."""


class Takeovers:
    """The takeovers of an estate, by what they need and by what they give."""

    def __init__(self, estate: Estate) -> None:
        self.all = tuple(t for r in estate.resources.values() for t in _of(estate, r))
        self.to: dict[str, list[Takeover]] = {}
        """By the key of the principal that one becomes."""
        self.giving: dict[str, list[Takeover]] = {}
        """By the key of the scope of the grant that one gets."""
        for one in self.all:
            if isinstance(one.becomes, Principal):
                self.to.setdefault(one.becomes.key, []).append(one)
            elif not isinstance(one.becomes.scopes, Unknown):
                for scope in one.becomes.scopes:
                    self.giving.setdefault(scope.key, []).append(one)


def takeovers(estate: Estate) -> Takeovers:
    """The takeovers of the estate; the index is made when it is first asked for."""
    return estate.once(Takeovers)


def _of(estate: Estate, resource: Resource) -> Iterator[Takeover]:
    kind = type(resource)
    if kind not in _READERS:
        _READERS[kind] = tuple(read for base, read in _KINDS if issubclass(kind, base))
    for read in _READERS[kind]:
        yield from read(estate, resource)


_READERS: dict[type[Resource], tuple[Callable[[Estate, Resource], Iterator[Takeover]], ...]] = {}
"""What is read of each kind: of those in `_KINDS`, the ones that it is."""


def _gain(resource: Resource, name: str, *data_actions: str) -> Grant:
    """The grant that one gives oneself: everything inside the resource."""
    role = Role(name, "", (Permission(data_actions=data_actions),))
    scope = Scope(resource.key, "resource", resource)
    return Grant(f"{resource.key}/{name}", resource, ESCALATION, (), (scope,), role, origin=resource.origin)


# -- contents


def _vault(_: Estate, vault: Resource) -> Iterator[Takeover]:
    assert isinstance(vault, KeyVault)
    yield from _template(vault)
    by_policy = of(vault, is_off(vault.enable_rbac_authorization))
    if by_policy.outcome == "fail":
        return
    gain = _gain(vault, "an access policy", "Microsoft.KeyVault/vaults/*")
    for end in ("accessPolicies/write", "write"):
        told = f"give oneself an access policy in {vault.title}"
        yield Takeover(Operation(f"{vault.type}/{end}"), vault, gain, told, by_policy)


def _template(vault: KeyVault) -> Iterator[Takeover]:
    """A deployment reads secrets for whoever starts it, where the vault lets templates in.

    Source: learn.microsoft.com/azure/azure-resource-manager/templates/key-vault-parameter
    """
    lets_in = of(vault, is_on(vault.enabled_for_template_deployment))
    if lets_in.outcome != "fail":
        gain = _gain(vault, "a template deployment", "Microsoft.KeyVault/vaults/secrets/getSecret/action")
        told = f"have a deployment read a secret of {vault.title}"
        yield Takeover(Operation(f"{vault.type}/deploy/action"), vault, gain, told, lets_in)


def _server(_: Estate, server: Resource) -> Iterator[Takeover]:
    gain = _gain(server, "the administrator", "databases/*")
    for end in ("administrators/write", "write"):
        told = f"make oneself administrator of {server.title}, or set the administrator's password"
        yield Takeover(Operation(f"{server.type}/{end}"), server, gain, told)


def _cosmos(_: Estate, account: Resource) -> Iterator[Takeover]:
    assert isinstance(account, CosmosAccount)
    gain = _gain(account, "a role of the account", "Microsoft.DocumentDB/databaseAccounts/*")
    told = f"give oneself a role in {account.title}"
    yield Takeover(Operation(f"{account.type}/sqlRoleAssignments/write"), account, gain, told)
    keys = of(account, is_off(account.disable_local_auth))
    for end in ("listKeys/action", "listConnectionStrings/action", "regenerateKey/action"):
        yield from _keys(account, end, keys)


# -- keys


def _keys(resource: Resource, end: str, accepted: Verdict) -> Iterator[Takeover]:
    if accepted.outcome != "fail":
        told = f"take a key of {resource.title}"
        yield Takeover(Operation(f"{resource.type}/{end}"), resource, key_holder(resource), told, accepted)


def _account(_: Estate, account: Resource) -> Iterator[Takeover]:
    assert isinstance(account, StorageAccount)
    accepted = of(account, is_on(account.allow_shared_key_access))
    for end in ("listKeys/action", "regenerateKey/action", "listAccountSas/action", "listServiceSas/action"):
        yield from _keys(account, end, accepted)


def _registry(_: Estate, registry: Resource) -> Iterator[Takeover]:
    assert isinstance(registry, ContainerRegistry)
    accepted = of(registry, is_on(registry.admin_user_enabled))
    for end in ("listCredentials/action", "regenerateCredential/action"):
        yield from _keys(registry, end, accepted)


def _cluster(estate: Estate, cluster: Resource) -> Iterator[Takeover]:
    assert isinstance(cluster, ManagedCluster)
    local = of(cluster, is_off(cluster.disable_local_accounts))
    yield from _keys(cluster, "listClusterAdminCredential/action", local)
    yield from _keys(cluster, "accessProfiles/listCredential/action", local)
    kubelet = kubelet_of(estate, cluster)
    told = f"run a command in {cluster.title} on its nodes"
    yield Takeover(Operation(f"{cluster.type}/runCommand/action"), cluster, kubelet, told)


def _secret(estate: Estate, secret: Resource) -> Iterator[Takeover]:
    """Who may read a secret has the key or password that it holds."""
    for opening in keys_in(estate).get(secret.key, ()):
        told = f"read {opening.told} in {secret.title}"
        yield Takeover(Operation(f"{secret.type}/getSecret/action", True), secret, opening.becomes, told)


# -- identities


def _attached(estate: Estate, holder: Resource) -> Iterator[Takeover]:
    """Code that runs in a place has tokens of the identity that Azure made for the place."""
    assert isinstance(holder, IdentityHolder)
    # what runs in a cluster is on its nodes
    held = kubelet(estate, holder) if isinstance(holder, ManagedCluster) else identities(estate, holder)
    for principal in () if isinstance(held, Unknown) else held:
        if principal.resource is holder:
            yield Takeover(ACT_AS, holder, principal, f"act as {principal}")


def _login(estate: Estate, machine: Resource) -> Iterator[Takeover]:
    """Who may sign in to a machine with Entra has its identities: the metadata service asks no user.

    Source: learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux (the extension is needed)
    """
    assert isinstance(machine, VirtualMachine)
    extensions = estate.referrers(machine, VirtualMachineExtension, "virtual_machine")
    kinds = [e.source for e in extensions if isinstance(e.source, VirtualMachineExtension)]
    works = of(machine, some(extensions, (one_of(x.extension_type, *_ENTRA_LOGIN) for x in kinds)))
    held = identities(estate, machine)
    for principal in () if isinstance(held, Unknown) or works.outcome == "fail" else held:
        for end in ("login/action", "loginAsAdmin/action"):
            told = f"sign in to {machine.title}, as {principal}"
            yield Takeover(Operation(f"{machine.type}/{end}", True), machine, principal, told, works)


_ENTRA_LOGIN = ("AADSSHLoginForLinux", "AADLoginForLinux", "AADLoginForWindows")


def _holder(estate: Estate, holder: Resource) -> Iterator[Takeover]:
    """Who may run code in a place acts as the identities attached to it."""
    assert isinstance(holder, IdentityHolder)
    ends = next(ends for kind, ends in _RUNS if isinstance(holder, kind))
    held = identities(estate, holder)
    for principal in () if isinstance(held, Unknown) else held:
        for end in ends:
            told = f"run code in {holder.title}, as {principal}"
            yield Takeover(Operation(f"{holder.type}/{end}"), holder, principal, told)


_RUNS: tuple[tuple[type[Resource], tuple[str, ...]], ...] = (
    (Machine, ("write", "runCommand/action", "runCommands/write", "extensions/write")),
    (Site, ("write", "publish/action", "publishxml/action", "config/list/action", "extensions/write")),
    (DataFactory, ("write", "pipelines/write")),
)


def _workspace(estate: Estate, workspace: Resource) -> Iterator[Takeover]:
    """Who may make himself administrator of a Databricks workspace, as its Contributor may, runs code in it.

    Source: learn.microsoft.com/azure/role-based-access-control/permissions/analytics (assignWorkspaceAdmin),
    learn.microsoft.com/azure/databricks/dev-tools/service-prin-aad-token (Contributor on the workspace)
    """
    told = f"run code in {workspace.title} as its administrator"
    for workload in workloads_of(estate, workspace):
        yield Takeover(
            Operation(f"{workspace.type}/assignWorkspaceAdmin/action"), workspace, controller(workload), told
        )


def _identity(estate: Estate, identity: Resource) -> Iterator[Takeover]:
    assert isinstance(identity, UserAssignedIdentity)
    own = principal_of(estate, identity)
    attach = Operation(f"{identity.type}/assign/action")
    yield Takeover(attach, identity, own, f"attach {identity.title} to a place of one's own", attach=True)
    federate = Operation(f"{identity.type}/federatedIdentityCredentials/write")
    yield Takeover(federate, identity, own, f"let tokens of another issuer act as {identity.title}")
    yield Takeover(ACT_AS, identity, own, f"act as {identity.title}")


def _application(estate: Estate, application: Resource) -> Iterator[Takeover]:
    assert isinstance(application, Application)
    acting = [e.source for e in estate.referrers(application, ServicePrincipal, "application")]
    for one in acting or [application]:
        own = principal_of(estate, one)
        yield Takeover(ADD_CREDENTIAL, application, own, f"add a credential to {application.title}")
        yield Takeover(ACT_AS, application, own, f"act as {application.title}")


def _service_principal(estate: Estate, resource: Resource) -> Iterator[Takeover]:
    assert isinstance(resource, ServicePrincipal)
    own = principal_of(estate, resource)
    yield Takeover(ADD_CREDENTIAL, resource, own, f"add a credential to {own.name}")
    yield Takeover(ACT_AS, resource, own, f"act as {own.name}")


def _group(estate: Estate, group: Resource) -> Iterator[Takeover]:
    yield Takeover(ADD_MEMBER, group, principal_of(estate, group), f"join {group.title}")


_KINDS: tuple[tuple[type[Resource], Callable[[Estate, Resource], Iterator[Takeover]]], ...] = (
    (KeyVault, _vault),
    (SqlServer, _server),
    (MySqlServer, _server),
    (MySqlFlexibleServer, _server),
    (PostgresServer, _server),
    (PostgresFlexibleServer, _server),
    (CosmosAccount, _cosmos),
    (StorageAccount, _account),
    (ContainerRegistry, _registry),
    (ManagedCluster, _cluster),
    (Secret, _secret),
    (IdentityHolder, _attached),
    (VirtualMachine, _login),
    (Machine, _holder),
    (Site, _holder),
    (DataFactory, _holder),
    (DatabricksWorkspace, _workspace),
    (UserAssignedIdentity, _identity),
    (Application, _application),
    (ServicePrincipal, _service_principal),
    (Group, _group),
)
