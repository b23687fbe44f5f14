"""Deleting blobs, and bringing them back.

Source: learn.microsoft.com/rest/api/storageservices/delete-blob, …/undelete-blob,
learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.things import Blob, Lease, replace
from ringfence.twin.blob.writing import as_version
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from ringfence.twin.blob.call import Call


async def delete(call: Call) -> Response:
    """The blob, or one state of it, is not there any more; whether it can be brought back is the account's to say."""
    if call.query.get("deletetype"):
        raise StorageError("NotImplemented", "Nothing is deleted for good before its days are over.")
    blob = call.blob
    if call.query.get("snapshot") or call.query.get("versionid"):
        return _state(call, blob)
    call.may_change(blob)
    shelf = call.room.holdings.shelf(call.container)
    taken = [b for b in shelf.states(blob.name) if b.state == "snapshot" and not b.deleted]
    what = call.headers.get("x-ms-delete-snapshots", "").casefold()
    if what not in ("", "include", "only"):
        raise StorageError("InvalidHeaderValue", "x-ms-delete-snapshots is neither include nor only.")
    if taken and not what:
        raise StorageError("SnapshotsPresent")
    waiting = call.room.holdings.staged(call.container, blob.name)
    if what == "only":
        return _gone(call, taken)
    if call.settings.versions:
        call.room.change([as_version(blob)], waiting.values())
        return _gone(call, taken)
    call.room.change(drop=waiting.values())
    return _gone(call, [*taken, blob])


def _state(call: Call, blob: Blob) -> Response:
    """A snapshot or a version goes; the current version goes only as the blob."""
    if blob.state == "base":
        why = "The current version is deleted as the blob, without its id."
        raise StorageError("OperationNotAllowed", why, status=403)
    call.conditions().check(blob, reads=False)
    return _gone(call, [blob])


def _gone(call: Call, blobs: list[Blob]) -> Response:
    days = call.settings.blob_days()
    if days:
        until = call.now + timedelta(days=days)
        call.room.change([replace(b, deleted=call.now, until=until, lease=Lease()) for b in blobs])
    else:
        call.room.change(drop=blobs)
    return Response(202, b"", (("x-ms-delete-type-permanent", str(not days).lower()),))


async def undelete(call: Call) -> Response:
    """Everything of the blob that was deleted and has days left is back."""
    states = call.room.holdings.shelf(call.container).states(call.target.blob)
    if not states:
        raise StorageError("BlobNotFound", "Nothing of that name was deleted, or its days are over.")
    dead = [b for b in states if b.deleted]
    if call.settings.lake:
        dead = _one(call, dead)
    call.room.change(replace(b, deleted=None, until=None) for b in dead)
    return Response(200)


def _one(call: Call, dead: list[Blob]) -> list[Blob]:
    """In a lake one of those that had the name: that which the request names, else the last; nothing may be there.

    Raises:
        StorageError: something is there, or the one is not.
    """
    if call.current is not None:
        raise StorageError("BlobAlreadyExists", "A blob is brought back to where none is.")
    source = call.headers.get("x-ms-undelete-source", "")
    wanted = parse_qs(source.partition("?")[2]).get("deletionid", [""])[0]
    found = [b for b in dead if b.id == wanted] if wanted else sorted(dead, key=_when)[-1:]
    if not found:
        raise StorageError("BlobNotFound", "Nothing of that name was deleted, or its days are over.")
    return found


def _when(blob: Blob) -> float:
    return blob.deleted.timestamp() if blob.deleted else 0
