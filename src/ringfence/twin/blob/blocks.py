"""Blobs in blocks: each is put for itself, and a list makes a blob of them.

Source: learn.microsoft.com/rest/api/storageservices/put-block, …/put-block-list
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from ringfence.twin.blob.checksums import check
from ringfence.twin.blob.described import written
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.leases import permit
from ringfence.twin.blob.things import Block, Staged, replace
from ringfence.twin.blob.writing import content_headers, new_blob, settle
from ringfence.twin.blob.xml import MalformedXmlError, read
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.things import Container

_WEEK = timedelta(days=7)
_MOST = 50_000
_LONGEST = 6 * 1024 * 1024
"""Bytes of a list of as many blocks with the longest ids."""
_MOST_WAITING = 100_000


async def put_block(call: Call) -> Response:
    """The block waits for a list that names it, for a week."""
    container, name = call.container, block_id(call)
    _permit(call)
    checked = await asyncio.to_thread(check, call.request.body, call.headers)
    await stage(call, container, name, call.request.body)
    return Response(201, b"", (*checked, ("x-ms-request-server-encrypted", "true")))


def block_id(call: Call) -> str:
    """The id of the block that a request is about.

    Raises:
        StorageError: it is none, or is not as long as those of the blob's other blocks.
    """
    text = call.query.get("blockid", "")
    if not text:
        raise StorageError("MissingRequiredQueryParameter", "blockid")
    try:
        plain = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise StorageError("InvalidQueryParameterValue", "blockid is no Base64.") from None
    others = call.room.holdings.staged(call.container, call.target.blob)
    if not 1 <= len(plain) <= 64 or any(len(other) != len(text) for other in others):
        raise StorageError("InvalidBlobOrBlock", "The ids of a blob's blocks have one length, 64 bytes at most.")
    if len(others) >= _MOST_WAITING and text not in others:
        raise StorageError("BlockCountExceedsLimit")
    return text


async def stage(call: Call, container: Container, name: str, data: bytes) -> None:
    """The bytes are a block that waits."""
    piece = await call.room.write(call.account, data)
    try:
        _still(call, container)
    except StorageError:
        call.room.contents.drop([piece.file])
        raise
    where = f"{container.id}/{hashlib.sha256(call.target.blob.encode()).hexdigest()}/{name}"
    call.room.change([
        Staged(where, call.account.key, container.id, call.target.blob, Block(name, piece), call.now + _WEEK)
    ])  # fmt: skip


def _still(call: Call, container: Container) -> None:
    """The container is there, and the blob may be written, as when the block began to come."""
    if call.container.id != container.id:
        raise StorageError("ContainerNotFound")
    _permit(call)


def _permit(call: Call) -> None:
    blob = call.current
    if blob is not None:
        permit(blob.lease, call.headers.get("x-ms-lease-id", ""), call.now, writes=True, what="Blob")


async def put_block_list(call: Call) -> Response:
    """The blob is made of the blocks that the list names, in its order."""
    container = call.container
    call.may_change(call.current)
    checked = await asyncio.to_thread(check, call.request.body, call.headers)
    draft = new_blob(call, container, content_headers(call))
    blob = settle(call, replace(draft, blocks=_chosen(call, container)))
    return Response(201, b"", (*written(blob), *checked))


def _chosen(call: Call, container: Container) -> tuple[Block, ...]:
    """The blocks of the list.

    Raises:
        StorageError: one is not there.
    """
    waiting = call.room.holdings.staged(container, call.target.blob)
    current = call.current
    had = {block.id: block for block in current.blocks if block.id} if current else {}
    found: list[Block] = []
    for kind, name in _listed(call):
        new = waiting[name].block if name in waiting and kind != "Committed" else None
        old = had.get(name) if kind != "Uncommitted" else None
        block = new or old
        if block is None:
            raise StorageError("InvalidBlockList", "A block of the list is not there.")
        found.append(block)
    return tuple(found)


def _listed(call: Call) -> list[tuple[str, str]]:
    try:
        root = read(call.request.body, _LONGEST)
    except MalformedXmlError:
        raise StorageError("InvalidXmlDocument") from None
    found = [(one.tag, (one.text or "").strip()) for one in root]
    if root.tag != "BlockList" or any(kind not in ("Latest", "Committed", "Uncommitted") for kind, _ in found):
        raise StorageError("InvalidXmlDocument", "It is no block list.")
    if len(found) > _MOST:
        raise StorageError("BlockListTooLong")
    return found
