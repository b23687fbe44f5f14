"""Keys: made or brought along, with versions; their private parts are in the hardware module and nowhere else.

Source: learn.microsoft.com/azure/key-vault/keys/about-keys-details; learn.microsoft.com/rest/api/keyvault/keys
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, ClassVar

from ringfence.twin.vault import attributes, jwk, release, rotation
from ringfence.twin.vault.call import done
from ringfence.twin.vault.errors import VaultError, bad, conflict, forbidden
from ringfence.twin.vault.items import Items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.twin.message import Response
    from ringfence.twin.store import Row
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.call import Call
    from ringfence.twin.vault.hardware import Made, Private

_AGAIN = ("decrypt", "unwrapKey", "verify", "release")
"""What a key does outside its nbf and exp too: what it once sealed or signed must stay readable."""
_WRAPPING = "RSA-OAEP-256"
"""How a data key of another service is wrapped by an RSA key."""
_BESIDE = ("iv", "aad", "tag")
_MOST_RANDOM = 128
_LONGEST = 64 * 1024
_NEWEST = "2"
"""The platform of the hardware that HSM keys are in; "0" is software."""


class Keys(Items):
    """Answers what is asked of keys."""

    sorts: ClassVar[tuple[Sort, ...]] = ("keys",)

    async def create(self, call: Call) -> Response:
        """A new version has a new key."""
        self._need_free(call)
        kind = jwk.kind_in_module(call.content) if call.vault.module else jwk.kind(call.content)
        more = self._asked(call, kind, call.content.get("key_ops"))
        made = await asyncio.to_thread(self._hardware.make, kind, exportable=more["exportable"])
        return self._added(call, kind, made, more)

    def import_(self, call: Call) -> Response:
        """A new version has the key that the request brings."""
        self._need_free(call)
        brought = attributes.mapping(call.content, "key")
        if call.content.get("Hsm") and not str(brought.get("kty")).endswith("-HSM"):
            brought["kty"] = f"{brought.get('kty')}-HSM"
        kind, key = _brought(call, brought)
        more = self._asked(call, kind, brought.get("key_ops"))
        return self._added(call, kind, self._hardware.take(key, exportable=more["exportable"]), more)

    async def get(self, call: Call) -> Response:
        """The public part and the attributes of a version."""
        return done(self.shown(call, await self.version(call)))

    async def update(self, call: Call) -> Response:
        """The attributes, the tags and what may be done with a version are changed; the key never is."""
        row = await self.version(call)
        if row.get("managed"):
            raise forbidden("Operation update is not allowed on a key that belongs to a certificate.")
        if call.content.get("key_ops") is not None:
            row["ops"] = _operations(kind_of(row), call.content["key_ops"])
        if call.content.get("release_policy") is not None:
            row["release"] = release.changed(row, call.content)
        row["attributes"] = attributes.changed(row["attributes"], call.content, call.now)
        tags = attributes.tags(call.content)
        row["tags"] = row["tags"] if tags is None else tags
        call.shelf.put(row)
        return done(self.shown(call, row))

    async def rotate(self, call: Call) -> Response:
        """A new version has a new key of the same kind; its end is what the rotation policy says."""
        head = self._own(call, "rotate")
        return done(self.shown(call, await self._rotated(call, head)))

    def get_rotation_policy(self, call: Call) -> Response:
        """When a key is rotated."""
        head = call.shelf.head(call.name)
        return done(rotation.shown(call.shelf.url(head["name"]), head.get("rotation"), told=not call.vault.module))

    def set_rotation_policy(self, call: Call) -> Response:
        """A key is rotated so from now on."""
        head = self._own(call, "setrotationpolicy")
        told = not call.vault.module
        head["rotation"] = rotation.policy(call.content, head.get("rotation"), call.now, told=told)
        call.shelf.put_head(head)
        return done(rotation.shown(call.shelf.url(head["name"]), head["rotation"], told=told))

    async def release(self, call: Call) -> Response:
        """A key leaves the vault to an environment that its release policy trusts; here there is none to attest it."""
        raise release.refusal(await self._usable(call, "release"), call.content)

    def get_random_bytes(self, call: Call) -> Response:
        """Bytes by chance."""
        count = call.content.get("count")
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= _MOST_RANDOM:
            raise bad(f"count is a number from 1 to {_MOST_RANDOM}.")
        return done({"value": jwk.encoded(os.urandom(count))})

    async def encrypt(self, call: Call) -> Response:
        """The value encrypted."""
        return await self._worked(call, "encrypt")

    async def decrypt(self, call: Call) -> Response:
        """The value decrypted."""
        return await self._worked(call, "decrypt")

    async def wrap(self, call: Call) -> Response:
        """The value, a key, encrypted."""
        return await self._worked(call, "wrapKey")

    async def unwrap(self, call: Call) -> Response:
        """The value, a key, decrypted."""
        return await self._worked(call, "unwrapKey")

    async def sign(self, call: Call) -> Response:
        """The value, a digest, signed."""
        return await self._worked(call, "sign")

    async def verify(self, call: Call) -> Response:
        """Whether the value is a signature of the digest."""
        row = await self._usable(call, "verify")
        digest, signature = jwk.decoded(call.content, "digest"), jwk.decoded(call.content, "value")
        return done({"value": self._hardware.verify(row["blob"], _algorithm(call), digest, signature)})

    async def worked(self, call: Call, doing: str, value: bytes) -> tuple[Row, bytes]:
        """The version that a data key was wrapped or unwrapped with, and what came of it."""
        row = await self._usable(call, doing)
        algorithm = f"A{row['size']}KW" if row["kty"] == jwk.SYMMETRIC else _WRAPPING
        call.details["Algorithm"] = algorithm
        return row, self._hardware.work(row["blob"], doing, algorithm, value, {})["value"]

    async def version(self, call: Call) -> Row:
        """The version that is asked for. The newest is rotated first where that is due."""
        head = call.shelf.head(call.name)
        row = call.shelf.version(head, call.version)
        if not call.version and not head["managed"] and rotation.due(head.get("rotation"), row["attributes"], call.now):
            return await self._rotated(call, head)
        return row

    def shown(self, call: Call, row: Row) -> dict[str, Any]:
        """A version with its public part."""
        item = self.listed(call, row, row["version"])
        key = {"kid": item.pop("kid"), "kty": row["kty"], "key_ops": row["ops"], **row["public"]}
        call.details["KeyProperties"] = {"type": row["kty"], "size": row["size"], "curve": row["public"].get("crv", "")}
        return {"key": key, **item, **({"release_policy": row["release"]} if row.get("release") else {})}

    def listed(self, call: Call, row: Row, version: str) -> dict[str, Any]:
        """As lists show it."""
        hardware = _NEWEST if row["kty"].endswith("-HSM") else "0"
        more = {"exportable": row["exportable"], "hsmPlatform": hardware}
        return {
            "kid": call.shelf.url(row["name"], version),
            "attributes": row["attributes"] | call.vault.recovery | more,
            **({} if row["tags"] is None else {"tags": row["tags"]}),
            **({"managed": True} if row.get("managed") else {}),
        }

    async def _worked(self, call: Call, doing: str) -> Response:
        algorithm, value = _algorithm(call), jwk.decoded(call.content, "value", _LONGEST)
        beside = {name: jwk.decoded(call.content, name) for name in _BESIDE if call.content.get(name) is not None}
        row = await self._usable(call, doing)
        result = self._hardware.work(row["blob"], doing, algorithm, value, beside)
        found = {name: jwk.encoded(part) for name, part in result.items()}
        return done({"kid": call.shelf.url(row["name"], row["version"]), **found})

    async def _usable(self, call: Call, doing: str) -> Row:
        """The version that is asked for, if it may do this now."""
        row = await self.version(call)
        attributes.need_enabled(row["attributes"], "key", doing)
        if doing not in _AGAIN:
            attributes.need_time(row["attributes"], "key", doing, call.now)
        if doing not in (*row["ops"], "release"):
            raise forbidden(
                f"Operation {doing} is not permitted on this key: its key_ops are {', '.join(row['ops'])}.",
                "KeyOperationForbidden",
            )
        return row

    async def _rotated(self, call: Call, head: Row) -> Row:
        old = call.shelf.version(head)
        made = await asyncio.to_thread(self._hardware.make, kind_of(old), exportable=old["exportable"])
        row = {**old, "blob": made.blob, "public": made.public}
        row["attributes"] = attributes.new({}, call.now) | rotation.end(head.get("rotation"), call.now)
        return call.shelf.add(head["name"], row)

    def _added(self, call: Call, kind: jwk.Kind, made: Made, more: Mapping[str, Any]) -> Response:
        row = {"kty": kind.type, "size": kind.size, "blob": made.blob, "public": made.public, **more}
        return done(self.shown(call, call.shelf.add(call.name, row)))

    def _need_free(self, call: Call) -> None:
        head = call.shelf.free(call.name)
        if head is not None and head["managed"]:
            raise conflict(f"The key {call.name} belongs to a certificate.")

    def _asked(self, call: Call, kind: jwk.Kind, ops: Any) -> dict[str, Any]:
        """What a version has beside its key, as the request's body says."""
        if kind.hardware:
            call.vault.need_hardware(kind.type)
        policy = release.policy(call.content, kind)
        return {
            "ops": _operations(kind, ops),
            "attributes": attributes.new(call.content, call.now),
            "tags": attributes.tags(call.content),
            "exportable": policy is not None,
            "release": policy,
        }


