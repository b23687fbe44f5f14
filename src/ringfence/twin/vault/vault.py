"""A vault, or a managed HSM, as the newest estate has it: what it allows.

What is not known is taken for the closed side, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ringfence.model.keyvault import ManagedHsm
from ringfence.model.value import Known, Unknown
from ringfence.record import record
from ringfence.twin.vault.errors import VaultError, bad

if TYPE_CHECKING:
    from ringfence.model.keyvault import KeyVault
    from ringfence.model.value import Attr

T = TypeVar("T")
LONGEST_RETENTION = 90
"""Days; what Azure takes when nobody says otherwise."""


@record(eq=False)
class Vault:
    """One vault."""

    resource: KeyVault | ManagedHsm
    host: str
    """Such as ``kv1.vault.azure.net``."""

    @property
    def module(self) -> bool:
        """It is a managed HSM: it has keys only, all of them in hardware, and symmetric ones too."""
        return isinstance(self.resource, ManagedHsm)

    @property
    def url(self) -> str:
        """Where its items are."""
        return f"https://{self.host}"

    @property
    def bucket(self) -> str:
        """Where the store keeps its items."""
        return f"vault/{self.resource.key}"

    @property
    def retention(self) -> int:
        """Days for which a deleted item is kept; the longest there are where it is not known."""
        days = _value(self.resource.soft_delete_retention_in_days, LONGEST_RETENTION)
        return int(days) if days else LONGEST_RETENTION

    @property
    def protected(self) -> bool:
        """Nobody may purge; so it is, too, where that is not known."""
        flag = self.resource.enable_purge_protection
        return True if isinstance(flag, Unknown) else bool(_value(flag, False))

    @property
    def recovery(self) -> dict[str, object]:
        """What each item's attributes say of its deletion.

        Source: learn.microsoft.com/rest/api/keyvault/secrets/get-secret (DeletionRecoveryLevel)
        """
        level = "Recoverable" if self.retention == LONGEST_RETENTION else "CustomizedRecoverable"
        return {"recoveryLevel": level if self.protected else f"{level}+Purgeable", "recoverableDays": self.retention}

    def why_protected(self) -> str:
        """Why nobody may purge."""
        flag = self.resource.enable_purge_protection
        if isinstance(flag, Unknown):
            return f"Whether {self.resource.address} has purge protection cannot be told: {flag.why}."
        return f"Purge protection is enabled for {self.resource.address}; the item goes when its retention ends."

    def need_hardware(self, kty: str) -> None:
        """Its keys may be in hardware.

        Raises:
            VaultError: they may not, or it is not known.
        """
        if self.module:
            return
        sku = self.resource.sku
        if isinstance(sku, Unknown):
            raise VaultError(403, "Forbidden", f"The vault's SKU cannot be told, so it takes no {kty} key: {sku.why}.")
        if str(_value(sku, "standard")).casefold() != "premium":
            raise bad(f"A {kty} key needs a vault of the premium SKU; {self.resource.address} is not one.")


def _value(attr: Attr[T], otherwise: T) -> T:
    """What the field says; where nobody set it, Azure's default, else ours."""
    if isinstance(attr, Known):
        return attr.value
    if isinstance(attr, Unknown) or attr.default is None:
        return otherwise
    return attr.default


def host_of(resource: KeyVault | ManagedHsm) -> str:
    """The public host name; "" when the name is not known."""
    suffix = "managedhsm" if isinstance(resource, ManagedHsm) else "vault"
    name = str(resource.name.value).casefold() if isinstance(resource.name, Known) else ""
    return f"{name}.{suffix}.azure.net" if name else ""
