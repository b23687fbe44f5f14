"""Several deletions, or changes of tier, in one request: each is asked, allowed and logged for itself.

Source: learn.microsoft.com/rest/api/storageservices/blob-batch
"""

from __future__ import annotations

import uuid
from email.message import Message
from email.parser import BytesParser, Parser
from http import HTTPStatus
from typing import TYPE_CHECKING

from ringfence.twin.blob.errors import StorageError
from ringfence.twin.message import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.twin.blob.call import Call

_MOST = 256
_LARGEST = 4 * 1024 * 1024
_METHODS = ("DELETE", "PUT")


def parts(call: Call) -> list[tuple[str, Request]]:
    """The requests inside a request, each with its id.

    Raises:
        StorageError: they cannot be read, or are others than such as may be inside.
    """
    kind, body = call.headers.get("content-type", ""), call.request.body
    if not kind.casefold().startswith("multipart/mixed") or len(body) > _LARGEST:
        raise StorageError("InvalidInput", "A batch is multipart/mixed, of 4 MiB at most.")
    found = _parsed(kind, body)
    if not isinstance(found, list) or not 0 < len(found) <= _MOST:
        raise StorageError("InvalidInput", "A batch has between 1 and 256 requests.")
    several = [part for part in found if isinstance(part, Message)]
    return [(str(part.get("Content-ID", "")), _request(call, part)) for part in several]


def _parsed(kind: str, body: bytes) -> object:
    try:
        return BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload()
    except RecursionError:
        raise StorageError("InvalidInput", "It has parts in parts in parts.") from None


def _request(call: Call, part: Message) -> Request:
    text = part.get_payload()
    line, _, rest = str(text).lstrip().replace("\r\n", "\n").partition("\n")
    method, _, target = line.rpartition(" ")[0].partition(" ")
    path, _, query = target.partition("?")
    if method not in _METHODS or not path.startswith("/") or (method == "PUT" and "comp=tier" not in query.split("&")):
        raise StorageError("InvalidInput", "Only deletions and changes of tier may be in a batch.")
    inside = call.target.container
    if inside and not path.startswith(f"/{inside}/"):
        raise StorageError("InvalidInput", "A batch of a container has requests to that container alone.")
    headers: dict[str, str] = {}
    for name, value in Parser().parsestr(rest, headersonly=True).items():
        key = name.casefold()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return Request(method, call.request.host, path, query, headers, b"", call.request.visit)


def joined(answers: Iterable[tuple[str, Response]]) -> Response:
    """The answers as one."""
    mark = f"batchresponse_{uuid.uuid4()}"
    body = b"".join(_answer(mark, *one) for one in answers) + f"--{mark}--\r\n".encode()
    return Response(202, body, (("Content-Type", f"multipart/mixed; boundary={mark}"),))


def _answer(mark: str, id: str, response: Response) -> bytes:
    head = [f"--{mark}", "Content-Type: application/http", f"Content-ID: {id}", ""]
    head.append(f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}")
    head += [f"{name}: {value}" for name, value in response.headers]
    return "\r\n".join((*head, f"Content-Length: {len(response.body)}", "", "")).encode() + response.body + b"\r\n"
