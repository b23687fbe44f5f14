"""From a request to its service: the gate is asked anew, and who is turned away is told why."""

from __future__ import annotations

import logging
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING

from ringfence.twin.http.conversation import BadRequestError
from ringfence.twin.http.limits import SMALL
from ringfence.twin.logs.flows import Flow
from ringfence.twin.message import Request, Response, as_json
from ringfence.twin.network.names import Shared
from ringfence.twin.network.refusal import refusal
from ringfence.twin.visit import Visit

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.place import Place
    from ringfence.twin.http.conversation import Conversation, Head
    from ringfence.twin.message import Service
    from ringfence.twin.network.gate import Passage
    from ringfence.twin.network.stand import Stand
    from ringfence.twin.network.way import Way

FRONT = "x-ringfence-front"
"""The header that says by which front door an answer came; by it the twin's are told from any other's."""
_LOG = logging.getLogger("ringfence.twin")
_TUNNELLED = frozenset(("connection", "proxy-authorization", "proxy-connection", "keep-alive", "te", "upgrade"))
"""Headers that are about one connection, and so for no service (RFC 9110, 7.6.1)."""


class Handing:
    """Hands on what comes from one stand."""

    def __init__(self, stand: Stand, way: Way) -> None:
        self._stand = stand
        self._way = way

    @property
    def place(self) -> Place:
        """The stand's place, as the newest estate has it."""
        return self._way.present.estate.once(self._find)

    def _find(self, estate: Estate) -> Place:
        return self._stand.place(estate)

    def opened(self, host: str, port: int) -> Passage:
        """The decision on a new connection, of which the network takes note."""
        passage = self._way.gate.passage(self.place, host, port)
        end = passage.end
        if end is not None and passage.stop != "port":
            door = None if isinstance(end, Shared) else end
            through, private = passage.stop != "network", passage.front == "private"
            self._way.seen(Flow(self.place, door, through, port, host, passage.address, private, passage.why))
        return passage

    def visit(self, passage: Passage, tls: str) -> Visit:
        """The connection as a service sees it."""
        end = passage.end
        door = None if end is None or isinstance(end, Shared) else end
        return Visit(self.place, passage.host, door, passage.front, passage.address, self._stand.workload, tls)

    async def handed(self, talk: Conversation, head: Head, passage: Passage, tls: str, target: str = "") -> bool:
        """The request is answered by its service, or turned away. True when another may follow."""
        visit = self.visit(passage, tls)
        if not passage.open:
            return await self._turned_away(talk, head, passage, visit, target)
        assert passage.end is not None
        return await self.served(talk, head, self._way.services.of(passage.end), visit, target)

    async def _turned_away(self, talk: Conversation, head: Head, passage: Passage, visit: Visit, target: str) -> bool:
        with suppress(BadRequestError):
            await talk.body(SMALL)
        talk.let_go()
        if passage.stop == "service":
            self._way.services.turned_away(_request(head, visit, b"", target), passage)
        return await talk.send(_marked(refusal(passage), visit))

    async def asked_for_identity(self, talk: Conversation, head: Head, host: str, target: str) -> bool:
        """The workload's code asks for a token where it runs: no packet leaves the machine."""
        visit = Visit(self.place, host, None, "private", "", self._stand.workload)
        return await self.served(talk, head, self._way.services.identity, visit, target)

    async def served(self, talk: Conversation, head: Head, service: Service, visit: Visit, target: str = "") -> bool:
        """The service answers. True when another request may follow."""
        request = _request(head, visit, await talk.body(service.limit), target)
        try:
            return await talk.send(_marked(await self._answer(request, service), visit))
        finally:
            talk.let_go()

    async def _answer(self, request: Request, service: Service) -> Response:
        began = perf_counter()
        try:
            return await service.answer(request)
        except Exception:
            ms = (perf_counter() - began) * 1000
            _LOG.exception("%s %s broke after %.0f ms", type(service).__name__, request.method, ms)
            return as_json(500, {"error": {"code": "InternalError", "message": "the twin broke: its log says why"}})


def _request(head: Head, visit: Visit, body: bytes, target: str) -> Request:
    path, _, query = (target or head.target).partition("?")
    headers = {name: value for name, value in head.headers.items() if name not in _TUNNELLED}
    return Request(head.method, visit.host, path, query, headers, body, visit, head.names)


def _marked(response: Response, visit: Visit) -> Response:
    """The response says that the twin made it, and by which front door it came."""
    return Response(response.status, response.body, (*response.headers, (FRONT, visit.front)))
