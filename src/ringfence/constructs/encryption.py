"""Keys that encrypt other keys, and where they are kept: by need in a vault of software keys, of hardware keys, or in
a hardware module of one's own. Whoever holds such a key wraps and unwraps with it; nobody gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ringfence.constructs.grant import grant
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.register import Use
from ringfence.model.symbol import text
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.secret import Renewal
    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

OPERATIONS = ("unwrapKey", "wrapKey")
SIZE = 2048
ROLE = "Key Vault Crypto Service Encryption User"
"""Reads a key's public half, wraps and unwraps."""

LEVELS = {"standard": 1, "premium": 2, "managed_hsm": 3}
"""By key store: the level of FIPS 140 that every key in it meets.

A premium vault's newer hardware meets level 3, but a key made on the older one stays at level 2, and nobody chooses.
Source: learn.microsoft.com/azure/key-vault/keys/about-keys (compliance)
"""


def checked(store: str, *, fips_level: int, production: bool) -> None:
    """The store can hold what is asked for.

    Raises:
        ConstructError: it meets a lower level only, or has software keys where citizens' data are real.
    """
    if store not in LEVELS:
        raise ConstructError(f"there is no key store {store}", hint=f"It is one of {', '.join(LEVELS)}.")
    if LEVELS[store] < fips_level:
        able = [name for name, level in LEVELS.items() if level >= fips_level]
        hint = f"Use {' or '.join(able)}." if able else "No key store on Azure meets it."
        raise ConstructError(f"key store {store} meets FIPS 140 level {LEVELS[store]}, not {fips_level}", hint=hint)
    if production and store == "standard":
        hint = "Use premium or managed_hsm; software keys are cheaper, and easier to copy."
        raise ConstructError("production is refused with key store standard: its keys are software", hint=hint)


@record(eq=False)
class EncryptionKey:
    """A key that wraps and unwraps, and the store that it is in."""

    key: Declared
    store: KeyStore
    origin: str
    """"vault" when the store made it, "imported" when it came from a hardware module of one's own."""

    @property
    def id(self) -> Value:
        """Without a version: whoever uses it follows its rotation."""
        return self.key.ref("versionless_id") if self.store.in_vault else self.key.id

    def may_wrap(self, file: File, name: str, *, who: Value, called: str, why: str) -> Declared:
        """The principal wraps and unwraps with this key, and with no other."""
        return self.store.granted(file, name, self.key, who=who, called=called, why=why)


class KeyStore(Protocol):
    """Where keys are made and kept."""

    in_vault: bool

    def key(self, file: File, name: str, *, called: str, comment: str, origin: str = "vault") -> EncryptionKey:
        """A key of the store."""

    def granted(self, file: File, name: str, key: Declared, *, who: Value, called: str, why: str) -> Declared:
        """The principal wraps and unwraps with the key."""


class VaultKeys:
    """The keys of a vault; hardware keys when it is a premium one."""

    in_vault = True

    def __init__(self, vault: Vault, renewed: Renewal, *, hardware: bool = True) -> None:
        """`renewed` says when a first version ends; each later one has its date by the rotation policy."""
        self._vault, self._renewed = vault, renewed
        self._type = "RSA-HSM" if hardware else "RSA"

    def key(self, file: File, name: str, *, called: str, comment: str, origin: str = "vault") -> EncryptionKey:
        """A key that the vault makes, or one that somebody imports into it before an apply."""
        if origin == "imported":
            return EncryptionKey(self._imported(file, name, called, comment), self, origin)
        made = file.resource(
            "azurerm_key_vault_key",
            name,
            comment=comment,
            name=called,
            key_vault_id=self._vault.id,
            key_type=self._type,
            key_size=SIZE,
            key_opts=OPERATIONS,
            expiration_date=self._renewed.expires,
            rotation_policy=block(
                expire_after="P2Y", notify_before_expiry="P30D", automatic=block(time_before_expiry="P90D")
            ),
            life=self._vault.life(file, ignore_changes=("expiration_date",), prevent_destroy=True),
        )
        return EncryptionKey(made, self, origin)

    def granted(self, file: File, name: str, key: Declared, *, who: Value, called: str, why: str) -> Declared:
        """The role on this key of the vault."""
        scope = text(self._vault.id, "/keys/", key.ref("name"))
        what = f"{self._vault.called}/keys/{key.arguments['name']}"
        return grant(file, name, who=who, called=called, may=ROLE, on=scope, what=what, why=why)

    def _imported(self, file: File, name: str, called: str, comment: str) -> Declared:
        """Terraform cannot import a key, and never sees it: it came sealed for this vault's hardware.

        Source: learn.microsoft.com/azure/key-vault/keys/byok-specification
        """
        if self._type == "RSA":
            hint = "Use premium or managed_hsm."
            raise ConstructError(f"{called} cannot be imported into software: it would leave its module", hint=hint)
        told = _brought(comment)
        return file.data("azurerm_key_vault_key", name, comment=told, name=called, key_vault_id=self._vault.id)


