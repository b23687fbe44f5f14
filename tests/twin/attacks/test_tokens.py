"""Forged, spoilt and misused tokens at every door that takes one: none opens it, and each is refused as one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization

from ringfence.twin.entra import tokens
from tests.twin.attacks.target import ACCOUNT, ARM, FLOWS, LOGS, NODES, VAULT, Answer, Target, bearer
from tests.twin.entra.forge import by_hmac, part, parts, signed, unsigned

if TYPE_CHECKING:
    from collections.abc import Callable

MANAGEMENT, STORAGE = "https://management.azure.com", "https://storage.azure.com"
KEYS, QUERY = "https://vault.azure.net", "https://api.loganalytics.io"
WORKSPACE = "ie#azurerm_log_analytics_workspace.core[0]"


class Door:
    """Where a token is shown: a host, a request, from where, and for whom the token is."""

    def __init__(self, host: str, method: str, path: str, at: str, audience: str, who: str = "") -> None:
        self.host, self.method, self.path, self.at, self.audience, self.who = host, method, path, at, audience, who

    def answer(self, target: Target, headers: dict[str, str]) -> Answer:
        path = self.path.format(workspace=target.names["workspaces"][WORKSPACE])
        body = b'{"query": "AzureActivity"}' if self.method == "POST" else b""
        more = {"Content-Type": "application/json", "x-ms-version": "2023-11-03", **headers}
        return target.line(self.at).opened(self.host).request(self.method, path, more, body)

    def token(self, target: Target) -> str:
        return target.identity(self.who, self.audience) if self.who else target.deployer(self.audience)


def is_void(answer: Answer) -> bool:
    """Refused because of the token itself; the log's interface says so in words.

    Source: learn.microsoft.com/azure/azure-monitor/logs/api/errors ("InvalidTokenError")
    """
    return answer.status == 401 or (answer.status == 403 and b'"InvalidTokenError"' in answer.body)


DOORS = {
    "a vault": Door(VAULT, "GET", "/secrets/canary?api-version=7.4", NODES, KEYS),
    "blobs": Door(ACCOUNT, "GET", "/?comp=list", NODES, STORAGE, FLOWS),
    "Resource Manager": Door(ARM, "GET", "/subscriptions?api-version=2022-12-01", "internet", MANAGEMENT),
    "log queries": Door(LOGS, "POST", "/v1/workspaces/{workspace}/query", NODES, QUERY),
}


class Forge:
    """A good token, taken apart."""

    def __init__(self, target: Target, door: Door) -> None:
        self.target, self.good = target, door.token(target)
        self.header, self.claims, self.signature = parts(self.good)
        self.key = target.key

    def claim(self, **changes: Any) -> str:
        return signed(self.header, {**self.claims, **changes}, self.key)

    def without(self, name: str) -> str:
        return signed(self.header, {k: v for k, v in self.claims.items() if k != name}, self.key)

    def head(self, **changes: Any) -> str:
        """A header of the attacker's, signed with his own key."""
        return signed({**self.header, **changes}, self.claims, OTHERS)

    def mine(self, **changes: Any) -> str:
        """A header of the attacker's on what the directory signed."""
        return signed({**self.header, **changes}, self.claims, self.key)

    def public(self, form: str) -> bytes:
        encoding = serialization.Encoding.PEM if form == "pem" else serialization.Encoding.DER
        return self.key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)

    def hmac(self, secret: bytes, **changes: Any) -> str:
        return by_hmac({**self.header, "alg": "HS256", **changes}, self.claims, secret)


