"""Which key protects a store, and where that key is held.

Every store of Azure is encrypted; the question is by whose key. A customer-managed key lives in a vault, in
software or in a hardware module, and whoever may destroy or withhold it may destroy or withhold the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ringfence.model.compute import VirtualMachine
from ringfence.model.judge import is_set
from ringfence.model.keyvault import Key, KeyVault
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Implied, Resource, Untyped
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, not_applicable, undecided, when_present
from ringfence.questions.answer import certain, of, unsettled
from ringfence.questions.custody.locate import Located, located
from ringfence.questions.custody.parts import NOT_STORES, PARTS, UNREAD, Part
from ringfence.questions.reference import is_given
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Edge, Estate
    from ringfence.model.principal import Principal
    from ringfence.questions.custody.beside import Beside
    from ringfence.questions.custody.custodians import Custodians
    from ringfence.questions.custody.material import Material
    from ringfence.questions.custody.seal import Revocation

Protection: TypeAlias = Literal["software", "hsm", "unknown"]


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
    store: Resource | None = None
    part: Part = Part()
    through: tuple[Resource | External | Implied, ...] = ()
    """What has the key for the store, from the store on: a disk encryption set, a server, a cluster."""
    holder: Resource | None = None
    """The resource whose fields name the key, and whose identity reaches it: the store or the last of `through`."""
    named: Part = Part()
    """The part of the holder that the key is named by."""
    located: Located = Located()

    # What `answers` adds.
    follows: Verdict | None = None
    """The service takes a new version of the key by itself."""
    identities: tuple[Principal, ...] | Unknown = ()
    """With which the store reaches the key; several when it depends which."""
    opens: tuple[tuple[str, Verdict], ...] = ()
    """By what the service needs of the key (read, wrap, unwrap): whether its identity may, and the key can."""
    admitted: Verdict | None = None
    """The vault's firewall lets the service by; None where the vault is not declared, or nothing documents how."""
    locked: Verdict | None = None
    """A lock forbids that the vault is deleted."""
    material: Material | None = None
    custodians: Custodians | None = None
    double: Verdict | None = None
    """A second layer of encryption, under a key of Microsoft's; None where the service has no such thing to set."""
    beside: tuple[Beside, ...] = ()
    """What is not under the key though it looks so."""
    seals: tuple[Revocation, ...] = field(default=(), compare=False)
    """The smallest sets of things without which the store cannot be opened."""


def custody(resource: Resource, estate: Estate, part: Part | None = None) -> Custody:
    """The key that stands between the store and whoever holds its disks."""
    parts = PARTS.get(resource.type)
    if parts is None or isinstance(resource, Untyped):
        return _unread(resource)
    mine = part or parts[0]
    if isinstance(resource, KeyVault):
        why = "what a vault holds is under keys of Microsoft's"
        return Custody(Verdict("fail", why=why), store=resource, part=mine)
    if resource.type == "Microsoft.OperationalInsights/workspaces":
        return _linked(resource, mine, estate)
    found = _through(resource, mine, estate) if mine.through else _own(resource, mine, estate)
    return _inherited(resource, mine, estate, found)


def stores(estate: Estate) -> Many[Resource]:
    """All that keeps data at rest, under whichever key; open while a module is unread or one stands for any number."""
    return estate.once(_stores)


def answers(estate: Estate, selected: Iterable[Resource | Implied] = ()) -> list[Custody]:
    """The custody of each part of the stores; of all stores when none is selected.

    What is no store itself stands for the stores whose key depends on it: a vault, a key, an identity.
    """
    from ringfence.questions.custody.complete import complete
    from ringfence.questions.custody.concerned import concerned

    chosen = [r.parent if isinstance(r, Implied) else r for r in selected]
    wanted = concerned(estate, chosen) if chosen else tuple(parts(estate, stores(estate)))
    return [complete(estate, found) for found in wanted]


