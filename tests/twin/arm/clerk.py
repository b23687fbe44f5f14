"""Somebody who asks Resource Manager: by requests of his own, and through the clients of the SDK."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken

from ringfence.questions.access.people import everybody
from ringfence.questions.reach.places import INTERNET
from ringfence.twin.arm.owner import OWNER
from ringfence.twin.arm.service import ResourceManager
from ringfence.twin.message import Request
from ringfence.twin.visit import Visit
from tests.twin import grounds
from tests.twin.entra.stands import Stand

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.model.world import Change
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Response

AUDIENCE = "https://management.azure.com"
HOST = "management.azure.com"
ADDRESS = "198.51.100.7"


class Clerk(Stand):
    """Stands on the internet with a token of one principal; whoever runs Terraform owns the subscription."""

    def __init__(self, ground: Ground, who: str = "deployer") -> None:
        super().__init__(ground)
        self.service = ResourceManager(ground)
        self.who = who

    @property
    def principal(self) -> Principal:
        return next(p for p in everybody(self.ground.present.estate) if p.key == self.who)

    @property
    def token(self) -> str:  # type: ignore[override]  # here nobody signs in
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
        return {"credential": self, "transport": self.transport, "subscription_id": self.ground.directory.subscription}


def clerk(name: str, folder: Path, more: Change | None = None) -> Clerk:
    """At a platform of one's own."""
    ground = grounds.ground(grounds.Platform(name), folder)
    ground.present.become(OWNER.then(more) if more else OWNER)
    return Clerk(ground)
