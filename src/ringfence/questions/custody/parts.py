"""The bodies of data that are encrypted at rest, and how each service finds their key.

A store has one, or several with keys of their own: a cluster's disks and its etcd, a workspace's notebooks and its
DBFS. `PARTS` says which fields name the key, what may stand between, which identity reaches the vault, and whether the
service takes a new version of the key by itself.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from ringfence.record import record

WRAP = ("read", "wrap", "unwrap")
"""What nearly every service needs of the key: "get, wrapKey, unwrapKey"; the last opens the data.

Source: learn.microsoft.com/azure/security/fundamentals/encryption-customer-managed-keys-support
"""

Follows: TypeAlias = Literal["versionless", "flag", "never"]
""""versionless": the newest version is taken when the reference names none; "flag": when `Part.flag` is on."""


@record()
class Part:
    """One body of data under one key."""

    keys: tuple[str, ...] = ()
    """The fields that name the customer-managed key; one is enough."""
    title: str = ""
    """What data it is, where the store has several."""
    data_key: str = "data encryption key"
    """What the service calls the key that it makes itself and has wrapped."""
    through: tuple[str, ...] = ()
    """The fields that name what has the key instead, a disk encryption set; one is enough."""
    identity: str = ""
    """The field that names the identity; the resource's only one where it is unset or there is no such field."""
    block: str = ""
    """The identity that Azure makes for this part, by the name of its Terraform block."""
    first_party: str = ""
    """The application of Microsoft's own that reaches the key instead of an identity of the resource."""
    follows: Follows = "versionless"
    flag: str = ""
    uses: tuple[str, ...] = WRAP
    """What must be allowed on the key; the last one opens the data."""


_ACCOUNT = Part(
    ("encryption_key", "encryption_key_name"), data_key="account encryption key", identity="encryption_identity"
)
_SERVER = Part(("encryption_key",), follows="never")
_FLEXIBLE = Part(("encryption_key",), identity="encryption_identity")
_GEO_BACKUP = Part(("geo_backup_key",), "geo-redundant backup", identity="geo_backup_identity")
_DATABASE = "database encryption key"