def _brought(comment: str) -> str:
    """What is said of a key that was not made here."""
    return f"{comment}\nIt was made in a module of one's own and imported; Terraform only looks it up."


class ModuleKeys:
    """The keys of a managed hardware module, with its endpoint, log and lock; it has roles of its own.

    `certificates` are those of three people or more who together can restore it: their ids in a vault.
    Source: learn.microsoft.com/azure/key-vault/managed-hsm/security-domain
    """

    in_vault = False

    def __init__(
        self, file: File, name: str, home: Home, *, called: str, administrators: Value, certificates: Value
    ) -> None:
        self.called = called
        self.module = file.resource(
            "azurerm_key_vault_managed_hardware_security_module",
            name,
            comment="Keys in hardware of our own, at level 3 of FIPS 140.",
            name=called,
            **home.placed,
            sku_name="Standard_B1",
            tenant_id=home.tenant,
            admin_object_ids=(administrators,),
            purge_protection_enabled=True,
            soft_delete_retention_days=90,
            public_network_access_enabled=False,
            network_acls=block(default_action="Deny", bypass="AzureServices"),
            security_domain_key_vault_certificate_ids=certificates,
            security_domain_quorum=QUORUM,
        )
        private_endpoint(
            file, name, called=f"pe-{called}", to=self.module, arm_type=MODULE, subresource="managedhsm", home=home
        )
        logged(file, name, self.module, MODULE, home)
        locked(file, name, self.module, home)

    def key(self, file: File, name: str, *, called: str, comment: str, origin: str = "vault") -> EncryptionKey:
        """A key that the module makes, or one that somebody imports into it before an apply."""
        words: dict[str, Any] = {"name": called, "managed_hsm_id": self.module.id}
        if origin == "imported":
            made = file.data(_MODULE_KEY, name, comment=_brought(comment), **words)
        else:
            made = file.resource(
                _MODULE_KEY,
                name,
                comment=comment,
                **words,
                key_type="RSA-HSM",
                key_size=SIZE,
                key_opts=OPERATIONS,
                life=Life(prevent_destroy=True),
            )
            file.resource(
                f"{_MODULE_KEY}_rotation_policy",
                name,
                managed_hsm_key_id=made.id,
                expire_after="P2Y",
                time_before_expiry="P90D",
            )
        return EncryptionKey(made, self, origin)

    def granted(self, file: File, name: str, key: Declared, *, who: Value, called: str, why: str) -> Declared:
        """The module's own role on this key.

        Source: learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles
        """
        role = "Managed HSM Crypto Service Encryption User"
        word = key.arguments["name"]
        made = file.resource(
            "azurerm_key_vault_managed_hardware_security_module_role_assignment",
            name,
            comment=why,
            managed_hsm_id=self.module.id,
            name=_stable(f"{self.called}/{word}/{called}"),
            scope=f"/keys/{word}",
            role_definition_id=f"/Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/{_WRAPS}",
            principal_id=who,
        )
        scope = text(self.module.id, f"/keys/{word}")
        file.layer.register.uses.append(Use(who, called, role, scope, f"{self.called}/keys/{word}", why, made.key))
        return made


MODULE = "Microsoft.KeyVault/managedHSMs"
_MODULE_KEY = "azurerm_key_vault_managed_hardware_security_module_key"
_WRAPS = "33413926-3206-4cdd-b39a-83574fe37a17"
"""Managed HSM Crypto Service Encryption User."""
QUORUM = 2
"""People of those who hold a certificate of the security domain who together restore a module."""


def _stable(words: str) -> str:
    """A GUID that is the same for the same words."""
    from uuid import NAMESPACE_URL, uuid5

    return str(uuid5(NAMESPACE_URL, words))
