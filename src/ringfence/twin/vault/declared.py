"""What an estate declares in its vaults, made once: values by chance where nobody knows them, keys as declared.

What was deleted, purged or changed afterwards stays so, until the estate declares something else: then it is as if
somebody had applied that. What cannot be told of an item is taken for the closed side: a key that
may be disabled is, and one whose operations are not known has none.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from ringfence.model.keyvault import Certificate, Key, ManagedHsmKey, Secret
from ringfence.model.principal import ANYBODY
from ringfence.model.value import Absent, Known, Unknown
from ringfence.twin.entra import credentials
from ringfence.twin.vault import access, attributes, issuance, jwk, making, policy, release, rotation
from ringfence.twin.vault.address import NAME
from ringfence.twin.vault.call import Call
from ringfence.twin.vault.errors import VaultError
from ringfence.twin.vault.vault import Vault, host_of

if TYPE_CHECKING:
    from ringfence.model.value import Attr
    from ringfence.twin.ground import Ground
    from ringfence.twin.store import Row
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.hardware import Hardware, Made

T = TypeVar("T")
U = TypeVar("U")

_LOG = logging.getLogger(__name__)
_LENGTH = 32
_YEAR = timedelta(days=365)
"""After which an item ends whose end is declared and not known."""
_PARALLEL = 4
_FIELDS: dict[Sort, dict[str, str]] = {
    "secrets": {"version": "value", "attributes": "content_type nbf exp"},
    "keys": {
        "version": "kty key_size curve_name exportable",
        "attributes": "key_ops nbf exp enabled rotate_after_creation rotate_before_expiry rotation_expiry_time"
        " notify_before_expiry",
    },
    "certificates": {
        "version": "issuer exportable kty key_size reuse_key content_type subject validity_in_months",
        "attributes": "",
    },
}
"""Of what is declared: what another version is needed for when it changes, and what is changed in place."""
_SORTS: dict[type, Sort] = {Secret: "secrets", Key: "keys", ManagedHsmKey: "keys", Certificate: "certificates"}


async def begin(ground: Ground, hardware: Hardware) -> None:
    """Every declared secret, key and certificate was made once."""
    gate = asyncio.Semaphore(_PARALLEL)
    estate = ground.present.estate
    every: tuple[Secret | Key | Certificate, ...] = (
        *estate.of(Secret),
        *estate.of(Key),
        *estate.of(ManagedHsmKey),
        *estate.of(Certificate),
    )
    seeds = [seed for item in every if (seed := _Seed(ground, hardware, item)).due]
    await asyncio.gather(*(_made(seed, gate) for seed in seeds))


async def _made(seed: _Seed, gate: asyncio.Semaphore) -> None:
    """The item is there; one that Azure would refuse is left out, and said."""
    try:
        async with gate:
            made = await seed.key()
        seed.put(made)
    except (VaultError, ValueError) as error:
        _LOG.warning("%s is not made: %s", seed.key_of_item, error)


class _Seed:
    """One declared item that is not there yet, or not as it is declared now."""

    def __init__(self, ground: Ground, hardware: Hardware, item: Secret | Key | Certificate) -> None:
        self._ground = ground
        self._hardware = hardware
        self._item = item
        self._now = ground.now()
        vault = access.vault_of(ground.present.estate, item)
        self._vault = Vault(vault, host_of(vault)) if vault else None
        self._name = str(_known(item.name, ""))
        self.key_of_item = item.key
        self._now_declared = {part: _print(item, fields) for part, fields in _FIELDS[_SORTS[type(item)]].items()}

    @property
    def due(self) -> bool:
        """It is known where it is, and it was not made before as it is declared now."""
        if self._vault is None or not NAME.fullmatch(self._name) or self._item.plural:
            return False
        return self._before() != self._now_declared

    def _before(self) -> Row:
        """As what it was declared when it was made; {} when it was not."""
        assert self._vault is not None
        return self._ground.store.get(self._vault.bucket, self._mark) or {}

    @property
    def _mark(self) -> str:
        return f"declared/{self._item.type.rpartition('/')[2]}/{self._name.casefold()}"

    @property
    def _anew(self) -> bool:
        """What is declared now needs another version."""
        return self._before().get("version") != self._now_declared["version"]

    async def key(self) -> Made | None:
        """The key that it is, or that is behind it; made in a thread."""
        if isinstance(self._item, Secret) or not self._anew:
            return None
        exportable = _told(self._item.exportable, self._item.arm_type == Certificate.arm_type, False)
        return await asyncio.to_thread(self._hardware.make, _kind(self._item), exportable=exportable)

    def put(self, made: Made | None) -> None:
        """It is there as it is declared now. What somebody else put there, or deleted, stays so when it is new."""
        assert self._vault is not None
        call = Call(self._ground, self._vault, _SORTS[type(self._item)], self._name, "", {}, {}, ANYBODY)
        before, anew, there = self._before(), self._anew, call.shelf.there(self._name)
        with self._ground.store.together():
            self._ground.store.put(self._vault.bucket, self._mark, self._now_declared)
            if there is not None and (not before or there["deleted"]):
                return
            if anew:
                self._place(call, made)
            elif there is not None:
                self._settle(call)

    def _place(self, call: Call, made: Made | None) -> None:
        """A new version is as it is declared."""
        if isinstance(self._item, Secret):
            call.shelf.place(self._name, self._secret(self._item))
        elif made is not None and isinstance(self._item, Key):
            self._put_key(call, self._item, made)
        elif made is not None and isinstance(self._item, Certificate):
            self._put_certificate(call, self._item, made)

    def _settle(self, call: Call) -> None:
        """The newest version has the attributes that are declared now."""
        row = call.shelf.version(call.shelf.head(self._name))
        times = {"created": row["attributes"]["created"]}
        if isinstance(self._item, Secret):
            row |= {"contentType": _known(self._item.content_type, None)}
            row["attributes"] = self._attributes(self._item) | times
        elif isinstance(self._item, Key):
            row |= {"ops": _operations(self._item, _kind(self._item))}
            row["attributes"] = self._attributes(self._item) | self._enabled(self._item) | times
            call.shelf.put_head(call.shelf.head(self._name) | {"rotation": self._rotation(self._item)})
        call.shelf.put(row)

    def _enabled(self, item: Key) -> dict[str, bool]:
        return {"enabled": _told(item.enabled, True, False)}

    def _secret(self, item: Secret) -> Row:
        """With the value that is declared or that the directory made, else one by chance."""
        declared = _known(item.value, None)
        value = declared if isinstance(declared, str) else credentials.value_of(self._ground, item)
        return {
            "value": secrets.token_urlsafe(_LENGTH) if value is None else value,
            "contentType": _known(item.content_type, None),
            "attributes": self._attributes(item),
            "tags": None,
        }

    def _put_key(self, call: Call, item: Key, made: Made) -> None:
        kind = _kind(item)
        exportable = _told(item.exportable, False, False)
        row = {
            "kty": kind.type,
            "size": kind.size,
            "blob": made.blob,
            "public": made.public,
            "ops": _operations(item, kind),
            "attributes": self._attributes(item) | self._enabled(item),
            "tags": None,
            "exportable": exportable,
            "release": release.NOBODY if exportable else None,
        }
        call.shelf.place(self._name, row)
        call.shelf.put_head(call.shelf.head(self._name) | {"rotation": self._rotation(item)})

    def _put_certificate(self, call: Call, item: Certificate, made: Made) -> None:
        """As its policy says; by itself, where an issuer would have signed it."""
        asked = policy.read(_policy(item), None, self._now)
        request = issuance.requested(self._hardware, made.blob, asked)
        chain = [issuance.self_signed(self._hardware, made.blob, request, asked, self._now)]
        call.content = {}
        row = making.begun(call, asked, made)
        head = making.put(call, call.shelf.there(self._name), row, policy=asked, pending=None)
        making.complete(call, head, row, chain)

    def _attributes(self, item: Secret | Key) -> dict[str, Any]:
        found = attributes.new({}, self._now)
        for name, attr in (("nbf", item.nbf), ("exp", item.exp)):
            if isinstance(attr, Known):
                found[name] = int(datetime.fromisoformat(str(attr.value)).timestamp())
            elif isinstance(attr, Unknown) and name == "exp":
                found[name] = attributes.seconds(self._now + _YEAR)
        return found

    def _rotation(self, item: Key) -> Row | None:
        """The rotation policy that is declared; None when none is."""
        rotate = (("timeAfterCreate", item.rotate_after_creation), ("timeBeforeExpiry", item.rotate_before_expiry))
        actions = [_action("Rotate", name, attr.value) for name, attr in rotate if isinstance(attr, Known)]
        if isinstance(item.notify_before_expiry, Known):
            actions.append(_action("Notify", "timeBeforeExpiry", item.notify_before_expiry.value))
        expiry = _known(item.rotation_expiry_time, None)
        if not actions and expiry is None:
            return None
        return rotation.policy({"lifetimeActions": actions, "attributes": {"expiryTime": expiry}}, None, self._now)


def _print(item: Secret | Key | Certificate, fields: str) -> list[str]:
    """What is declared of an item, so that a change can be seen."""
    values = (getattr(item, name) for name in fields.split())
    return ["?" if isinstance(attr, Unknown) else str(_known(attr, None)) for attr in values]


def _action(type_: str, name: str, time: str) -> dict[str, Any]:
    return {"trigger": {name: time}, "action": {"type": type_}}


def _kind(item: Key | Certificate) -> jwk.Kind:
    """The kind that is declared; what of it is not known is what Azure takes."""
    content = {"kty": _known(item.kty, "RSA"), "key_size": _known(item.key_size, None)}
    if isinstance(item, Certificate):
        return jwk.kind(
            policy.read({"key_props": {**content, "exportable": False}}, None, datetime.now(UTC))["key_props"]
        )
    whole = {**content, "crv": _known(item.curve_name, None)}
    return jwk.kind_in_module(whole) if isinstance(item, ManagedHsmKey) else jwk.kind(whole)


def _operations(item: Key, kind: jwk.Kind) -> list[str]:
    """What may be done with a key: what is declared, as far as that is known."""
    if isinstance(item.key_ops, Unknown):
        return []
    return [op for op in _known(item.key_ops, None) or kind.operations if op in kind.operations]


def _policy(item: Certificate) -> dict[str, Any]:
    props = {
        "exportable": _told(item.exportable, True, False),
        "kty": _known(item.kty, None),
        "key_size": _known(item.key_size, None),
        "reuse_key": _told(item.reuse_key, False, False),
    }
    x509 = {"subject": _known(item.subject, None) or f"CN={item.title}"}
    months = _known(item.validity_in_months, None)
    return {
        "key_props": props,
        "secret_props": {"contentType": _known(item.content_type, None)},
        "x509_props": {**x509, "validity_months": months},
        "issuer": {"name": _known(item.issuer, None)},
    }


def _known(attr: Attr[T], otherwise: U) -> T | U:
    """What the field says or Azure takes, where either is known."""
    if isinstance(attr, Known):
        return attr.value
    return attr.default if isinstance(attr, Absent) and attr.default is not None else otherwise


def _told(attr: Attr[bool], otherwise: bool, closed: bool) -> bool:
    """What the field says; where it cannot be told, the closed side."""
    return closed if isinstance(attr, Unknown) else bool(_known(attr, otherwise))
