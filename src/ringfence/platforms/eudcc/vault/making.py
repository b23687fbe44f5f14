"""How the items of a vault come to be: made in it, signed for it, or read from a folder that the operator has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.encryption import ModuleKeys, VaultKeys
from ringfence.constructs.secret import secret
from ringfence.model.blueprint import Block, block
from ringfence.model.register import Relaxation, Rotation
from ringfence.model.symbol import Apply, text
from ringfence.platforms.eudcc.vault.items import CERTIFICATE, PURPOSES, SIGNER

if TYPE_CHECKING:
    from ringfence.constructs.encryption import EncryptionKey, KeyStore
    from ringfence.constructs.home import Home
    from ringfence.constructs.secret import Renewal
    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Input, Value
    from ringfence.platforms.eudcc.config import Config, Place
    from ringfence.platforms.eudcc.vault.items import Entry, Purpose

PKCS12 = "application/x-pkcs12"
_FOLDER = "Folder with the bundles of others and, for a test, the certificates of the test authorities."


class Making:
    """Declares the items of one vault."""

    def __init__(self, file: File, config: Config, place: Place, home: Home, vault: Vault, renewed: Renewal) -> None:
        self._file, self._config, self._place, self._home = file, config, place, home
        self._vault, self._renewed = vault, renewed
        self._store: KeyStore | None = None
        self.password: Value = None
        """The value of the password that was made last."""

    def item(self, entry: Entry) -> Declared:
        """A certificate or a secret, in the register of items."""
        if entry.type == CERTIFICATE:
            return self._certificate(entry)
        if entry.content == "set":
            return self._set_later(entry)
        return secret(
            self._file,
            _word(entry),
            self._vault,
            self._renewed,
            called=entry.name,
            description=entry.description,
            value=self._value(entry),
            scheme=entry.scheme,
            of=entry.of,
        )

    def _value(self, entry: Entry) -> Value:
        how, _, what = entry.content.partition(":")
        if how == "text":
            return what
        if how == "made":
            return self._password(entry)
        path = self._path(what)
        return Apply("filebase64", (path,)) if how == "file" else Apply("trimspace", (Apply("file", (path,)),))

    def key(self, entry: Entry) -> EncryptionKey:
        """A key that wraps other keys, in the store that the configuration names."""
        self._store = self._store or self._opened()
        made = self._store.key(
            self._file, _word(entry), called=entry.name, comment=entry.description, origin=self._config.key_origin
        )
        self._vault.listed(made.key, entry.type, entry.description, origin=made.origin)
        if self._config.key_store == "standard":
            why = "the key is software, and can be copied by whoever holds a backup of the vault"
            relaxed = Relaxation("key_store", made.key.key, "key_type", (), why)
            self._file.layer.register.relaxations.append(relaxed)
        return made

    def _opened(self) -> KeyStore:
        config = self._config
        if config.key_store != "managed_hsm":
            return VaultKeys(self._vault, self._renewed, hardware=config.key_store == "premium")
        file = self._file.layer.file("managed-hsm.tf", "Hardware of our own, for the keys that wrap other keys.")
        certificates = file.layer.variable(
            "security_domain_certificates",
            "list(string)",
            "Ids in a vault of the certificates of those who can restore the hardware module together: three or more.",
            None,
            condition="length(var.security_domain_certificates) >= 3",
            refusal="Two people restore it and one may be away, so three have to hold a certificate.",
        )
        return ModuleKeys(
            file,
            "module",
            self._home,
            called=config.called("hsm", self._place.name),
            administrators=config.administrators,
            certificates=certificates,
        )

    def _password(self, entry: Entry) -> Value:
        made = self._file.ephemeral(
            "random_password", _word(entry), length=32, min_lower=2, min_upper=2, min_numeric=2, special=False
        )
        self.password = made.ref("result")
        return self.password

    def _set_later(self, entry: Entry) -> Declared:
        """An item that opens nothing until an operator has set it; Terraform writes it once and never again."""
        first = self._file.ephemeral("random_password", _word(entry), length=32)
        made = self._file.resource(
            "azurerm_key_vault_secret",
            _word(entry),
            comment="Opens nothing until an operator sets the true value. Terraform writes it once: the version stays.",
            name=entry.name,
            key_vault_id=self._vault.id,
            life=self._vault.life(self._file),
            value_wo=first.ref("result"),
            value_wo_version=1,
            content_type=entry.description,
            expiration_date=self._renewed.expires,
        )
        self._vault.listed(made, entry.type, entry.description, scheme=entry.scheme, of=entry.of)
        how = "Make a new client secret of the portal's application and set it in the vault; then remove the old one."
        rotations = self._file.layer.register.rotations
        rotations.append(Rotation(made.key, entry.name, self._renewed.owner, self._renewed.days, how))
        return made

    def _certificate(self, entry: Entry) -> Declared:
        purpose = PURPOSES[entry.name]
        imported = self._config.certificates == "files"
        content = block(contents=Apply("filebase64", (self._path(f"{entry.name}.pfx"),))) if imported else None
        made = self._file.resource(
            "azurerm_key_vault_certificate",
            _word(entry),
            comment=self._said(entry, imported),
            life=self._vault.life(self._file),
            name=entry.name,
            key_vault_id=self._vault.id,
            certificate=content,
            certificate_policy=self._policy(entry, purpose),
        )
        self._vault.listed(made, entry.type, entry.description)
        return made

    def _said(self, entry: Entry, imported: bool) -> str:
        if imported:
            return "Of the test authorities: whoever has this state has its key, so it must prove nothing real."
        if entry.content == "self":
            return "All countries trust this one. A new one is agreed with them first, so the vault only reminds of it."
        if self._issuer(entry) != "Unknown":
            return ""
        return (
            "The vault makes the key and a request. An operator has the request signed by the authority and merges the "
            f"answer: az keyvault certificate pending show and merge, --name {entry.name}."
        )

    def _issuer(self, entry: Entry) -> str:
        return "Self" if entry.content == "self" else self._config.certificate_issuer

    def _policy(self, entry: Entry, purpose: Purpose) -> Block:
        """A private key that need not leave the vault never does: who reads the item gets the certificate alone.

        Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates (exportable or nonexportable key)
        """
        kept = purpose.kept or (entry.name == SIGNER and self._config.signing == "vault")
        hardware = "-HSM" if kept and self._config.key_store != "standard" else ""
        renew = "EmailContacts" if self._issuer(entry) in ("Self", "Unknown") else "AutoRenew"
        return block(
            issuer_parameters=block(name=self._issuer(entry)),
            key_properties=block(
                exportable=not kept,
                key_type=f"{purpose.type}{hardware}",
                key_size=purpose.size,
                curve=purpose.curve or None,
                reuse_key=False,
            ),
            lifetime_action=[block(action=block(action_type=renew), trigger=block(days_before_expiry=60))],
            secret_properties=block(content_type=PKCS12),
            x509_certificate_properties=block(
                subject=f"CN={purpose.subject}, C={self._place.name.upper()}",
                key_usage=purpose.usage,
                extended_key_usage=purpose.extended or None,
                validity_in_months=purpose.months,
            ),
        )

    def _path(self, name: str) -> Value:
        return text(self._folder, f"/{name}")

    @property
    def _folder(self) -> Input:
        return self._file.layer.variable("certificates", "string", _FOLDER, None)


def _word(entry: Entry) -> str:
    """How an item's block is called."""
    return entry.name.replace("-", "_")
