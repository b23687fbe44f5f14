"""An assertion that an application's certificate signed: whose, for whom, when, and once for each resource."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ringfence.errors import UsageError
from ringfence.questions.reach.places import INTERNET
from ringfence.record import replace
from ringfence.twin.entra import certificates
from tests.twin.entra import forge
from tests.twin.entra.stands import VAULT, Stand, codes
from tests.twin.grounds import Clock, Platform, Text, ground
from tests.workloads.support import from_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ringfence.model.principal import Principal
    from ringfence.twin.ground import Ground

JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY, THIEF = (rsa.generate_private_key(65537, 2048) for _ in range(2))


def certificate(key: Any, found: Ground, days: int = 30) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an application")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(found.now() - timedelta(days=1))
    return made.not_valid_after(found.now() + timedelta(days=days)).sign(key, hashes.SHA256())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand(tmp_path: Path, clock: Clock) -> Stand:
    found = Stand(ground(Platform("flowehr"), tmp_path, now=clock))
    own = certificate(KEY, found.ground)
    certificates.register(found.ground, owner(found.ground), own.public_bytes(serialization.Encoding.PEM))
    return found


def owner(found: Ground) -> Principal:
    return next(p for p in found.directory.everybody() if p.name == "flowehr-sql-owner-oakvale-prod")


def mark(found: Ground, hash: Any = None, key: Any = KEY) -> str:
    digest = certificate(key, found).fingerprint(hash or hashes.SHA256())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def kept_mark(found: Ground) -> str:
    """The thumbprint of the certificate that is registered."""
    ((name, _),) = found.store.rows("entra/certificate")
    return base64.urlsafe_b64encode(bytes.fromhex(name.rpartition("|")[2])).rstrip(b"=").decode()


def assertion(found: Ground, header: dict[str, Any] | None = None, key: Any = KEY, **claims: Any) -> str:
    app, now = found.directory.app_id(owner(found)), int(found.now().timestamp())
    said = {
        "iss": app,
        "sub": app,
        "aud": f"https://login.microsoftonline.com/{found.directory.tenant}/oauth2/v2.0/token",
        "jti": "one",
        "nbf": now,
        "exp": now + 600,
    }
    content = {name: value for name, value in {**said, **claims}.items() if value is not None}
    told = {"alg": "RS256", "typ": "JWT", "x5t#S256": kept_mark(found), **(header or {})}
    return forge.signed({n: v for n, v in told.items() if v is not None}, content, key)


def shown(stand: Stand, text: str, **form: str) -> tuple[int, dict[str, Any]]:
    return stand.token(
        **{
            "grant_type": "client_credentials",
            "client_id": stand.ground.directory.app_id(owner(stand.ground)),
            "client_assertion_type": JWT,
            "client_assertion": text,
            "scope": f"{VAULT}/.default",
            **form,
        }
    )


def test_it_proves_the_application(stand: Stand) -> None:
    status, told = shown(stand, assertion(stand.ground))
    assert status == 200
    caller = stand.ground.tokens.caller(told["access_token"], (VAULT,))
    assert (caller.principal, caller.claims["appidacr"]) == (owner(stand.ground), "2")


WRONG: dict[str, tuple[int, Callable[[Ground], str]]] = {
    "of an unknown certificate": (700027, lambda g: assertion(g, {"x5t#S256": mark(g, key=THIEF)}, THIEF)),
    "signed by a thief": (700027, lambda g: assertion(g, key=THIEF)),
    "of no certificate": (700027, lambda g: assertion(g, {"x5t#S256": None})),
    "with two thumbprints, one wrong": (700027, lambda g: assertion(g, {"x5t": mark(g, hashes.SHA1(), THIEF)})),
    "with a thumbprint that is no text": (700027, lambda g: assertion(g, {"x5t#S256": [kept_mark(g)]})),
    "with a chain that says otherwise": (700027, lambda g: assertion(g, {"x5c": ["MIIB"]}, THIEF)),
    "by no algorithm": (700027, lambda g: assertion(g, {"alg": "none"})),
    "by an algorithm of secrets": (700027, lambda g: assertion(g, {"alg": "HS256"})),
    "with a key brought along": (50027, lambda g: assertion(g, {"jwk": {"kty": "RSA"}})),
    "with a key at an address": (50027, lambda g: assertion(g, {"jku": "https://attacker.example"})),
    "about somebody else": (50013, lambda g: assertion(g, sub="another")),
    "for somebody else": (50013, lambda g: assertion(g, aud="https://attacker.example/token")),
    "for two": (50013, lambda g: assertion(g, aud=["https://attacker.example/token", "x"])),
    "for another tenant": (50013, lambda g: assertion(g, aud="https://login.microsoftonline.com/a/oauth2/v2.0/token")),
    "without an id": (50013, lambda g: assertion(g, jti=None)),
    "expired": (700024, lambda g: assertion(g, exp=int(g.now().timestamp()) - 301)),
    "without an end": (700024, lambda g: assertion(g, exp=None)),
    "of tomorrow": (700024, lambda g: assertion(g, nbf=int(g.now().timestamp()) + 9_000)),
    "for a week": (700024, lambda g: assertion(g, exp=int(g.now().timestamp()) + 600_000)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_one_is_refused(stand: Stand, wrong: str) -> None:
    code, make = WRONG[wrong]
    status, told = shown(stand, make(stand.ground))
    assert (status, codes(told)) == (401, [code])


def test_it_counts_once_for_each_resource(stand: Stand) -> None:
    text = assertion(stand.ground)
    assert shown(stand, text)[0] == 200
    assert codes(shown(stand, text)[1]) == [50013]
    assert shown(stand, text, scope="https://management.azure.com/.default")[0] == 200
    assert shown(stand, assertion(stand.ground, jti="two"))[0] == 200


def test_it_counts_only_where_it_came_from_first(stand: Stand) -> None:
    text, thief = assertion(stand.ground), Stand(stand.ground, place=replace(INTERNET, key="elsewhere"))
    assert shown(stand, text)[0] == 200
    assert codes(shown(thief, text, scope="https://management.azure.com/.default")[1]) == [50013]


def test_that_it_was_used_is_not_forgotten_when_the_twin_starts_again(
    stand: Stand, tmp_path: Path, clock: Clock
) -> None:
    text = assertion(stand.ground)
    assert shown(stand, text)[0] == 200
    again = Stand(ground(Platform("flowehr"), tmp_path, now=clock))
    assert codes(shown(again, text)[1]) == [50013]
    clock.forward(hours=1)
    assert Stand(ground(Platform("flowehr"), tmp_path, now=clock)).begin().ground.store.keys("entra/assertion") == []


def test_a_certificate_that_has_expired_proves_nothing(stand: Stand, clock: Clock) -> None:
    clock.forward(days=31)
    assert codes(shown(stand, assertion(stand.ground))[1]) == [700027]


def test_one_application_s_certificate_is_not_another_s(stand: Stand) -> None:
    other = next(p for p in stand.ground.directory.everybody() if p.name == "flowehr-external-oakvale-prod")
    app = stand.ground.directory.app_id(other)
    assert codes(shown(stand, assertion(stand.ground, iss=app, sub=app), client_id=app)[1]) == [700027]


def test_only_a_certificate_with_an_rsa_key_is_registered(stand: Stand) -> None:
    who = owner(stand.ground)
    curve = certificate(ec.generate_private_key(ec.SECP256R1()), stand.ground)
    for pem in (b"none", curve.public_bytes(serialization.Encoding.PEM)):
        with pytest.raises(UsageError):
            certificates.register(stand.ground, who, pem)


@pytest.mark.parametrize("encoding", ["pem", "base64", "hex"])
def test_a_certificate_that_is_declared(tmp_path: Path, clock: Clock, encoding: str) -> None:
    empty = Stand(ground(Platform("flowehr"), tmp_path / "empty", now=clock)).ground
    own = certificate(KEY, empty)
    der = own.public_bytes(serialization.Encoding.DER)
    written = {"base64": base64.b64encode(der).decode(), "hex": der.hex()}
    (tmp_path / "own.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    value = f'"{written[encoding]}"' if encoding in written else 'file("own.pem")'
    text = DECLARED.replace("VALUE", value).replace("ENCODING", encoding)
    estate, _ = from_source(tmp_path, {"main.tf": text})
    stand = Stand(ground(Text(lambda _: estate), tmp_path / "state", now=clock))
    (who,) = (p for p in stand.ground.directory.everybody() if p.kind == "service principal")
    app, directory = stand.ground.directory.app_id(who), stand.ground.directory
    digest = base64.urlsafe_b64encode(own.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
    at = f"https://login.microsoftonline.com/{directory.tenant}/oauth2/v2.0/token"
    claims = {"iss": app, "sub": app, "aud": at, "jti": "one", "exp": int(clock().timestamp()) + 600}
    header = {"alg": "RS256", "x5t#S256": digest}
    form = {"client_id": app, "client_assertion_type": JWT, "scope": f"{VAULT}/.default"}
    for key, status in ((THIEF, 401), (KEY, 200)):
        assertion = forge.signed(header, claims, key)
        assert stand.token(grant_type="client_credentials", client_assertion=assertion, **form)[0] == status


DECLARED = """
resource "azuread_application" "a" { display_name = "a" }
resource "azuread_service_principal" "a" { client_id = azuread_application.a.client_id }
resource "azuread_application_certificate" "a" {
  application_id = azuread_application.a.id
  type           = "AsymmetricX509Cert"
  encoding       = "ENCODING"
  value          = VALUE
}
resource "azuread_application_certificate" "open" {
  application_id = azuread_application.a.id
  type           = "AsymmetricX509Cert"
  value          = azurerm_key_vault_certificate.c.certificate_data
}
resource "azurerm_key_vault" "v" { name = "v" }
resource "azurerm_key_vault_certificate" "c" {
  name         = "c"
  key_vault_id = azurerm_key_vault.v.id
}
"""
