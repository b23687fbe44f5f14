"""What a request's first line is about, strictly read: what can be read in two ways is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.twin.http.conversation import BadRequestError
from ringfence.twin.network.names import is_host

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from ringfence.twin.http.conversation import Head

HTTP, HTTPS = 80, 443


def end_of(head: Head) -> tuple[str, int]:
    """The host and the port of a CONNECT.

    Raises:
        BadRequestError: it names none, or its Host header names another.
    """
    host, _, port = head.target.rpartition(":")
    host = host.casefold()
    if not is_host(host) or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadRequestError("CONNECT wants HOST:PORT")
    if head.headers.get("host", host).casefold() not in (host, f"{host}:{port}"):  # Python's client sends none
        raise BadRequestError("the Host header names another host than the request")
    return host, int(port)


def url_of(head: Head) -> tuple[str, str]:
    """The host, and the path with its query, of a request without TLS.

    Raises:
        BadRequestError: it is no address, is led to a port that speaks TLS, or its Host header names another host.
    """
    parts, host = _parts(head.target)
    if head.headers.get("host", "").casefold().removesuffix(f":{HTTP}") not in (host, parts.netloc.casefold()):
        raise BadRequestError("the Host header names another host than the request")
    return host, f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def check_secured(head: Head, host: str) -> None:
    """The request inside a connection is to the host that this was opened to.

    Raises:
        BadRequestError: it is not.
    """
    if head.headers.get("host", "").casefold() not in (host, f"{host}:{HTTPS}"):
        raise BadRequestError("the Host header names another host than the connection was opened to", 421)
    if not head.target.startswith("/"):
        raise BadRequestError("the request's target is no path")


def _parts(target: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(target)
        host, port = (parts.hostname or "").casefold(), parts.port or HTTP
    except ValueError:
        raise BadRequestError(_WANTED) from None
    if not host or parts.scheme != "http" or parts.username is not None:
        raise BadRequestError(_WANTED)
    if port != HTTP:
        raise BadRequestError(f"without TLS only port {HTTP} is led to")
    return parts, host


_WANTED = "a proxy is asked for http://HOST/PATH or to CONNECT"
