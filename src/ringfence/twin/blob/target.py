"""What a request is about: the account, a container, or a blob in it."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from ringfence.record import record
from ringfence.twin.blob.errors import StorageError

_CONTAINER = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_OWN = ("$root", "$web", "$logs", "$blobchangefeed")
_LONGEST = 1024


@record()
class Target:
    """The names in a path, decoded: "" for what it does not have."""

    container: str = ""
    blob: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.container, self.blob)))


def target_of(path: str, *, container: bool) -> Target:
    """What the path names. Where nothing says that it is about a container, one segment is a blob of the root one.

    Raises:
        StorageError: no such thing can have that name.

    Source: learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    """
    first, slash, rest = _decoded(path)[1:].partition("/")
    if not first and not rest:
        return Target()
    if not container and not rest:
        first, rest = "$root", first
    found = Target(first, "" if container else rest)
    if container and slash and rest:
        raise StorageError("InvalidUri", "A container's name is one segment of a path.")
    if not _CONTAINER.fullmatch(first) and first not in _OWN:
        raise StorageError("InvalidResourceName", "It is the name of no container.")
    if len(found.blob) > _LONGEST or any(step in (".", "..") for step in found.blob.split("/")):
        raise StorageError("InvalidResourceName", "It is the name of no blob.")
    return found


def _decoded(path: str) -> str:
    try:
        text = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        raise StorageError("InvalidUri", "A path is UTF-8.") from None
    if not text.startswith("/") or "\0" in text or "\\" in text:
        raise StorageError("InvalidUri", "Its path cannot be read.")
    return text
