"""Words for kinds of resources, as selectors and claims use them: each stands for a set of ARM types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

KINDS: dict[str, tuple[str, ...]] = {
    "data-store": (
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Sql/servers",
        "Microsoft.Sql/managedInstances",
        "Microsoft.DBforMySQL/servers",
        "Microsoft.DBforMySQL/flexibleServers",
        "Microsoft.DBforPostgreSQL/servers",
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforPostgreSQL/serverGroupsv2",
        "Microsoft.DBforMariaDB/servers",
        "Microsoft.DocumentDB/databaseAccounts",
        "Microsoft.DocumentDB/mongoClusters",
        "Microsoft.Cache/Redis",
        "Microsoft.Cache/RedisEnterprise",
        "Microsoft.Search/searchServices",
        "Microsoft.Kusto/Clusters",
        "Microsoft.Synapse/workspaces",
        "Microsoft.HDInsight/clusters",
        "Microsoft.HealthcareApis/workspaces",
        "Microsoft.HealthcareApis/workspaces/fhirservices",
        "Microsoft.HealthcareApis/workspaces/dicomservices",
        "Microsoft.Purview/accounts",
        "Microsoft.DataShare/accounts",
        "Microsoft.DigitalTwins/digitalTwinsInstances",
        "Microsoft.StorageSync/storageSyncServices",
        "Microsoft.Maps/accounts",
    ),
    "vault": ("Microsoft.KeyVault/vaults", "Microsoft.KeyVault/managedHSMs"),
    "registry": ("Microsoft.ContainerRegistry/registries",),
    "site": ("Microsoft.Web/sites", "Microsoft.Web/sites/slots", "Microsoft.Web/staticSites"),
    "cluster": ("Microsoft.ContainerService/managedClusters",),
    "machine": ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets"),
    "container": ("Microsoft.App/containerApps", "Microsoft.ContainerInstance/containerGroups"),
    "workspace": ("Microsoft.Databricks/workspaces", "Microsoft.MachineLearningServices/workspaces"),
    "factory": ("Microsoft.DataFactory/factories",),
    "log-store": ("Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/components"),
    "queue": (
        "Microsoft.EventHub/namespaces",
        "Microsoft.ServiceBus/namespaces",
        "Microsoft.Relay/namespaces",
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.Devices/IotHubs",
        "Microsoft.SignalRService/SignalR",
        "Microsoft.SignalRService/WebPubSub",
    ),
    "api": (
        "Microsoft.ApiManagement/service",
        "Microsoft.AppConfiguration/configurationStores",
        "Microsoft.Attestation/attestationProviders",
        "Microsoft.Automation/automationAccounts",
        "Microsoft.Batch/batchAccounts",
    ),
    "ai": ("Microsoft.CognitiveServices/accounts",),
    "endpoint": (
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/loadBalancers",
        "Microsoft.Network/applicationGateways",
    ),
}
"""What holds data of one's own is a "data-store"; a "vault" holds keys and secrets, a "log-store" logs, a "queue"
messages on their way, an "api" is what one manages other things by. Types whose doors are not modelled are among
them: those doors are unknown, not missing."""

TYPES: dict[str, str] = {
    "azurerm_api_management": "Microsoft.ApiManagement/service",
    "azurerm_app_configuration": "Microsoft.AppConfiguration/configurationStores",
    "azurerm_attestation_provider": "Microsoft.Attestation/attestationProviders",
    "azurerm_automation_account": "Microsoft.Automation/automationAccounts",
    "azurerm_batch_account": "Microsoft.Batch/batchAccounts",
    "azurerm_container_app": "Microsoft.App/containerApps",
    "azurerm_container_group": "Microsoft.ContainerInstance/containerGroups",
    "azurerm_cosmosdb_postgresql_cluster": "Microsoft.DBforPostgreSQL/serverGroupsv2",
    "azurerm_data_share_account": "Microsoft.DataShare/accounts",
    "azurerm_digital_twins_instance": "Microsoft.DigitalTwins/digitalTwinsInstances",
    "azurerm_eventgrid_domain": "Microsoft.EventGrid/domains",
    "azurerm_eventgrid_topic": "Microsoft.EventGrid/topics",
    "azurerm_hdinsight_hadoop_cluster": "Microsoft.HDInsight/clusters",
    "azurerm_hdinsight_spark_cluster": "Microsoft.HDInsight/clusters",
    "azurerm_healthcare_dicom_service": "Microsoft.HealthcareApis/workspaces/dicomservices",
    "azurerm_healthcare_fhir_service": "Microsoft.HealthcareApis/workspaces/fhirservices",
    "azurerm_healthcare_workspace": "Microsoft.HealthcareApis/workspaces",
    "azurerm_iothub": "Microsoft.Devices/IotHubs",
    "azurerm_key_vault_managed_hardware_security_module": "Microsoft.KeyVault/managedHSMs",
    "azurerm_kusto_cluster": "Microsoft.Kusto/Clusters",
    "azurerm_logic_app_standard": "Microsoft.Web/sites",
    "azurerm_managed_redis": "Microsoft.Cache/RedisEnterprise",
    "azurerm_maps_account": "Microsoft.Maps/accounts",
    "azurerm_mariadb_server": "Microsoft.DBforMariaDB/servers",
    "azurerm_mongo_cluster": "Microsoft.DocumentDB/mongoClusters",
    "azurerm_mssql_managed_instance": "Microsoft.Sql/managedInstances",
    "azurerm_purview_account": "Microsoft.Purview/accounts",
    "azurerm_redis_enterprise_cluster": "Microsoft.Cache/RedisEnterprise",
    "azurerm_relay_namespace": "Microsoft.Relay/namespaces",
    "azurerm_signalr_service": "Microsoft.SignalRService/SignalR",
    "azurerm_static_site": "Microsoft.Web/staticSites",
    "azurerm_static_web_app": "Microsoft.Web/staticSites",
    "azurerm_storage_sync": "Microsoft.StorageSync/storageSyncServices",
    "azurerm_synapse_workspace": "Microsoft.Synapse/workspaces",
    "azurerm_web_pubsub": "Microsoft.SignalRService/WebPubSub",
}
"""The ARM types of Terraform types that hold or serve data and may have no kind of the model."""

_WORDS = {arm.casefold(): word for word, types in KINDS.items() for arm in types}


def word(arm: str) -> str:
    """The word for an ARM type, without case; "" when there is none."""
    return _WORDS.get(arm.casefold(), "")


def of_kind(arm: str, wanted: str) -> bool:
    """The type is one of those that the word stands for."""
    return word(arm) == wanted.casefold()


def type_of(resource: Resource) -> str:
    """The ARM type of a resource, of one without a kind of the model too; "" when it is not recorded."""
    return resource.type or TYPES.get(resource.terraform_type, "")