def parts(estate: Estate, resources: Iterable[Resource]) -> Iterable[Custody]:
    """The chain of each part of the stores, without what `answers` adds."""
    for resource in resources:
        typed = () if isinstance(resource, Untyped) else PARTS.get(resource.type, ())
        for part in typed or (None,):
            if part is None or _is_there(resource, part):
                yield custody(resource, estate, part)


def _is_there(resource: Resource, part: Part) -> bool:
    """A further part is told of where somebody wrote a key for it, or where it exists in any case."""
    if part.title == "geo-redundant backup":
        backup = getattr(resource, "geo_redundant_backup", None)
        return not isinstance(backup, Known) or str(backup.value).casefold() == "enabled"
    return True


def _stores(estate: Estate) -> Many[Resource]:
    items = tuple(r for r in estate.resources.values() if _is_store(r))
    needs = [n for r in items if r.plural for n in getattr(r.presence, "needs", ())]
    needs += estate.unread
    opened = Unknown("stores", tuple(dict.fromkeys(needs)), NOWHERE) if needs else None
    return Many("stores", items, NOWHERE, opened)


def _is_store(resource: Resource) -> bool:
    if resource.type in PARTS and not isinstance(resource, Untyped):
        return resource.type not in NOT_STORES
    return _unread_type(resource) != ""


def _unread_type(resource: Resource) -> str:
    """The ARM type of a store whose key is not read; "" of what is no store that we know of."""
    found = UNREAD.get(resource.terraform_type, "")
    known = resource.type in UNREAD.values() or (resource.type in PARTS and resource.type not in NOT_STORES)
    return found or (resource.type if known else "")


def _unread(resource: Resource) -> Custody:
    if not _unread_type(resource):
        return Custody(not_applicable(f"{resource.type} is not a store whose key we know of"), store=resource)
    why = f"the settings of {resource.terraform_type or resource.type} are not read yet, its key among them"
    return Custody(Verdict("unknown", (), why, (Need("error", resource.address, why),)), store=resource)


def _own(resource: Resource, part: Part, estate: Estate) -> Custody:
    """The key that the resource itself names."""
    links = [getattr(resource, name) for name in part.keys]
    verdict = any_of(*(is_given(resource, link, estate, "a customer-managed key") for link in links))
    found = next((f for link in links if link.value is not None for f in [located(estate, resource, link)]), Located())
    key, vault = found.key, found.vault
    if isinstance(resource, StorageAccount) and vault is None:
        link = resource.encryption_key_vault
        vault = estate.target(resource, link) if link.value is not None else None
    return Custody(verdict, key, vault, _protection(key, vault), resource, part, (), resource, part, found)


def _through(resource: Resource, part: Part, estate: Estate) -> Custody:
    """The key of the disk encryption set, or other thing, that is named; Microsoft's where none is."""
    named = [(name, is_given(resource, getattr(resource, name), estate, "what has the key")) for name in part.through]
    verdict = any_of(*(v for _, v in named))
    if verdict.outcome == "fail" and isinstance(resource, VirtualMachine):
        return Custody(_in_account(resource, verdict), store=resource, part=part)
    field_ = next((name for name, v in named if v.outcome == "pass"), None)
    if field_ is None:
        return Custody(verdict, store=resource, part=part)
    between = estate.target(resource, getattr(resource, field_))
    if not isinstance(between, Resource):
        unseen = _unseen(resource, verdict, between, field_)
        return Custody(unseen, store=resource, part=part, through=(between,) if between is not None else ())
    theirs = custody(between, estate)
    verdict = all_of(verdict, of(between, theirs.customer_managed))
    return replace(theirs, customer_managed=verdict, store=resource, part=part, through=(between, *theirs.through))


def _in_account(machine: VirtualMachine, named: Verdict) -> Verdict:
    """A disk that is a blob is under the key of its account, which nothing here says."""
    if is_set(machine.os_disk_vhd_uri).outcome == "fail":
        return named
    why = "the disk is, or may be, a blob, and under the key of its storage account"
    return unsettled(machine.address, why, named.evidence)


