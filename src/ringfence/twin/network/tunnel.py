"""What follows a CONNECT: TLS that ends here and requests inside it, or bytes that are handed on as they come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ringfence.errors import UsageError
from ringfence.twin.http.conversation import BadRequestError, Conversation
from ringfence.twin.network.names import Shared
from ringfence.twin.network.refusal import bad_request, place_gone, refusal, unserved
from ringfence.twin.network.target import HTTPS, check_secured
from ringfence.twin.network.tls import oldest

if TYPE_CHECKING:
    from ringfence.twin.http.conversation import Head
    from ringfence.twin.network.gate import Passage
    from ringfence.twin.network.handing import Handing
    from ringfence.twin.network.way import Way


async def tunnel(talk: Conversation, host: str, port: int, handing: Handing, way: Way) -> None:
    """The connection is led to the host and port for as long as both ends like, or refused."""
    passage = handing.opened(host, port)
    if passage.stop in ("name", "port"):
        await talk.send(refusal(passage), close=True)
    elif port == HTTPS:
        await _secured(talk, passage, handing, way)
    else:
        await _streamed(talk, passage, port, handing, way)


async def _secured(talk: Conversation, passage: Passage, handing: Handing, way: Way) -> None:
    """TLS ends here; whoever is refused gets it too, and the reason inside."""
    await talk.switch()
    door = None if isinstance(passage.end, Shared) else passage.end
    resource = way.present.now(door.resource) if door else None
    context = way.authority.context(passage.host, oldest(resource, door.name if door else ""))
    await talk.writer.start_tls(context, ssl_handshake_timeout=way.limits.handshake_seconds)
    inner = Conversation(talk.reader, talk.writer, way.limits, way.hold)
    try:
        while (head := await inner.head()) is not None:
            if not await _answered(inner, head, passage.host, handing, way):
                return
    except BadRequestError as error:
        await inner.send(bad_request(error), close=True)
    except UsageError as error:
        await inner.send(place_gone(error), close=True)


async def _answered(talk: Conversation, head: Head, host: str, handing: Handing, way: Way) -> bool:
    """Every request is decided on anew: a change counts on connections that are open, too."""
    check_secured(head, host)
    tls = talk.writer.get_extra_info("ssl_object").version() or ""
    return await handing.handed(talk, head, way.gate.passage(handing.place, host, HTTPS), tls)


async def _streamed(talk: Conversation, passage: Passage, port: int, handing: Handing, way: Way) -> None:
    if not passage.open:
        await talk.send(refusal(passage), close=True)
        return
    assert passage.end is not None
    assert not isinstance(passage.end, Shared)
    stream = way.services.stream(passage.end)
    if stream is None:
        await talk.send(unserved(passage), close=True)
        return
    await talk.switch()
    watch = asyncio.create_task(_watched(talk, passage, port, handing, way))
    try:
        await stream.connected(talk.reader, talk.writer, handing.visit(passage, ""))
    finally:
        watch.cancel()


async def _watched(talk: Conversation, passage: Passage, port: int, handing: Handing, way: Way) -> None:
    """The connection is closed once a change means that it would not be opened any more."""
    changed = asyncio.Event()
    forget = way.present.listen(changed.set)
    try:
        while _is_open(passage, port, handing, way):
            await changed.wait()
            changed.clear()
        talk.writer.transport.abort()
    finally:
        forget()


def _is_open(passage: Passage, port: int, handing: Handing, way: Way) -> bool:
    try:
        return way.gate.passage(handing.place, passage.host, port).open
    except UsageError:  # the place is no more
        return False
