"""Keys: what each kind can do, what it is limited to, and that none leaves."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from ringfence.twin.vault import jwk
from tests.twin.vault.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

_HOST = "https://kv.vault.azure.net"
_CURVES = {
    "P-256": ("ES256", "sha256"),
    "P-384": ("ES384", "sha384"),
    "P-521": ("ES512", "sha512"),
    "P-256K": ("ES256K", "sha256"),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """For tests that leave what others look at as it is."""
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def text(value: bytes) -> str:
    return jwk.encoded(value)


def number(value: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(value + "=="), "big")


def made(desk: Desk, name: str, **content: Any) -> str:
    """The path of a new key's version."""
    return str(desk.ask("POST", f"/keys/{name}/create", content)["key"]["kid"]).removeprefix(_HOST)


@pytest.mark.parametrize("algorithm", ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"])
@pytest.mark.parametrize(("there", "back"), [("encrypt", "decrypt"), ("wrapkey", "unwrapkey")])
def test_what_a_key_closes_it_opens(shared: Desk, algorithm: str, there: str, back: str) -> None:
    path = made(shared, "rsa", kty="RSA")
    closed = shared.ask("POST", f"{path}/{there}", {"alg": algorithm, "value": text(b"plain")})
    assert closed["kid"] == _HOST + path
    assert shared.ask("POST", f"{path}/{back}", {"alg": algorithm, "value": closed["value"]})["value"] == text(b"plain")


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_what_an_rsa_key_signs_anybody_can_verify(shared: Desk, algorithm: str) -> None:
    path = made(shared, "signs", kty="RSA")
    digest = hashlib.new(f"sha{algorithm[2:]}", b"message").digest()
    signed = shared.ask("POST", f"{path}/sign", {"alg": algorithm, "value": text(digest)})["value"]
    key = shared.ask("GET", path)["key"]
    hash_ = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    fill: Any = padding.PKCS1v15() if algorithm[0] == "R" else padding.PSS(padding.MGF1(hash_), hash_.digest_size)
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
    public.verify(base64.urlsafe_b64decode(signed + "=="), digest, fill, Prehashed(hash_))
    verify = {"alg": algorithm, "digest": text(digest), "value": signed}
    assert shared.ask("POST", f"{path}/verify", verify) == {"value": True}
    assert shared.ask("POST", f"{path}/verify", verify | {"value": text(bytes(256))}) == {"value": False}


@pytest.mark.parametrize("curve", _CURVES)
def test_what_an_elliptic_key_signs_anybody_can_verify(shared: Desk, curve: str) -> None:
    algorithm, hash_ = _CURVES[curve]
    path = made(shared, "curve", kty="EC", crv=curve)
    digest = hashlib.new(hash_, b"message").digest()
    signed = shared.ask("POST", f"{path}/sign", {"alg": algorithm, "value": text(digest)})["value"]
    key = shared.ask("GET", path)["key"]
    raw = base64.urlsafe_b64decode(signed + "==")
    half = len(raw) // 2
    der = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
    public = ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), jwk.CURVES[curve]()).public_key()
    public.verify(der, digest, ec.ECDSA(Prehashed(getattr(hashes, hash_.upper())())))
    verify = {"alg": algorithm, "digest": text(digest), "value": signed}
    assert shared.ask("POST", f"{path}/verify", verify) == {"value": True}
    assert shared.ask("POST", f"{path}/verify", verify | {"value": ""}) == {"value": False}


@pytest.mark.parametrize(
    ("kty", "verb", "content"),
    [
        ("RSA", "encrypt", {"alg": "A256GCM", "value": "AA"}),
        ("RSA", "sign", {"alg": "ES256", "value": text(bytes(32))}),
        ("RSA", "sign", {"alg": "RS256", "value": text(bytes(31))}),
        ("RSA", "sign", {"alg": "HS256", "value": text(bytes(32))}),
        ("RSA", "decrypt", {"alg": "RSA-OAEP", "value": text(bytes(256))}),
        ("RSA", "encrypt", {"alg": "RSA-OAEP", "value": text(bytes(500))}),
        ("RSA", "encrypt", {"value": "AA"}),
        ("RSA", "encrypt", {"alg": "RSA-OAEP", "value": "*"}),
        ("EC", "sign", {"alg": "ES384", "value": text(bytes(48))}),
        ("EC", "sign", {"alg": "RS256", "value": text(bytes(32))}),
    ],
)
def test_what_an_algorithm_cannot_take_is_refused(shared: Desk, kty: str, verb: str, content: Any) -> None:
    path = made(shared, f"no-{kty}", kty=kty)
    assert shared.ask("POST", f"{path}/{verb}", content)[:2] == (400, "BadParameter")


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"kty": "oct"},
        {"kty": "oct-HSM"},
        {"kty": "RSA", "key_size": 1024},
        {"kty": "RSA", "key_size": 2049},
        {"kty": "RSA", "public_exponent": 3},
        {"kty": "EC", "crv": "P-192"},
        {"kty": "EC", "key_ops": ["encrypt"]},
        {"kty": "RSA", "key_ops": ["import"]},
        {"kty": "RSA", "key_ops": "sign"},
        {"kty": "RSA-HSM", "attributes": {"exportable": True}},
        {"kty": "RSA", "release_policy": {"data": "e30"}},
    ],
)
def test_keys_that_vaults_do_not_make(shared: Desk, content: Any) -> None:
    assert shared.ask("POST", "/keys/none/create", content)[:2] == (400, "BadParameter")


