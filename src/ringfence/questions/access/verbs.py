"""The verbs of each ARM type, as operations.

Source: learn.microsoft.com/azure/role-based-access-control/permissions/security (Key Vault), …/storage, …/databases,
…/containers, …/compute, …/monitor, …/identity
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.questions.access.operation import (
    ACT_AS,
    ADD_CREDENTIAL,
    ADD_MEMBER,
    DATABASE_ADMINISTER,
    DATABASE_DELETE,
    DATABASE_READ,
    DATABASE_WRITE,
    SIGN_IN,
    Operation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def _of(type_: str, data: Mapping[str, str] | None = None, control: Mapping[str, str] | None = None) -> _Verbs:
    """The verbs of a type; each value is the ends of operations, several with a blank between."""
    planes = ((data or {}, True), (control or {}, False))
    return {
        verb: tuple(Operation(f"{type_}/{end}", plane) for end in ends.split())
        for written, plane in planes
        for verb, ends in written.items()
    }


_Verbs = dict[str, tuple[Operation, ...]]

_VAULT = "Microsoft.KeyVault/vaults"
_SECRETS = {
    "read": "getSecret/action",
    "list": "readMetadata/action",
    "write": "setSecret/action",
    "delete": "delete",
    "purge": "purge/action",
    "recover": "recover/action",
    "backup": "backup/action",
    "restore": "restore/action",
}
_KEYS = {
    "read": "read",
    "list": "read",
    "sign": "sign/action",
    "verify": "verify/action",
    "encrypt": "encrypt/action",
    "decrypt": "decrypt/action",
    "wrap": "wrap/action",
    "unwrap": "unwrap/action",
    "write": "create/action import/action",
    "update": "update/action",
    "rotate": "rotate/action",
    "export": "release/action",
    "delete": "delete",
    "purge": "purge/action",
    "recover": "recover/action",
    "backup": "backup/action",
    "restore": "restore/action",
}
_CERTIFICATES = {
    "list": "read",
    "write": "create/action import/action",
    "update": "update/action",
    "delete": "delete",
    "purge": "purge/action",
    "recover": "recover/action",
    "backup": "backup/action",
    "restore": "restore/action",
}
_ACCOUNT = "Microsoft.Storage/storageAccounts"
_BLOBS = {"read": "read", "list": "read", "write": "write add/action", "delete": "delete"}
_FILES = {"read": "read", "list": "read", "write": "write", "delete": "delete"}
_MESSAGES = {
    "read": "read process/action",
    "list": "read",
    "write": "write add/action",
    "delete": "delete process/action",
}
_ENTITIES = {"read": "read", "list": "read", "write": "write add/action update/action", "delete": "delete"}
_BLOB, _FILE = f"{_ACCOUNT}/blobServices/containers/blobs", f"{_ACCOUNT}/fileServices/fileshares/files"
_MESSAGE, _ENTITY = f"{_ACCOUNT}/queueServices/queues/messages", f"{_ACCOUNT}/tableServices/tables/entities"

_ITEMS = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers"
_ITEM_VERBS = {
    "read": "items/read executeQuery readChangeFeed",
    "list": "items/read executeQuery",
    "write": "items/create items/upsert items/replace",
    "delete": "items/delete",
}

_DATABASE: _Verbs = {
    "connect": (SIGN_IN,),
    "read": (DATABASE_READ,),
    "write": (DATABASE_WRITE,),
    "delete": (DATABASE_DELETE,),
    "administer": (DATABASE_ADMINISTER,),
}
_SITE = {
    "manage": "write",
    "deploy": "publish/action",
    "list-keys": "config/list/action",
    "read": "config/list/action",
}
_MACHINE = {"run": "runCommand/action", "manage": "write"}
_LOGIN = {"connect": "login/action loginAsAdmin/action"}


def _prefixed(ends: Mapping[str, str], part: str) -> dict[str, str]:
    """The ends of a part, as ends of what it is in."""
    return {verb: " ".join(f"{part}/{end}" for end in written.split()) for verb, written in ends.items()}


def _merged(*several: _Verbs) -> _Verbs:
    """The verbs of several parts, for what they are all in."""
    found: _Verbs = {}
    for verbs in several:
        for verb, operations in verbs.items():
            found[verb] = (*found.get(verb, ()), *operations)
    return found


BY_TYPE: dict[str, _Verbs] = {
    f"{_VAULT}/secrets": _of(f"{_VAULT}/secrets", _SECRETS),
    f"{_VAULT}/keys": _of(f"{_VAULT}/keys", _KEYS),
    f"{_VAULT}/certificates": _of(f"{_VAULT}/certificates", _CERTIFICATES),
    "Microsoft.KeyVault/managedHSMs/keys": _of(f"{_VAULT}/keys", _KEYS),
    _VAULT: _merged(
        _of(_VAULT, _prefixed(_SECRETS, "secrets")),
        _of(_VAULT, {v: e for v, e in _prefixed(_KEYS, "keys").items() if v not in _SECRETS}),
        _of(_VAULT, control={"manage": "write accessPolicies/write"}),
    ),
    _ACCOUNT: _merged(
        _of(_BLOB, _BLOBS),
        _of(_FILE, _FILES),
        _of(_MESSAGE, _MESSAGES),
        _of(_ENTITY, _ENTITIES),
        _of(
            _ACCOUNT,
            control={"list-keys": "listKeys/action", "sign-access": "listAccountSas/action listServiceSas/action"},
        ),
    ),
    f"{_ACCOUNT}/blobServices/containers": _of(_BLOB, _BLOBS),
    f"{_ACCOUNT}/blobServices/containers/blobs": _of(_BLOB, _BLOBS),
    f"{_ACCOUNT}/fileServices/shares": _of(_FILE, _FILES),
    f"{_ACCOUNT}/queueServices/queues": _of(_MESSAGE, _MESSAGES),
    f"{_ACCOUNT}/tableServices/tables": _of(_ENTITY, _ENTITIES),
    **{
        f"{provider}{database}": _DATABASE
        for provider in (
            "Microsoft.Sql/servers",
            "Microsoft.DBforMySQL/servers",
            "Microsoft.DBforMySQL/flexibleServers",
            "Microsoft.DBforPostgreSQL/servers",
            "Microsoft.DBforPostgreSQL/flexibleServers",
        )
        for database in ("", "/databases")
    },
    "Microsoft.DocumentDB/databaseAccounts": _merged(
        _of(_ITEMS, _ITEM_VERBS),
        _of(
            "Microsoft.DocumentDB/databaseAccounts",
            control={"list-keys": "listKeys/action listConnectionStrings/action readonlykeys/action"},
        ),
    ),
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases": _of(_ITEMS, _ITEM_VERBS),
    _ITEMS: _of(_ITEMS, _ITEM_VERBS),
    "Microsoft.ContainerRegistry/registries": _of(
        "Microsoft.ContainerRegistry/registries",
        control={
            "pull": "pull/read",
            "read": "pull/read",
            "push": "push/write",
            "write": "push/write",
            "delete": "artifacts/delete",
            "list-keys": "listCredentials/action",
        },
    ),
    "Microsoft.ContainerService/managedClusters": _merged(
        _of("Microsoft.ContainerService/managedClusters", {"read": "secrets/read", "write": "pods/write"}),
        _of(
            "Microsoft.ContainerService/managedClusters",
            control={
                "connect": "listClusterUserCredential/action",
                "administer": "listClusterAdminCredential/action",
                "list-keys": "listClusterAdminCredential/action",
                "run": "runcommand/action",
            },
        ),
    ),
    "Microsoft.OperationalInsights/workspaces": _merged(
        _of("Microsoft.OperationalInsights/workspaces", {"read": "tables/data/read"}),
        _of(
            "Microsoft.OperationalInsights/workspaces",
            control={
                "read": "query/read",
                "query": "query/read",
                "list-keys": "sharedKeys/action",
                "purge": "purge/action",
            },
        ),
    ),
    "Microsoft.Insights/components": _of("Microsoft.Insights/components", control={"read": "query/read"}),
    "Microsoft.Web/sites": _of("Microsoft.Web/sites", control=_SITE),
    "Microsoft.Web/sites/slots": _of("Microsoft.Web/sites/slots", control=_SITE),
    "Microsoft.Compute/virtualMachines": _merged(
        _of("Microsoft.Compute/virtualMachines", _LOGIN, _MACHINE),
    ),
    "Microsoft.Compute/virtualMachineScaleSets": _of(
        "Microsoft.Compute/virtualMachineScaleSets",
        control={"run": "virtualMachines/runCommand/action", "manage": "write"},
    ),
    "Microsoft.Compute/disks": _of("Microsoft.Compute/disks", control={"read": "beginGetAccess/action"}),
    "Microsoft.ManagedIdentity/userAssignedIdentities": {
        "attach": (Operation("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"),),
        "act-as": (ACT_AS,),
    },
    "Microsoft.Graph/applications": {"act-as": (ACT_AS,), "manage": (ADD_CREDENTIAL,)},
    "Microsoft.Graph/servicePrincipals": {"act-as": (ACT_AS,), "manage": (ADD_CREDENTIAL,)},
    "Microsoft.Graph/groups": {"manage": (ADD_MEMBER,)},
}
BY_TYPE = {type_.casefold(): verbs for type_, verbs in BY_TYPE.items()}
"""By ARM type in lower case: the verbs, each with the operations any of which is enough."""

ANY: dict[str, tuple[str, bool]] = {
    "read": ("{type}/read", False),
    "manage": ("{type}/write", False),
    "write": ("{type}/write", False),
    "delete": ("{type}/delete", False),
    "assign": ("Microsoft.Authorization/roleAssignments/write", False),
    "lock": ("Microsoft.Authorization/locks/write", False),
    "act-as": (ACT_AS.name, True),
}
"""What may be done to anything, where its type has no closer meaning for the word."""

SYNONYMS = {
    "get": "read",
    "set": "write",
    "create": "write",
    "remove": "delete",
    "unwrapkey": "unwrap",
    "wrapkey": "wrap",
    "grant": "assign",
    "assign-roles": "assign",
    "sign-in": "connect",
    "login": "connect",
    "actas": "act-as",
    "act as": "act-as",
    "listkeys": "list-keys",
    "list keys": "list-keys",
    "admin": "administer",
    "exec": "run",
}
