"""What is read of a blob."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.twin.blob.checksums import crc64, md5
from ringfence.twin.blob.described import CONTENT, TYPE, properties, tags
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.leases import permit
from ringfence.twin.blob.times import http
from ringfence.twin.blob.xml import TYPE as XML
from ringfence.twin.blob.xml import document, element, elements
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.described import Headers
    from ringfence.twin.blob.things import Blob

MOST = 256 * 1024 * 1024
"""Bytes of one answer."""
_CHECKED = 4 * 1024 * 1024
"""Bytes of a range whose checksum is told."""
_HEADER = re.compile(r"[\x20-\x7e]+")
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
_OVERRIDES = {
    "rsct": "Content-Type", "rsce": "Content-Encoding", "rscl": "Content-Language",
    "rscd": "Content-Disposition", "rscc": "Cache-Control",
}  # fmt: skip


async def get_blob(call: Call) -> Response:
    """The blob's bytes, or those of a range."""
    blob = call.blob
    call.may_read(blob)
    bounds = _bounds(call, blob.size)
    start, end = bounds or (0, blob.size)
    if end - start > MOST:
        raise StorageError("NotImplemented", f"One answer has {MOST} bytes at most here; ask for a range.")
    data = await call.room.read(call.account, blob.blocks, start, end)
    head = _head(call, blob)
    if bounds is None:
        return Response(200, data, (*head, *_whole(blob, "Content-MD5")))
    head += [("Content-Range", f"bytes {start}-{end - 1}/{blob.size}"), *_whole(blob, "x-ms-blob-content-md5")]
    return Response(206, data, (*head, *_checksums(call, data)))


async def get_properties(call: Call) -> Response:
    """The blob's properties and metadata."""
    blob = call.blob
    call.may_read(blob)
    head = [*_head(call, blob), *_whole(blob, "Content-MD5"), ("Content-Length", str(blob.size))]
    return Response(200, b"", tuple(head))


async def get_metadata(call: Call) -> Response:
    """The blob's metadata."""
    blob = call.blob
    call.may_read(blob)
    found = [(f"x-ms-meta-{name}", value) for name, value in blob.metadata.items()]
    return Response(200, b"", (("ETag", blob.etag), ("Last-Modified", http(blob.modified)), *found))


async def get_tags(call: Call) -> Response:
    """The blob's tags."""
    blob = call.blob
    permit(blob.lease, call.headers.get("x-ms-lease-id", ""), call.now, writes=False, what="Blob")
    return Response(200, document(tags(blob.tags, "Tags")), (("Content-Type", XML),))


async def get_block_list(call: Call) -> Response:
    """The blocks that the blob has, and those that were put for it and that it does not have."""
    kind = call.query.get("blocklisttype", "committed").casefold()
    if kind not in ("committed", "uncommitted", "all"):
        raise StorageError("InvalidQueryParameterValue", "blocklisttype")
    blob = call.blob if call.query.get("snapshot") or call.query.get("versionid") else call.current
    staged = call.room.holdings.staged(call.container, call.target.blob)
    if blob is None and not staged:
        raise StorageError("BlobNotFound")
    if blob is not None:
        permit(blob.lease, call.headers.get("x-ms-lease-id", ""), call.now, writes=False, what="Blob")
    had = [(b.id, b.piece.size) for b in blob.blocks if b.id] if blob else []
    new = [(one.block.id, one.block.piece.size) for one in staged.values()]
    body = element(
        "BlockList",
        element("CommittedBlocks", *map(_block, had)) if kind != "uncommitted" else None,
        element("UncommittedBlocks", *map(_block, new)) if kind != "committed" else None,
    )
    head: Headers = [("ETag", blob.etag), ("Last-Modified", http(blob.modified))] if blob else []
    size = str(blob.size if blob else 0)
    return Response(200, document(body), (*head, ("x-ms-blob-content-length", size), ("Content-Type", XML)))


def _block(block: tuple[str, int]) -> Element:
    return element("Block", *elements((("Name", block[0]), ("Size", str(block[1])))))


def _head(call: Call, blob: Blob) -> Headers:
    """The blob's headers; a signature may say others for its content."""
    head = properties(blob, call.now)
    signature = call.requester.signature
    said = {_OVERRIDES[n]: signature[n] for n in _OVERRIDES if signature and _HEADER.fullmatch(signature[n])}
    head = [(n, v) for n, v in head if n not in said] + list(said.items())
    return head if any(n == CONTENT[0] for n, _ in head) else [*head, (CONTENT[0], TYPE)]


def _whole(blob: Blob, name: str) -> Headers:
    found = blob.headers.get("Content-MD5")
    return [(name, found)] if found else []


def _bounds(call: Call, size: int) -> tuple[int, int] | None:
    """From which byte up to which; None for all of them.

    Raises:
        StorageError: the blob does not reach so far.
    """
    match = _RANGE.fullmatch((call.headers.get("x-ms-range") or call.headers.get("range", "")).strip())
    if match is None:
        return None
    start = int(match[1])
    end = min(int(match[2]) + 1, size) if match[2] else size
    if start >= size or end <= start:
        raise StorageError("InvalidRange", headers=(("Content-Range", f"bytes */{size}"),))
    return start, end


def _checksums(call: Call, data: bytes) -> Headers:
    """The checksums of a range that are asked for.

    Raises:
        StorageError: the range is too long for one.
    """
    asked = [n for n in ("md5", "crc64") if call.headers.get(f"x-ms-range-get-content-{n}", "").casefold() == "true"]
    if asked and len(data) > _CHECKED:
        raise StorageError("OutOfRangeInput", "A range whose checksum is asked for has 4 MiB at most.")
    found: Headers = [("Content-MD5", md5(data))] if "md5" in asked else []
    return [*found, *([("x-ms-content-crc64", crc64(data))] if "crc64" in asked else [])]
