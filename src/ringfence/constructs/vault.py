"""A key vault: roles decide item by item, nothing is purged, only the platform's network reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.constructs.grant import grant
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.register import Item, Relaxation
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.opening import Opening
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.KeyVault/vaults"
SKUS = ("standard", "premium")


class Vault:
    """A vault with its endpoint, log and lock.

    `destructible` lets a test environment be made anew under the same name; `open_to` admits addresses of the
    internet. Both are relaxations, named after the switch that asks for them.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        comment: str = "",
        sku: str = "standard",
        open_to: Opening | None = None,
        destructible: str = "",
    ) -> None:
        _check(called, sku)
        self.file, self.name, self.home, self.called = file, name, home, called
        self.vault = file.resource(
            "azurerm_key_vault",
            name,
            comment=comment,
            name=called,
            **home.placed,
            tenant_id=home.tenant,
            sku_name=sku,
            rbac_authorization_enabled=True,
            purge_protection_enabled=not destructible,
            soft_delete_retention_days=7 if destructible else 90,
            public_network_access_enabled=open_to is not None,
            network_acls=block(
                default_action="Allow" if open_to and open_to.everybody else "Deny",
                bypass="AzureServices",
                ip_rules=open_to.addresses if open_to and open_to.addresses else None,
            ),
        )
        self._relaxed(open_to, destructible)
        self.endpoint = private_endpoint(
            file, name, called=f"pe-{called}", to=self.vault, arm_type=ARM, subresource="vault", home=home
        )
        self.ready: tuple[Declared, ...] = ()
        """What has to be there before anything is written into the vault: the way to it, and the right to."""
        logged(file, name, self.vault, ARM, home)
        locked(file, name, self.vault, home)

    @property
    def id(self) -> Value:
        return self.vault.id

    def life(self, file: File, **more: Any) -> Life:
        """How an item of the vault is treated: it waits for what makes the vault ready, where that is in its layer."""
        return Life(depends_on=tuple(d for d in self.ready if d.file.layer is file.layer), **more)

    def _relaxed(self, open_to: Opening | None, destructible: str) -> None:
        found = self.file.layer.register.relaxations
        if open_to:
            why = "the vault answers on the internet"
            items = ("keyvault-public-network-access", "8.7")
            found.append(Relaxation(open_to.switch, self.vault.key, "public_network_access_enabled", items, why))
        if destructible:
            why = "whoever deletes the vault can destroy what is in it"
            found.append(Relaxation(destructible, self.vault.key, "purge_protection_enabled", ("8.5",), why))

    def may_read(
        self, item: Declared, *, who: Value, called: str, why: str, name: str, file: File | None = None
    ) -> Declared:
        """The principal reads the value of one secret of the vault, and of no other.

        It is declared in `file`, where that is another than the vault's.

        Source: learn.microsoft.com/azure/key-vault/general/rbac-guide (roles at the scope of an item)
        """
        return grant(
            file or self.file,
            name,
            who=who,
            called=called,
            may="Key Vault Secrets User",
            on=text(self.vault.id, "/secrets/", item.ref("name")),
            what=f"{self.called}/secrets/{item.arguments['name']}",
            why=why,
        )

    def listed(
        self, item: Declared, type: str, description: str, *, scheme: str = "Freeform", of: str = "", origin: str = ""
    ) -> None:
        """Enters an item of the vault in the register; `of` is the Spring property that it holds."""
        name = str(item.arguments["name"])
        register = self.file.layer.register
        register.items.append(Item(self.vault.key, item.key, name, type, scheme, description, of, origin))


def _check(called: str, sku: str) -> None:
    """Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""
    if not 3 <= len(called) <= 24 or not called[0].isalpha() or not called.replace("-", "").isalnum():
        hint = "3 to 24 letters, digits and single hyphens, a letter first."
        raise ConstructError(f"a vault cannot be called {called}", hint=hint)
    if sku not in SKUS:
        raise ConstructError(f"a vault has no SKU {sku}", hint=f"It is one of {', '.join(SKUS)}.")
