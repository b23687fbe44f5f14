"""Which key protects a store, and where that key is held.

Every store of Azure is encrypted; the question is by whose key. A customer-managed key lives in a vault, in
software or in a hardware module, and whoever may destroy or withhold it may destroy or withhold the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.keyvault import Certificate, Key, KeyVault
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known, Link, Need
from ringfence.model.verdict import Verdict, all_of, any_of, not_applicable
from ringfence.questions.answer import of
from ringfence.questions.reference import is_given
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

Protection: TypeAlias = Literal["software", "hsm", "unknown"]

KEYS: dict[str, tuple[str, ...]] = {
    "Microsoft.Storage/storageAccounts": ("encryption_key", "encryption_key_name"),
    "Microsoft.Storage/storageAccounts/encryptionScopes": ("encryption_key",),
    "Microsoft.Sql/servers": ("encryption_protector_key",),
    "Microsoft.Sql/servers/databases": ("encryption_key",),
    "Microsoft.DBforMySQL/servers": ("encryption_key",),
    "Microsoft.DBforMySQL/flexibleServers": ("encryption_key",),
    "Microsoft.DBforPostgreSQL/servers": ("encryption_key",),
    "Microsoft.DBforPostgreSQL/flexibleServers": ("encryption_key",),
    "Microsoft.DocumentDB/databaseAccounts": ("encryption_key",),
    "Microsoft.Compute/diskEncryptionSets": ("active_key",),
    "Microsoft.ContainerRegistry/registries": ("encryption_key",),
    "Microsoft.DataFactory/factories": ("encryption_key",),
    "Microsoft.MachineLearningServices/workspaces": ("encryption_key",),
}
"""The fields that name the customer-managed key of each type of store; one of them is enough."""

SETS: dict[str, str] = {
    "Microsoft.Compute/disks": "disk_encryption_set",
    "Microsoft.ContainerService/managedClusters": "disk_encryption_set",
}
"""The field that names the disk encryption set of what has its key through one."""


@record()
class Custody:
    """Who keeps the key of a store.

    `customer_managed` passes when the key is the customer's own, fails when Microsoft manages it. `key` and
    `vault` are what the reference finds, None when it finds nothing or cannot be followed.
    """

    customer_managed: Verdict
    key: Resource | External | Implied | None = None
    vault: Resource | External | Implied | None = None
    protection: Protection = "unknown"
    """Where the key material is: in software, in a hardware module, or not known."""


def custody(resource: Resource, estate: Estate) -> Custody:
    """The key that stands between the store and whoever holds its disks."""
    if resource.type in SETS:
        return _through_set(resource, estate)
    fields = KEYS.get(resource.type)
    if fields is None:
        return Custody(not_applicable(f"{resource.type} is not a store whose key we know of"))
    verdict = any_of(
        *(is_given(resource, getattr(resource, field), estate, "a customer-managed key") for field in fields)
    )
    found = (_only(resource, getattr(resource, field), estate) for field in fields)
    key = next((k for k in found if k is not None), None)
    inherited = _inherited(resource, estate, verdict)
    if inherited is not None:
        return inherited
    return Custody(verdict, key, _vault(resource, key, estate), _protection(key))


def _through_set(resource: Resource, estate: Estate) -> Custody:
    """The key of the disk encryption set that is named; Microsoft's where none is."""
    link = getattr(resource, SETS[resource.type])
    named = is_given(resource, link, estate, "a disk encryption set")
    encryption_set = estate.target(resource, link)
    if named.outcome != "pass" or not isinstance(encryption_set, Resource):
        return Custody(named)
    theirs = custody(encryption_set, estate)
    verdict = all_of(named, of(encryption_set, theirs.customer_managed))
    return Custody(verdict, theirs.key, theirs.vault, theirs.protection)


def _inherited(resource: Resource, estate: Estate, own: Verdict) -> Custody | None:
    """A database without a key of its own is under its server's protector."""
    if not isinstance(resource, SqlDatabase) or own.outcome != "fail":
        return None
    server = estate.target(resource, resource.server)
    if not isinstance(server, SqlServer):
        why = "the server it is on was not read, nor its key"
        return Custody(Verdict("unknown", own.evidence, why, (Need("reference", resource.address, why),)))
    theirs = custody(server, estate)
    return Custody(of(server, theirs.customer_managed), theirs.key, theirs.vault, theirs.protection)


def _only(resource: Resource, link: Link, estate: Estate) -> Resource | External | Implied | None:
    return estate.target(resource, link) if link.value is not None else None


def _vault(
    resource: Resource, key: Resource | External | Implied | None, estate: Estate
) -> Resource | External | Implied | None:
    if isinstance(key, Key):
        return estate.target(key, key.vault)
    if isinstance(key, Implied) and isinstance(key.parent, Certificate):
        return estate.target(key.parent, key.parent.vault)
    if isinstance(key, Implied) and isinstance(key.parent, KeyVault):
        return key.parent
    if isinstance(resource, StorageAccount):
        return _only(resource, resource.encryption_key_vault, estate)
    return None


def _protection(key: Resource | External | Implied | None) -> Protection:
    """Where the key is, by its type: the suffix "-HSM" is Azure's. All keys of a managed HSM are in hardware.

    Source: learn.microsoft.com/azure/key-vault/keys/about-keys
    """
    if isinstance(key, External) and ".managedhsm.azure.net/" in key.name.casefold():
        return "hsm"
    if not isinstance(key, Key) or not isinstance(key.kty, Known):
        return "unknown"
    return "hsm" if str(key.kty.value).casefold().endswith("-hsm") else "software"
