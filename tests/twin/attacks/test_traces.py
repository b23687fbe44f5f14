"""The search for what is kept secret finds what is there, and nothing of the attacked twin."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from ringfence.twin.folder import Folder
from tests.twin.attacks.target import NODES, OWN, VAULT, Target, bearer
from tests.twin.attacks.traces import traces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "a secret/with=signs+in it"


@pytest.mark.parametrize(
    "form",
    [
        str.encode,
        lambda s: base64.b64encode(s.encode()),
        lambda s: base64.b64encode(f"ab{s}cd".encode()),
        lambda s: base64.b64encode(f"a{s}".encode()),
        lambda s: s.encode().hex().encode(),
        lambda s: quote(s).encode(),
    ],
    ids=["as it is", "in base64", "inside base64", "aslant in base64", "in hexadecimal", "in an address"],
)
def test_a_trace_is_found(tmp_path: Path, form: Callable[[str], bytes]) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log").write_bytes(b"before " + form(SECRET) + b" after")
    assert traces(Target(Folder(tmp_path), {"it": SECRET})) == ["it in deep/log"]


def test_a_private_key_is_found(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("-----BEGIN EC PRIVATE KEY-----\n")
    assert traces(Target(Folder(tmp_path))) == ["a private key in key.pem"]


def test_what_was_said_is_searched(tmp_path: Path) -> None:
    assert traces(Target(Folder(tmp_path), {"it": SECRET}), f"oh: {SECRET}") == ["it in what it said"]


def test_the_attacked_twin_keeps_its_secrets(target: Target) -> None:
    """After some use, and errors of every kind that repeat what they were sent."""
    token = target.deployer("https://vault.azure.net")
    line = target.line(NODES).opened(VAULT)
    head = {**bearer(token), "Content-Type": "application/json"}
    value = target.kept("a value that was refused", "refused-5d1f0a7b93c2")
    for body in (
        f'{{"value": "{value}"',
        f'{{"value": ["{value}"]}}',
        f'{{"value": "{value}", "attributes": 1}}',
        value,
    ):
        answer = line.request("PUT", "/secrets/refused?api-version=7.4", head, body.encode())
        assert answer.status == 400
        assert value.encode() not in answer.body
    for path in (f"/secrets/{OWN}/nothing", "/nothing", "/keys/nothing/x/sign"):
        assert line.request("GET", f"{path}?api-version=7.4", head).status in (400, 404, 405)
    assert traces(target) == []
    assert "Traceback" not in target.folder.output.read_text()
