"""Azure Key Vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.judge import is_on
from ringfence.model.keyvault import KeyVault

if TYPE_CHECKING:
    from ringfence.model.verdict import Verdict


@check(
    "keyvault-purge-protection",
    KeyVault,
    severity="high",
    fix="Set purge_protection_enabled = true. It cannot be turned off again.",
)
def purge_protection(vault: KeyVault) -> Verdict:
    """Deleted keys, secrets and certificates stay recoverable until their retention ends.

    Whoever purges a vault destroys every store encrypted under its keys.

    Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview
    """
    return is_on(vault.enable_purge_protection)
