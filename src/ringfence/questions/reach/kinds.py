"""Words for kinds of resources, as selectors and claims use them: each stands for a set of ARM types."""

from __future__ import annotations

KINDS: dict[str, tuple[str, ...]] = {
    "data-store": (
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Sql/servers",
        "Microsoft.Sql/managedInstances",
        "Microsoft.DBforMySQL/servers",
        "Microsoft.DBforMySQL/flexibleServers",
        "Microsoft.DBforPostgreSQL/servers",
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforMariaDB/servers",
        "Microsoft.DocumentDB/databaseAccounts",
        "Microsoft.Cache/Redis",
        "Microsoft.Search/searchServices",
        "Microsoft.Kusto/Clusters",
    ),
    "vault": ("Microsoft.KeyVault/vaults", "Microsoft.KeyVault/managedHSMs"),
    "registry": ("Microsoft.ContainerRegistry/registries",),
    "site": ("Microsoft.Web/sites", "Microsoft.Web/sites/slots"),
    "cluster": ("Microsoft.ContainerService/managedClusters",),
    "machine": ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets"),
    "workspace": ("Microsoft.Databricks/workspaces", "Microsoft.MachineLearningServices/workspaces"),
    "factory": ("Microsoft.DataFactory/factories",),
    "log-store": ("Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/components"),
    "queue": ("Microsoft.EventHub/namespaces", "Microsoft.ServiceBus/namespaces"),
    "ai": ("Microsoft.CognitiveServices/accounts",),
    "endpoint": (
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/loadBalancers",
        "Microsoft.Network/applicationGateways",
    ),
}
"""What holds data of one's own is a "data-store"; a "vault" holds keys and secrets, a "log-store" logs, a "queue"
messages on their way. Types that have no kind here yet are named too: their doors are unknown, not missing."""

_WORDS = {arm.casefold(): word for word, types in KINDS.items() for arm in types}


def word(arm: str) -> str:
    """The word for an ARM type, without case; "" when there is none."""
    return _WORDS.get(arm.casefold(), "")


def of_kind(arm: str, wanted: str) -> bool:
    """The type is one of those that the word stands for."""
    return word(arm) == wanted.casefold()
