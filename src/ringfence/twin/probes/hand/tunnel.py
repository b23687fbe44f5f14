"""A connection through the stand's proxy that is not HTTP, or whose handshake is to be seen."""

from __future__ import annotations

import base64
import os
import socket
import ssl
from email.parser import BytesParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.twin.probes.hand.failure import of_json

if TYPE_CHECKING:
    from email.message import Message
    from io import RawIOBase

_SECONDS = 10.0


def tunnel(host: str, port: int) -> socket.socket:
    """A connection to the host's port, as the proxy of the stand makes it.

    Raises:
        RefusedError: the proxy refuses; it says where and why.
    """
    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    line = socket.create_connection((proxy.hostname or "", proxy.port or 0), _SECONDS)
    pair = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
    end = f"{host}:{port}"
    line.sendall(f"CONNECT {end} HTTP/1.1\r\nHost: {end}\r\nProxy-Authorization: Basic {pair}\r\n\r\n".encode())
    with line.makefile("rb", buffering=0) as answer:  # what comes after the head is the tunnel's
        status, headers = _head(answer)
        if status == 200:
            return line
        body = answer.read(int(headers.get("content-length", "0")))
    line.close()
    raise of_json(status, headers, body or b"")


def _head(answer: RawIOBase) -> tuple[int, Message]:
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        text += answer.read(1) or b"\r\n\r\n"
    first, _, rest = text.partition(b"\r\n")
    words = first.split()
    return int(words[1]) if len(words) > 1 else 0, BytesParser().parsebytes(rest, headersonly=True)


def trusting(oldest: ssl.TLSVersion | None = None, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A context that trusts what the stand's environment says; of old versions too where they are asked for."""
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    if newest is not None and newest < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if oldest is not None:
        context.minimum_version = oldest
    if newest is not None:
        context.maximum_version = newest
    return context
