"""Certificates: made by a policy, brought along, or merged with what somebody else has signed.

While one is being made it is a version without a certificate, which is not enabled. One that signs itself is made at
once; the operation that made it can be looked at afterwards. Nothing here signs for an issuer, so what an issuer is to
sign waits until it is merged.

Source: learn.microsoft.com/azure/key-vault/certificates/create-certificate, …/about-certificates
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING, Any, ClassVar

from cryptography import x509

from ringfence.twin.vault import attributes, export, issuance, issuers, jwk, making, pending, policy
from ringfence.twin.vault.call import done
from ringfence.twin.vault.errors import bad, conflict
from ringfence.twin.vault.issuers import Issuers

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from ringfence.twin.message import Response
    from ringfence.twin.store import Row
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.call import Call
    from ringfence.twin.vault.hardware import Made

_FILE = 1 << 20
_BOTH: tuple[Sort, ...] = ("keys", "secrets")


class Certificates(Issuers):
    """Answers what is asked of certificates."""

    sorts: ClassVar[tuple[Sort, ...]] = ("certificates", *_BOTH)

    async def create(self, call: Call) -> Response:
        """A new version is being made."""
        head = self._free(call)
        asked = policy.read(attributes.mapping(call.content, "policy"), head and head["policy"], call.now)
        policy.need_name(asked)
        issuers.need(call, asked)
        if head is not None and pending.runs(head["pending"]):
            raise conflict("A version of the certificate is being made; cancel that, or merge it.")
        made = await self._key(call, head, asked)
        head = self._free(call)
        request = issuance.requested(self._hardware, made.blob, asked)
        row = making.begun(call, asked, made)
        operation = pending.new(asked, row["version"], base64.b64encode(request).decode(), row["preserve"])
        with call.ground.store.together():
            started = making.put(call, head, row, policy=asked, pending=operation)
            begun = pending.shown(call.shelf.url(started["name"]), operation)
            if asked["issuer"]["name"].casefold() == "self":
                chain = [issuance.self_signed(self._hardware, made.blob, request, asked, call.now)]
                making.complete(call, started, row, chain)
        return done(begun, 202)

    def import_(self, call: Call) -> Response:
        """A new version is the certificate that the request brings, with its key."""
        head = self._free(call)
        value = attributes.text(call.content, "value", _FILE)
        key, chain, form = export.brought(value, attributes.text(call.content, "pwd", 1024, ""))
        asked = self._told(call, key, chain[0], form)
        kind = jwk.kind_of(key, asked["key_props"]["kty"])
        if kind.hardware:
            call.vault.need_hardware(kind.type)
        made = self._hardware.take(key, exportable=asked["key_props"]["exportable"])
        row = making.begun(call, asked, made)
        with call.ground.store.together():
            started = making.put(call, head, row, policy=asked, pending=None)
            making.complete(call, started, row, chain)
        return done(self.shown(call, call.shelf.version(call.shelf.head(call.name))))

    def get(self, call: Call) -> Response:
        """A version with its policy."""
        row = call.shelf.version(call.shelf.head(call.name), call.version)
        return done(self.shown(call, row))

    def update(self, call: Call) -> Response:
        """The attributes and the tags of a version are changed, and of what is behind it; and the policy."""
        head = call.shelf.head(call.name)
        row = call.shelf.version(head, call.version)
        given = attributes.mapping(call.content, "attributes")
        enabled = {"attributes": {"enabled": given.get("enabled")}}
        tags = attributes.tags(call.content)
        if call.content.get("policy") is not None:
            head["policy"] = policy.read(attributes.mapping(call.content, "policy"), head["policy"], call.now)
        with call.ground.store.together():
            call.shelf.put_head(head)
            for sort in self.sorts if row["chain"] else ("certificates",):
                one = call.beside(sort).version(head, row["version"])
                one["attributes"] = attributes.changed(one["attributes"], enabled, call.now)
                one["tags"] = one["tags"] if tags is None else tags
                call.beside(sort).put(one)
        return done(self.shown(call, call.shelf.version(head, row["version"])))

    def policy_get(self, call: Call) -> Response:
        """The policy of the next version."""
        head = call.shelf.head(call.name)
        return done(policy.shown(call.shelf.url(head["name"]), head["policy"]))

    def policy_update(self, call: Call) -> Response:
        """The next version is made by it."""
        head = call.shelf.head(call.name)
        head["policy"] = policy.read(call.content, head["policy"], call.now)
        call.shelf.put_head(head)
        return done(policy.shown(call.shelf.url(head["name"]), head["policy"]))

    def pending_get(self, call: Call) -> Response:
        """How far the making of a version is."""
        head = pending.head(call)
        return done(pending.shown(call.shelf.url(head["name"]), head["pending"]))

    def pending_update(self, call: Call) -> Response:
        """The making of a version is called off."""
        head = pending.head(call)
        pending.cancel(head["pending"], call.content)
        call.shelf.put_head(head)
        return done(pending.shown(call.shelf.url(head["name"]), head["pending"]))

    def pending_delete(self, call: Call) -> Response:
        """Nothing is left of the making of a version."""
        head = pending.head(call)
        operation = head["pending"]
        head["pending"] = None
        call.shelf.put_head(head)
        return done(pending.shown(call.shelf.url(head["name"]), operation))

    def pending_merge(self, call: Call) -> Response:
        """What somebody else has signed completes the version that is being made."""
        head = pending.head(call)
        if not pending.runs(head["pending"]):
            raise conflict("No version of the certificate is being made.")
        row = call.shelf.version(head, head["pending"]["version"])
        chain = _chain(call.content.get("x5c"))
        if jwk.public(chain[0].public_key()) != row["public"]:  # type: ignore[arg-type]  # any other key differs
            raise bad("The certificate is for another key than the one that waits for it.")
        tags = attributes.tags(call.content)
        row["tags"] = row["tags"] if tags is None else tags
        row["asked"] = {**row["asked"], **attributes.written(call.content)}
        with call.ground.store.together():
            making.complete(call, head, row, chain)
        return done(self.shown(call, call.shelf.version(call.shelf.head(call.name))), 201)

    def shown(self, call: Call, row: Row) -> dict[str, Any]:
        """A version with its certificate and its policy."""
        head = call.shelf.there(row["name"]) or {}
        url = call.shelf.url(row["name"])
        chain = {"cer": row["chain"][0]} if row["chain"] else {}
        ids = (
            {
                "kid": call.beside("keys").url(row["name"], row["version"]),
                "sid": call.beside("secrets").url(row["name"], row["version"]),
            }
            if row["chain"]
            else {}
        )
        waits = {"pending": {"id": f"{url}/pending"}} if head.get("pending") else {}
        call.details["CertificateProperties"] = {"attributes": row["attributes"], "subject": row["subject"]}
        item = self.listed(call, row, row["version"])
        item["attributes"] |= call.vault.recovery
        order = {"preserveCertOrder": row["preserve"]}
        return {**item, **ids, **chain, **order, "policy": policy.shown(url, head["policy"]), **waits}

    def listed(self, call: Call, row: Row, version: str) -> dict[str, Any]:
        """As lists show it."""
        print_ = {"x5t": jwk.encoded(issuance.thumbprint(row["chain"]))} if row["chain"] else {}
        tags = {} if row["tags"] is None else {"tags": row["tags"]}
        return {"id": call.shelf.url(row["name"], version), **print_, "attributes": dict(row["attributes"]), **tags}

    def in_list(self, call: Call, row: Row) -> bool:
        """One that is being made is left out unless it is asked for."""
        return bool(row["chain"]) or call.query.get("includePending", "").casefold() == "true"

    def _free(self, call: Call) -> Row | None:
        """The head of a certificate that may have a new version; None when it will be the first."""
        head = call.shelf.free(call.name)
        for sort in _BOTH:
            there = call.beside(sort).free(call.name)
            if there is not None and not there["managed"]:
                raise conflict(f"The vault has something under {sort}/{call.name} that belongs to no certificate.")
        return head

    async def _key(self, call: Call, head: Row | None, asked: Row) -> Made:
        """The key of a new version: the last one's where the policy says so."""
        kind = jwk.kind(asked["key_props"])
        if kind.hardware:
            call.vault.need_hardware(kind.type)
        old = call.beside("keys").there(call.name) if head and asked["key_props"]["reuse_key"] else None
        if old is not None:
            row = call.beside("keys").version(old)
            if (row["kty"], row["public"].get("crv", ""), row["size"]) == (kind.type, kind.curve, kind.size):
                return self._hardware.again(row["blob"])
        exportable = asked["key_props"]["exportable"]
        return await asyncio.to_thread(self._hardware.make, kind, exportable=exportable)

    def _told(self, call: Call, key: Any, certificate: Certificate, form: str) -> Row:
        """The policy of a certificate that is brought along: what it says of itself, and what the request adds."""
        given = attributes.mapping(call.content, "policy")
        kind = jwk.kind_of(key)
        props = {**attributes.mapping(given, "key_props")}
        if not str(props.get("kty")).upper().startswith(kind.type):
            props["kty"] = kind.type
        props |= {"key_size": kind.size or jwk.BITS[kind.curve], "crv": kind.curve or None}
        own = {**issuance.told(certificate), "secret_props": {"contentType": form}}
        whole = {**own, **{name: value for name, value in given.items() if value is not None}, "key_props": props}
        return policy.read({**whole, "x509_props": own["x509_props"]}, None, call.now)


def _chain(given: Any) -> list[Certificate]:
    """The certificates of a merge, base64 of DER; some clients send that as base64 once more."""
    if not isinstance(given, list) or not given or len(given) > 20:
        raise bad("x5c is a list of certificates.")
    try:
        return [x509.load_der_x509_certificate(_der(one)) for one in given]
    except (ValueError, TypeError, binascii.Error):
        raise bad("x5c has something that is no certificate.") from None


def _der(text: str) -> bytes:
    found = base64.b64decode(text)
    return base64.b64decode(found) if found.startswith(b"MII") else found
