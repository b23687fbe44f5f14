"""Somebody who asks Resource Manager: by requests of his own, and through the clients of the SDK."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from ringfence.questions.access.people import everybody
from ringfence.questions.reach.places import INTERNET
from ringfence.twin.arm.owner import OWNER
from ringfence.twin.arm.service import ResourceManager
from ringfence.twin.message import Request
from ringfence.twin.visit import Visit
from tests.twin import grounds

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.model.world import Change
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Response

AUDIENCE = "https://management.azure.com"
HOST = "management.azure.com"
ADDRESS = "198.51.100.7"


class Clerk:
    """Stands on the internet with a token of one principal; whoever runs Terraform owns the subscription."""

    def __init__(self, ground: Ground, who: str = "deployer") -> None:
        self.ground = ground
        self.service = ResourceManager(ground)
        self.who = who

    @property
    def principal(self) -> Principal:
        return next(p for p in everybody(self.ground.present.estate) if p.key == self.who)

    @property
    def token(self) -> str:
        return self.ground.tokens.issue(self.principal, AUDIENCE).text

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        """A credential of azure-core."""
        return AccessToken(self.token, 4_000_000_000)

    def ask(self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Response:
        parts = urlsplit(url)
        visit = Visit(INTERNET, HOST, None, "public", ADDRESS, tls="TLSv1.3")
        lower = {name.lower(): str(value) for name, value in (headers or {}).items()}
        request = Request(method, HOST, parts.path, parts.query, lower, body, visit)
        return asyncio.run(self.service.answer(request))

    def call(self, method: str, path: str, content: Any = None, *, query: str = "", **headers: str) -> tuple[int, Any]:
        """Status and content of an answer."""
        version = "api-version=2023-01-01" + (f"&{query}" if query else "")
        given = {"Authorization": f"Bearer {self.token}", **headers}
        body = b"" if content is None else json.dumps(content).encode()
        found = self.ask(method, f"https://{HOST}{path}?{version}", body, given)
        return found.status, json.loads(found.body) if found.body else None

    def as_(self, who: str) -> Clerk:
        """Another who asks the same service."""
        other = Clerk(self.ground, who)
        other.service = self.service
        return other

    def id_of(self, key: str) -> str:
        """The id of a resource."""
        return self.service.desk.ids.of(self.resource(key))

    def resource(self, key: str) -> Resource:
        return self.ground.present.estate.resources[key]

    @property
    def sdk(self) -> dict[str, Any]:
        """What a client of the SDK is made with."""
        session = requests.Session()
        session.mount("https://", _Adapter(self))
        transport = RequestsTransport(session=session, session_owner=False)
        return {"credential": self, "transport": transport, "subscription_id": self.ground.directory.subscription}


class _Adapter(HTTPAdapter):
    """Carries a request to the service, and its answer back as if it had come by a network."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__()
        self._clerk = clerk

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body or b""
        body = body if isinstance(body, bytes) else str(body).encode()
        found = self._clerk.ask(
            str(request.method), str(request.url), body, {k: str(v) for k, v in request.headers.items()}
        )
        headers = {**dict(found.headers), "Content-Length": str(len(found.body))}
        raw = HTTPResponse(BytesIO(found.body), headers, found.status, preload_content=False)
        return self.build_response(request, raw)


class _Platform(grounds.Platform):
    """A platform; that with an owner is made once, and keeps what was computed of it."""

    def estate(self, change: Change) -> Estate:
        return _owned(self.name) if change == OWNER else super().estate(change)


@cache
def _owned(name: str) -> Estate:
    return grounds.Platform(name).estate(OWNER)


def clerk(name: str, folder: Path) -> Clerk:
    """At a platform of one's own."""
    ground = grounds.ground(_Platform(name), folder)
    ground.present.become(OWNER)
    return Clerk(ground)
