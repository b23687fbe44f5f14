"""Which services "allow trusted Microsoft services" lets by, for each service that has that switch.

It lets nobody in by itself: the caller still signs in, with its managed identity where that is asked for here. Sources:
learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services (2025-06-24),
learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints (2024-01-30) and
learn.microsoft.com/azure/container-registry/allow-access-trusted-services (2022-01-26). App Service is trusted by a
vault for certificates of its own domains only, not for what an app reads, and by a registry not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.judge import holds
from ringfence.model.verdict import Verdict

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

_STORAGE = frozenset(
    {
        "microsoft.apimanagement/service",
        "microsoft.cache/redis",
        "microsoft.cognitiveservices/accounts",
        "microsoft.databricks/accessconnectors",
        "microsoft.datafactory/factories",
        "microsoft.dataprotection/backupvaults",
        "microsoft.datashare/accounts",
        "microsoft.dbforpostgresql/flexibleservers",
        "microsoft.dbforpostgresql/servers",
        "microsoft.devices/iothubs",
        "microsoft.devtestlab/labs",
        "microsoft.eventgrid/domains",
        "microsoft.eventgrid/partnertopics",
        "microsoft.eventgrid/systemtopics",
        "microsoft.eventgrid/topics",
        "microsoft.healthcareapis/services",
        "microsoft.healthcareapis/workspaces",
        "microsoft.iotcentral/iotapps",
        "microsoft.keyvault/managedhsms",
        "microsoft.kusto/clusters",
        "microsoft.logic/integrationaccounts",
        "microsoft.logic/workflows",
        "microsoft.machinelearningservices/registries",
        "microsoft.machinelearningservices/workspaces",
        "microsoft.media/mediaservices",
        "microsoft.purview/accounts",
        "microsoft.recoveryservices/vaults",
        "microsoft.search/searchservices",
        "microsoft.sql/servers",
        "microsoft.streamanalytics/streamingjobs",
        "microsoft.synapse/workspaces",
    }
)
_VAULT = frozenset(
    {
        "microsoft.apimanagement/service",
        "microsoft.batch/batchaccounts",
        "microsoft.botservice/botservices",
        "microsoft.cdn/profiles",
        "microsoft.compute/diskencryptionsets",
        "microsoft.containerregistry/registries",
        "microsoft.databricks/workspaces",
        "microsoft.datafactory/factories",
        "microsoft.dbformysql/flexibleservers",
        "microsoft.dbformysql/servers",
        "microsoft.dbforpostgresql/flexibleservers",
        "microsoft.dbforpostgresql/servers",
        "microsoft.eventhub/namespaces",
        "microsoft.machinelearningservices/workspaces",
        "microsoft.network/applicationgateways",
        "microsoft.network/azurefirewalls",
        "microsoft.network/frontdoors",
        "microsoft.purview/accounts",
        "microsoft.recoveryservices/vaults",
        "microsoft.servicebus/namespaces",
        "microsoft.sql/servers",
        "microsoft.storage/storageaccounts",
        "microsoft.synapse/workspaces",
    }
)
_REGISTRY = frozenset(
    {
        "microsoft.containerinstance/containergroups",
        "microsoft.containerregistry/registries",
        "microsoft.machinelearningservices/workspaces",
    }
)
_LISTED = {
    "microsoft.containerregistry/registries": _REGISTRY,
    "microsoft.keyvault/vaults": _VAULT,
    "microsoft.storage/storageaccounts": _STORAGE,
}
CALLERS = frozenset().union(*_LISTED.values())
"""All types that some service trusts."""
_WITHOUT_IDENTITY = frozenset({"microsoft.containerregistry/registries"})
"""Targets that trust some callers whether or not they have an identity: a registry from which images are imported."""


def is_trusted(caller: Resource, target: Resource) -> Verdict:
    """The target's "trusted services" has the caller among them, and the caller has an identity to show."""
    type_, kind = caller.type.casefold(), target.type.casefold()
    if type_ not in _LISTED.get(kind, ()):
        return Verdict("fail")
    if type_ in _WITHOUT_IDENTITY and kind in _WITHOUT_IDENTITY:
        return Verdict("pass")
    if not isinstance(caller, IdentityHolder):
        return Verdict("pass")
    return holds(caller.identity_type, lambda v: str(v or "None").casefold() != "none", "an identity")