PARTS: dict[str, tuple[Part, ...]] = {
    "Microsoft.Storage/storageAccounts": (_ACCOUNT,),
    "Microsoft.Storage/storageAccounts/encryptionScopes": (Part(("encryption_key",), data_key="scope's key"),),
    "Microsoft.Sql/servers": (
        Part(
            ("encryption_protector_key",),
            data_key=_DATABASE,
            identity="primary_identity",
            follows="flag",
            flag="encryption_protector_auto_rotation",
        ),
    ),
    "Microsoft.Sql/servers/databases": (
        Part(("encryption_key",), data_key=_DATABASE, follows="flag", flag="encryption_key_auto_rotation"),
    ),
    "Microsoft.DBforMySQL/servers": (_SERVER,),
    "Microsoft.DBforMySQL/flexibleServers": (_FLEXIBLE, _GEO_BACKUP),
    "Microsoft.DBforPostgreSQL/servers": (_SERVER,),
    "Microsoft.DBforPostgreSQL/flexibleServers": (_FLEXIBLE, _GEO_BACKUP),
    "Microsoft.DocumentDB/databaseAccounts": (Part(("encryption_key",), identity="default_identity"),),
    "Microsoft.Compute/diskEncryptionSets": (
        Part(("active_key",), follows="flag", flag="rotation_to_latest_key_version_enabled"),
    ),
    "Microsoft.Compute/disks": (Part(through=("disk_encryption_set", "secure_vm_disk_encryption_set")),),
    "Microsoft.Compute/virtualMachines": (
        Part(
            title="system disk",
            through=("os_disk_encryption_set", "os_disk_secure_vm_encryption_set", "os_managed_disk"),
        ),
    ),
    "Microsoft.Compute/virtualMachineScaleSets": (
        Part(title="system disks", through=("os_disk_encryption_set", "os_disk_secure_vm_encryption_set")),
    ),
    "Microsoft.ContainerService/managedClusters": (
        Part(title="disks of nodes and volumes", through=("disk_encryption_set",)),
        Part(
            ("key_management_service_key",),
            "etcd",
            follows="never",
            uses=("encrypt", "decrypt"),
        ),
    ),
    "Microsoft.ContainerRegistry/registries": (Part(("encryption_key",), identity="encryption_identity"),),
    "Microsoft.DataFactory/factories": (Part(("encryption_key",), identity="encryption_identity"),),
    "Microsoft.ServiceBus/namespaces": (Part(("encryption_key",), identity="encryption_identity"),),
    "Microsoft.CognitiveServices/accounts": (
        Part(("encryption_key",), identity="encryption_identity", follows="never"),
    ),
    "Microsoft.MachineLearningServices/workspaces": (
        Part(("encryption_key",), identity="encryption_identity", follows="never"),
    ),
    "Microsoft.Databricks/workspaces": (
        Part(
            ("managed_services_key",),
            "managed services: notebooks, queries, secrets",
            first_party="AzureDatabricks",
            follows="never",
        ),
        Part(
            ("managed_disk_key",),
            "disks of clusters",
            block="managed_disk_identity",
            follows="flag",
            flag="managed_disk_key_rotation",
        ),
        Part(("root_dbfs_key",), "root of DBFS", "account encryption key", block="storage_account_identity"),
    ),
    "Microsoft.OperationalInsights/clusters": (Part(("key_vault_key",), data_key="account encryption key"),),
    "Microsoft.OperationalInsights/workspaces": (Part(data_key="account encryption key"),),
    "Microsoft.Insights/components": (Part(data_key="account encryption key", through=("workspace",)),),
    "Microsoft.KeyVault/vaults": (Part(),),
}
"""By ARM type. The first part of a store is the one that checks ask for.

Sources, for what follows a new version: storage/common/customer-managed-keys-overview ("omit the key version"),
container-registry/tutorial-customer-managed-keys, virtual-machines/disk-encryption (automatic rotation of a disk
encryption set), azure-sql/database/transparent-data-encryption-byok-key-rotation, azure-monitor/logs/
customer-managed-keys (key rotation), cosmos-db/how-to-setup-customer-managed-keys, mysql/flexible-server/
concepts-customer-managed-key, databricks/security/keys/customer-managed-keys; all under learn.microsoft.com/azure.
For etcd: aks/use-kms-etcd-encryption, whose identity encrypts and decrypts.
"""

NOT_STORES = ("Microsoft.Compute/diskEncryptionSets",)
"""What has a key but no data of its own."""

KEEPERS = (
    "Microsoft.KeyVault/vaults",
    "Microsoft.Sql/servers",
    "Microsoft.OperationalInsights/clusters",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Compute/disks",
)
"""Stores on which the key of another store depends."""

UNREAD: dict[str, str] = {
    "azurerm_app_configuration": "Microsoft.AppConfiguration/configurationStores",
    "azurerm_automation_account": "Microsoft.Automation/automationAccounts",
    "azurerm_batch_account": "Microsoft.Batch/batchAccounts",
    "azurerm_data_protection_backup_vault": "Microsoft.DataProtection/backupVaults",
    "azurerm_eventhub_namespace": "Microsoft.EventHub/namespaces",
    "azurerm_healthcare_dicom_service": "Microsoft.HealthcareApis/workspaces/dicomservices",
    "azurerm_healthcare_fhir_service": "Microsoft.HealthcareApis/workspaces/fhirservices",
    "azurerm_healthcare_service": "Microsoft.HealthcareApis/services",
    "azurerm_image": "Microsoft.Compute/images",
    "azurerm_iothub": "Microsoft.Devices/IotHubs",
    "azurerm_kusto_cluster": "Microsoft.Kusto/clusters",
    "azurerm_mariadb_server": "Microsoft.DBforMariaDB/servers",
    "azurerm_mssql_managed_instance": "Microsoft.Sql/managedInstances",
    "azurerm_netapp_account": "Microsoft.NetApp/netAppAccounts",
    "azurerm_recovery_services_vault": "Microsoft.RecoveryServices/vaults",
    "azurerm_redis_cache": "Microsoft.Cache/redis",
    "azurerm_search_service": "Microsoft.Search/searchServices",
    "azurerm_snapshot": "Microsoft.Compute/snapshots",
    "azurerm_synapse_workspace": "Microsoft.Synapse/workspaces",
}
"""Stores whose key is not read yet, by Terraform type: whose key they are under is not known, and is said."""
