"""Keys that open a resource for whoever has them: account keys, the registry's admin user, a cluster's local admin.

Who may list such a key gets it by an operation of the control plane, which is a takeover; who reads a secret that holds
it, see `stored`. A shared key of a Log Analytics workspace sends logs and reads none, so it gives nothing here.

Sources: learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent,
learn.microsoft.com/azure/cosmos-db/secure-access-to-data (primary/secondary and read-only keys),
learn.microsoft.com/azure/container-registry/container-registry-authentication (admin account),
learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions,
learn.microsoft.com/azure/service-bus-messaging/service-bus-sas,
learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.containers import ContainerRegistry, ManagedCluster, RegistryToken, ScopeMap
from ringfence.model.cosmos import CosmosAccount
from ringfence.model.messaging import EventHubNamespace, MessagingNamespace, ServiceBusNamespace
from ringfence.model.principal import Principal, key_holder
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Absent, Many, Need, Unknown
from ringfence.questions.access.authorities.cosmos_roles import BUILT_IN
from ringfence.questions.access.authorities.given import given, off, on, role, whole
from ringfence.questions.workloads.held import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.role import Role

_REGISTRY = "Microsoft.ContainerRegistry/registries"
_CLUSTER = "Microsoft.ContainerService/managedClusters"
_TOKEN_ACTIONS = {
    "content/read": "pull/read",
    "content/write": "push/write",
    "content/delete": "artifacts/delete",
    "metadata/read": "metadata/read",
    "metadata/write": "metadata/write",
}


def grants(estate: Estate) -> Many[Grant]:
    """What the keys of all resources open."""
    found: list[Grant] = []
    open_: Unknown | None = None
    for kind, read in _KINDS:
        every = estate.all_of(kind)
        open_ = open_ or every.open
        for resource in every:
            found.extend(read(estate, resource))
    return Many("grants", tuple(found), estate.all_of(StorageAccount).origin, open_)


def read_only_key_holder(account: CosmosAccount) -> Principal:
    """Anyone who has a read-only key of the account."""
    name = f"anyone with a read-only key of {account.title}"
    return Principal(f"{account.key}/readonly-keys", "key holder", name, account)


def _storage(_: Estate, account: Resource) -> Iterator[Grant]:
    assert isinstance(account, StorageAccount)
    opens = role("an account key", "Microsoft.Storage/storageAccounts/*")
    accepted = on(account, account.allow_shared_key_access)
    yield given(account, "shared key", (key_holder(account),), opens, accepted)


def _cosmos(_: Estate, account: Resource) -> Iterator[Grant]:
    assert isinstance(account, CosmosAccount)
    accepted = off(account, account.disable_local_auth)
    opens = role("an account key", "Microsoft.DocumentDB/databaseAccounts/*")
    yield given(account, "shared key", (key_holder(account),), opens, accepted)
    reads = role("a read-only key", *BUILT_IN["00000000-0000-0000-0000-000000000001"][1])
    yield given(account, "read-only key", (read_only_key_holder(account),), reads, accepted)


def _registry(_: Estate, registry: Resource) -> Iterator[Grant]:
    assert isinstance(registry, ContainerRegistry)
    actions = tuple(f"{_REGISTRY}/{end}" for end in _TOKEN_ACTIONS.values())
    opens = role("the admin user", *actions, actions=actions)
    accepted = on(registry, registry.admin_user_enabled)
    yield given(registry, "admin user", (key_holder(registry),), opens, accepted)


def _token(estate: Estate, token: Resource) -> Iterator[Grant]:
    assert isinstance(token, RegistryToken)
    registry = estate.target(token, token.registry)
    if isinstance(registry, ContainerRegistry):
        yield given(
            token,
            "registry token",
            (key_holder(token),),
            _mapped(estate, token),
            on(token, token.enabled),
            scopes=whole(registry),
        )


def _mapped(estate: Estate, token: RegistryToken) -> Role | Unknown:
    """What a scope map permits, for the registry as a whole: roles know no repositories."""
    scope_map = estate.target(token, token.scope_map)
    attr = scope_map.actions if isinstance(scope_map, ScopeMap) else None
    if attr is None or isinstance(attr, Unknown):
        why = f"the scope map of {token.title} is not declared here"
        needs = attr.needs if isinstance(attr, Unknown) else (Need("reference", token.address, why),)
        return Unknown("scope_map", needs, token.scope_map.origin)
    written = () if isinstance(attr, Absent) else attr.value
    actions: list[str] = []
    for action in written:
        end = "/".join(shown(action).rsplit("/", 2)[-2:])
        if not isinstance(action, str) and end not in _TOKEN_ACTIONS:
            why = "the scope map has an action that is not known"
            return Unknown(attr.field, (Need("apply", attr.field, why),), attr.origin)
        actions += [f"{_REGISTRY}/{_TOKEN_ACTIONS[end]}"] if end in _TOKEN_ACTIONS else []
    return role("a token limited to some repositories", *actions, actions=tuple(actions))


def _namespace(_: Estate, namespace: Resource) -> Iterator[Grant]:
    """A shared access policy's key; what of the three rights it has is not looked at."""
    assert isinstance(namespace, MessagingNamespace)
    opens = role("a shared access key", f"{namespace.type}/*")
    accepted = off(namespace, namespace.disable_local_auth)
    yield given(namespace, "shared key", (key_holder(namespace),), opens, accepted)


def _cluster(_: Estate, cluster: Resource) -> Iterator[Grant]:
    assert isinstance(cluster, ManagedCluster)
    opens = role("the local admin account", f"{_CLUSTER}/*")
    accepted = off(cluster, cluster.disable_local_accounts)
    yield given(cluster, "local account", (key_holder(cluster),), opens, accepted)


_KINDS: tuple[tuple[type[Resource], Callable[[Estate, Resource], Iterator[Grant]]], ...] = (
    (StorageAccount, _storage),
    (CosmosAccount, _cosmos),
    (ContainerRegistry, _registry),
    (RegistryToken, _token),
    (ManagedCluster, _cluster),
    (EventHubNamespace, _namespace),
    (ServiceBusNamespace, _namespace),
)
