"""What is not under a store's key although it looks so. One function for each rule, with the page that documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import Machine
from ringfence.model.containers import AgentPool, ManagedCluster
from ringfence.model.cosmos import CosmosAccount
from ringfence.model.insights import ApplicationInsights, LogAnalyticsWorkspace
from ringfence.model.judge import equals, is_on
from ringfence.model.kubernetes import HelmRelease
from ringfence.model.machine_learning import MachineLearningWorkspace
from ringfence.model.mysql import MySqlFlexibleServer
from ringfence.model.postgresql import PostgresFlexibleServer
from ringfence.model.resource import Resource
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import EncryptionScope, StorageAccount
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Verdict, all_of, negated, when_present
from ringfence.questions.answer import of, unsettled
from ringfence.questions.reference import is_given
from ringfence.questions.workloads import templates
from ringfence.questions.workloads.things import cluster_key
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr
    from ringfence.questions.custody.custody import Custody

_LEARN = "https://learn.microsoft.com/azure/"


@record()
class Beside:
    """Data that the key does not cover."""

    what: str
    under: str
    """What it is under instead: "Microsoft's key", "no encryption", "a key of its own" …"""
    verdict: Verdict
    """Passes when it is so; unknown when it cannot be told."""
    source: str


_MICROSOFT = "Microsoft's key"
_NONE = "no encryption at rest"
_OWN = "a key of its own"


def besides(estate: Estate, found: Custody) -> tuple[Beside, ...]:
    """What is, or may be, beside the key of the store."""
    rules = RULES.get(found.store.type, ()) if found.store is not None else ()
    said = (b for rule in rules for b in rule(estate, found))
    return tuple(b for b in said if b.verdict.outcome in ("pass", "unknown"))


def _covered(found: Custody) -> bool:
    """The store is, or may be, under a customer's key: only then something can look covered by it."""
    return found.customer_managed.outcome in ("pass", "unknown")


def _always(what: str, under: str, page: str) -> Beside:
    """What no setting changes."""
    return Beside(what, under, Verdict("pass"), _LEARN + page)


# -- storage


def _queues_and_tables(_: Estate, found: Custody) -> Iterator[Beside]:
    """Queues and tables are only covered when that was chosen as the account was made."""
    account = found.store
    if isinstance(account, StorageAccount) and _covered(found):
        page = _LEARN + "storage/common/account-encryption-key-create"
        for what, attr in (
            ("queues", account.queue_encryption_key_type),
            ("tables", account.table_encryption_key_type),
        ):
            yield Beside(what, _MICROSOFT, negated(equals(attr, "Account")), page)


def _scopes(estate: Estate, found: Custody) -> Iterator[Beside]:
    """What is written under an encryption scope has the scope's key, Microsoft's or another of the customer's."""
    account = found.store
    if isinstance(account, StorageAccount) and _covered(found):
        for edge in estate.referrers(account, EncryptionScope, "account"):
            scope = edge.source
            assert isinstance(scope, EncryptionScope)
            own = is_given(scope, scope.encryption_key, estate, "a key")
            under = {"pass": _OWN, "fail": _MICROSOFT}.get(own.outcome, "a key that is not known")
            verdict = when_present(Verdict("pass"), scope.presence)
            page = _LEARN + "storage/blobs/encryption-scope-overview"
            yield Beside(f"blobs of encryption scope {scope.title}", under, of(scope, verdict), page)


# -- SQL


def _transparent(estate: Estate, found: Custody) -> Iterator[Beside]:
    """A database without transparent data encryption is not encrypted, whatever the server's protector."""
    page = _LEARN + "azure-sql/database/transparent-data-encryption-tde-overview"
    for database in _databases(estate, found):
        off = of(database, negated(equals(database.transparent_data_encryption, "Enabled")))
        yield Beside(f"database {database.title}", _NONE, off, page)


def _own_keys(estate: Estate, found: Custody) -> Iterator[Beside]:
    """A database with a key of its own is not under the server's."""
    if isinstance(found.store, SqlServer) and _covered(found):
        page = _LEARN + "azure-sql/database/transparent-data-encryption-byok-database-level-overview"
        for database in _databases(estate, found):
            own = of(database, is_given(database, database.encryption_key, estate, "a key"))
            yield Beside(f"database {database.title}", _OWN, own, page)


def _old_backups(_: Estate, found: Custody) -> Iterator[Beside]:
    """Backups keep the protector that they were made under."""
    if _covered(found):
        page = "azure-sql/database/transparent-data-encryption-byok-overview"
        yield _always("backups made under an earlier key or version", "that key or version", page)


def _databases(estate: Estate, found: Custody) -> Iterator[SqlDatabase]:
    if isinstance(found.store, SqlDatabase):
        yield found.store
    elif isinstance(found.store, SqlServer):
        for edge in estate.referrers(found.store, SqlDatabase, "server"):
            if isinstance(edge.source, SqlDatabase):
                yield edge.source


