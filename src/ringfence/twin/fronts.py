"""The front doors of services that the twin does not serve: who gets through is told that he did, and no more.

So it can be tried whether a connection is let in, for every data plane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import is_on
from ringfence.model.web import Site
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

REACHED = "x-ringfence-reached"
"""The header by which a connection that was let in is told from a refusal: the type that it came to."""


class Fronts:
    """Answers for all of them."""

    limit = 1 << 20

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def begin(self) -> None:
        """Nothing has to exist."""

    async def end(self) -> None:
        """Nothing is open."""

    async def answer(self, request: Request) -> Response:
        """501, or the redirect of a site that wants HTTPS."""
        door = request.visit.door
        resource = self._ground.present.now(door.resource) if door else None
        mark = (REACHED, resource.type if resource else "")
        if not request.visit.tls and isinstance(resource, Site) and is_on(resource.https_only).outcome != "fail":
            return Response(301, b"", (("Location", request.url), mark))
        what = resource.type if resource else request.host
        message = f"the connection is let in; the twin does not serve {what}"
        return as_json(501, {"error": {"code": "NotServed", "message": message}}, mark)
