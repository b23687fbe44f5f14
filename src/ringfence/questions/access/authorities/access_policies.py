"""Access policies of vaults. They count only while the vault does not use role-based access control.

A policy holds for all keys, secrets and certificates of its vault. The operations are those that roles name; a policy
that may list, but not get, keys or certificates is taken for one that may read their public part, since roles make no
difference.

Sources: learn.microsoft.com/azure/key-vault/general/rbac-access-policy,
learn.microsoft.com/azure/key-vault/general/assign-access-policy,
learn.microsoft.com/azure/key-vault/general/rbac-migration (access policy to role-based permissions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import missing
from ringfence.model.keyvault import KeyVault
from ringfence.model.principal import principals
from ringfence.model.value import Absent, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.access.authorities.given import given, off, role
from ringfence.questions.answer import unsettled

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.keyvault import AccessPolicy
    from ringfence.model.value import Attr
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.role import Role

_VAULT = "Microsoft.KeyVault/vaults"

_COMMON = {
    "delete": "delete",
    "recover": "recover/action",
    "backup": "backup/action",
    "restore": "restore/action",
    "purge": "purge/action",
}
_PERMISSIONS: dict[str, dict[str, str]] = {
    "keys": {
        **_COMMON,
        "get": "read",
        "list": "read",
        "update": "update/action",
        "create": "create/action",
        "import": "import/action",
        "encrypt": "encrypt/action",
        "decrypt": "decrypt/action",
        "wrapkey": "wrap/action",
        "unwrapkey": "unwrap/action",
        "sign": "sign/action",
        "verify": "verify/action",
        "release": "release/action",
        "rotate": "rotate/action",
    },
    "secrets": {**_COMMON, "get": "getSecret/action", "list": "readMetadata/action", "set": "setSecret/action"},
    "certificates": {
        **_COMMON,
        "get": "read",
        "list": "read",
        "update": "update/action",
        "create": "create/action",
        "import": "import/action",
    },
    "storage": {
        **_COMMON,
        "get": "read",
        "list": "read",
        "set": "set/action",
        "update": "set/action",
        "regeneratekey": "regeneratekey/action",
        "getsas": "sas/set/action",
        "setsas": "sas/set/action",
        "listsas": "read",
        "deletesas": "sas/delete",
    },
}
_ELSEWHERE = {
    ("keys", "getrotationpolicy"): "keyrotationpolicies/read",
    ("keys", "setrotationpolicy"): "keyrotationpolicies/write",
    ("certificates", "managecontacts"): "certificatecontacts/write",
    ("certificates", "getissuers"): "certificatecas/read",
    ("certificates", "listissuers"): "certificatecas/read",
    ("certificates", "setissuers"): "certificatecas/write",
    ("certificates", "manageissuers"): "certificatecas/write",
    ("certificates", "deleteissuers"): "certificatecas/delete",
}
"""Permissions whose operations roles have apart from the items."""
_PART = {"storage": "storageaccounts"}


def grants(estate: Estate) -> Many[Grant]:
    """The policies of all vaults, those in resources of their own included."""
    vaults = estate.all_of(KeyVault)
    found: list[Grant] = []
    open_ = vaults.open
    for vault in vaults:
        policies = vault.access_policies
        open_ = open_ or _unless_by_roles(vault, policies.open)
        found.extend(_grant(estate, vault, policy, i) for i, policy in enumerate(policies))
    return Many("grants", tuple(found), vaults.origin, open_)


def _unless_by_roles(vault: KeyVault, open_: Unknown | None) -> Unknown | None:
    """Policies that are not known do not matter in a vault that uses roles."""
    return None if open_ is None or off(vault, vault.enable_rbac_authorization).outcome == "fail" else open_


def _grant(estate: Estate, vault: KeyVault, policy: AccessPolicy, number: int) -> Grant:
    return given(
        vault,
        "access policy",
        principals(estate, vault, policy.object_id),
        _role(policy),
        off(vault, vault.enable_rbac_authorization),
        *_through(vault, policy),
        part=f"access policy {number}",
        origin=policy.origin,
    )


def _through(vault: KeyVault, policy: AccessPolicy) -> tuple[Verdict, ...]:
    """A policy with an application counts only for requests that the application makes for the principal.

    Source: learn.microsoft.com/azure/key-vault/general/assign-access-policy (authorized application)
    """
    application = policy.application_id
    if isinstance(application, Absent):
        return ()
    why = "it counts only for requests that an application makes on the principal's behalf"
    evidence = Evidence("application_id", None, why, application.origin, "unknown", vault.key)
    return (unsettled("application_id", why, (evidence,)),)


def _role(policy: AccessPolicy) -> Role | Unknown:
    actions: list[str] = []
    for part, attr in (
        ("keys", policy.keys),
        ("secrets", policy.secrets),
        ("certificates", policy.certificates),
        ("storage", policy.storage),
    ):
        read = _actions(part, attr)
        if isinstance(read, Unknown):
            return read
        actions += read
    return role("an access policy", *dict.fromkeys(actions))


def _actions(part: str, attr: Attr[tuple[str, ...]]) -> list[str] | Unknown:
    if isinstance(attr, Unknown):
        return attr
    written = (attr.default or ()) if isinstance(attr, Absent) else attr.value
    found: list[str] = []
    for word in written:
        if not isinstance(word, str):
            why = f"{attr.field} has an element that is not known"
            return Unknown(attr.field, missing(word) or (Need("apply", attr.field, why),), attr.origin)
        found += _operations(part, word.casefold())
    return found


def _operations(part: str, word: str) -> tuple[str, ...]:
    """The operations of a permission; ``all`` was one once."""
    items = f"{_VAULT}/{_PART.get(part, part)}"
    if word == "all":
        return (f"{items}/*",)
    if (part, word) in _ELSEWHERE:
        return (f"{_VAULT}/{_ELSEWHERE[part, word]}",)
    end = _PERMISSIONS[part].get(word)
    return (f"{items}/{end}",) if end else ()
