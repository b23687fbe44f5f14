"""What is the same for secrets, keys and certificates: lists, deletion and what follows it, backups."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar

from ringfence.twin.message import Response
from ringfence.twin.vault import jwk, paging
from ringfence.twin.vault.address import SINGULAR
from ringfence.twin.vault.call import done
from ringfence.twin.vault.errors import conflict, forbidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.twin.store import Row
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.call import Call
    from ringfence.twin.vault.hardware import Hardware

_BACKUP = 4 * 1024 * 1024


class Items:
    """Answers what is asked of one sort of items; each method answers the route's verb of that name."""

    sorts: ClassVar[tuple[Sort, ...]]
    """What goes with an item: of a certificate its key and its secret."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware

    def shown(self, call: Call, row: Row) -> dict[str, Any]:
        """A version as a client gets it, without what only `get` tells."""
        raise NotImplementedError

    def listed(self, call: Call, row: Row, version: str) -> dict[str, Any]:
        """A version as lists show it; as the item itself when no version is given."""
        raise NotImplementedError

    def in_list(self, call: Call, row: Row) -> bool:  # noqa: ARG002  # certificates look at both
        """Whether lists show a version."""
        return True

    def list(self, call: Call) -> Response:
        """The items, each as its newest version is."""
        newest = map(call.shelf.version, call.shelf.names(paging.after(call.query)))
        rows = [row for row in newest if self.in_list(call, row)]
        return _page(call, rows, "name", lambda row: self.listed(call, row, ""), call.list_url)

    def list_versions(self, call: Call) -> Response:
        """The versions of one item; none where there is no such item."""
        head = call.shelf.there(call.name)
        found = call.shelf.versions(call.name, paging.after(call.query)) if head and not head["deleted"] else []
        rows = [row for row in found if self.in_list(call, row)]
        return _page(call, rows, "version", lambda row: self.listed(call, row, row["version"]), _versions_url(call))

    def list_deleted(self, call: Call) -> Response:
        """What is deleted and could be recovered."""
        heads = call.shelf.names(paging.after(call.query), deleted=True)
        url = f"{call.vault.url}/deleted{call.sort}"
        return _page(call, heads, "name", lambda head: self._lost(call, head, listed=True), url)

    def get_deleted(self, call: Call) -> Response:
        """One deleted item."""
        return done(self._lost(call, call.shelf.deleted(call.name)))

    def delete(self, call: Call) -> Response:
        """The item is deleted, with all its versions and what goes with it."""
        head = self._own(call, "delete")
        with call.ground.store.together():
            for sort in self.sorts:
                there = call.beside(sort).there(call.name)
                if there is not None:
                    call.beside(sort).delete(there)
        return done(self._lost(call, call.shelf.deleted(head["name"])))

    def recover(self, call: Call) -> Response:
        """The item is there again as it was."""
        head = call.shelf.deleted(call.name)
        self._need_own(call, head, "recover")
        with call.ground.store.together():
            for sort in self.sorts:
                there = call.beside(sort).there(call.name)
                if there is not None:
                    call.beside(sort).recover(there)
        return done(self.shown(call, call.shelf.version(head)))

    def purge(self, call: Call) -> Response:
        """Nothing is left of a deleted item.

        Raises:
            VaultError: the vault has purge protection, or may have.
        """
        head = call.shelf.deleted(call.name)
        self._need_own(call, head, "purge")
        if call.vault.protected:
            raise forbidden(f"Operation purge is not allowed. {call.vault.why_protected()}")
        with call.ground.store.together():
            for sort in self.sorts:
                call.beside(sort).purge(head["name"])
        return Response(204)

    def backup(self, call: Call) -> Response:
        """All versions, sealed; only the vaults of this twin can open it."""
        head = self._own(call, "backup")
        heads = {sort: call.beside(sort).there(call.name) for sort in self.sorts}
        there = {sort: above for sort, above in heads.items() if above is not None}
        parts = {sort: [above, call.beside(sort).versions(head["name"], "")] for sort, above in there.items()}
        return done({"value": jwk.encoded(self._hardware.sealed(parts, _where(call)))})

    def restore(self, call: Call) -> Response:
        """What a backup holds is there again, under its name.

        Raises:
            VaultError: it is no backup of this sort, or the name is taken.
        """
        sealed = jwk.decoded(call.content, "value", _BACKUP)
        parts: dict[Sort, Any] = self._hardware.opened(sealed, _where(call))
        head, rows = parts[call.sort]
        for sort in parts:
            if call.beside(sort).there(head["name"]) is not None:
                raise conflict(f"A {SINGULAR[sort]} {head['name']} is there already, or is deleted and not purged.")
        call.name = head["name"]
        self._may_restore(call, parts)
        with call.ground.store.together():
            for sort, (above, below) in parts.items():
                call.beside(sort).put_head(above)
                for row in below:
                    call.beside(sort).put(row)
        return done(self.shown(call, next(row for row in rows if row["version"] == head["current"])))

    def _may_restore(self, call: Call, parts: dict[Sort, Any]) -> None:
        for row in parts.get("keys", (None, ()))[1]:
            if row["kty"].endswith("-HSM"):
                call.vault.need_hardware(row["kty"])

    def _own(self, call: Call, doing: str) -> Row:
        """The head of an item that is there for itself."""
        head = call.shelf.head(call.name)
        self._need_own(call, head, doing)
        return head

    def _need_own(self, call: Call, head: Row, doing: str) -> None:
        if head["managed"]:
            what = SINGULAR[call.sort]
            raise forbidden(f"Operation {doing} is not allowed on a {what} that belongs to a certificate.")

    def _lost(self, call: Call, head: Row, *, listed: bool = False) -> dict[str, Any]:
        row = call.shelf.version(head)
        shown = self.listed(call, row, "") if listed else self.shown(call, row)
        return {**shown, "recoveryId": f"{call.vault.url}/deleted{call.sort}/{head['name']}", **head["deleted"]}


def _where(call: Call) -> str:
    """What a backup is of. One of a managed HSM opens in that one only, one of a vault in every vault.

    Source: learn.microsoft.com/azure/key-vault/general/backup, …/managed-hsm/security-domain
    """
    return f"backup/{call.sort}" + (f"/{call.vault.resource.key}" if call.vault.module else "")


def _versions_url(call: Call) -> str:
    return f"{call.list_url}/{call.name}/versions"


def _page(call: Call, rows: Sequence[Row], key: str, shown: Any, url: str) -> Response:
    """A page of rows. Heads are kept, and go on, by their names in lower case."""
    return done(paging.page(rows, lambda row: str(row[key]).casefold(), shown, call.query, url))


def from_base64(value: str) -> bytes:
    """What a row holds as base64."""
    return base64.b64decode(value)
