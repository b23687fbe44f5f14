"""What an application shows to get a token: assertions that are forged, stolen, shown again or for another."""

from __future__ import annotations

import base64
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.twin.attacks.target import LOGIN, NODES, Answer, Target
from tests.twin.entra.forge import by_hmac, parts, signed, unsigned

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = "https://vault.azure.net"
CERTIFICATES = "entra/certificate"
APPLICATION = "ie-workloads#azuread_service_principal.portal_sign_in"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OTHER = "11111111-2222-4333-8444-555555555555"
MINE, THEIRS = (rsa.generate_private_key(65537, 2048) for _ in range(2))


def certificate(key: rsa.RSAPrivateKey, **until: float) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=2))
    return made.not_valid_after(now + timedelta(**(until or {"days": 1}))).sign(key, hashes.SHA256())


def mark(found: x509.Certificate) -> str:
    return base64.urlsafe_b64encode(found.fingerprint(hashes.SHA256())).rstrip(b"=").decode()


class Client:
    """An application with a certificate that is registered, and one whose certificate has expired."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.id = target.names["principals"][APPLICATION]["client"]
        self.certificate, self.expired = certificate(MINE), certificate(THEIRS, days=-1)
        for one in (self.certificate, self.expired):
            pem = one.public_bytes(serialization.Encoding.PEM).decode()
            key = f"{self._principal}|{one.fingerprint(hashes.SHA256()).hex()}"
            target.store.put(CERTIFICATES, key, {"certificate": pem})

    @property
    def _principal(self) -> str:
        return APPLICATION

    @property
    def header(self) -> dict[str, Any]:
        return {"alg": "RS256", "typ": "JWT", "x5t#S256": mark(self.certificate)}

    @property
    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        audience = f"https://{LOGIN}/{self.target.names['tenant']}/oauth2/v2.0/token"
        times = {"iat": now, "nbf": now, "exp": now + 600}
        return {"aud": audience, "iss": self.id, "sub": self.id, "jti": str(uuid.uuid4()), **times}

    def show(self, shown: str, at: str = "internet", audience: str = KEYS, **more: str) -> Answer:
        form = {"grant_type": "client_credentials", "client_id": self.id, "scope": f"{audience}/.default"}
        form |= {"client_assertion_type": BEARER, "client_assertion": shown, **more}
        return self.target.signed_in(form, at)

    def good(self, **changes: Any) -> str:
        return signed(self.header, {**self.claims, **changes}, MINE)

    def without(self, name: str) -> str:
        return signed(self.header, {k: v for k, v in self.claims.items() if k != name}, MINE)

    def head(self, key: rsa.RSAPrivateKey = THEIRS, **changes: Any) -> str:
        return signed({**self.header, **changes}, self.claims, key)

    def public(self) -> bytes:
        return MINE.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@pytest.fixture(scope="module")
def client(target: Target) -> Client:
    return Client(target)


def is_refused(answer: Answer) -> bool:
    return answer.status in (400, 401) and b"access_token" not in answer.body and b"AADSTS" in answer.body


def test_the_good_one_is_taken(client: Client) -> None:
    answer = client.show(client.target.kept("an assertion", client.good()))
    assert answer.status == 200
    client.target.kept("a token by certificate", answer.json["access_token"])


def test_shown_again_it_is_refused(client: Client) -> None:
    """For the same resource, and from anywhere else for any; the same by another id is a new one."""
    assertion = client.good()
    assert client.show(assertion).status == 200
    assert is_refused(client.show(assertion))
    assert is_refused(client.show(assertion, at=NODES))
    assert is_refused(client.show(assertion, at=NODES, audience="https://storage.azure.com"))
    assert client.show(client.good()).status == 200


FORGERIES: dict[str, Callable[[Client], str]] = {
    "unsigned": lambda c: unsigned({**c.header, "alg": "none"}, c.claims),
    "HS256 with the public key": lambda c: by_hmac({**c.header, "alg": "HS256"}, c.claims, c.public()),
    "signed by another key": lambda c: c.head(),
    "signed by a key of its own": lambda c: c.head(jwk={"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
    "a certificate of its own": lambda c: c.head(
        x5c=[base64.b64encode(certificate(THEIRS).public_bytes(serialization.Encoding.DER)).decode()]
    ),
    "a thumbprint of its own": lambda c: c.head(**{"x5t#S256": mark(certificate(THEIRS))}),
    "two thumbprints": lambda c: c.head(MINE, x5t=mark(c.expired)),
    "no thumbprint": lambda c: signed({"alg": "RS256", "kid": mark(c.certificate)}, c.claims, MINE),
    "an address of a key": lambda c: c.head(x5u="https://attacker.example"),
    "an address of keys": lambda c: c.head(jku="https://attacker.example"),
    "crit": lambda c: c.head(MINE, crit=["exp"]),
    "a certificate that has expired": lambda c: c.head(THEIRS, **{"x5t#S256": mark(c.expired)}),
    "expired": lambda c: c.good(exp=int(time.time()) - 301, nbf=0, iat=0),
    "not yet valid": lambda c: c.good(nbf=int(time.time()) + 900),
    "valid for years": lambda c: c.good(exp=int(time.time()) + 10**8),
    "valid for ever": lambda c: c.without("exp"),
    "valid in words": lambda c: c.good(exp="never"),
    "for another endpoint": lambda c: c.good(aud="https://attacker.example/token"),
    "for another tenant": lambda c: c.good(aud=f"https://{LOGIN}/{OTHER}/oauth2/v2.0/token"),
    "for two endpoints": lambda c: c.good(aud=[c.claims["aud"], "https://attacker.example"]),
    "for nobody": lambda c: c.without("aud"),
    "of another subject": lambda c: c.good(sub=OTHER),
    "of another issuer": lambda c: c.good(iss="https://attacker.example"),
    "of an issuer that nobody trusts": lambda c: c.good(iss=OTHER, sub=OTHER),
    "without an id": lambda c: c.without("jti"),
    "an id that is a list": lambda c: c.good(jti=["a"]),
    "a token for a vault": lambda c: c.target.deployer(KEYS),
    "a token of a pod": lambda c: c.target.stand(workload="dgca-verifier-service")["files"]["azure-identity-token"],
    "nothing": lambda _: "",
    "dots": lambda _: "..",
    "too long": lambda c: c.good(more="x" * 20_000),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_assertion(client: Client, forgery: str) -> None:
    assert is_refused(client.show(FORGERIES[forgery](client)))


def test_a_pod_is_nobody_else(client: Client) -> None:
    """Not even with its own good token: each credential names one subject."""
    found = client.target.stand(workload="portal-sign-in")
    form = {"grant_type": "client_credentials", "client_assertion_type": BEARER, "scope": f"{KEYS}/.default"}
    form["client_assertion"] = client.target.kept("a pod's token", found["files"]["azure-identity-token"])
    for key, ids in client.target.names["principals"].items():
        answer = client.target.signed_in({**form, "client_id": ids["client"]})
        own = ids["client"] == found["variables"]["AZURE_CLIENT_ID"]
        assert (answer.status == 200) is own, key
        assert own or is_refused(answer)


def test_the_token_of_a_pod_is_no_token(client: Client) -> None:
    text = client.target.stand(workload="portal-sign-in")["files"]["azure-identity-token"]
    header, claims, _ = parts(text)
    for change in ({"sub": "system:serviceaccount:database-setup:database-setup"}, {"aud": ["another"]}, {"exp": 1}):
        assert is_refused(client.show(signed(header, {**claims, **change}, THEIRS)))


@pytest.mark.parametrize(
    "more",
    [
        {"client_secret": "guess"}, {"client_secret": ""}, {"grant_type": "password", "username": "a", "password": "b"},
        {"grant_type": "authorization_code", "code": "a"}, {"grant_type": "refresh_token", "refresh_token": "a"},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a"}, {"client_id": "*"},
        {"client_id": "' OR '1'='1"}, {"scope": "https://vault.azure.net.attacker.example/.default"},
    ],
    ids=lambda m: " ".join(f"{k}={v}" for k, v in m.items())[:50],
)  # fmt: skip
def test_a_good_assertion_with_something_more(client: Client, more: dict[str, str]) -> None:
    assert is_refused(client.show(client.good(), **more))


PAGE = "/common/oauth2/deviceauth"


@pytest.mark.parametrize("workload", ["dgca-issuance-service", "vm-jump-eudcc-ie-prod"])
def test_code_signs_in_as_nobody_on_the_page_for_people(target: Target, workload: str) -> None:
    for method, body in (("GET", b""), ("POST", b"user_code=AAAA&account=deployer")):
        answer = target.line(workload=workload).opened(LOGIN).request(method, PAGE, FORM, body)
        assert answer.status == 403
        assert b"<form" not in answer.body


@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "<img src=x onerror=a>", "' onfocus='a", "&lt;script&gt;"]
)
def test_the_page_for_people_runs_nothing(target: Target, text: str) -> None:
    line = target.line("internet").opened(LOGIN)
    for method, path, body in (
        ("GET", f"{PAGE}?{urlencode({'otc': text})}", b""),
        ("POST", PAGE, urlencode({"user_code": text, "account": text}).encode()),
    ):
        answer = line.request(method, path, FORM, body)
        assert answer.status in (200, 400)
        assert text.encode() not in answer.body
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_code_that_nobody_asked_for_signs_in_nobody(target: Target) -> None:
    line = target.line("internet").opened(LOGIN)
    for code in ("", "AAAAAAAAA", "*", "%", "0", "' OR 1=1 --"):
        answer = line.request("POST", PAGE, FORM, urlencode({"user_code": code, "account": "deployer"}).encode())
        assert answer.status == 400
        assert b"Signed in" not in answer.body


def test_nothing_broke(target: Target) -> None:
    assert "Traceback" not in target.folder.output.read_text()