# -- MySQL and PostgreSQL


def _geo_backup(estate: Estate, found: Custody) -> Iterator[Beside]:
    """Copies in the paired region need a key of that region."""
    server = found.store
    if isinstance(server, (MySqlFlexibleServer, PostgresFlexibleServer)) and _covered(found) and not found.part.title:
        kept = equals(server.geo_redundant_backup, "Enabled")
        without = negated(is_given(server, server.geo_backup_key, estate, "a key"))
        service = "mysql" if isinstance(server, MySqlFlexibleServer) else "postgresql"
        page = f"{_LEARN}{service}/flexible-server/" + (
            "concepts-customer-managed-key" if service == "mysql" else "concepts-data-encryption"
        )
        yield Beside("geo-redundant backups", _MICROSOFT, all_of(kept, without), page)
        yield Beside("geo-redundant backups", _OWN, all_of(kept, negated(without)), page)


# -- Cosmos DB


def _metadata(_: Estate, found: Custody) -> Iterator[Beside]:
    """Names and partition keys are metadata; features that copy to a second storage are not encrypted twice."""
    if isinstance(found.store, CosmosAccount) and _covered(found):
        page = "cosmos-db/how-to-setup-customer-managed-keys"
        what = "names of databases, containers and stored procedures, indexed paths, values of partition keys"
        yield _always(what, _MICROSOFT, page)
        continuous = equals(found.store.backup_type, "Continuous")
        yield Beside("continuous backups: one layer of the two", _MICROSOFT, continuous, _LEARN + page)


# -- machines and clusters

_DISKS = _LEARN + "virtual-machines/disk-encryption"
_EPHEMERAL = _LEARN + "virtual-machines/ephemeral-os-disks-faq"


def _on_the_host(at_host: Attr[bool], whose: Resource, what: str) -> Iterator[Beside]:
    """Temporary disks and caches are on the host: not encrypted there unless encryption at host is on.

    When it is on, caches have the key of their disk and temporary disks Microsoft's.
    """
    on = of(whose, is_on(at_host))
    yield Beside(f"temporary disks and disk caches of {what}", _NONE, negated(on), _DISKS)
    yield Beside(f"temporary disks of {what}", _MICROSOFT, on if on.outcome == "pass" else Verdict("fail"), _DISKS)


def _machine(_: Estate, found: Custody) -> Iterator[Beside]:
    machine = found.store
    if isinstance(machine, Machine) and _covered(found):
        yield from _on_the_host(machine.encryption_at_host, machine, "the machine")
        local = equals(machine.os_disk_placement, "Local")
        yield Beside("the ephemeral system disk, on the host", _MICROSOFT, local, _EPHEMERAL)
        yield _always("data disks", "the key that each is given", "virtual-machines/disk-encryption")


def _pools(estate: Estate, found: Custody) -> Iterator[Beside]:
    """The nodes' system disks have the cluster's set; what is on their hosts does not, pool by pool."""
    cluster = found.store
    if isinstance(cluster, ManagedCluster) and _covered(found) and "disks" in found.part.title:
        pools: list[tuple[ManagedCluster | AgentPool, str]] = [(cluster, "the default node pool")]
        edges = estate.referrers(cluster, AgentPool, "cluster")
        pools += [(e.source, f"node pool {e.source.title}") for e in edges if isinstance(e.source, AgentPool)]
        for pool, title in pools:
            yield from _on_the_host(pool.enable_encryption_at_host, pool, title)
            local = of(pool, equals(pool.os_disk_type, "Ephemeral"))
            page = _LEARN + "aks/azure-disk-customer-managed-keys"
            yield Beside(f"ephemeral system disks of {title}", _MICROSOFT, local, page)


def _volumes(estate: Estate, found: Custody) -> Iterator[Beside]:
    """Volumes are on disks under the cluster's set by default; a storage class may name another, or files.

    The cluster's identity must be able to read the set, or no volume can be made under it.
    """
    cluster = found.store
    if not isinstance(cluster, ManagedCluster) or not _covered(found) or "disks" not in found.part.title:
        return
    yield from _file_volumes(estate, cluster)
    page = _LEARN + "aks/azure-disk-customer-managed-keys"
    why = "storage classes are made in the cluster and are not read"
    unread = Verdict("unknown", (), why, (Need("module", "storage classes", why),))
    yield Beside(
        "volumes whose storage class names another set, or files", "that set's key, or Microsoft's", unread, page
    )
    encryption_set = found.through[0] if found.through else None
    if isinstance(encryption_set, Resource):
        reads = _reads(estate, cluster, encryption_set)
        none = "none can be made: the cluster's identity may not read the disk encryption set"
        yield Beside("new volumes", none, negated(reads), page)


