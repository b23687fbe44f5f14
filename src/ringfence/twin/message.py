"""A request as a service gets it, and what it answers.

Services see no sockets: the connection has been let in (`visit`), its TLS ended, its framing checked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.twin.visit import Visit

JSON = "application/json; charset=utf-8"


@record(eq=False)
class Request:
    """One request of one client."""

    method: str
    host: str
    """The host that was asked for, lower case, without port; the same as that of the certificate it was shown."""
    path: str
    """As it was sent, percent signs and all: begins with "/"."""
    query_string: str
    headers: Mapping[str, str]
    """By name in lower case. A header that came twice has both values, joined by a comma."""
    body: bytes
    visit: Visit
    names: Mapping[str, str] = field(default_factory=dict)
    """Headers' names as the client wrote them, by name in lower case: some services keep them so."""

    @property
    def query(self) -> dict[str, str]:
        """The parameters; of one that came twice, the last."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def url(self) -> str:
        """What the client asked for."""
        query = f"?{self.query_string}" if self.query_string else ""
        return f"https://{self.host}{self.path}{query}"


@record(eq=False)
class Response:
    """What the client gets."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())

    def header(self, name: str) -> str:
        """The value of a header, "" when there is none."""
        return next((v for n, v in self.headers if n.casefold() == name.casefold()), "")


class Service(Protocol):
    """What answers behind a door. Which resource is asked is that of the visit's door."""

    limit: int
    """The most bytes that a request's body may have."""

    async def begin(self) -> None:
        """What the estate declares exists; what was there before the last stop still does."""

    async def answer(self, request: Request) -> Response:
        """Answers one request; an error of the client's is a response too."""

    async def end(self) -> None:
        """Nothing is left open."""


def as_json(status: int, content: Any, *headers: tuple[str, str]) -> Response:
    """A response with a JSON body."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return Response(status, body, (("Content-Type", JSON), *headers))
