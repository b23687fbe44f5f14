"""The forward proxy of a stand: authenticates the client, lets the gate decide, ends TLS, and hands on to a service.

A connection that the gate refuses still gets its TLS, and each request on it the refusal. What the gate says is asked
anew for every request, so a change counts at once, on connections that are open too.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.errors import UsageError
from ringfence.record import field, record
from ringfence.twin.http.conversation import BadRequestError, Conversation
from ringfence.twin.http.limits import SMALL, Limits
from ringfence.twin.logs.flows import Flow
from ringfence.twin.message import Request, Response, as_json
from ringfence.twin.network.names import APP_SERVICE, IMDS, Shared, is_host
from ringfence.twin.network.refusal import SAYS, refusal
from ringfence.twin.network.tls import oldest
from ringfence.twin.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

    from ringfence.model.estate import Estate
    from ringfence.questions.place import Place
    from ringfence.twin.authority import Authority
    from ringfence.twin.http.conversation import Head
    from ringfence.twin.message import Service
    from ringfence.twin.network.gate import Gate, Passage
    from ringfence.twin.network.stand import Stand
    from ringfence.twin.present import Present
    from ringfence.twin.services import Services

_LOG = logging.getLogger("ringfence.twin")
_HTTP, _HTTPS = 80, 443
_TUNNELLED = frozenset(("connection", "proxy-authorization", "proxy-connection", "keep-alive", "te", "upgrade"))
"""Headers that are about one connection, and so for no service (RFC 9110, 7.6.1)."""


@record(eq=False)
class Way:
    """What a proxy needs to lead on."""

    present: Present
    gate: Gate
    services: Services
    authority: Authority
    seen: Callable[[Flow], None]
    """Told of every connection that was tried, as the network sees it."""
    limits: Limits = field(default=Limits())
    most: int = 256
    """Connections that a stand has at once; more are closed."""


class Proxy:
    """Listens for one stand."""

    def __init__(self, stand: Stand, way: Way) -> None:
        self.stand = stand
        self._way = way
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """It listens on a port of the loopback interface, the same as before where it had one."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.stand.port, limit=SMALL)
        self.stand.port = self._server.sockets[0].getsockname()[1]

    async def end(self) -> None:
        """It listens no more, and its connections are closed."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def _place(self) -> Place:
        return self._way.present.estate.once(self._find)

    def _find(self, estate: Estate) -> Place:
        return self.stand.place(estate)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) <= self._way.most:
                await self._heard(Conversation(reader, writer, self._way.limits))
        except (ConnectionError, ssl.SSLError, TimeoutError, asyncio.IncompleteReadError, BrokenPipeError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()  # the twin ends: nobody waits for a client's goodbye
        finally:
            writer.close()
            with suppress(Exception, asyncio.CancelledError):
                async with asyncio.timeout(self._way.limits.handshake_seconds):
                    await writer.wait_closed()
            writer.transport.abort()
            self._open.discard(task)

    async def _heard(self, talk: Conversation) -> None:
        try:
            while (head := await talk.head()) is not None:
                if not self.stand.admits(head.headers.get("proxy-authorization", "")):
                    await talk.send(_who(), close=True)
                    return
                if head.method == "CONNECT":
                    await self._tunnel(talk, head)
                    return
                if not await self._plain(talk, head):
                    return
        except BadRequestError as error:
            await talk.send(_bad(error), close=True)
        except UsageError as error:
            await talk.send(_gone(error), close=True)

    # -- CONNECT

    async def _tunnel(self, talk: Conversation, head: Head) -> None:
        host, port = _authority(head.target)
        if head.headers.get("host", host).casefold() not in (host, f"{host}:{port}"):  # Python's client sends none
            raise BadRequestError("the Host header names another host than the request")
        passage = self._passage(host, port)
        if passage.stop in ("name", "port"):
            await talk.send(refusal(passage), close=True)
        elif port == _HTTPS:
            await self._secured(talk, host, passage)
        else:
            await self._streamed(talk, passage)

    async def _secured(self, talk: Conversation, host: str, passage: Passage) -> None:
        """TLS ends here; then requests are answered for as long as the client likes."""
        await talk.switch()
        end = passage.end
        door = None if isinstance(end, Shared) else end
        resource = self._way.present.now(door.resource) if door else None
        context = self._way.authority.context(host, oldest(resource, door.name if door else ""))
        await talk.writer.start_tls(context, ssl_handshake_timeout=self._way.limits.handshake_seconds)
        inner = Conversation(talk.reader, talk.writer, self._way.limits)
        try:
            while (head := await inner.head()) is not None:
                if not await self._answered(inner, head, host):
                    return
        except BadRequestError as error:
            await inner.send(_bad(error), close=True)
        except UsageError as error:
            await inner.send(_gone(error), close=True)

    async def _answered(self, talk: Conversation, head: Head, host: str) -> bool:
        if head.headers.get("host", "").casefold() not in (host, f"{host}:{_HTTPS}"):
            raise BadRequestError("the Host header names another host than the connection was opened to", 421)
        if not head.target.startswith("/"):
            raise BadRequestError("the request's target is no path")
        passage = self._way.gate.passage(self._place, host, _HTTPS)
        tls = talk.writer.get_extra_info("ssl_object").version() or ""
        return await self._handed(talk, head, passage, self._visit(passage, tls))

    async def _streamed(self, talk: Conversation, passage: Passage) -> None:
        """What is no HTTP is handed on as it comes."""
        if not passage.open:
            await talk.send(refusal(passage), close=True)
            return
        assert passage.end is not None
        assert not isinstance(passage.end, Shared)
        stream = self._way.services.stream(passage.end)
        if stream is None:
            await talk.send(_unserved(passage), close=True)
            return
        await talk.switch()
        watch = asyncio.create_task(self._watched(passage, talk))
        try:
            await stream.connected(talk.reader, talk.writer, self._visit(passage, ""))
        finally:
            watch.cancel()

    async def _watched(self, passage: Passage, talk: Conversation) -> None:
        """The connection is closed once a change means that it would not be opened any more."""
        changed = asyncio.Event()
        forget = self._way.present.listen(changed.set)
        try:
            while True:
                await changed.wait()
                changed.clear()
                assert passage.end is not None
                port = passage.end.ports[0] if not isinstance(passage.end, Shared) else _HTTPS
                if not self._way.gate.passage(self._place, passage.host, port).open:
                    talk.writer.transport.abort()
                    return
        finally:
            forget()

    # -- requests

    async def _plain(self, talk: Conversation, head: Head) -> bool:
        """A request without TLS, which names its host in full."""
        parts, host = _url(head.target)
        if head.headers.get("host", "").casefold().removesuffix(":80") not in (host, parts.netloc.casefold()):
            raise BadRequestError("the Host header names another host than the request")
        head.headers.setdefault("host", host)
        if host in (IMDS, APP_SERVICE):
            visit = Visit(self._place, host, None, "private", "", self.stand.workload)
            return await self._served(talk, head, self._way.services.identity, visit, _target(parts.path, parts.query))
        passage = self._passage(host, _HTTP)
        if not passage.open or isinstance(passage.end, Shared):
            await talk.send(refusal(passage), close=True)
            return False
        return await self._handed(talk, head, passage, self._visit(passage, ""), _target(parts.path, parts.query))

    async def _handed(self, talk: Conversation, head: Head, passage: Passage, visit: Visit, target: str = "") -> bool:
        if not passage.open:
            with suppress(BadRequestError):
                await talk.body(SMALL)
            return await talk.send(_marked(refusal(passage), visit))
        assert passage.end is not None
        service = self._way.services.of(passage.end)
        return await self._served(talk, head, service, visit, target)

    async def _served(self, talk: Conversation, head: Head, service: Service, visit: Visit, target: str = "") -> bool:
        body = await talk.body(service.limit)
        path, _, query = (target or head.target).partition("?")
        headers = {name: value for name, value in head.headers.items() if name not in _TUNNELLED}
        request = Request(head.method, visit.host, path, query, headers, body, visit, head.names)
        began = perf_counter()
        try:
            response = await service.answer(request)
        except Exception:
            _LOG.exception("%s %s broke after %.0f ms", type(service).__name__, head.method, _ms(began))
            response = as_json(500, {"error": {"code": "InternalError", "message": "the twin broke: its log says why"}})
        return await talk.send(_marked(response, visit))

    def _passage(self, host: str, port: int) -> Passage:
        """The decision on a new connection, of which the network takes note."""
        passage = self._way.gate.passage(self._place, host, port)
        end = passage.end
        if end is not None and passage.stop != "port":
            door = None if isinstance(end, Shared) else end
            through = passage.stop != "network"
            private = passage.front == "private"
            self._way.seen(Flow(self._place, door, through, port, host, passage.address, private, passage.why))
        return passage

    def _visit(self, passage: Passage, tls: str) -> Visit:
        end = passage.end
        door = None if end is None or isinstance(end, Shared) else end
        return Visit(self._place, passage.host, door, passage.front, passage.address, self.stand.workload, tls)


def _authority(target: str) -> tuple[str, int]:
    """The host and the port of a CONNECT."""
    host, _, port = target.rpartition(":")
    host = host.casefold()
    if not is_host(host) or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadRequestError("CONNECT wants HOST:PORT")
    return host, int(port)


def _url(target: str) -> tuple[SplitResult, str]:
    """The parts of a request without TLS, and its host; a port that speaks TLS is no port for it."""
    try:
        parts = urlsplit(target)
        host, port = (parts.hostname or "").casefold(), parts.port or _HTTP
    except ValueError:
        host, port = "", 0
    if not host or parts.scheme != "http" or parts.username is not None:
        raise BadRequestError("a proxy is asked for http://HOST/PATH or to CONNECT")
    if port != _HTTP:
        raise BadRequestError(f"without TLS only port {_HTTP} is led to")
    return parts, host


def _target(path: str, query: str) -> str:
    return f"{path or '/'}?{query}" if query else path or "/"


def _who() -> Response:
    content = {
        "error": {
            "code": "ProxyAuthenticationRequired",
            "message": "this port is another place's, or its token is missing",
        }
    }
    return as_json(407, content, ("Proxy-Authenticate", 'Basic realm="ringfence place"'))


def _bad(error: BadRequestError) -> Response:
    return as_json(error.status, {"error": {"code": "BadRequest", "message": error.message}})


def _gone(error: UsageError) -> Response:
    """A change has taken the place away."""
    return as_json(403, {"error": {"code": "PlaceGone", "message": f"ringfence: {error.message}"}}, (SAYS, "network"))


def _unserved(passage: Passage) -> Response:
    message = f"{passage.host} can be reached from here, but the twin does not serve what answers there"
    return as_json(501, {"error": {"code": "NotServed", "message": message}}, ("x-ringfence-front", passage.front))


def _marked(response: Response, visit: Visit) -> Response:
    """The response says that the twin made it, and by which front door it came."""
    return Response(response.status, response.body, (*response.headers, ("x-ringfence-front", visit.front)))


def _ms(began: float) -> float:
    return (perf_counter() - began) * 1000