def kind_of(row: Row) -> jwk.Kind:
    """The kind of a key that is kept."""
    return jwk.Kind(row["kty"], row["size"], row["public"].get("crv", ""))


def _brought(call: Call, content: dict[str, Any]) -> tuple[jwk.Kind, Private]:
    """A key that a request brings; what comes into a managed HSM is in hardware from then on."""
    if not call.vault.module:
        return jwk.private(content)
    if str(content.get("kty")).casefold().startswith("oct"):
        return jwk.symmetric(content)
    kind, key = jwk.private(content)
    return jwk.kind_in_module({"kty": kind.type, "key_size": kind.size or None, "crv": kind.curve or None}), key


def _operations(kind: jwk.Kind, asked: Any) -> list[str]:
    """What may be done with a key: what is asked for, as far as its kind can do it."""
    if asked is None or asked == []:
        return list(kind.operations)
    known = (*kind.operations, "import") if kind.hardware else kind.operations
    if not isinstance(asked, list) or any(op not in known for op in asked):
        raise bad(f"key_ops of a {kind.type} key are among {', '.join(known)}.")
    return list(dict.fromkeys(asked))


def _algorithm(call: Call) -> str:
    algorithm = call.content.get("alg")
    if not isinstance(algorithm, str):
        raise VaultError(400, "BadParameter", "alg is missing.")
    call.details["Algorithm"] = algorithm[:32]
    return algorithm