OTHERS = tokens.new_key()
OTHER_KEY = tokens.as_jwk(OTHERS.public_key(), "theirs")
OTHER = "11111111-2222-4333-8444-555555555555"
FORGERIES: dict[str, Callable[[Forge], str]] = {
    "without a signature": lambda f: unsigned(f.header, f.claims),
    "with alg none": lambda f: unsigned({**f.header, "alg": "none"}, f.claims),
    "with alg None": lambda f: unsigned({**f.header, "alg": "None"}, f.claims),
    "with alg nOnE and the signature left": lambda f: f"{unsigned({**f.header, 'alg': 'nOnE'}, f.claims)}{f.signature}",
    "with no alg at all": lambda f: unsigned({"typ": "JWT"}, f.claims),
    "with the signature of another": lambda f: f"{part(f.header)}.{part({**f.claims, 'oid': OTHER})}.{f.signature}",
    "with half a signature": lambda f: f.good[: -len(f.signature) // 2],
    "with a key of the attacker's": lambda f: f.head(),
    "with HS256 and the public key": lambda f: f.hmac(f.public("pem")),
    "with HS256 and the public key stripped": lambda f: f.hmac(f.public("pem").strip()),
    "with HS256 and the public key in DER": lambda f: f.hmac(f.public("der")),
    "with HS256 and nothing": lambda f: f.hmac(b""),
    "with HS256 and the key's name": lambda f: f.hmac(str(f.header["kid"]).encode()),
    "with RS384 in its header": lambda f: f.mine(alg="RS384"),
    "with a file for its key": lambda f: f.hmac(b"", kid="../../../../dev/null"),
    "with a file of the folder for its key": lambda f: f.hmac(b"", kid=str(f.target.folder.path / "lock")),
    "with an address for its key": lambda f: f.head(kid="https://attacker.example/key"),
    "with SQL for its key": lambda f: f.hmac(b"a", kid="' UNION SELECT 'a' --"),
    "with no name of a key": lambda f: signed({"alg": "RS256"}, f.claims, f.key),
    "with an empty name of a key": lambda f: f.mine(kid=""),
    "with a list of keys": lambda f: f.mine(kid=[f.header["kid"]]),
    "with a null in the name": lambda f: f.mine(kid=f"{f.header['kid']}\0"),
    "with jku": lambda f: f.head(jku="https://attacker.example/keys", kid="theirs"),
    "with jku, and ours": lambda f: f.mine(jku="https://attacker.example/keys"),
    "with jwk": lambda f: f.head(jwk=OTHER_KEY, kid="theirs"),
    "with jwk, and our name": lambda f: f.head(jwk=OTHER_KEY),
    "with x5u": lambda f: f.head(x5u="https://attacker.example/certificate"),
    "with x5c": lambda f: f.head(x5c=["MIIB"]),
    "with crit": lambda f: f.mine(crit=["exp"]),
    "with b64": lambda f: f.mine(b64=False, crit=["b64"]),
    "with zip": lambda f: f.mine(zip="DEF"),
    "that has expired": lambda f: f.claim(exp=int(time.time()) - 1),
    "that expires never": lambda f: f.without("exp"),
    "that expires in words": lambda f: f.claim(exp="never"),
    "that expires at infinity": lambda f: f.claim(exp=float("inf")),
    "that does not hold yet": lambda f: f.claim(nbf=int(time.time()) + 60),
    "that will be made": lambda f: f.claim(iat=int(time.time()) + 60),
    "for nobody": lambda f: f.without("aud"),
    "for another service": lambda f: f.claim(aud="https://graph.microsoft.com"),
    "for many services": lambda f: f.claim(aud=[f.claims["aud"], "https://graph.microsoft.com"]),
    "for a host that looks so": lambda f: f.claim(aud=f"{f.claims['aud']}.attacker.example"),
    "for the name in capitals and more": lambda f: f.claim(aud=f"{f.claims['aud']}/../"),
    "of no issuer": lambda f: f.without("iss"),
    "of another issuer": lambda f: f.claim(iss="https://attacker.example/"),
    "of another tenant's issuer": lambda f: f.claim(iss=f"https://sts.windows.net/{OTHER}/"),
    "of another tenant": lambda f: f.claim(tid=OTHER),
    "of no tenant": lambda f: f.without("tid"),
    "of somebody unknown": lambda f: f.claim(oid=OTHER, sub=OTHER),
    "of nobody": lambda f: f.without("oid"),
    "of everybody": lambda f: f.claim(oid=["*"]),
    "of an object": lambda f: f.claim(oid={"$ne": ""}),
    "of claims that are a list": lambda f: signed(f.header, [f.claims], f.key),
    "of claims that are no JSON": lambda f: signed(f.header, b"\xff\xfe", f.key),
    "that nests": lambda f: signed(f.header, b"[" * 9000 + b"]" * 9000, f.key),
    "of four parts": lambda f: f"{f.good}.{f.signature}",
    "of one part": lambda f: part(f.claims),
    "of dots": lambda _: "...",
    "that is too long": lambda f: f.claim(more="x" * 13000),
    "twice": lambda f: f"{f.good}, Bearer {f.good}",
    "with a space inside": lambda f: f"{f.good[:30]} {f.good[30:]}",
    "that is the deployer's secret": lambda f: f.target.ask("sign", who="deployer")["AZURE_CLIENT_SECRET"],
    "that a pod was given": lambda f: f.target.stand(workload="portal-sign-in")["files"]["azure-identity-token"],
}  # fmt: skip


@pytest.fixture(scope="module")
def forges(target: Target) -> dict[str, Forge]:
    return {name: Forge(target, door) for name, door in DOORS.items()}


@pytest.mark.parametrize("door", DOORS)
def test_the_good_one_is_taken(target: Target, forges: dict[str, Forge], door: str) -> None:
    """As it is, and as the forge makes it anew; it may not ask for logs, but is known."""
    for token in (forges[door].good, forges[door].claim()):
        answer = DOORS[door].answer(target, bearer(token))
        assert answer.status == 200 or (door == "log queries" and b'"AuthorizationFailed"' in answer.body)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token(target: Target, forges: dict[str, Forge], forgery: str, door: str) -> None:
    assert is_void(DOORS[door].answer(target, bearer(FORGERIES[forgery](forges[door]))))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "header",
    [
        {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Bearer null"},
        {"Authorization": "Basic YTpi"}, {"Authorization": "Digest a"}, {"Authorization": "Negotiate YTpi"},
        {"X-Authorization": "{good}"}, {"X-MS-Client-Principal": "eyJhIjoiYiJ9"}, {"Cookie": "access_token={good}"},
        {"X-MS-Token-AAD-Access-Token": "{good}"}, {"X-Original-Authorization": "Bearer {good}"},
    ],
    ids=lambda h: next((f"{name}: {value}" for name, value in h.items()), "no header"),
)  # fmt: skip
def test_a_header(target: Target, forges: dict[str, Forge], header: dict[str, str], door: str) -> None:
    given = {name: value.format(good=forges[door].good) for name, value in header.items()}
    assert 400 <= DOORS[door].answer(target, given).status < 500


@pytest.mark.parametrize("door", ["a vault", "Resource Manager", "log queries"])
def test_a_token_in_the_address(target: Target, forges: dict[str, Forge], door: str) -> None:
    """It would be in everybody's log."""
    there = DOORS[door]
    sign = "&" if "?" in there.path else "?"
    other = Door(there.host, there.method, f"{there.path}{sign}access_token={forges[door].good}", there.at, "")
    assert is_void(other.answer(target, {}))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("other", DOORS)
def test_a_token_for_one_service_at_another(target: Target, forges: dict[str, Forge], other: str, door: str) -> None:
    if other != door:
        assert is_void(DOORS[door].answer(target, bearer(forges[other].good)))
