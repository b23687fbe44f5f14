"""The real client of the query service, in this process: its requests become requests of the service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import AsyncHttpTransport, HttpTransport
from azure.core.rest._http_response_impl import HttpResponseImpl
from azure.core.rest._http_response_impl_async import AsyncHttpResponseImpl
from azure.monitor.query import LogsQueryClient
from azure.monitor.query.aio import LogsQueryClient as AsyncLogsQueryClient

from ringfence.questions.reach.places import places
from ringfence.twin.logs.apart import Apart
from ringfence.twin.logs.book import Book
from ringfence.twin.logs.service import Queries
from ringfence.twin.message import Request, Response
from ringfence.twin.visit import Visit
from tests.twin.grounds import ground

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from ringfence.model.principal import Principal
    from ringfence.twin.ground import Ground

RUNNER, ENGINE = asyncio.Runner(), Apart()
"""One process answers the queries of all tests."""
END = "https://api.loganalytics.io"


def booked(source: Any, folder: Path, now: Callable[[], datetime]) -> Ground:
    """A ground whose journal is a real one."""
    from ringfence.record import replace

    found = ground(source, folder, now=now)
    return replace(found, journal=Book(found.present, found.store, found.directory, now))


class Client:
    """Somebody somewhere with the real client."""

    def __init__(self, on: Ground, principal: Principal, place: str = "internet", audience: str = END) -> None:
        self.ground = on
        self.service = Queries(on)
        self.service._engine = ENGINE
        self.runner = RUNNER
        self.principal = principal
        self._audience = audience
        self.place = places(on.present.estate, place)[0]
        self.token = ""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        """A token for the one audience."""
        found = self.ground.tokens.issue(self.principal, self._audience)
        return AccessToken(self.token or found.text, 4_000_000_000)

    async def get_token_async(self, *scopes: str, **more: Any) -> AccessToken:
        """The same, as the asynchronous client asks."""
        return self.get_token(*scopes, **more)

    def sync(self, endpoint: str = END) -> LogsQueryClient:
        """The client that blocks."""
        return LogsQueryClient(self, endpoint=endpoint, transport=_Sync(self))

    def asynchronous(self, endpoint: str = END) -> AsyncLogsQueryClient:
        """The client that is awaited."""
        return AsyncLogsQueryClient(_AsyncCredential(self), endpoint=endpoint, transport=_Async(self))  # type: ignore[arg-type]

    async def ask(self, request: Any) -> Response:
        """The request of a client as the service gets it."""
        parts = urlsplit(request.url)
        visit = Visit(self.place, parts.netloc, None, "public", "203.0.113.10", tls="TLSv1.3")
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.content or b""
        body = body.encode() if isinstance(body, str) else body
        return await self.service.answer(
            Request(request.method, parts.netloc, parts.path, parts.query, headers, body, visit)
        )


class _AsyncCredential:
    def __init__(self, client: Client) -> None:
        self.get_token = client.get_token_async

    async def close(self) -> None: ...

    async def __aenter__(self) -> _AsyncCredential:
        return self

    async def __aexit__(self, *_: object) -> None: ...


def _parts(request: Any, response: Response) -> dict[str, Any]:
    from azure.core.utils import case_insensitive_dict

    headers = case_insensitive_dict(dict(response.headers))
    return {
        "request": request, "internal_response": response, "status_code": response.status, "reason": "",
        "content_type": response.header("content-type"), "headers": headers, "stream_download_generator": None,
    }  # fmt: skip


class _Response(HttpResponseImpl):
    def __init__(self, request: Any, response: Response) -> None:
        super().__init__(**_parts(request, response))
        self._content = response.body
        self._is_stream_consumed = self._is_closed = True


class _AsyncResponse(AsyncHttpResponseImpl):
    def __init__(self, request: Any, response: Response) -> None:
        super().__init__(**_parts(request, response))
        self._content = response.body
        self._is_stream_consumed = self._is_closed = True


class _Sync(HttpTransport[Any, Any]):
    def __init__(self, client: Client) -> None:
        self._client = client

    def send(self, request: Any, **_: Any) -> Any:
        return _Response(request, self._client.runner.run(self._client.ask(request)))

    def open(self) -> None: ...

    def close(self) -> None: ...

    def __enter__(self) -> _Sync:
        return self

    def __exit__(self, *_: object) -> None: ...


class _Async(AsyncHttpTransport[Any, Any]):
    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, request: Any, **_: Any) -> Any:
        return _AsyncResponse(request, await self._client.ask(request))

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def __aenter__(self) -> _Async:
        return self

    async def __aexit__(self, *_: object) -> None: ...
