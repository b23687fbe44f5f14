"""What is written of a blob, and what becomes of what it was.

Source: learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview ("Blob soft delete protection by
operation"), …/versioning-overview
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ringfence.twin.blob import leases
from ringfence.twin.blob.checksums import check, require_md5
from ringfence.twin.blob.containers import leased, new_etag
from ringfence.twin.blob.described import CONTENT, written
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.holdings import new_id
from ringfence.twin.blob.things import Blob, Block, Lease, replace
from ringfence.twin.blob.times import http, stamp, ticks
from ringfence.twin.blob.xml import MalformedXmlError, read
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.things import Container, Staged

_TIERS = ("Hot", "Cool", "Cold")
_MOST_TAGS = 10


async def put_blob(call: Call) -> Response:
    """The blob has these bytes."""
    if call.headers.get("x-ms-blob-type", "").casefold() != "blockblob":
        if not call.headers.get("x-ms-blob-type"):
            raise StorageError("MissingRequiredHeader", "x-ms-blob-type")
        raise StorageError("NotImplemented", "Append blobs and page blobs are not served here.")
    container = call.container
    call.may_change(call.current)
    checked = await asyncio.to_thread(check, call.request.body, call.headers)
    plain = {name: call.headers[name.casefold()] for name in CONTENT if call.headers.get(name.casefold())}
    headers = {**plain, **content_headers(call)}
    if checked[0][0] == "Content-MD5":
        headers = _with_md5(headers, checked[0][1])
    blob = await store(call, new_blob(call, container, headers), call.request.body)
    return Response(201, b"", (*written(blob), *checked))


async def store(call: Call, draft: Blob, data: bytes) -> Blob:
    """The blob has the bytes.

    Raises:
        StorageError: somebody else has written it since the request was allowed; the bytes are gone again.
    """
    piece = await call.room.write(call.account, data)
    try:
        return settle(call, replace(draft, blocks=(Block("", piece),)))
    except StorageError:
        call.room.contents.drop([piece.file])
        raise


def content_headers(call: Call) -> dict[str, str]:
    """The headers of a blob's content that a request brings."""
    found = {name: call.headers.get(f"x-ms-blob-{name.casefold()}", "") for name in CONTENT}
    given = call.headers.get("x-ms-blob-content-md5", "")
    if given:
        require_md5(given, whole=False)
    return {name: value for name, value in {**found, "Content-MD5": given}.items() if value}


def _with_md5(headers: dict[str, str], found: str) -> dict[str, str]:
    if headers.get("Content-MD5", found) != found:
        raise StorageError("Md5Mismatch")
    return {**headers, "Content-MD5": found}


def new_blob(call: Call, container: Container, headers: dict[str, str]) -> Blob:
    """A blob of the request's headers, with nothing in it.

    Raises:
        StorageError: a header says what cannot be.
    """
    tier = call.headers.get("x-ms-access-tier", "")
    return Blob(
        new_id(), call.account.key, container.id, call.target.blob, "base", (), new_etag(), call.now, call.now,
        headers, call.metadata(), tags=_tags(call.headers.get("x-ms-tags", "")), tier=_tier(tier) if tier else "",
    )  # fmt: skip


def settle(call: Call, blob: Blob) -> Blob:
    """The blob is what its name means now, and what was there is kept as the account says; its files are on disk.

    What was asked before the bytes were written is asked again: somebody else may have written since.

    Raises:
        StorageError: somebody has.
    """
    container = call.container
    if container.id != blob.container:
        raise StorageError("ContainerNotFound")
    call.may_change(call.current)
    old = call.current
    put, drop = _kept(call, container)
    drop += call.room.holdings.staged(container, blob.name).values()
    blob = replace(
        blob,
        stamp=call.room.holdings.stamp(call.now) if call.settings.versions else "",
        created=old.created if old else blob.created,
        lease=old.lease if old else Lease(),
    )
    call.room.change([*put, blob], drop)
    return blob


def _kept(call: Call, container: Container) -> tuple[list[Blob], list[Blob | Staged]]:
    """What was there under other ids, and what of it goes: a version, a deleted snapshot, or nothing."""
    old = call.current
    if call.settings.versions:
        return ([as_version(old)] if old else []), []
    if call.settings.lake:
        return [], [old] if old else []
    days = call.settings.blob_days() if old else 0
    dead = [b for b in call.room.holdings.shelf(container).states(call.target.blob) if b.state == "base" and b.deleted]
    put = [replace(b, state="snapshot", stamp=call.room.holdings.stamp(call.now)) for b in dead]
    if old is None or not days:
        return put, [old] if old else []
    until = call.now + timedelta(days=days)
    moment = call.room.holdings.stamp(call.now)
    gone = replace(old, state="snapshot", stamp=moment, deleted=call.now, until=until, lease=Lease())
    return [*put, gone], []


