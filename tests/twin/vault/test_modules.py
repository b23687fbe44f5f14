"""Managed HSMs: keys alone, all in hardware, symmetric ones too; roles of their own decide."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from ringfence.twin.vault import jwk
from tests.twin.vault.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

_HOST = "https://hsm.managedhsm.azure.net"
_KEY = bytes(range(32))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def ask(desk: Desk, method: str, path: str, content: Any = None, who: str = "crypto") -> Any:
    return desk.ask(method, path, content, who, "hsm")


def brought(desk: Desk) -> str:
    """The path of a symmetric key that the test knows too."""
    content = {
        "key": {"kty": "oct-HSM", "k": jwk.encoded(_KEY), "key_ops": ["encrypt", "decrypt", "wrapKey", "unwrapKey"]}
    }
    return str(ask(desk, "PUT", "/keys/known", content)["key"]["kid"]).removeprefix(_HOST)


def raw(value: str) -> bytes:
    return jwk.decoded({"value": value}, "value", 1 << 16)


def test_tokens_are_for_modules(desk: Desk) -> None:
    answer = desk.answer("GET", "/keys", who="", vault="hsm")
    assert answer.header("WWW-Authenticate").endswith('resource="https://managedhsm.azure.net"')
    vaults = desk.ground.tokens.issue(desk.who("crypto"), "https://vault.azure.net").text
    assert desk.answer("GET", "/keys", who="", vault="hsm", authorization=f"Bearer {vaults}").status == 401


def test_roles_of_its_own_decide_and_azures_do_not(desk: Desk) -> None:
    assert "value" in ask(desk, "GET", "/keys")
    for path in ("/keys", "/keys/inside", "/keys/none"):
        assert ask(desk, "GET", path, who="everywhere")[:2] == (403, "Forbidden")
        assert ask(desk, "GET", path, who="nobody")[:2] == (403, "Forbidden")
    assert ask(desk, "POST", "/keys/inside/create", {"kty": "EC"}, who="serves")[0] == 403


def test_it_has_keys_alone_and_all_are_in_hardware(desk: Desk) -> None:
    for path in ("/secrets", "/certificates", "/secrets/x"):
        assert ask(desk, "GET", path)[0] == 404
    assert ask(desk, "POST", "/keys/soft/create", {"kty": "RSA"})["key"]["kty"] == "RSA-HSM"
    assert ask(desk, "POST", "/keys/soft/create", {"kty": "EC", "crv": "P-384"})["key"]["kty"] == "EC-HSM"


def test_random_bytes(desk: Desk) -> None:
    first, second = (ask(desk, "POST", "/rng", {"count": 32})["value"] for _ in range(2))
    assert len(raw(first)) == 32
    assert first != second
    assert ask(desk, "POST", "/rng", {"count": 1000})[0] == 400
    assert ask(desk, "POST", "/rng", {"count": 8}, who="serves")[0] == 403


def test_what_gcm_closes_anybody_with_the_key_opens(desk: Desk) -> None:
    path = brought(desk)
    aad = jwk.encoded(b"beside")
    closed = ask(desk, "POST", f"{path}/encrypt", {"alg": "A256GCM", "value": jwk.encoded(b"plain"), "aad": aad})
    text = raw(closed["value"]) + raw(closed["tag"])
    assert AESGCM(_KEY).decrypt(raw(closed["iv"]), text, b"beside") == b"plain"
    again = {"alg": "A256GCM", "value": closed["value"], "iv": closed["iv"], "tag": closed["tag"], "aad": aad}
    assert raw(ask(desk, "POST", f"{path}/decrypt", again)["value"]) == b"plain"
    for change in ({"tag": jwk.encoded(bytes(16))}, {"tag": jwk.encoded(b"short")}, {"aad": ""}, {"iv": ""}):
        assert ask(desk, "POST", f"{path}/decrypt", again | change)[:2] == (400, "BadParameter")


def test_what_cbc_and_key_wrap_close_anybody_with_the_key_opens(desk: Desk) -> None:
    path, iv = brought(desk), bytes(16)
    content = {"alg": "A256CBCPAD", "value": jwk.encoded(b"plain"), "iv": jwk.encoded(iv)}
    closed = raw(ask(desk, "POST", f"{path}/encrypt", content)["value"])
    undo, strip = Cipher(algorithms.AES(_KEY), modes.CBC(iv)).decryptor(), padding.PKCS7(128).unpadder()
    assert strip.update(undo.update(closed) + undo.finalize()) + strip.finalize() == b"plain"
    wrapped = ask(desk, "POST", f"{path}/wrapkey", {"alg": "A256KW", "value": jwk.encoded(bytes(32))})["value"]
    assert aes_key_unwrap(_KEY, raw(wrapped)) == bytes(32)


@pytest.mark.parametrize(
    ("verb", "content"),
    [
        ("encrypt", {"alg": "A128GCM", "value": "AAAA"}),
        ("encrypt", {"alg": "A256KW", "value": "AAAA"}),
        ("encrypt", {"alg": "RSA-OAEP", "value": "AAAA"}),
        ("encrypt", {"alg": "A256CBC", "value": "AAAA", "iv": "AA"}),
        ("wrapkey", {"alg": "A256GCM", "value": "AAAA"}),
        ("unwrapkey", {"alg": "A256KW", "value": jwk.encoded(bytes(40))}),
    ],
)
def test_what_a_symmetric_key_cannot_do(desk: Desk, verb: str, content: Any) -> None:
    assert ask(desk, "POST", f"{brought(desk)}/{verb}", content)[:2] == (400, "BadParameter")


def test_a_symmetric_key_is_never_answered(desk: Desk) -> None:
    path = brought(desk)
    said = str([ask(desk, "GET", path), ask(desk, "POST", "/keys/known/backup"), desk.log])
    assert jwk.encoded(_KEY) not in said
    assert "'k':" not in said


def test_another_service_uses_a_key_in_it(desk: Desk) -> None:
    key = desk.ground.present.estate.resources[".#azurerm_key_vault_managed_hardware_security_module_key.inside"]
    key_id = desk.vaults.key_id(key)
    assert key_id == f"{_HOST}/keys/inside"
    wrapped = asyncio.run(desk.vaults.operate(desk.who("serves"), key_id, "wrap", b"k" * 32))
    opened = asyncio.run(desk.vaults.operate(desk.who("serves"), wrapped.key_id, "unwrap", wrapped.value))
    assert opened.value == b"k" * 32
    symmetric = asyncio.run(desk.vaults.operate(desk.who("crypto"), _HOST + brought(desk), "wrap", b"k" * 32))
    assert aes_key_unwrap(_KEY, symmetric.value) == b"k" * 32
    assert desk.log[-1]["Algorithm"] == "A256KW"


def test_a_backup_opens_in_the_module_that_made_it(desk: Desk) -> None:
    backup = ask(desk, "POST", "/keys/inside/backup")
    assert desk.ask("POST", "/keys/restore", backup)[:2] == (400, "BadParameter")
    ask(desk, "DELETE", "/keys/inside")
    ask(desk, "DELETE", "/deletedkeys/inside", who="officer")
    assert ask(desk, "POST", "/keys/restore", backup)["key"]["kty"] == "RSA-HSM"


def test_deleted_keys_are_for_officers(desk: Desk) -> None:
    brought(desk)
    ask(desk, "DELETE", "/keys/known")
    assert ask(desk, "DELETE", "/deletedkeys/known")[0] == 403
    assert "recoveryId" in ask(desk, "GET", "/deletedkeys/known", who="officer")
    assert desk.answer("DELETE", "/deletedkeys/known", who="officer", vault="hsm").status == 204
