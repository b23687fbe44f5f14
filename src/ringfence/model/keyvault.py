"""Kinds of Azure Key Vault (Microsoft.KeyVault)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr


class KeyVault(Resource):
    """A vault holding keys, secrets and certificates."""

    arm_type = "Microsoft.KeyVault/vaults"

    enable_purge_protection: Attr[bool]
    """Deleted contents cannot be destroyed before their retention ends. Irreversible."""
    soft_delete_retention_in_days: Attr[int]
    """How long deleted contents are kept: 7 to 90 days; Azure's default is 90."""