def _file_volumes(estate: Estate, cluster: ManagedCluster) -> Iterator[Beside]:
    """Volumes of the classes for files and blobs are in storage accounts that the cluster makes, not on disks.

    Source: learn.microsoft.com/azure/aks/concepts-storage#storage-classes
    """
    for release in estate.of(HelmRelease):
        read = release.chart_templates.value if isinstance(release.chart_templates, Known) else {}
        if not read or cluster_key(estate, release) != cluster.key:
            continue
        named = {p.text for texts in read.values() if isinstance(texts, dict) for p in templates.read(texts).classes}
        for name in sorted(n for n in named if n.startswith(("azurefile", "azureblob"))):
            there = when_present(Verdict("pass"), release.presence)
            what = f"volumes of {release.title}, whose storage class is {name}"
            yield Beside(what, _MICROSOFT, there, _LEARN + "aks/concepts-storage")


def _reads(estate: Estate, cluster: ManagedCluster, encryption_set: Resource) -> Verdict:
    from ringfence.model.principal import identities
    from ringfence.questions.access.may import may

    acting = identities(estate, cluster)
    operation = "Microsoft.Compute/diskEncryptionSets/read"
    if isinstance(acting, Unknown) or acting.open is not None or len(acting) != 1:
        why = "which identity the cluster acts with is not known"
        return unsettled(cluster.address, why)
    return may(estate, acting.items[0], operation, encryption_set)


def _etcd(estate: Estate, found: Custody) -> Iterator[Beside]:
    """Secrets and settings of the cluster are in etcd, which a disk encryption set does not cover."""
    cluster = found.store
    if isinstance(cluster, ManagedCluster) and _covered(found) and "disks" in found.part.title:
        without = negated(is_given(cluster, cluster.key_management_service_key, estate, "a key"))
        yield Beside("etcd, with the cluster's secrets", _MICROSOFT, without, _LEARN + "aks/use-kms-etcd-encryption")


# -- logs


def _logs(_: Estate, found: Custody) -> Iterator[Beside]:
    """What came before the link, what is in the cache for queries, and saved queries are under Microsoft's key."""
    if not _covered(found):
        return
    page = "azure-monitor/logs/customer-managed-keys"
    yield _always("logs ingested before the workspace was linked to the cluster", _MICROSOFT, page)
    what = "logs of the last 14 days and those queried lately, in the hot cache; revocation closes it all the same"
    yield _always(what, _MICROSOFT, page)
    workspace = found.store
    if isinstance(workspace, ApplicationInsights):
        workspace = next((b for b in found.through if isinstance(b, LogAnalyticsWorkspace)), None)
    if isinstance(workspace, LogAnalyticsWorkspace):
        own = equals(workspace.force_cmk_for_query, True)
        yield Beside("saved queries and log alerts", _MICROSOFT, negated(own), _LEARN + page)


# -- others


def _depends(_: Estate, found: Custody) -> Iterator[Beside]:
    """The services that a machine learning workspace keeps its data in have keys of their own."""
    if isinstance(found.store, MachineLearningWorkspace) and _covered(found):
        page = "machine-learning/concept-customer-managed-keys"
        yield _always("its storage account, registry, vault and telemetry", "the key of each", page)


def _databricks(_: Estate, found: Custody) -> Iterator[Beside]:
    """Each of the three features covers its part and no other."""
    if _covered(found):
        page = "databricks/security/keys/customer-managed-keys"
        yield _always("the workspace's other parts, and data in other storage accounts", "the key of each", page)


RULES: dict[str, tuple[Callable[[Estate, Custody], Iterator[Beside]], ...]] = {
    "Microsoft.Storage/storageAccounts": (_queues_and_tables, _scopes),
    "Microsoft.Sql/servers": (_transparent, _own_keys, _old_backups),
    "Microsoft.Sql/servers/databases": (_transparent, _old_backups),
    "Microsoft.DBforMySQL/flexibleServers": (_geo_backup,),
    "Microsoft.DBforPostgreSQL/flexibleServers": (_geo_backup,),
    "Microsoft.DocumentDB/databaseAccounts": (_metadata,),
    "Microsoft.Compute/virtualMachines": (_machine,),
    "Microsoft.Compute/virtualMachineScaleSets": (_machine,),
    "Microsoft.ContainerService/managedClusters": (_pools, _volumes, _etcd),
    "Microsoft.OperationalInsights/workspaces": (_logs,),
    "Microsoft.OperationalInsights/clusters": (_logs,),
    "Microsoft.Insights/components": (_logs,),
    "Microsoft.MachineLearningServices/workspaces": (_depends,),
    "Microsoft.Databricks/workspaces": (_databricks,),
}
"""By ARM type of the store."""
