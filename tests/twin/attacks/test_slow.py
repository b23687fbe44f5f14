"""Clients that take their time: each connection has an end, there are so many at once, and others are served."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.record import replace
from ringfence.twin.http.limits import Hold, Limits
from ringfence.twin.message import Request, Response
from ringfence.twin.network.proxy import Proxy
from tests.twin import grounds
from tests.twin.attacks.target import Line
from tests.twin.network.standing import Echo, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

VAULT = "kv-eudcc-eu-prod.vault.azure.net"
HASTE = 0.3
MOST, HELD = 12, 1 << 20
MUCH = 64 << 20
"""More than the kernel's buffers hold."""


class Much(Echo):
    """Answers with more than any buffer holds."""

    limit = 1 << 20

    async def answer(self, request: Request) -> Response:
        return Response(200, b"a" * MUCH) if request.path == "/much" else await super().answer(request)


class Hasty(Standing):
    """Has little patience."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.services.identity = Much()
        limits = Limits(1 << 20, HASTE, HASTE, HASTE, HASTE, HASTE, HASTE)
        self.way = replace(self.way, limits=limits, most=MOST, hold=Hold(HELD))
        self.proxy = Proxy(self.stand, self.way)

    def line(self) -> Line:
        return Line(self.stand.proxy, str(self.bundle))


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: Any) -> Iterator[Hasty]:
    folder = tmp_path_factory.mktemp("hasty")
    with standing(grounds.ground(grounds.Platform("eudcc"), folder), folder, "snet-nodes-eu", Hasty) as made:
        assert isinstance(made, Hasty)
        yield made


def trickle(line: Line, data: bytes) -> float:
    """Sends byte by byte until the other side ends; how long that took."""
    began = time.monotonic()
    with suppress(OSError):
        for at in range(len(data)):
            line.send(data[at : at + 1])
            time.sleep(0.02)
            if time.monotonic() - began > 10 * HASTE:
                break
    return time.monotonic() - began


def is_served(hasty: Hasty) -> bool:
    return hasty.line().opened(VAULT).request("GET", "/").status == 200


def test_who_says_nothing_is_not_waited_for(hasty: Hasty) -> None:
    line = hasty.line()
    began = time.monotonic()
    assert line.ends()
    assert time.monotonic() - began < 5 * HASTE


def test_a_head_that_comes_slowly(hasty: Hasty) -> None:
    line = hasty.line()
    took = trickle(line, f"CONNECT {VAULT}:443 HTTP/1.1\r\nX: {'a' * 500}".encode())
    assert took < 5 * HASTE
    assert is_served(hasty)


def test_a_handshake_that_does_not_go_on(hasty: Hasty) -> None:
    line = hasty.line()
    assert line.connect(f"{VAULT}:443").status == 200
    line.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    began = time.monotonic()
    line.rest()
    assert time.monotonic() - began < 5 * HASTE


def test_a_request_that_does_not_come(hasty: Hasty) -> None:
    line = hasty.line().opened(VAULT)
    assert line.request("GET", "/").status == 200
    assert line.ends()


@pytest.mark.parametrize(
    ("head", "data"),
    [
        ("", b"GET / HTTP/1.1\r\nX: " + b"a" * 500),
        (f"PUT / HTTP/1.1\r\nHost: {VAULT}\r\nContent-Length: 500\r\n\r\n", b"a" * 499),
        (f"PUT / HTTP/1.1\r\nHost: {VAULT}\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100),
        (f"PUT / HTTP/1.1\r\nHost: {VAULT}\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n", b"a" * 500),
    ],
    ids=["a head", "a body", "chunks", "one endless chunk"],
)
def test_a_request_in_tls_that_comes_slowly(hasty: Hasty, head: str, data: bytes) -> None:
    line = hasty.line().opened(VAULT).send(head)
    assert trickle(line, data) < 6 * HASTE
    assert is_served(hasty)


def test_a_body_that_stays_away_is_told(hasty: Hasty) -> None:
    line = hasty.line().opened(VAULT)
    line.send(f"PUT / HTTP/1.1\r\nHost: {VAULT}\r\nContent-Length: 9\r\n\r\n")
    assert line.answer().status == 408
    assert line.ends()


def test_who_does_not_read_is_cut_off(hasty: Hasty) -> None:
    line = hasty.line()
    line.opened(VAULT).send(f"GET /much HTTP/1.1\r\nHost: {VAULT}\r\n\r\n")
    time.sleep(4 * HASTE)
    assert len(line.rest()) < MUCH
    assert is_served(hasty)


def test_there_are_so_many_at_once_and_then_others(hasty: Hasty) -> None:
    """Who has no token holds a place no longer than anybody."""
    idle = [hasty.line() for _ in range(MOST)]
    time.sleep(HASTE / 5)
    assert hasty.line().ends()
    for line in idle:
        assert line.ends()
    assert is_served(hasty)


def test_all_together_hold_so_much(hasty: Hasty) -> None:
    """Each within its own limit; whoever comes too late is told to come again, and then is served."""
    half = b"a" * (HELD * 2 // 3)
    head = f"PUT / HTTP/1.1\r\nHost: {VAULT}\r\nContent-Length: {len(half) + 1}\r\n\r\n"
    found = []
    while 503 not in found and len(found) < 10:  # on a busy machine the first may have been given up before
        first, second = (hasty.line().opened(VAULT) for _ in range(2))
        first.send(head).send(half)
        found.append(second.send(head).send(half).answer().status)
        assert first.answer().status in (408, 503)
    assert set(found) <= {408, 503}
    assert found[-1] == 503
    again = hasty.line().opened(VAULT)
    for _ in range(3):
        assert again.request("PUT", "/", {}, half).status == 200


def test_others_are_served_while_one_is_slow(hasty: Hasty) -> None:
    slow = hasty.line()
    sending = threading.Thread(target=trickle, args=(slow, b"GET / HTTP/1.1\r\nX: " + b"a" * 500))
    sending.start()
    began = time.monotonic()
    assert is_served(hasty)
    assert time.monotonic() - began < HASTE
    sending.join()
