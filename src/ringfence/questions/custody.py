"""Which key protects a store, and where that key is held.

Every store of Azure is encrypted; the question is by whose key. A customer-managed key lives in a vault, in
software or in a hardware module, and whoever may destroy or withhold it may destroy or withhold the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.cosmos import CosmosAccount
from ringfence.model.keyvault import Key, KeyVault
from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.model.postgresql import PostgresFlexibleServer, PostgresServer
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import EncryptionScope, StorageAccount
from ringfence.model.symbol import Choice, Error, Input, plain
from ringfence.model.value import Known, Link, Need, Unknown
from ringfence.model.verdict import Verdict, any_of, not_applicable
from ringfence.questions.answer import conditions, found, of, unresolved

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.symbol import Value

Protection: TypeAlias = Literal["software", "hsm", "unknown"]

KEYS: dict[type[Resource], tuple[str, ...]] = {
    StorageAccount: ("encryption_key", "encryption_key_name"),
    EncryptionScope: ("encryption_key",),
    SqlServer: ("encryption_protector_key",),
    SqlDatabase: ("encryption_key",),
    MySqlServer: ("encryption_key",),
    MySqlFlexibleServer: ("encryption_key",),
    PostgresServer: ("encryption_key",),
    PostgresFlexibleServer: ("encryption_key",),
    CosmosAccount: ("encryption_key",),
}
"""The fields that name the customer-managed key of each kind of store; one of them is enough."""


@dataclass(frozen=True, slots=True)
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
    fields = KEYS.get(type(resource))
    if fields is None:
        return Custody(not_applicable(f"{resource.type} is not a store whose key we know of"))
    verdict = any_of(*(_set(resource, getattr(resource, field), estate) for field in fields))
    key = next(filter(None, (_only(resource, getattr(resource, field), estate) for field in fields)), None)
    inherited = _inherited(resource, estate, verdict)
    if inherited is not None:
        return inherited
    return Custody(verdict, key, _vault(resource, key, estate), _protection(key))


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


def _set(resource: Resource, link: Link, estate: Estate) -> Verdict:
    """The link names a key, whichever it is."""
    given = _given(link.value)
    if given is not None:
        return found(link, "a customer-managed key", "pass" if given else "fail")
    targets = estate.resolve(resource, link)
    if isinstance(targets, Unknown):
        return unresolved(link, "a customer-managed key", targets)
    why = f"{link.field} may be null"
    return found(
        link, "a customer-managed key", "unknown", why, conditions(link) or (Need("reference", link.field, why),)
    )


def _given(value: Value) -> bool | None:
    """Whether there is a value; None when that cannot be told. An id is never null, an input may be."""
    value = plain(value)
    if value is None or value == "":
        return False
    if isinstance(value, Choice):
        yes, no = _given(value.yes), _given(value.no)
        return yes if yes == no else None
    return None if isinstance(value, (Input, Error)) else True


def _only(resource: Resource, link: Link, estate: Estate) -> Resource | External | Implied | None:
    return estate.target(resource, link) if link.value is not None else None


def _vault(
    resource: Resource, key: Resource | External | Implied | None, estate: Estate
) -> Resource | External | Implied | None:
    if isinstance(key, Key):
        return estate.target(key, key.vault)
    if isinstance(key, Implied) and isinstance(key.parent, KeyVault):
        return key.parent
    if isinstance(resource, StorageAccount):
        return _only(resource, resource.encryption_key_vault, estate)
    return None


def _protection(key: Resource | External | Implied | None) -> Protection:
    """Where the key is, by its type: the suffix "-HSM" is Azure's.

    Source: learn.microsoft.com/azure/key-vault/keys/about-keys
    """
    if not isinstance(key, Key) or not isinstance(key.kty, Known):
        return "unknown"
    return "hsm" if str(key.kty.value).casefold().endswith("-hsm") else "software"
