"""Azure Databricks: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/databricks.
"""

from __future__ import annotations

from ringfence.mapping.codecs import KEY, LAST
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.manifest import CLUSTER
from ringfence.mapping.table import COMMON, AnyRow, Fold, Reference, Table, flag, row
from ringfence.model.databricks import AccessConnector, DatabricksSecret, DatabricksSecretScope, DatabricksWorkspace

PUBLIC = flag("Enabled", "Disabled")

_KEY = "Microsoft.KeyVault/vaults/keys"
_PARAMETERS = "properties.parameters."

_NETWORK: tuple[AnyRow, ...] = (
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        "public_network_access_enabled",
        default=True,
        azure="Enabled",
        codec=PUBLIC,
    ),
    row("required_nsg_rules", "properties.requiredNsgRules", "network_security_group_rules_required", azure="AllRules"),
    row(
        "enable_no_public_ip",
        _PARAMETERS + "enableNoPublicIp.value",
        "custom_parameters.no_public_ip",
        default={"<4.0": False, ">=4.0": True},
        azure=False,
    ),  # within the block, 2.x and 3.x send false when it is not written (expandWorkspaceCustomParameters)
    Reference(
        "custom_virtual_network",
        _PARAMETERS + "customVirtualNetworkId.value",
        "custom_parameters.virtual_network_id",
        to="Microsoft.Network/virtualNetworks",
    ),
    row(
        "custom_public_subnet_name",
        _PARAMETERS + "customPublicSubnetName.value",
        "custom_parameters.public_subnet_name",
    ),
    row(
        "custom_private_subnet_name",
        _PARAMETERS + "customPrivateSubnetName.value",
        "custom_parameters.private_subnet_name",
    ),
    row("storage_account_name", _PARAMETERS + "storageAccountName.value", "custom_parameters.storage_account_name"),
    row(
        "default_storage_firewall",
        "properties.defaultStorageFirewall",
        {">=3.104": "default_storage_firewall_enabled"},
        azure=False,
    ),
)

_ENCRYPTION: tuple[AnyRow, ...] = (
    row(
        "prepare_encryption",
        _PARAMETERS + "prepareEncryption.value",
        "customer_managed_key_enabled",
        default=False,
        azure=False,
    ),
    row(
        "require_infrastructure_encryption",
        _PARAMETERS + "requireInfrastructureEncryption.value",
        "infrastructure_encryption_enabled",
        default=False,
        azure=False,
    ),
    Reference(
        "managed_services_key",
        "properties.encryption.entities.managedServices.keyVaultProperties",
        "managed_services_cmk_key_vault_key_id",
        to=_KEY,
        arm_codec=KEY,
    ),
    Reference(
        "managed_disk_key",
        "properties.encryption.entities.managedDisk.keyVaultProperties",
        {">=3.41": "managed_disk_cmk_key_vault_key_id"},
        to=_KEY,
        arm_codec=KEY,
    ),
    row(
        "managed_disk_key_rotation",
        "properties.encryption.entities.managedDisk.rotationToLatestKeyVersionEnabled",
        {">=3.41": "managed_disk_cmk_rotation_to_latest_version_enabled"},
        azure=False,
    ),
    Reference("root_dbfs_key", _PARAMETERS + "encryption.value", {"": ""}, to=_KEY),
)

_IN_WORKSPACE: tuple[AnyRow, ...] = (
    row("resource_group", "", {}),
    row("location", "", {}),
    Reference("workspace", "", CLUSTER, to=DatabricksWorkspace.arm_type),
)
"""What the databricks provider makes in the workspace that its configuration names."""

TABLES = (
    Table(
        DatabricksSecret,
        ("databricks_secret",),
        unique="parent",
        rows=(*_IN_WORKSPACE, row("name", "", "key"), row("value", "", "string_value")),
    ),
    Table(
        DatabricksSecretScope,
        ("databricks_secret_scope",),
        unique="parent",
        rows=(
            *_IN_WORKSPACE,
            row("name", "", "name"),
            Reference("vault", "", "keyvault_metadata.resource_id", to="Microsoft.KeyVault/vaults"),
            row("initial_manage_principal", "", "initial_manage_principal"),
        ),
    ),
    Table(
        DatabricksWorkspace,
        ("azurerm_databricks_workspace",),
        rows=(
            *COMMON,
            row("sku", "sku.name", "sku"),
            row(
                "managed_resource_group",
                "properties.managedResourceGroupId",
                "managed_resource_group_name",
                arm_codec=LAST,
            ),
            *_NETWORK,
            *_ENCRYPTION,
            Reference(
                "access_connector",
                "properties.accessConnector.id",
                {">=3.104": "access_connector_id"},
                to=AccessConnector.arm_type,
            ),
            row(
                "compliance_security_profile_enabled",
                "properties.enhancedSecurityCompliance.complianceSecurityProfile.value",
                {">=4.0": "enhanced_security_compliance.compliance_security_profile_enabled"},
                default=False,
                azure=False,
            ),
        ),
    ),
    Table(AccessConnector, ("azurerm_databricks_access_connector",), rows=(*COMMON, *IDENTITY)),
)

_WORKSPACE = Reference("workspace", "", "workspace_id", to=DatabricksWorkspace.arm_type)
_ROOT_KEY = Reference("root_dbfs_key", _PARAMETERS + "encryption.value", "key_vault_key_id", to=_KEY)

FOLDS: tuple[Fold, ...] = (
    Fold("azurerm_databricks_workspace_root_dbfs_customer_managed_key", DatabricksWorkspace, _WORKSPACE, (_ROOT_KEY,)),
    Fold("azurerm_databricks_workspace_customer_managed_key", DatabricksWorkspace, _WORKSPACE, (_ROOT_KEY,)),
)
"""Both write ``parameters.encryption``, the key of the root of DBFS; 4.0 knows the first alone.

Source: v2.71.0 databricks_customer_managed_key_resource.go; v3.117.1 website/docs of either.
"""
