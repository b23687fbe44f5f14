"""What is sent is what came: MD5 and CRC-64 of bodies.

The CRC is the one that NVMe uses: polynomial AD93D23594C93659, bits reversed, begun and ended with ones.
Source: learn.microsoft.com/rest/api/storageservices/put-blob (Content-MD5, x-ms-content-crc64)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from ringfence.twin.blob.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_POLYNOMIAL = 0x9A6C9329AC4BC9B5
_ONES = (1 << 64) - 1


def md5(data: bytes) -> str:
    """The MD5 of the bytes, in Base64."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def crc64(data: bytes) -> str:
    """The CRC-64 of the bytes, lowest byte first, in Base64."""
    return base64.b64encode(crc(data).to_bytes(8, "little")).decode()


def crc(data: bytes) -> int:
    """The CRC-64 of the bytes."""
    table, value = _table(), _ONES
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ _ONES


@cache
def _table() -> tuple[int, ...]:
    found = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        found.append(value)
    return tuple(found)


def check(data: bytes, headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The headers that tell the client what came.

    Raises:
        StorageError: it is not what the client says it sent.
    """
    wanted, crc_wanted = headers.get("content-md5", ""), headers.get("x-ms-content-crc64", "")
    if wanted and crc_wanted:
        raise StorageError("InvalidInput", "Only one of Content-MD5 and x-ms-content-crc64 may be sent.")
    if crc_wanted:
        if crc64(data) != crc_wanted:
            raise StorageError("Crc64Mismatch")
        return (("x-ms-content-crc64", crc_wanted),)
    if wanted:
        require_md5(wanted)
    found = md5(data)
    if wanted and found != wanted:
        raise StorageError("Md5Mismatch")
    return (("Content-MD5", found),)


def require_md5(text: str, *, whole: bool = True) -> None:
    """The text is Base64, and of 128 bits where it is of a `whole` body; what is only kept may be of any length.

    Raises:
        StorageError: it is not.
    """
    try:
        if len(base64.b64decode(text, validate=True)) == 16 or not whole:
            return
    except (binascii.Error, ValueError):
        pass
    raise StorageError("InvalidMd5")
