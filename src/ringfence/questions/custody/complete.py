"""The whole answer for one store: identities, material, custodians, what is beside, what seals it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import equals, is_on
from ringfence.model.keyvault import KeyVault
from ringfence.model.resource import Resource
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, negated, undecided
from ringfence.questions.answer import of, unsettled
from ringfence.questions.custody.beside import besides
from ringfence.questions.custody.custodians import Custodians, custodians, needed
from ringfence.questions.custody.seal import prepared, revocations
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr
    from ringfence.questions.custody.custody import Custody
    from ringfence.questions.custody.locate import Version


def complete(estate: Estate, found: Custody) -> Custody:
    """The custody with all that `answers` adds."""
    found = replace(found, double=_double(found))
    found = prepared(estate, found)
    if found.customer_managed.outcome in ("fail", "not applicable") or found.material is None:
        return replace(found, beside=besides(estate, found))
    found = replace(found, opens=_opens(estate, found), follows=_follows(found), custodians=_custodians(estate, found))
    found = replace(found, admitted=_admitted(found), locked=_locked(estate, found))
    return replace(found, beside=besides(estate, found), seals=revocations(estate, found))


def reaches(found: Custody) -> Verdict:
    """Passes when the store can reach its key: its identity may do all that is needed, and the vault lets it by."""
    admitted = () if found.admitted is None else (found.admitted,)
    return all_of(*(verdict for _, verdict in found.opens), *admitted) if found.opens else Verdict("pass")


def _opens(estate: Estate, found: Custody) -> tuple[tuple[str, Verdict], ...]:
    uses = found.named.uses
    if isinstance(found.identities, Unknown):
        return tuple((use, undecided(found.identities)) for use in uses)
    if not found.identities:
        return tuple((use, Verdict("fail", why="it has no identity to reach the key with")) for use in uses)
    if len(found.identities) > 1:
        names = ", ".join(map(str, found.identities))
        why = f"it depends which identity is meant: {names}"
        return tuple((use, unsettled(names, why)) for use in uses)
    return needed(estate, found, found.identities[0])


def _admitted(found: Custody) -> Verdict | None:
    """A vault with a firewall lets services by as trusted ones; they come from no network of the customer's.

    Not said of etcd, whose service can be in the customer's network.
    Source: learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-byok-overview ("When using firewall
    with AKV"), learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints (trusted services)
    """
    vault = found.vault
    if not isinstance(vault, KeyVault) or "decrypt" in found.named.uses:
        return None
    public = negated(equals(vault.public_network_access, "Disabled"))
    anybody = all_of(public, equals(vault.network_acls_default_action, "Allow"))
    admitted = of(vault, any_of(equals(vault.network_acls_bypass, "AzureServices"), anybody))
    if admitted.outcome == "fail":
        return admitted.because("the vault's firewall does not let trusted services by")
    return admitted


def _locked(estate: Estate, found: Custody) -> Verdict | None:
    from ringfence.questions.locks import locked

    return locked(found.vault, estate) if isinstance(found.vault, KeyVault) else None


def _follows(found: Custody) -> Verdict:
    """Whether the service takes a new version of the key by itself."""
    part, holder = found.named, found.holder
    if holder is None:
        why = "what holds the key for it is not declared here"
        return unsettled("key", why)
    if part.follows == "never":
        return Verdict("fail", why="the service keeps the version that it was given")
    if part.follows == "flag":
        return of(holder, is_on(getattr(holder, part.flag)))
    version = found.located.version
    if isinstance(holder, StorageAccount) and holder.encryption_key.value is None:
        version = _apart(holder.encryption_key_version)
    if version == "unknown":
        why = "whether its reference to the key names a version is not known"
        return unsettled(holder.address, why)
    if version == "pinned":
        return Verdict("fail", why="the reference to the key names a version")
    return Verdict("pass", why="the reference to the key names no version")


def _apart(attr: Attr[str]) -> Version:
    """What the version that is written apart from the key says."""
    if isinstance(attr, Unknown):
        return "unknown"
    return "pinned" if isinstance(attr, Known) and attr.value else "newest"


def _double(found: Custody) -> Verdict | None:
    """A second layer of encryption, under a key of Microsoft's, with an algorithm of its own.

    Source: learn.microsoft.com/azure/security/fundamentals/double-encryption
    """
    store = found.store
    for name in ("require_infrastructure_encryption", "infrastructure_encryption"):
        attr = getattr(store, name, None) if store is not None else None
        if attr is not None:
            return equals(attr, "Enabled") if name == "infrastructure_encryption" else is_on(attr)
    between = next((b for b in found.through if getattr(b, "type", "") == "Microsoft.Compute/diskEncryptionSets"), None)
    if isinstance(between, Resource):
        kind = between.encryption_type  # type: ignore[attr-defined]  # it is a disk encryption set
        return of(between, equals(kind, "EncryptionAtRestWithPlatformAndCustomerKeys"))
    return None


def _custodians(estate: Estate, found: Custody) -> Custodians:
    """Those of the key: asked for once, however many stores are under it."""
    known = estate.once(_known)
    name = "|".join(_name(end) for end in (found.key, found.vault))
    if name not in known:
        known[name] = custodians(estate, found)
    return known[name]


def _known(_: Estate) -> dict[str, Custodians]:
    return {}


def _name(end: object) -> str:
    return getattr(end, "key", None) or getattr(end, "name", None) or ""