def test_a_key_does_what_it_was_declared_for_and_no_more(desk: Desk) -> None:
    assert desk.ask("GET", "/keys/wrapping")["key"]["key_ops"] == ["wrapKey", "unwrapKey"]
    path = str(desk.ask("GET", "/keys/wrapping")["key"]["kid"]).removeprefix(_HOST)
    refused = desk.ask("POST", f"{path}/encrypt", {"alg": "RSA-OAEP", "value": "AA"})
    assert refused[:3] == (403, "Forbidden", "KeyOperationForbidden")
    assert "value" in desk.ask("POST", f"{path}/wrapkey", {"alg": "RSA-OAEP", "value": "AA"})


def test_a_key_out_of_its_time_opens_what_it_closed_and_closes_nothing(desk: Desk) -> None:
    path = made(desk, "short", kty="RSA", attributes={"exp": int(desk.clock.now.timestamp()) + 60})
    closed = desk.ask("POST", f"{path}/wrapkey", {"alg": "RSA-OAEP", "value": "AAAA"})["value"]
    desk.clock.forward(minutes=2)
    assert desk.ask("POST", f"{path}/wrapkey", {"alg": "RSA-OAEP", "value": "AAAA"})[2] == "KeyExpired"
    assert desk.ask("POST", f"{path}/sign", {"alg": "RS256", "value": text(bytes(32))})[2] == "KeyExpired"
    assert desk.ask("POST", f"{path}/unwrapkey", {"alg": "RSA-OAEP", "value": closed})["value"] == "AAAA"
    desk.ask("PATCH", path, {"attributes": {"enabled": False}})
    assert desk.ask("POST", f"{path}/unwrapkey", {"alg": "RSA-OAEP", "value": closed})[2] == "KeyDisabled"


def test_a_key_not_yet_in_its_time(desk: Desk) -> None:
    path = made(desk, "later", kty="EC", attributes={"nbf": int(desk.clock.now.timestamp()) + 60})
    sign = {"alg": "ES256", "value": text(bytes(32))}
    assert desk.ask("POST", f"{path}/sign", sign)[2] == "KeyNotYetValid"
    desk.clock.forward(minutes=2)
    assert "value" in desk.ask("POST", f"{path}/sign", sign)


