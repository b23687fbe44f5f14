"""Microsoft's own clients, whose requests come to the vaults without a socket."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import requests
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import BaseAdapter

from ringfence.twin.message import Request

if TYPE_CHECKING:
    from tests.twin.vault.desk import Desk


class Straight(BaseAdapter):
    """Hands a request to the service and its answer back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def send(self, request: Any, *_: Any, **__: Any) -> Any:
        host, _, rest = request.url.removeprefix("https://").partition("/")
        path, _, query = rest.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        visit = self._desk.visit(host.partition(".")[0])
        asked = Request(request.method, host, f"/{path}", query, headers, body, visit)
        answer = asyncio.run(self._desk.vaults.answer(asked))
        found = requests.Response()
        found.status_code, found._content, found.request, found.url = answer.status, answer.body, request, request.url
        found.headers.update(dict(answer.headers))
        found.raw = Raw(answer.body)
        return found

    def close(self) -> None: ...


class Raw:
    """What the clients look at of a connection."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.enforce_content_length = True

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._body

    def read(self, *_: Any, **__: Any) -> bytes:
        return self._body

    def close(self) -> None: ...

    def release_conn(self) -> None: ...


class Credential:
    """Tokens of one of the principals; keeps the resources that they were asked for."""

    def __init__(self, desk: Desk, who: str) -> None:
        self._desk = desk
        self._who = who
        self.asked: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.asked.append(scopes)
        return AccessToken(self._desk.token(self._who), int(time.time()) + 3600)


def client(kind: Any, desk: Desk, who: str = "officer", vault: str = "kv", **more: Any) -> Any:
    """A client of a vault, signed in as somebody."""
    session = requests.Session()
    session.mount("https://", Straight(desk))
    transport = RequestsTransport(session=session, session_owner=False)
    credential = more.pop("credential", None) or Credential(desk, who)
    return kind(f"https://{vault}.vault.azure.net", credential, transport=transport, retry_total=0, **more)
