"""Azure Key Vault: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0.
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Fold, Table, row
from ringfence.model.keyvault import KeyVault

TABLES = (
    Table(
        KeyVault,
        ("azurerm_key_vault",),
        unique="azure",
        rows=(
            *COMMON,
            row("enable_purge_protection", "properties.enablePurgeProtection", "purge_protection_enabled", azure=False),
            row(
                "soft_delete_retention_in_days",
                "properties.softDeleteRetentionInDays",
                "soft_delete_retention_days",
                default=90,
            ),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