def test_no_private_part_is_ever_answered(desk: Desk) -> None:
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.private_numbers()
    parts = {"n": numbers.public_numbers.n, "e": 65537, "d": numbers.d, "p": numbers.p, "q": numbers.q}
    brought = {name: text(value.to_bytes((value.bit_length() + 7) // 8, "big")) for name, value in parts.items()}
    answers = [
        desk.ask("PUT", "/keys/brought", {"key": {"kty": "RSA", **brought}}),
        desk.ask("GET", "/keys/brought"),
        desk.ask("POST", "/keys/brought/backup"),
        desk.ask("GET", "/keys"),
        desk.ask("DELETE", "/keys/brought"),
        desk.ask("GET", "/deletedkeys/brought"),
    ]
    said = json.dumps([answers, desk.log])
    assert brought["n"] in said
    assert not any(brought[name] in said for name in "dpq")


def test_a_key_that_was_brought_works(shared: Desk) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.private_numbers()
    parts = {"x": numbers.public_numbers.x, "y": numbers.public_numbers.y, "d": numbers.private_value}
    brought = {name: text(value.to_bytes(32, "big")) for name, value in parts.items()}
    found = shared.ask("PUT", "/keys/ec-brought", {"key": {"kty": "EC", "crv": "P-256", **brought}, "Hsm": True})
    assert found["key"]["kty"] == "EC-HSM"
    path = str(found["key"]["kid"]).removeprefix(_HOST)
    digest = bytes(32)
    raw = base64.urlsafe_b64decode(
        shared.ask("POST", f"{path}/sign", {"alg": "ES256", "value": text(digest)})["value"] + "=="
    )
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(der, digest, ec.ECDSA(Prehashed(hashes.SHA256())))


@pytest.mark.parametrize("part", ["n", "d", "q"])
def test_parts_that_make_no_key_are_refused(shared: Desk, part: str) -> None:
    numbers = rsa.generate_private_key(65537, 2048).private_numbers()
    parts = {"n": numbers.public_numbers.n, "e": 65537, "d": numbers.d, "p": numbers.p, "q": numbers.q}
    parts[part] ^= 4
    brought = {name: text(value.to_bytes((value.bit_length() + 7) // 8, "big")) for name, value in parts.items()}
    assert shared.ask("PUT", "/keys/broken", {"key": {"kty": "RSA", **brought}})[:2] == (400, "BadParameter")


def test_hardware_is_for_premium_vaults(desk: Desk) -> None:
    assert desk.ask("POST", "/keys/k/create", {"kty": "EC-HSM"}, who="policy", vault="plain")[0] == 400
    refused = desk.ask("POST", "/keys/k/create", {"kty": "EC-HSM"}, vault="open")
    assert refused[0] == 403
    assert "variable unset has no value" in refused[3]
    assert desk.ask("POST", "/keys/k/create", {"kty": "EC-HSM"})["attributes"]["hsmPlatform"] == "2"


def test_a_key_stays_whatever_it_is_asked(desk: Desk) -> None:
    stays = made(desk, "stays-here", kty="EC-HSM")
    assert desk.ask("POST", f"{stays}/release", {"target": "token"})[:3] == (403, "Forbidden", "KeyNotExportable")
    policy = {"data": text(b'{"version":"1.0.0","anyOf":[]}'), "immutable": True}
    goes = made(desk, "goes", kty="EC-HSM", attributes={"exportable": True}, release_policy=policy)
    assert desk.ask("POST", f"{goes}/release", {"target": "token"})[:3] == (403, "Forbidden", "ReleasePolicyNotMet")
    assert desk.ask("PATCH", goes, {"release_policy": policy})[:2] == (403, "Forbidden")


def test_a_rotated_key_keeps_its_kind_and_the_old_version_opens_still(desk: Desk) -> None:
    old = desk.ask("GET", "/keys/wrapping")
    path = str(old["key"]["kid"]).removeprefix(_HOST)
    closed = desk.ask("POST", f"{path}/wrapkey", {"alg": "RSA-OAEP", "value": "AAAA"})["value"]
    new = desk.ask("POST", "/keys/wrapping/rotate", {})
    assert new["key"]["n"] != old["key"]["n"]
    assert (new["key"]["kty"], new["key"]["key_ops"]) == (old["key"]["kty"], old["key"]["key_ops"])
    assert new["attributes"]["exp"] - new["attributes"]["created"] == 365 * 86_400
    assert desk.ask("POST", f"{path}/unwrapkey", {"alg": "RSA-OAEP", "value": closed})["value"] == "AAAA"


def test_a_key_is_rotated_when_that_is_due(desk: Desk) -> None:
    old = desk.ask("GET", "/keys/wrapping")["key"]["kid"]
    desk.clock.forward(days=89)
    assert desk.ask("GET", "/keys/wrapping")["key"]["kid"] == old
    desk.clock.forward(days=1)
    new = desk.ask("GET", "/keys/wrapping")["key"]["kid"]
    assert new != old
    assert desk.ask("GET", "/keys/wrapping")["key"]["kid"] == new
    assert desk.ask("GET", str(old).removeprefix(_HOST))["key"]["kid"] == old


@pytest.mark.parametrize(
    "content",
    [
        {"attributes": {"expiryTime": "P1D"}},
        {"attributes": {"expiryTime": "90 days"}},
        {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P1D"}, "action": {"type": "Rotate"}}]},
        {"lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "Rotate"}}]},
        {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P30D"}, "action": {"type": "Burn"}}]},
        {"lifetimeActions": [{"trigger": {}, "action": {"type": "Rotate"}}]},
        {"lifetimeActions": "Rotate"},
    ],
)
def test_rotation_policies_that_cannot_be(shared: Desk, content: Any) -> None:
    made(shared, "policy", kty="EC")
    assert shared.ask("PUT", "/keys/policy/rotationpolicy", content)[:2] == (400, "BadParameter")


def test_a_backup_keeps_the_key_and_its_versions(desk: Desk) -> None:
    path = made(desk, "kept", kty="RSA")
    closed = desk.ask("POST", f"{path}/encrypt", {"alg": "RSA-OAEP", "value": "AAAA"})["value"]
    made(desk, "kept", kty="RSA")
    backup = desk.ask("POST", "/keys/kept/backup")
    desk.ask("DELETE", "/keys/kept")
    desk.ask("DELETE", "/deletedkeys/kept")
    desk.ask("POST", "/keys/restore", backup)
    assert desk.ask("POST", f"{path}/decrypt", {"alg": "RSA-OAEP", "value": closed})["value"] == "AAAA"


def test_a_backup_of_hardware_does_not_open_where_there_is_none(desk: Desk) -> None:
    made(desk, "hard", kty="EC-HSM")
    backup = desk.ask("POST", "/keys/hard/backup")
    assert desk.ask("POST", "/keys/restore", backup, vault="open")[0] == 403


def test_the_log_names_key_and_algorithm_and_no_value(desk: Desk) -> None:
    path = made(desk, "logged", kty="RSA")
    value = text(b"a value to look for")
    closed = desk.ask("POST", f"{path}/encrypt", {"alg": "RSA-OAEP", "value": value})["value"]
    row = desk.log[-1]
    assert (row["OperationName"], row["Algorithm"], row["Id"]) == ("KeyEncrypt", "RSA-OAEP", _HOST + path)
    assert value not in json.dumps(desk.log)
    assert closed not in json.dumps(desk.log)
