"""Requests that an account key signed.

Source: learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.keys import same, signed
from ringfence.twin.blob.times import from_http

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ringfence.twin.message import Request

_SIGNED = (
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
)  # fmt: skip
_SKEW = timedelta(minutes=15)


def verify(request: Request, account: str, keys: Iterable[bytes], now: datetime) -> None:
    """One of the keys signed the request, not long ago.

    Raises:
        StorageError: none did.
    """
    scheme, _, rest = request.headers["authorization"].partition(" ")
    name, _, signature = rest.strip().partition(":")
    if scheme.casefold() != "sharedkey":
        raise StorageError("AuthenticationFailed", f"{scheme} signatures are not read here, only SharedKey.")
    if name != account:
        raise StorageError("AuthenticationFailed", "It is signed for another account.")
    date = from_http(request.headers.get("x-ms-date") or request.headers.get("date", ""))
    if date is None or abs(now - date) > _SKEW:
        raise StorageError("AuthenticationFailed", "The request's date is missing, too old, or to come.")
    texts = {_text(request, account, order) for order in (_plainly, _by_culture)}
    if not any(same(signed(key, text), signature) for key in keys for text in texts):
        raise StorageError("AuthenticationFailed", "The signature is not that of a key of the account.")


def _text(request: Request, account: str, order: object) -> str:
    """What is signed. Clients sort headers in one of two ways; a signature of either is one of the key's holder."""
    headers = request.headers
    values = [headers.get(name, "") for name in _SIGNED]
    values[2] = "" if values[2] == "0" else values[2]
    if "x-ms-date" in headers:
        values[5] = ""
    own = sorted((n for n in headers if n.startswith("x-ms-")), key=order)  # type: ignore[call-overload]
    canonical = "".join(f"{n}:{headers[n].strip()}\n" for n in own)
    return "\n".join((request.method, *values)) + f"\n{canonical}{_resource(request, account)}"


def _plainly(name: str) -> str:
    return name


def _by_culture(name: str) -> tuple[str, str]:
    """Hyphens count only between names that are otherwise the same; underscores come before digits."""
    return name.replace("-", "").replace("_", " "), name


def _resource(request: Request, account: str) -> str:
    """The path as it was sent and the parameters as they are meant, by name."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query_string, keep_blank_values=True):
        found.setdefault(name.casefold(), []).append(value)
    lines = [f"\n{name}:{','.join(sorted(values))}" for name, values in sorted(found.items())]
    return f"/{account}{request.path}{''.join(lines)}"
