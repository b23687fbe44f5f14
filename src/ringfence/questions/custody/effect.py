"""What each service does when its customer-managed key is out of reach, and how soon, by its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.questions.custody.custody import Custody

_LEARN = "https://learn.microsoft.com/azure/"


@record()
class Effect:
    """What happens, within which time, and where that is documented."""

    does: str
    within: str
    """"not documented" where no page says it."""
    source: str


def _refuses(within: str, page: str) -> Effect:
    return Effect("the server refuses connections and is Inaccessible", within, _LEARN + page)


_DISKS = Effect(
    "machines shut down and do not start, reads and writes of the disks fail",
    "about 1 hour",
    _LEARN + "virtual-machines/disk-encryption",
)
_LOGS = Effect(
    "queries fail and logs that arrive are dropped",
    "1 hour or less",
    _LEARN + "azure-monitor/logs/customer-managed-keys",
)
_SQL = Effect(
    "the databases refuse connections and are Inaccessible",
    "10 minutes",
    _LEARN + "azure-sql/database/transparent-data-encryption-byok-overview",
)
_STORAGE = Effect(
    "reads and writes of blobs and their metadata fail with 403 for everybody",
    "not documented",
    _LEARN + "storage/common/customer-managed-keys-overview",
)

EFFECTS: dict[str, Effect] = {
    "Microsoft.Storage/storageAccounts": _STORAGE,
    "Microsoft.Storage/storageAccounts/encryptionScopes": _STORAGE,
    "Microsoft.Sql/servers": _SQL,
    "Microsoft.Sql/servers/databases": _SQL,
    "Microsoft.DBforMySQL/servers": _refuses("10 minutes", "mysql/single-server/concepts-data-encryption-mysql"),
    "Microsoft.DBforMySQL/flexibleServers": _refuses(
        "10 minutes", "mysql/flexible-server/concepts-customer-managed-key"
    ),
    "Microsoft.DBforPostgreSQL/servers": _refuses(
        "10 minutes", "postgresql/single-server/concepts-data-encryption-postgresql"
    ),
    "Microsoft.DBforPostgreSQL/flexibleServers": _refuses(
        "10 minutes", "postgresql/flexible-server/concepts-data-encryption"
    ),
    "Microsoft.DocumentDB/databaseAccounts": Effect(
        "nothing but deleting the account is possible",
        "not documented",
        _LEARN + "cosmos-db/how-to-setup-customer-managed-keys",
    ),
    "Microsoft.Compute/disks": _DISKS,
    "Microsoft.Compute/virtualMachines": _DISKS,
    "Microsoft.Compute/virtualMachineScaleSets": _DISKS,
    "Microsoft.ContainerService/managedClusters": Effect(
        "nodes shut down and do not start, volumes cannot be attached",
        "about 1 hour",
        _LEARN + "virtual-machines/disk-encryption",
    ),
    "Microsoft.ContainerService/managedClusters/etcd": Effect(
        "the API server cannot read secrets; the cluster breaks",
        "not documented",
        _LEARN + "aks/use-kms-etcd-encryption",
    ),
    "Microsoft.ContainerRegistry/registries": Effect(
        "all access to the registry's data is blocked",
        "not documented",
        _LEARN + "container-registry/tutorial-rotate-revoke-customer-managed-keys",
    ),
    "Microsoft.OperationalInsights/workspaces": _LOGS,
    "Microsoft.OperationalInsights/clusters": _LOGS,
    "Microsoft.Insights/components": _LOGS,
}
"""By ARM type, with the part where it matters; the pages were read in their state of 2021 to 2023."""

_OTHER = Effect(
    "the service cannot open its data",
    "not documented",
    _LEARN + "security/fundamentals/encryption-customer-managed-keys-support",
)


def effect(found: Custody) -> Effect | None:
    """What the store's service does without its key."""
    if found.store is None:
        return None
    return EFFECTS.get(f"{found.store.type}/{found.part.title}") or EFFECTS.get(found.store.type, _OTHER)
