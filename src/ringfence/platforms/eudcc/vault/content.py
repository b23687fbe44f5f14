"""The items of a region's vault as they are declared, and the grants on them, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.constructs.custodian import custodian
from ringfence.constructs.grant import eligible, grant
from ringfence.constructs.settled import settled
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.symbol import text
from ringfence.platforms.eudcc.vault.items import ITEMS, KEY, SIGNER
from ringfence.platforms.eudcc.vault.making import Making

if TYPE_CHECKING:
    from ringfence.constructs.encryption import EncryptionKey
    from ringfence.constructs.home import Home
    from ringfence.constructs.secret import Renewal
    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.config import Config, Place
    from ringfence.platforms.eudcc.vault.items import Entry

ABOUT = "Everything that the vault holds. Values that are secret are in no file and in no state."


def declare(file: File, config: Config, place: Place, home: Home, vault: Vault, renewed: Renewal) -> Items:
    """Every item of the region's table is in its vault, or, for keys, in the hardware module."""
    making = Making(file, config, place, home, vault, renewed)
    items = Items(place.name, vault)
    for entry in items.entries.values():
        if entry.type == KEY:
            items.keys[entry.name] = making.key(entry)
            items.declared[entry.name] = items.keys[entry.name].key
        else:
            items.declared[entry.name] = making.item(entry)
    items.password = making.password
    return items


def looked_after(file: File, config: Config, place: Place, group: Declared, vault: Vault) -> None:
    """Whoever deploys makes and renews what is in the vault, and uses no key; the administrators have no standing role.

    azurerm reads each secret that it writes, so whoever deploys can read them: let it be an automation. Who deploys
    first keeps the roles, since a lock keeps them (hashicorp/terraform-provider-azurerm#11770); an administrator who
    deploys another time takes them first.
    """
    layer = file.layer
    client, subscription = (
        next(d for d in layer if d.type == f"azurerm_{what}") for what in ("client_config", "subscription")
    )
    role = custodian(file, "custodian", called=config.called("key-custodian", place.name), group=group.id)
    given: dict[str, str | Declared] = {
        "secrets": "Key Vault Secrets Officer",
        "certificates": "Key Vault Certificates Officer",
        "keys": role,
    }
    grants = []
    for what, may in given.items():
        on: dict[str, Any] = {"may": may, "on": vault.id, "what": f"{vault.called} ({what})"}
        why = f"Whoever deploys makes the {what} of the vault, and renews them."
        grants.append(
            grant(
                file,
                f"deployer_{what}",
                who=client.ref("object_id"),
                called="whoever deploys",
                **on,
                why=why,
                kind="",
                life=Life(ignore_changes=("principal_id",)),
            )
        )
        eligible(
            file,
            f"administrators_{what}",
            who=config.administrators,
            called="administrators",
            **on,
            why=f"Administrators who have to set {what} by hand take the role for as long as that takes.",
            subscription=subscription.id,
        )
    why = "Items are written once the vault is met in the network and Azure has applied the roles."
    vault.ready = (settled(file, "vault_ready", vault.endpoint, *grants, comment=why),)
    if config.alert_recipients:
        file.resource(
            "azurerm_key_vault_certificate_contacts",
            "vault",
            comment="Whom the vault tells that a certificate has to be renewed.",
            key_vault_id=vault.id,
            contact=[block(email=one.email, name=one.name) for one in config.alert_recipients],
            life=vault.life(file),
        )


class Items:
    """What the vault of one region holds."""

    def __init__(self, region: str, vault: Vault) -> None:
        self.vault = vault
        self.entries: dict[str, Entry] = {entry.name: entry for entry in ITEMS[region]}
        self.declared: dict[str, Declared] = {}
        """The block of each item, by the item's name."""
        self.keys: dict[str, EncryptionKey] = {}
        """The keys that wrap other keys."""
        self.password: Value = None
        """What the MySQL server's built-in administrator is given: the value of mysql-pw."""

    def __getitem__(self, name: str) -> Declared:
        return self.declared[name]

    def may_read(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        """The principal gets the value of a secret, or a certificate together with its private key if that can leave.

        Raises:
            ConstructError: the vault signs with it instead, or it is a key.
        """
        entry = self._entry(item)
        if entry.type == KEY:
            raise ConstructError(f"nobody reads the key {item}", hint="Let it wrap with EncryptionKey.may_wrap.")
        if item == SIGNER and not self.exportable(item):
            hint = "Let it sign in the vault with may_sign, or set signing: mounted."
            raise ConstructError(f"the private key of {item} never leaves the vault", hint=hint)
        return self._granted(file, name, "secrets", "Key Vault Secrets User", item, who, called, why)

    def may_sign(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        """The principal has the vault sign with the private key of a certificate, which it never sees."""
        return self._granted(file, name, "keys", "Key Vault Crypto User", item, who, called, why)

    def may_see(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        """The principal gets a certificate without its private key."""
        return self._granted(file, name, "certificates", "Key Vault Reader", item, who, called, why)

    def exportable(self, item: str) -> bool:
        """Whether whoever may read a certificate's secret gets its private key."""
        policy = self.declared[item].ref("certificate_policy.0.key_properties.0.exportable")
        return _written(self.declared[item], policy.path) is not False

    def _entry(self, item: str) -> Entry:
        if item not in self.entries:
            hint = f"It has {', '.join(self.entries)}."
            raise ConstructError(f"{self.vault.called} has no item {item}", hint=hint)
        return self.entries[item]

    def _granted(
        self, file: File, name: str, part: str, role: str, item: str, who: Value, called: str, why: str
    ) -> Declared:
        self._entry(item)
        return grant(
            file,
            name,
            who=who,
            called=called,
            may=role,
            on=text(self.vault.id, f"/{part}/", self.declared[item].ref("name")),
            what=f"{self.vault.called}/{part}/{item}",
            why=why,
        )


def _written(declared: Declared, path: tuple[str, ...]) -> object:
    """What is written at a path of a block."""
    found: object = declared
    for step in path:
        if step != "0":
            found = getattr(found, "arguments", {}).get(step)
    return found
