"""Requests that two readers would read differently, that name two hosts, or that are too large: none is served.

Each smuggled request would set a secret, with a token that may; afterwards there is none of that name.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.twin.attacks.target import ACCOUNT, LOGIN, NODES, VAULT, Line, Target, bearer

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/secrets/canary?api-version=7.4"
BODY = b'{"value": "smuggled-into-it"}'
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def token(target: Target) -> str:
    return target.deployer("https://vault.azure.net")


@pytest.fixture
def inside(target: Target) -> Line:
    return target.line(NODES).opened(VAULT)


class Smuggled:
    """A request inside another, and whether it was served."""

    def __init__(self, target: Target, token: str) -> None:
        self.target, self.token = target, token
        self.name = f"smuggled-{next(NUMBERS)}"

    @property
    def request(self) -> bytes:
        head = (
            f"PUT /secrets/{self.name}?api-version=7.4 HTTP/1.1\r\nHost: {VAULT}\r\nAuthorization: Bearer {self.token}"
        )
        return f"{head}\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY

    @property
    def is_served(self) -> bool:
        line = self.target.line(NODES).opened(VAULT)
        return line.request("GET", f"/secrets/{self.name}?api-version=7.4", bearer(self.token)).status != 404


def chunked(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n"


SMUGGLED: dict[str, Callable[[bytes], bytes]] = {
    "two lengths": lambda r: b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(r) + r,
    "two lengths in one": lambda r: b"Content-Length: 0, %d\r\n\r\n" % len(r) + r,
    "a length and chunks": lambda r: b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % len(r) + r,
    "chunks and a length": lambda r: b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + r,
    "chunks twice": lambda r: b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + r,
    "chunks and something": lambda r: b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + r,
    "chunks by another name": lambda r: b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + r,
    "chunks with a tab": lambda r: b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + r,
    "chunks in capitals": lambda r: b"Transfer-Encoding: CHUNKED\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + r,
    "a space before the colon": lambda r: b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + r,
    "a folded header": lambda r: b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(r) + r,
    "a folded length": lambda r: b"Content-Length:\r\n %d\r\n\r\n" % len(r) + r,
    "a length with a sign": lambda r: b"Content-Length: +%d\r\n\r\n" % len(r) + r,
    "a length below nothing": lambda r: b"Content-Length: -1\r\n\r\n" + r,
    "a length in hexadecimal": lambda r: b"Content-Length: 0x%x\r\n\r\n" % len(r) + r,
    "a length with a gap": lambda r: b"Content-Length: 1 0\r\n\r\n" + r,
    "a carriage return alone": lambda r: b"X: a\rTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(r) + r,
    "a null": lambda r: b"X: a\0b\r\nContent-Length: %d\r\n\r\n" % len(r) + r,
    "a chunk of a length with a sign": lambda r: b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" + r,
    "a chunk of a hexadecimal length": lambda r: b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + r,
    "a chunk that is longer than it says": lambda r: b"Transfer-Encoding: chunked\r\n\r\n1\r\nAB\r\n0\r\n\r\n" + r,
    "a chunk of an endless length": lambda r: b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 21 + b"\r\n" + r,
}  # fmt: skip


@pytest.mark.parametrize("way", SMUGGLED)
def test_a_request_inside_another_is_not_served(target: Target, inside: Line, token: str, way: str) -> None:
    """It is the body of the first, or the connection ends at the first."""
    smuggled = Smuggled(target, token)
    inside.send(f"GET /secrets?api-version=7.4 HTTP/1.1\r\nHost: {VAULT}\r\n").send(SMUGGLED[way](smuggled.request))
    first = inside.answer()
    assert 400 <= first.status <= 501
    assert first.status != 500
    inside.socket.settimeout(0.2)
    assert b"HTTP/1.1 200" not in inside.rest()
    assert not smuggled.is_served


@pytest.mark.parametrize("ending", [b"Transfer-Encoding: chunked;a=b\r\n", b"Transfer-Encoding: chunked\r\nX:\r\n"])
def test_what_follows_a_whole_body_is_a_request_of_its_own(target: Target, token: str, ending: bytes) -> None:
    """The control: the same request where it has its place is served, or with it what is odd is refused."""
    smuggled = Smuggled(target, token)
    line = target.line(NODES).opened(VAULT)
    line.send(f"GET /secrets?api-version=7.4 HTTP/1.1\r\nHost: {VAULT}\r\n").send(ending + b"\r\n0\r\n\r\n")
    status = line.answer().status
    if status == 401:
        assert line.send(smuggled.request).answer("PUT").status == 200
    assert smuggled.is_served is (status == 401)


def test_extensions_of_chunks_mean_nothing(inside: Line, token: str) -> None:
    head = f"PUT /secrets/chunked?api-version=7.4 HTTP/1.1\r\nHost: {VAULT}\r\nAuthorization: Bearer {token}\r\n"
    inside.send(f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    inside.send(b"%x;a=b;c=%s\r\n%s\r\n0;a\r\n\r\n" % (len(BODY), b"x" * 100, BODY))
    assert inside.answer("PUT").json["value"] == "smuggled-into-it"


HOSTS: dict[str, str] = {
    "two": f"Host: {VAULT}\r\nHost: {ACCOUNT}\r\n",
    "two the same": f"Host: {VAULT}\r\nHost: {VAULT}\r\n",
    "two in one": f"Host: {VAULT}, {ACCOUNT}\r\n",
    "none": "X: a\r\n",
    "an empty one": "Host:\r\n",
    "another": f"Host: {ACCOUNT}\r\n",
    "the directory": f"Host: {LOGIN}\r\n",
    "another vault": "Host: kv-eudcc-eu-prod.vault.azure.net\r\n",
    "a port": f"Host: {VAULT}:80\r\n",
    "an at": f"Host: {ACCOUNT}@{VAULT}\r\n",
    "a path": f"Host: {VAULT}/secrets\r\n",
    "a dot at its end": f"Host: {VAULT}.\r\n",
    "a space inside": f"Host: {VAULT} {ACCOUNT}\r\n",
    "a tab": f"Host: {VAULT}\t\r\nHost:\r\n",
    "a folded one": f"Host: {VAULT}\r\n {ACCOUNT}\r\n",
    "a null": f"Host: {VAULT}\0\r\n",
    "a name that begins so": f"Host: {VAULT}.attacker.example\r\n",
    "localhost": "Host: localhost\r\n",
    "the metadata service": "Host: 169.254.169.254\r\n",
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_request_has_one_host_and_it_is_that_of_the_connection(inside: Line, token: str, host: str) -> None:
    inside.send(f"GET {PATH} HTTP/1.1\r\n{HOSTS[host]}Authorization: Bearer {token}\r\n\r\n")
    answer = inside.answer()
    assert answer.status in (400, 421)
    assert b"canary" not in answer.body
    assert inside.ends()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": ACCOUNT}, {"X-Host": ACCOUNT}, {"Forwarded": f"host={ACCOUNT}"},
        {"X-HTTP-Method-Override": "DELETE"}, {"X-Original-URL": "/keys"}, {"X-Rewrite-URL": "/keys"},
    ],
    ids=lambda h: next(iter(h)),
)  # fmt: skip
def test_no_header_stands_for_the_request(inside: Line, token: str, headers: dict[str, str]) -> None:
    answer = inside.request("GET", PATH, {**bearer(token), **headers})
    assert (answer.status, answer.json["id"].startswith(f"https://{VAULT}/secrets/canary/")) == (200, True)


LINES = {
    "an absolute target": f"GET https://{VAULT}{PATH} HTTP/1.1",
    "an absolute target elsewhere": f"GET https://{ACCOUNT}/ HTTP/1.1",
    "CONNECT inside": f"CONNECT {ACCOUNT}:443 HTTP/1.1",
    "a star": "OPTIONS * HTTP/1.1",
    "no slash": "GET secrets/canary HTTP/1.1",
    "a backslash": "GET \\secrets\\canary HTTP/1.1",
    "an empty target": "GET  HTTP/1.1",
    "a target with a space": f"GET {PATH} x HTTP/1.1",
    "a target with a tab": f"GET\t{PATH} HTTP/1.1",
    "HTTP/1.0": f"GET {PATH} HTTP/1.0",
    "HTTP/0.9": f"GET {PATH}",
    "HTTP/2.0": f"GET {PATH} HTTP/2.0",
    "HTTP/1.9": f"GET {PATH} HTTP/1.9",
    "HTTP/11": f"GET {PATH} HTTP/11",
    "a method with a colon": f"GET: {PATH} HTTP/1.1",
    "the preface of HTTP/2": "PRI * HTTP/2.0",
    "the tongue of a mailer": "EHLO attacker.example",
    "nothing": "",
    "nulls": "\0\0\0\0",
    "letters beyond ASCII": "GET /secrets/\xe4\xf6?api-version=7.4 HTTP/1.1",
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_no_request(inside: Line, token: str, line: str) -> None:
    inside.send(f"{LINES[line]}\r\nHost: {VAULT}\r\nAuthorization: Bearer {token}\r\n\r\n")
    answer = inside.answer()
    assert 400 <= answer.status < 506
    assert answer.status != 500
    assert b"canary-" not in answer.body


def test_upgrades_are_not_taken(inside: Line, token: str) -> None:
    headers = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__"}
    assert inside.request("GET", PATH, {**bearer(token), **headers}).status == 200
    assert inside.request("GET", PATH, {**bearer(token), "Connection": "Upgrade", "Upgrade": "websocket"}).status == 200


LARGE: dict[str, tuple[str, str, int]] = {
    "a header": ("GET", f"X: {'a' * 40_000}\r\n\r\n", 431),
    "many headers": ("GET", "X: a\r\n" * 6_000 + "\r\n", 431),
    "a header that does not end": ("GET", "X: " + "a" * 70_000, 431),
    "a body": ("PUT", "Content-Length: 99999999999999\r\n\r\n" + "a" * 1_200_000, 413),
    "chunks": ("PUT", "Transfer-Encoding: chunked\r\n\r\n" + ("fff0\r\n" + "a" * 65_520 + "\r\n") * 18, 413),
    "a trailer": ("PUT", "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + "a" * 70_000, 431),
}


@pytest.mark.parametrize("what", LARGE)
def test_what_is_too_large(inside: Line, token: str, what: str) -> None:
    method, more, status = LARGE[what]
    inside.send(f"{method} {PATH} HTTP/1.1\r\nHost: {VAULT}\r\nAuthorization: Bearer {token}\r\n{more}")
    assert inside.answer().status == status
    assert inside.ends()


def test_a_path_that_is_too_long(inside: Line) -> None:
    assert inside.send(f"GET /secrets/{'a' * 40_000} HTTP/1.1\r\nHost: {VAULT}\r\n\r\n").answer().status == 431


def test_a_request_of_a_proxy_that_is_too_large(target: Target) -> None:
    line = target.line(NODES).send(f"CONNECT {VAULT}:443 HTTP/1.1\r\nHost: {VAULT}\r\nX: {'a' * 40_000}\r\n\r\n")
    assert line.answer().status == 431
    assert line.ends()