def _unseen(resource: Resource, named: Verdict, between: External | Implied | None, field_: str) -> Verdict:
    """What is named is not declared here: a disk encryption set has a customer's key in any case.

    Source: learn.microsoft.com/azure/virtual-machines/disk-encryption
    """
    if field_.endswith("encryption_set"):
        return named
    what = getattr(between, "name", "what it is kept in")
    why = f"the key of {what} is not known: it is not declared here"
    return unsettled(resource.address, why, named.evidence)


def _linked(workspace: Resource, part: Part, estate: Estate) -> Custody:
    """A workspace is under the key of the dedicated cluster that it is linked to.

    Source: learn.microsoft.com/azure/azure-monitor/logs/customer-managed-keys
    """
    from ringfence.model.insights import LogAnalyticsLinkedService

    found = estate.referrers(workspace, LogAnalyticsLinkedService, "workspace")
    clusters = (_by_link(edge, part, estate) for edge in found)
    linked = next((c for c in clusters if c.customer_managed.outcome != "not applicable"), None)
    if linked is not None:
        return replace(linked, store=workspace)
    if found.open is not None:
        return Custody(undecided(found.open), store=workspace, part=part)
    return Custody(Verdict("fail", why="it is linked to no dedicated cluster"), store=workspace, part=part)


def _by_link(edge: Edge, part: Part, estate: Estate) -> Custody:
    """The key of the cluster that a link names; not applicable where it names none, but an automation account."""
    service: Any = edge.source
    given = is_given(service, service.write_access, estate, "a cluster")
    if given.outcome == "fail":
        return Custody(not_applicable("the link names no cluster"), part=part)
    linked = of(service, certain(when_present(given, service.presence), edge.target, service.write_access))
    cluster = estate.target(service, service.write_access)
    if not isinstance(cluster, Resource) or cluster.type != "Microsoft.OperationalInsights/clusters":
        why = "the cluster that it is linked to is not declared here, nor its key"
        needs = (Need("reference", service.address, why), *linked.needs)
        return Custody(
            Verdict("unknown", linked.evidence, why, needs), part=part, through=(cluster,) if cluster else ()
        )
    theirs = custody(cluster, estate)
    verdict = all_of(linked, of(cluster, theirs.customer_managed))
    return replace(theirs, customer_managed=verdict, part=part, through=(cluster, *theirs.through))


def _inherited(resource: Resource, part: Part, estate: Estate, own: Custody) -> Custody:
    """A database without a key of its own is under its server's protector."""
    if not isinstance(resource, SqlDatabase) or own.customer_managed.outcome != "fail":
        return own
    server = estate.target(resource, resource.server)
    if not isinstance(server, SqlServer):
        why = "the server it is on was not read, nor its key"
        verdict = unsettled(resource.address, why, own.customer_managed.evidence)
        return Custody(verdict, store=resource, part=part)
    theirs = custody(server, estate)
    verdict = of(server, theirs.customer_managed)
    return replace(theirs, customer_managed=verdict, store=resource, part=part, through=(server, *theirs.through))


def _protection(key: Resource | External | Implied | None, vault: Resource | External | Implied | None) -> Protection:
    """Where the key is, by its type: the suffix "-HSM" is Azure's. All keys of a managed HSM are in hardware.

    Source: learn.microsoft.com/azure/key-vault/keys/about-keys
    """
    if any(isinstance(e, External) and ".managedhsm." in e.name.casefold() for e in (key, vault)):
        return "hsm"
    kty = key.kty if isinstance(key, Key) else getattr(key.parent, "kty", None) if isinstance(key, Implied) else None
    if not isinstance(kty, Known):
        return "unknown"
    return "hsm" if str(kty.value).casefold().endswith("-hsm") else "software"
