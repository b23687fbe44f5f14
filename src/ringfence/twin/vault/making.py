"""A version of a certificate, from its beginning to its end: what it is while it is made, and when it is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.vault import attributes, backing, issuance, jwk, pending
from ringfence.twin.vault.shelf import new_version

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from ringfence.twin.store import Row
    from ringfence.twin.vault.call import Call
    from ringfence.twin.vault.hardware import Made


def begun(call: Call, asked: Row, made: Made) -> Row:
    """A version that is being made."""
    given = attributes.new(call.content, call.now)
    kind = jwk.kind(asked["key_props"])
    return {
        "version": new_version(),
        "name": call.name,
        "blob": made.blob,
        "public": made.public,
        "kind": [kind.type, kind.size, kind.curve],
        "chain": [],
        "subject": asked["x509_props"]["subject"],
        "exportable": made.exportable,
        "contentType": asked["secret_props"]["contentType"],
        "preserve": bool(call.content.get("preserveCertOrder")),
        "asked": attributes.written(call.content),
        "attributes": {**given, "enabled": False},
        "tags": attributes.tags(call.content),
    }


def put(call: Call, head: Row | None, row: Row, **more: Any) -> Row:
    """The version is there; the newest is still the one before, if there is one."""
    head = head or {"name": call.name, "deleted": None, "managed": False, "current": row["version"]}
    head |= more
    call.shelf.put({**row, "name": head["name"]})
    call.shelf.put_head(head)
    return head


def complete(call: Call, head: Row, row: Row, chain: list[Certificate]) -> None:
    """The version has its certificate, is the newest, and has its key and its secret behind it."""
    now = attributes.seconds(call.now)
    times = {"created": row["attributes"]["created"], "updated": now}
    row["attributes"] = {"enabled": True, **row.pop("asked"), **issuance.times(chain[0]), **times}
    row["chain"] = [issuance.as_text(one) for one in chain]
    kind = jwk.Kind(*row.pop("kind"))
    key, secret = backing.rows(call, row, kind)
    call.beside("keys").place(head["name"], key, row["version"], managed=True)
    call.beside("secrets").place(head["name"], secret, row["version"], managed=True)
    head["current"] = row["version"]
    if head["pending"]:
        pending.complete(head["pending"], call.shelf.url(head["name"]))
    call.shelf.put({**row, "name": head["name"], "blob": ""})
    call.shelf.put_head(head)
