"""Headers and bodies that no client sends: each is answered, nothing breaks, and nothing comes back as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.twin.attacks.target import ACCOUNT, ARM, FLOWS, LOGIN, LOGS, NODES, VAULT, Target, bearer
from tests.twin.attacks.test_tokens import WORKSPACE

if TYPE_CHECKING:
    from tests.twin.attacks.target import Answer, Line

VALUES = ["\xe9\xff\x80", "", "-1", "9" * 23, "\u00b2", "%0d%0aX-Injected: yes", '*";=,<script>', "bytes=0-,5-,-1"]
NAMES = [
    "x-ms-client-request-id", "client-request-id", "Date", "If-Match", "Content-Type", "Accept", "Prefer", "User-Agent",
    "traceparent", "Expect", "Content-Encoding",
]  # fmt: skip
OF_BLOBS = [
    "x-ms-version", "x-ms-date", "Range", "x-ms-range", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
    "Content-MD5", "x-ms-blob-type", "x-ms-meta-a", "x-ms-tags", "x-ms-lease-id", "x-ms-lease-duration",
    "x-ms-lease-action", "x-ms-copy-source", "x-ms-source-range", "x-ms-delete-snapshots", "x-ms-content-crc64",
    "x-ms-blob-content-disposition", "x-ms-access-tier", "Origin",
]  # fmt: skip


def of(host: str) -> list[str]:
    """The headers that a host may look at."""
    return NAMES + OF_BLOBS if host == ACCOUNT else NAMES[:3] if host == LOGS else NAMES


@pytest.fixture(scope="module")
def tokens(target: Target) -> dict[str, str]:
    return {
        VAULT: target.deployer("https://vault.azure.net"),
        ARM: target.deployer("https://management.azure.com"),
        LOGS: target.deployer("https://api.loganalytics.io"),
        ACCOUNT: target.identity(FLOWS, "https://storage.azure.com"),
        LOGIN: "none",
    }


REQUESTS = {
    "a vault reads": (VAULT, "GET", "/secrets/canary?api-version=7.4", b""),
    "a vault writes": (VAULT, "PUT", "/secrets/headers?api-version=7.4", b'{"value": "nothing-to-see"}'),
    "blobs are listed": (ACCOUNT, "GET", "/headers?restype=container&comp=list", b""),
    "a blob is written": (ACCOUNT, "PUT", "/headers/a", b"nothing"),
    "a blob is read": (ACCOUNT, "GET", "/headers/a", b""),
    "Resource Manager": (ARM, "GET", "/subscriptions?api-version=2022-12-01", b""),
    "a query": (LOGS, "POST", "/v1/workspaces/{workspace}/query", b'{"query": "AzureActivity"}'),
    "the directory": (LOGIN, "POST", "/common/oauth2/v2.0/token", b"grant_type=client_credentials"),
}


class Talk:
    """One kind of request, on a connection that is kept for as long as the other side keeps it."""

    def __init__(self, target: Target, tokens: dict[str, str], what: str) -> None:
        self.target, self.what = target, what
        self.host, self.method, path, self.body = REQUESTS[what]
        self.place = NODES if self.host in (VAULT, ACCOUNT, LOGS) else "internet"
        self.path = path.format(workspace=target.names["workspaces"][WORKSPACE])
        kind = "application/x-www-form-urlencoded" if self.host == LOGIN else "application/json"
        own = {"Content-Type": kind, "x-ms-version": "2023-11-03", "x-ms-blob-type": "BlockBlob"}
        self.headers = {**bearer(tokens[self.host]), **own}
        self.line: Line | None = None

    def answer(self, headers: dict[str, str], body: bytes | None = None) -> Answer:
        lower = {name.casefold() for name in headers}
        given = {k: v for k, v in self.headers.items() if k.casefold() not in lower} | headers
        self.line = self.line or self.target.line(self.place).opened(self.host)
        answer = self.line.request(self.method, self.path, given, self.body if body is None else body)
        self.line = None if answer.headers.get("connection") == "close" else self.line
        return answer


@pytest.mark.parametrize(
    ("what", "name"),
    [(what, name) for what, r in REQUESTS.items() for name in of(r[0])],
)
def test_a_header(target: Target, tokens: dict[str, str], what: str, name: str) -> None:
    talk = Talk(target, tokens, what)
    for value in VALUES:
        answer = talk.answer({name: value})
        assert answer.status != 500, value
        assert "x-injected" not in answer.headers


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
BODIES = [
    b"", b"{", b"[]", b"null", b"1", b'"a"', b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 20_000, b"\0" * 1000,
    b'{"value": null}', b'{"value": 1}', b'{"value": {}}', b'{"value": "a", "value": "b"}', b'{"value": "\\ud800"}',
    b'{"value": "a", "attributes": {"exp": 1e400}}', b'{"value": "a", "attributes": {"exp": -99999999999999999999}}',
    b'{"value": "a", "attributes": []}', b'{"value": "a", "tags": {"a": 1}}', b'{"value": "a", "tags": "x"}',
    b'{"value": "a", "contentType": 7}', b'{"value": NaN}', b'{"query": 1}', b'{"query": null, "timespan": {}}',
    b'{"query": "AzureActivity | externaldata"}', b'{"query": "AzureActivity", "timespan": "P99999999Y"}',
    DOCTYPE,
    b"grant_type=a&" * 5000, b"grant_type=%ff", b"=&=&=", b"a" * 500_000,
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda b: b[:30].decode("latin-1"))
@pytest.mark.parametrize("what", [name for name, request in REQUESTS.items() if request[3]])
def test_a_body(target: Target, tokens: dict[str, str], what: str, body: bytes) -> None:
    answer = Talk(target, tokens, what).answer({}, body)
    assert answer.status != 500
    assert b"root:" not in answer.body


@pytest.mark.parametrize("comp", ["block", "blocklist", "metadata", "lease", "properties", "tags", "batch", "acl"])
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_part_of_a_blob(target: Target, tokens: dict[str, str], method: str, comp: str) -> None:
    talk = Talk(target, tokens, "a blob is written")
    talk.method = method
    for more in ("", "&blockid=%00", "&snapshot=x&timeout=-1&prefix=%ff"):
        talk.path = f"/headers/a?comp={comp}{more}"
        for body in (b"", b"\xff\xfe\x00", DOCTYPE):
            assert talk.answer({"Content-Length": str(len(body))}, body).status != 500, (more, body)


def test_nothing_broke(target: Target) -> None:
    said = target.folder.output.read_text()
    assert "Traceback" not in said, said[-3000:]
