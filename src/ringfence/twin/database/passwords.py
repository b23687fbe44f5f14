"""The password of a server's administrator: what was declared, or what the vault has for whoever breaks the glass.

Terraform makes such a password by chance and gives it to the server and to an item of the vault alike; that the two
are one is known by their declarations. The newest version of the item counts: no deployment of the twin lags behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.keyvault import KeyVault, Secret
from ringfence.model.symbol import Ref, plain
from ringfence.model.value import Known, Unknown
from ringfence.twin.vault.errors import VaultError
from ringfence.twin.vault.shelf import Shelf
from ringfence.twin.vault.vault import Vault

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr
    from ringfence.twin.database.settings import Server
    from ringfence.twin.ground import Ground


class VaultPasswords:
    """Read where the vault keeps its items; whoever signs in by one has read it there by his own right."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def password(self, server: Server) -> str | None:
        """The password; None where it is not known or nowhere kept."""
        declared = server.administrator_password
        if isinstance(declared, Known) and isinstance(plain(declared.value), str):
            return str(plain(declared.value))
        meant = _symbol(declared)
        if not isinstance(meant, Ref):
            return None
        secrets = self._ground.present.estate.of(Secret)
        return next((self._kept(one) for one in secrets if one.key == meant.key or _symbol(one.value) == meant), None)

    def _kept(self, secret: Secret) -> str | None:
        estate = self._ground.present.estate
        vault = estate.target(secret, secret.vault)
        if not isinstance(vault, KeyVault) or not isinstance(secret.name, Known):
            return None
        host = f"{vault.title.casefold()}.vault.azure.net"
        shelf = Shelf(self._ground.store, Vault(vault, host), "secrets", self._ground.now)
        try:
            row = shelf.version(shelf.head(str(secret.name.value)))
        except VaultError:
            return None
        return str(row["value"]) if row["attributes"].get("enabled", True) else None


def _symbol(attr: Attr[str]) -> Value:
    return plain(attr.value) if isinstance(attr, (Known, Unknown)) else None
