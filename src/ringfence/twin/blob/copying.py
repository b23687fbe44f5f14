"""Copies within an account: done before the answer, so that none is ever pending.

The source is read with the right of whoever asks, or of the signature in its address; nothing is fetched from
anywhere else.
Source: learn.microsoft.com/rest/api/storageservices/copy-blob, …/copy-blob-from-url, …/put-blob-from-url
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from ringfence.record import replace
from ringfence.twin.blob.blocks import block_id, stage
from ringfence.twin.blob.call import Call
from ringfence.twin.blob.checksums import md5
from ringfence.twin.blob.described import written
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.operations import READ, READ_TAGS
from ringfence.twin.blob.reading import MOST
from ringfence.twin.blob.requester import Requester, authorise, requester
from ringfence.twin.blob.target import target_of
from ringfence.twin.blob.times import http
from ringfence.twin.blob.writing import content_headers, new_blob, store
from ringfence.twin.message import Request, Response

if TYPE_CHECKING:
    from ringfence.twin.blob.things import Blob

_COPIES = {"CopyBlob": ("OAuth", "AccountKey"), "CopyBlobFromURL": ("OAuth",)}
"""The operations that copy, and with what shown the source may be read too."""
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})")


async def copy(call: Call) -> Response:
    """The blob is as the source is, with other metadata where the request brings some."""
    data, source = await _source(call)
    container = call.container
    call.may_change(call.current)
    draft = new_blob(call, container, source.headers)
    done = {
        "x-ms-copy-id": str(uuid.uuid4()),
        "x-ms-copy-source": _bare(call),
        "x-ms-copy-status": "success",
        "x-ms-copy-progress": f"{len(data)}/{len(data)}",
        "x-ms-copy-completion-time": http(call.now),
    }
    draft = replace(draft, metadata=draft.metadata or source.metadata, tags=_tags(call, draft, source), copy=done)
    blob = await store(call, draft, data)
    told = [(name, done[name]) for name in ("x-ms-copy-id", "x-ms-copy-status")]
    return Response(202, b"", (*written(blob), *told))


def _tags(call: Call, draft: Blob, source: Blob) -> dict[str, str]:
    return source.tags if call.headers.get("x-ms-copy-source-tag-option", "").casefold() == "copy" else draft.tags


async def put_from_url(call: Call) -> Response:
    """The blob has the bytes of the source, and headers of its own."""
    data, source = await _source(call)
    container = call.container
    call.may_change(call.current)
    own = content_headers(call)
    theirs = source.headers if call.headers.get("x-ms-copy-source-blob-properties", "true") != "false" else {}
    draft = new_blob(call, container, {**theirs, **own, "Content-MD5": md5(data)})
    blob = await store(call, draft, data)
    return Response(201, b"", (*written(blob), ("Content-MD5", md5(data))))


async def put_block_from_url(call: Call) -> Response:
    """The block has the bytes of the source, or of a range of it."""
    container, name = call.container, block_id(call)
    data, _ = await _source(call)
    await stage(call, container, name, data)
    return Response(201, b"", (("Content-MD5", md5(data)), ("x-ms-request-server-encrypted", "true")))


async def abort(call: Call) -> Response:
    """There is never anything to abort."""
    if call.current is None:
        raise StorageError("BlobNotFound")
    raise StorageError("NoPendingCopyOperation")


async def _source(call: Call) -> tuple[bytes, Blob]:
    """The bytes of what is to be copied, and the blob that has them.

    Raises:
        StorageError: it is not there, or whoever asks may not read it.
    """
    blob = _found(call)
    _checked(call, blob)
    start, end = _bounds(call, blob)
    if end - start > MOST:
        raise StorageError("NotImplemented", f"One copy has {MOST} bytes at most here.")
    data = await call.room.read(call.account, blob.blocks, start, end)
    wanted = call.headers.get("x-ms-source-content-md5", "")
    if wanted and wanted != md5(data):
        raise StorageError("Md5Mismatch")
    return data, blob


def _found(call: Call) -> Blob:
    """The blob that is to be copied, which whoever asks may read.

    Raises:
        StorageError: he may not, or it is not there.
    """
    url, asked = _url(call), call.request
    if url.hostname != asked.host:
        raise StorageError("NotImplemented", "Only what is in the same account is copied here.")
    own = call.headers.get("x-ms-copy-source-authorization", "")
    headers = {"x-ms-version": call.version, **({"authorization": own} if own else {})}
    request = Request("GET", asked.host, url.path, url.query, headers, b"", asked.visit)
    there = Call(call.room, request, call.account, target_of(url.path, container=False))
    try:
        there.requester = _reader(call, there)
        for operation in (READ, READ_TAGS) if "x-ms-copy-source-tag-option" in call.headers else (READ,):
            authorise(call.room.ground, there, operation)
        return there.blob
    except StorageError as error:
        raise _unverified(error) from None


def _checked(call: Call, blob: Blob) -> None:
    """What the request demands of the source holds."""
    try:
        call.conditions("x-ms-source-").source(blob)
    except StorageError as error:
        raise error if call.asked in _COPIES else _unverified(error) from None


def _unverified(error: StorageError) -> StorageError:
    """What went wrong with the source, as the client is told of it: in headers too."""
    headers = (("x-ms-copy-source-status-code", str(error.status)), ("x-ms-copy-source-error-code", error.code))
    return StorageError("CannotVerifyCopySource", error.message, status=error.status, headers=headers)


def _reader(call: Call, there: Call) -> Requester:
    """Who reads the source: whoever its address or its own token shows, else who asks where that is enough.

    What signs a request signs nothing else. A key is enough for copies that Azure makes in its own time, a token for
    all copies, neither for writing from an address.
    """
    if "sig" in there.query or "authorization" in there.headers:
        return requester(call.room.ground, there)
    enough = call.requester.how in _COPIES.get(call.asked, ())
    return call.requester if enough else Requester("Anonymous")


def _bounds(call: Call, blob: Blob) -> tuple[int, int]:
    text = call.headers.get("x-ms-source-range", "")
    match = _RANGE.fullmatch(text)
    if not text:
        return 0, blob.size
    if match is None or not int(match[1]) <= int(match[2]) < blob.size:
        raise StorageError("InvalidRange")
    return int(match[1]), int(match[2]) + 1


def _url(call: Call) -> SplitResult:
    try:
        return urlsplit(call.headers["x-ms-copy-source"])
    except ValueError:
        raise StorageError("InvalidHeaderValue", "x-ms-copy-source is no address.") from None


def _bare(call: Call) -> str:
    """The source's address without what signs it."""
    url = _url(call)
    return f"{url.scheme}://{url.netloc}{url.path}"
