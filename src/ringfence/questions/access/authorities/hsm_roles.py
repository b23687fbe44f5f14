"""Roles of managed HSMs: local to each, and Azure's own roles say nothing about the keys in it.

A module's operations on keys are those of a vault, and are asked for by a vault's names. Who is its administrator from
the start, and who may give its roles, is not followed: `--escalated` does not name them.
Source: learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles, …/managed-hsm/access-control
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.keyvault import ManagedHsmKey, ManagedHsmRoleAssignment
from ringfence.model.principal import principals
from ringfence.model.resource import Resource
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.questions.access.authorities.given import role, whole
from ringfence.questions.access.grant import Grant
from ringfence.questions.workloads.held import name_of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.access.role import Role
    from ringfence.questions.access.scope import Scope

_KEYS = "Microsoft.KeyVault/vaults/keys"

BUILT_IN: dict[str, tuple[str, tuple[str, ...]]] = {
    "a290e904-7015-4bba-90c8-60543313cdb4": ("Managed HSM Administrator", ()),
    "515eb02d-2335-4d2d-92f2-b1cbdf9c3778": (
        "Managed HSM Crypto Officer",
        (f"{_KEYS}/purge/action", f"{_KEYS}/recover/action"),
    ),
    "21dbd100-6940-42c2-9190-5d6cb909625b": (
        "Managed HSM Crypto User",
        (
            "Microsoft.KeyVault/vaults/rng/action",
            *(
                f"{_KEYS}/{end}"
                for end in (
                    "read",
                    "delete",
                    "create/action",
                    "import/action",
                    "update/action",
                    "rotate/action",
                    "backup/action",
                    "restore/action",
                    "release/action",
                    "encrypt/action",
                    "decrypt/action",
                    "wrap/action",
                    "unwrap/action",
                    "sign/action",
                    "verify/action",
                )
            ),
        ),
    ),
    "33413926-3206-4cdd-b39a-83574fe37a17": (
        "Managed HSM Crypto Service Encryption User",
        (f"{_KEYS}/read", f"{_KEYS}/wrap/action", f"{_KEYS}/unwrap/action"),
    ),
    "4bd23610-cdcf-4971-bdee-bdc562cc28e4": ("Managed HSM Policy Administrator", ()),
    "21dbd100-6940-42c2-9190-5d6cb909625c": ("Managed HSM Crypto Service Release User", (f"{_KEYS}/release/action",)),
    "7b127d3c-77bd-4e3e-bbe0-dbb8971fa7f8": ("Managed HSM Backup", (f"{_KEYS}/backup/action",)),
    "6efe6056-5259-49d2-8b3d-d3d73544b20b": ("Managed HSM Restore", (f"{_KEYS}/restore/action",)),
    "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3": ("Managed HSM Crypto Auditor", (f"{_KEYS}/read",)),
}
"""By id: name, and what it permits on keys."""


def grants(estate: Estate) -> Many[Grant]:
    """All role assignments of managed HSMs."""
    assignments = estate.all_of(ManagedHsmRoleAssignment)
    found = tuple(_grant(estate, a) for a in assignments)
    return Many("grants", found, assignments.origin, assignments.open)


def _grant(estate: Estate, assignment: ManagedHsmRoleAssignment) -> Grant:
    return Grant(
        assignment.key,
        assignment,
        "managed HSM role assignment",
        principals(estate, assignment, assignment.principal),
        _scopes(estate, assignment),
        _role(assignment),
        presence=assignment.presence,
        origin=assignment.origin,
        named=assignment.principal.origin,
        scoped=assignment.scope.origin,
        permitted=assignment.role_definition_id.origin,
    )


def _role(assignment: ManagedHsmRoleAssignment) -> Role | Unknown:
    attr = assignment.role_definition_id
    written = str(attr.value).rpartition("/")[2].casefold() if isinstance(attr, Known) else ""
    if written in BUILT_IN:
        name, actions = BUILT_IN[written]
        return role(name, *actions)
    why = f"{assignment.address} gives a role that is not one of the module's built-in ones"
    return Unknown("role_definition_id", (Need("reference", assignment.address, why),), attr.origin)


def _scopes(estate: Estate, assignment: ManagedHsmRoleAssignment) -> tuple[Scope, ...] | Unknown:
    """The module with all its keys, or one of them."""
    module, attr = estate.target(assignment, assignment.vault), assignment.scope
    if not isinstance(module, Resource) or not isinstance(attr, Known) or not isinstance(attr.value, str):
        why = f"where {assignment.address} holds is not known"
        return Unknown("scope", (Need("reference", assignment.address, why),), attr.origin)
    name = attr.value.removeprefix("/keys").strip("/").casefold()
    if not name:
        return whole(module)
    keys = (k for k in estate.of(ManagedHsmKey) if estate.target(k, k.vault) is module)
    return tuple(scope for key in keys if name_of(key.name) == name for scope in whole(key))
