"""Azure Machine Learning: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/machinelearning.
"""

from __future__ import annotations

from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, Fold, Reference, Table, flag, row
from ringfence.model.machine_learning import MachineLearningRegistry, MachineLearningWorkspace

PUBLIC = flag("Enabled", "Disabled")

TABLES = (
    Table(
        MachineLearningWorkspace,
        ("azurerm_machine_learning_workspace",),
        rows=(
            *COMMON,
            *IDENTITY,
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                {">=2.78": "public_network_access_enabled"},
                default={">=4.0": True},
                azure="Enabled",
                codec=PUBLIC,
            ),
            row(
                "isolation_mode",
                "properties.managedNetwork.isolationMode",
                {">=3.93": "managed_network.isolation_mode"},
                azure="Disabled",
            ),
            Reference(
                "storage_account",
                "properties.storageAccount",
                "storage_account_id",
                to="Microsoft.Storage/storageAccounts",
            ),
            Reference("key_vault", "properties.keyVault", "key_vault_id", to="Microsoft.KeyVault/vaults"),
            Reference(
                "container_registry",
                "properties.containerRegistry",
                "container_registry_id",
                to="Microsoft.ContainerRegistry/registries",
            ),
            Reference(
                "application_insights",
                "properties.applicationInsights",
                "application_insights_id",
                to="Microsoft.Insights/components",
            ),
            Reference(
                "encryption_key",
                "properties.encryption.keyVaultProperties.keyIdentifier",
                {">=2.86": "encryption.key_id"},
                to="Microsoft.KeyVault/vaults/keys",
            ),
            Reference(
                "encryption_identity",
                "properties.encryption.identity.userAssignedIdentity",
                {">=2.97": "encryption.user_assigned_identity_id"},
                to="Microsoft.ManagedIdentity/userAssignedIdentities",
            ),
            row("hbi_workspace", "properties.hbiWorkspace", "high_business_impact", azure=False),
        ),
    ),
)

REGISTRY = (
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        "body.properties.publicNetworkAccess",
        azure="Enabled",
    ),
)
"""Of a registry; azurerm has none, azapi declares it."""

ARM_TABLES = (Table(MachineLearningRegistry, (), rows=(*COMMON, *IDENTITY, *REGISTRY)),)

FOLDS: tuple[Fold, ...] = ()
