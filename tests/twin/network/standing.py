"""A stand with a service behind it that says what it was asked, in the loop of its own that tests share."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ringfence.twin import authority
from ringfence.twin.message import Request, Response, as_json
from ringfence.twin.network.gate import Gate
from ringfence.twin.network.names import Names
from ringfence.twin.network.proxy import Proxy
from ringfence.twin.network.stand import Stand
from ringfence.twin.network.stands import one_place
from ringfence.twin.network.way import Way

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.twin.ground import Ground
    from ringfence.twin.logs.flows import Flow


class Echo:
    """Says what it was asked, or breaks when it is asked to."""

    limit = 4096

    async def begin(self) -> None: ...

    async def end(self) -> None: ...

    async def answer(self, request: Request) -> Response:
        if request.path == "/break":
            raise RuntimeError("broken")
        visit = request.visit
        content = {
            "method": request.method,
            "path": request.path,
            "query": request.query_string,
            "headers": dict(request.headers),
            "body": request.body.decode(),
            "place": visit.place.key,
            "front": visit.front,
            "address": visit.address,
            "tls": visit.tls,
            "workload": visit.workload,
        }
        return as_json(200, content)


class Services:
    """The same service behind every door."""

    def __init__(self) -> None:
        self.identity = Echo()
        self.away: list[tuple[str, str]] = []

    def of(self, _: Any) -> Echo:
        return self.identity

    def stream(self, _: Any) -> None:
        return None

    def turned_away(self, request: Request, passage: Any) -> None:
        self.away.append((request.path, passage.stop))


class Standing:
    """One proxy that listens, and what a client needs to use it."""

    def __init__(self, ground: Ground, folder: Path, place: str) -> None:
        names = Names(ground.present, ground.directory)
        self.authority = authority.new(names.hosts())
        self.bundle = folder / f"{place}.pem"
        self.bundle.write_bytes(self.authority.pem)
        self.ground = ground
        self.gate = Gate(ground.present, names)
        self.services: Any = Services()
        self.flows: list[Flow] = []
        self.way = Way(ground.present, self.gate, self.services, self.authority, self.flows.append)
        self.stand = Stand(place, lambda estate: one_place(estate, place))
        self.proxy = Proxy(self.stand, self.way)

    @property
    def proxies(self) -> dict[str, str]:
        return {"http": self.stand.proxy, "https": self.stand.proxy}


@contextmanager
def standing(ground: Ground, folder: Path, place: str, kind: type[Standing] = Standing) -> Iterator[Standing]:
    """The proxy listens inside the context."""
    made = kind(ground, folder, place)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(made.proxy.begin(), loop).result(5)
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.proxy.end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def said(content: bytes) -> dict[str, Any]:
    """What `Echo` was asked."""
    found: dict[str, Any] = json.loads(content)
    return found