def as_version(blob: Blob) -> Blob:
    """The blob as one that is not the current version any more."""
    return replace(blob, state="version", stamp=blob.stamp or stamp(ticks(blob.modified)), lease=Lease())


async def set_metadata(call: Call) -> Response:
    """The blob has this metadata and no other; where there are versions, it is a new one."""
    blob = _current(call)
    changed = replace(blob, metadata=call.metadata(), etag=new_etag(), modified=call.now)
    if not call.settings.versions:
        return _changed(call, changed)
    changed = replace(changed, id=new_id(), stamp=call.room.holdings.stamp(call.now))
    call.room.change([as_version(blob), changed])
    return Response(200, b"", tuple(written(changed)))


async def set_properties(call: Call) -> Response:
    """The blob's content has these headers and no others."""
    blob = _current(call)
    return _changed(call, replace(blob, headers=content_headers(call), etag=new_etag(), modified=call.now))


async def set_tier(call: Call) -> Response:
    """The blob is in the tier, which changes nothing else here."""
    blob = call.blob
    permit = call.headers.get("x-ms-lease-id", "")
    leases.permit(blob.lease, permit, call.now, writes=False, what="Blob")
    call.room.change([replace(blob, tier=_tier(call.headers.get("x-ms-access-tier", "")))])
    return Response(200)


async def set_tags(call: Call) -> Response:
    """The blob has these tags and no others."""
    blob = call.blob
    leases.permit(blob.lease, call.headers.get("x-ms-lease-id", ""), call.now, writes=True, what="Blob")
    try:
        root = read(call.request.body)
    except MalformedXmlError:
        raise StorageError("InvalidXmlDocument") from None
    found = [(tag.findtext("Key", ""), tag.findtext("Value", "")) for tag in root.iter("Tag")]
    call.room.change([replace(blob, tags=_checked(found))])
    return Response(204)


async def snapshot(call: Call) -> Response:
    """The blob as it is stays readable under the moment's name; where there are versions, there is a new one."""
    blob = call.current
    if blob is None:
        raise StorageError("BlobNotFound")
    call.conditions().check(blob, reads=False)
    leases.permit(blob.lease, call.headers.get("x-ms-lease-id", ""), call.now, writes=False, what="Blob")
    moment = call.room.holdings.stamp(call.now)
    metadata = call.metadata() or blob.metadata
    taken = replace(blob, id=new_id(), state="snapshot", stamp=moment, metadata=metadata, lease=Lease())
    versions = call.settings.versions
    now = replace(blob, id=new_id(), stamp=call.room.holdings.stamp(call.now)) if versions else blob
    call.room.change([taken, as_version(blob), now] if versions else [taken])
    return Response(201, b"", (("x-ms-snapshot", moment), *written(now)))


async def lease(call: Call) -> Response:
    """What the request does to the blob's lease is done."""
    blob = call.current
    if blob is None:
        raise StorageError("BlobNotFound")
    call.conditions().check(blob, reads=False)
    found = leases.acted(blob.lease, call.headers, call.now)
    call.room.change([replace(blob, lease=found)])
    return leased(call, found, (("ETag", blob.etag), ("Last-Modified", http(blob.modified))))


def _current(call: Call) -> Blob:
    """The blob, which the request may change.

    Raises:
        StorageError: it is not there, or may not be changed.
    """
    blob = call.current
    if blob is None:
        raise StorageError("BlobNotFound" if call.container else "ContainerNotFound")
    call.may_change(blob)
    return blob


def _changed(call: Call, blob: Blob) -> Response:
    call.room.change([blob])
    return Response(200, b"", tuple(written(blob)))


def _tier(text: str) -> str:
    found = next((tier for tier in _TIERS if tier.casefold() == text.casefold()), "")
    if not found:
        raise StorageError("NotImplemented", f"Tiers other than {', '.join(_TIERS)} are not served here.")
    return found


def _tags(text: str) -> dict[str, str]:
    return _checked(parse_qsl(text, keep_blank_values=True))


def _checked(tags: list[tuple[str, str]]) -> dict[str, str]:
    """Source: learn.microsoft.com/rest/api/storageservices/set-blob-tags"""
    short = all(1 <= len(key) <= 128 and len(value) <= 256 for key, value in tags)
    if len(tags) > _MOST_TAGS or len(dict(tags)) < len(tags) or not short:
        raise StorageError("InvalidInput", "A blob has ten tags at most, each with a key of its own.")
    return dict(tags)
