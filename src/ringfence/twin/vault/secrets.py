"""Secrets: texts under a name, with versions.

Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets; learn.microsoft.com/rest/api/keyvault/secrets
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ringfence.twin.vault import attributes, backing
from ringfence.twin.vault.call import done
from ringfence.twin.vault.errors import VaultError, bad, conflict, forbidden
from ringfence.twin.vault.items import Items

if TYPE_CHECKING:
    from ringfence.twin.message import Response
    from ringfence.twin.store import Row
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.call import Call

_VALUE = 25 * 1024
"""Bytes of a secret at most."""
_TYPE = 255


class Secrets(Items):
    """Answers what is asked of secrets."""

    sorts: ClassVar[tuple[Sort, ...]] = ("secrets",)

    def set(self, call: Call) -> Response:
        """A new version holds the value."""
        head = call.shelf.free(call.name)
        if head is not None and head["managed"]:
            raise conflict(f"The secret {call.name} belongs to a certificate; import a new version of that.")
        value = attributes.text(call.content, "value", _VALUE)
        if len(value.encode("utf-8", "surrogatepass")) > _VALUE:
            raise bad(f"A secret has at most {_VALUE} bytes.")
        row = {
            "value": value,
            "contentType": _content_type(call),
            "attributes": attributes.new(call.content, call.now),
            "tags": attributes.tags(call.content),
        }
        return done(self._with_value(call, call.shelf.add(call.name, row)))

    def get(self, call: Call) -> Response:
        """A version with its value. Outside its nbf and exp it can be read, disabled it cannot.

        Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets (date-time controlled operations)
        """
        row = call.shelf.version(call.shelf.head(call.name), call.version)
        attributes.need_enabled(row["attributes"], "secret", "get")
        return done(self._with_value(call, row))

    def update(self, call: Call) -> Response:
        """The attributes, the tags and the type of a version are changed; its value never is."""
        head = call.shelf.head(call.name)
        row = call.shelf.version(head, call.version)
        if head["managed"]:
            raise forbidden("Operation update is not allowed on a secret that belongs to a certificate.")
        row["attributes"] = attributes.changed(row["attributes"], call.content, call.now)
        tags = attributes.tags(call.content)
        row["tags"] = row["tags"] if tags is None else tags
        row["contentType"] = _content_type(call) or row["contentType"]
        call.shelf.put(row)
        return done(self.shown(call, row))

    def shown(self, call: Call, row: Row) -> dict[str, Any]:
        """A version without its value."""
        call.details["SecretProperties"] = {"type": row["contentType"] or "", "attributes": row["attributes"]}
        return self.listed(call, row, row["version"])

    def listed(self, call: Call, row: Row, version: str) -> dict[str, Any]:
        """As lists show it."""
        managed = {"managed": True} if "kid" in row else {}
        optional = {"contentType": row["contentType"], "tags": row["tags"]}
        return {
            "id": call.shelf.url(row["name"], version),
            **{name: value for name, value in optional.items() if value is not None},
            "attributes": row["attributes"] | call.vault.recovery,
            **managed,
        }

    def _with_value(self, call: Call, row: Row) -> dict[str, Any]:
        shown = self.shown(call, row)
        if "kid" in row:
            form = _out(call) or row["contentType"]
            return {
                **shown,
                "value": backing.value(call, self._hardware, row, form),
                "kid": row["kid"],
                "contentType": form,
            }
        if _out(call):
            raise VaultError(400, "BadParameter", "outContentType is for secrets of certificates.")
        return {**shown, "value": row["value"]}


def _content_type(call: Call) -> str | None:
    if call.content.get("contentType") is None:
        return None
    return attributes.text(call.content, "contentType", _TYPE)


def _out(call: Call) -> str:
    """The form that a certificate's secret is asked for in, "" when none is named."""
    form = call.query.get("outContentType", "")
    if form not in ("", *backing.FORMS):
        raise bad(f"outContentType is one of {', '.join(backing.FORMS)}.")
    return form
