"""Tokens of other issuers: each declared credential takes exactly what it names, and no pod has another's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ringfence.model.world import Change
from ringfence.questions.workloads.every import workloads
from ringfence.twin.entra import federation, issuers
from ringfence.twin.entra.tokens import as_jwk
from tests.twin.entra import forge
from tests.twin.entra.stands import VAULT, Stand, codes, workload
from tests.twin.grounds import Clock, Platform, ground

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ringfence.twin.ground import Ground

JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE = "api://AzureADTokenExchange"
SERVICE = "dgca_issuance_service_deployment"
IDENTITY = "ie-workloads#azurerm_user_assigned_identity.dgca_issuance_service"
CREDENTIAL = "ie-workloads#azurerm_federated_identity_credential.dgca_issuance_service"
SUBJECT = "system:serviceaccount:dgca-issuance-service:dgca-issuance-service"
THIEF = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand(tmp_path: Path, clock: Clock) -> Stand:
    return Stand(ground(Platform("eudcc"), tmp_path, now=clock))


def exchanged(stand: Stand, token: str, key: str = IDENTITY) -> tuple[int, dict[str, Any]]:
    """What the endpoint answers to a token of a pod that wants to act as an identity."""
    directory = stand.ground.directory
    (who,) = directory.of(stand.ground.present.estate.resources[key])
    return stand.token(
        grant_type="client_credentials",
        client_id=directory.app_id(who),
        client_assertion_type=JWT,
        client_assertion=token,
        scope=f"{VAULT}/.default",
    )


def of_pod(found: Ground, end: str = SERVICE) -> str:
    return federation.service_account_token(found, workload(found, end))


def issuer(found: Ground, root: str = "ie") -> str:
    return next(url for url, cluster in issuers.clusters(found).items() if cluster.root == root)


def test_a_pod_acts_as_its_identity(stand: Stand) -> None:
    status, told = exchanged(stand, of_pod(stand.ground))
    assert status == 200
    caller = stand.ground.tokens.caller(told["access_token"], (VAULT,))
    assert (caller.principal.key, caller.claims["appidacr"]) == (IDENTITY, "2")


def test_the_token_of_a_pod_can_be_shown_again_while_it_holds(stand: Stand, clock: Clock) -> None:
    token = of_pod(stand.ground)
    assert [exchanged(stand, token)[0] for _ in range(2)] == [200, 200]
    clock.forward(hours=1, minutes=6)
    assert codes(exchanged(stand, token)[1]) == [700024]


def test_pods_without_a_binding_get_no_token(stand: Stand) -> None:
    """Source: EUDCC deep dives, "Pod identity": a pod gets a token of its own identity only."""
    every = [w for w in workloads(stand.ground.present.estate) if w.cluster is not None]
    without = {w.title for w in every if not federation.service_account_token(stand.ground, w)}
    assert without == {"ingress", "aks-eudcc-eu-prod nodes", "aks-eudcc-ie-prod nodes"}


def test_no_pod_acts_as_another(stand: Stand) -> None:
    """Every pod's token at every identity: accepted where a credential names it, nowhere else."""
    found, directory = stand.ground, stand.ground.directory
    pods = {w.key: w for w in workloads(found.present.estate) if federation.service_account_token(found, w)}
    trusts = {trust.owner.key for trust in federation.trusts(found)}
    identities = [p for p in directory.everybody() if p.kind == "user-assigned identity" and p.resource is not None]
    for pod in pods.values():
        token = federation.service_account_token(found, pod)
        own = {p.key for p in pod.identities if p.key in trusts}  # type: ignore[union-attr]
        for who in identities:
            if who.resource.key in found.present.estate.resources and not who.key.endswith("kubelet"):
                assert (exchanged(stand, token, who.resource.key)[0] == 200) == (who.key in own), (pod.title, who.name)


def changed(found: Ground, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """The token of the pod with another header or claims, signed by its issuer."""
    told, said, _ = forge.parts(of_pod(found))
    content = {name: value for name, value in {**said, **claims}.items() if value is not None}
    return forge.signed({**told, **(header or {})}, content, key_of(found, said["iss"]))


def as_if(found: Ground, algorithm: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of the pod's token, as if another algorithm had signed it."""
    told, said, _ = forge.parts(of_pod(found))
    return {**told, "alg": algorithm}, said


def key_of(found: Ground, url: str) -> Any:
    return issuers._key(found, url)


def public(found: Ground) -> bytes:
    _, key = issuers.public_key(found, issuer(found))
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


NOW = int(Clock().now.timestamp())
WRONG: dict[str, tuple[int, Callable[[Ground], str]]] = {
    "no token": (50027, lambda g: "this is none"),
    "of another issuer": (700211, lambda g: changed(g, iss="https://attacker.example/")),
    "of the other cluster": (700211, lambda g: of_pod(g, "dgc_gateway_deployment")),
    "of an issuer with one slash less": (700211, lambda g: changed(g, iss=issuer(g).rstrip("/"))),
    "of no issuer": (700211, lambda g: changed(g, iss=None)),
    "of another subject": (700213, lambda g: changed(g, sub=SUBJECT.replace("-service:", "-service-public:"))),
    "of a subject in capitals": (700213, lambda g: changed(g, sub=SUBJECT.upper())),
    "of several subjects": (700213, lambda g: changed(g, sub=[SUBJECT])),
    "of no subject": (700213, lambda g: changed(g, sub=None)),
    "for another audience": (700212, lambda g: changed(g, aud=["https://kubernetes.default.svc"])),
    "for several audiences": (700212, lambda g: changed(g, aud=[EXCHANGE, "https://kubernetes.default.svc"])),
    "for no audience": (700212, lambda g: changed(g, aud=None)),
    "expired": (700024, lambda g: changed(g, exp=NOW - 301)),
    "without an end": (700024, lambda g: changed(g, exp=None)),
    "with an end that is no number": (700024, lambda g: changed(g, exp="tomorrow")),
    "with an end that is true": (700024, lambda g: changed(g, exp=True)),
    "for ever": (700024, lambda g: changed(g, exp=10**30)),
    "for a week": (700024, lambda g: changed(g, exp=NOW + 7 * 86_400)),
    "of tomorrow": (700024, lambda g: changed(g, nbf=NOW + 86_400)),
    "made tomorrow": (700024, lambda g: changed(g, iat=NOW + 86_400)),
    "unsigned": (50013, lambda g: forge.unsigned(*as_if(g, "none"))),
    "algorithm confusion": (50013, lambda g: forge.by_hmac(*as_if(g, "HS256"), public(g))),
    "signed by a thief": (50013, lambda g: forge.signed(*forge.parts(of_pod(g))[:2], THIEF)),
    "signed by the other cluster": (
        50013, lambda g: forge.signed(*forge.parts(of_pod(g))[:2], key_of(g, issuer(g, "eu")))),
    "signed by the directory": (
        50013, lambda g: forge.signed(*forge.parts(of_pod(g))[:2], g.tokens._key)),
    "with a key of another name": (50013, lambda g: changed(g, {"kid": "../../etc/passwd"})),
    "with a key brought along": (50027, lambda g: changed(g, {"jwk": as_jwk(THIEF.public_key(), "mine")})),
    "with a key at an address": (50027, lambda g: changed(g, {"jku": "https://attacker.example/keys"})),
    "with a certificate at an address": (50027, lambda g: changed(g, {"x5u": "https://attacker.example/c"})),
    "with a rule of its own": (50027, lambda g: changed(g, {"crit": ["exp"]})),
    "too long": (50027, lambda g: changed(g, more="x" * 20_000)),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_token_is_refused(stand: Stand, wrong: str) -> None:
    code, make = WRONG[wrong]
    token = make(stand.ground)
    status, told = exchanged(stand, token)
    assert (codes(told), status, told["error"]) == ([code], 401, "invalid_client")
    assert not any(piece in json.dumps(told) for piece in token.split(".") if len(piece) > 20)


def test_an_access_token_is_no_assertion(stand: Stand) -> None:
    (who,) = stand.ground.directory.of(stand.ground.present.estate.resources[IDENTITY])
    token = stand.ground.tokens.issue(who, VAULT).text
    assert codes(exchanged(stand, token)[1]) == [700211]


def test_a_credential_that_is_gone_takes_nothing(stand: Stand) -> None:
    token = of_pod(stand.ground)
    stand.ground.present.become(Change(without=(CREDENTIAL,)))
    assert codes(exchanged(stand, token)[1]) == [70021]


def test_an_identity_that_is_gone_is_nobody(stand: Stand) -> None:
    token, directory = of_pod(stand.ground), stand.ground.directory
    (who,) = directory.of(stand.ground.present.estate.resources[IDENTITY])
    stand.ground.present.become(Change(without=(IDENTITY,)))
    form = {"client_assertion_type": JWT, "client_assertion": token, "scope": f"{VAULT}/.default"}
    _, told = stand.token(grant_type="client_credentials", client_id=directory.app_id(who), **form)
    assert codes(told) == [700016]


def test_a_cluster_publishes_its_keys(stand: Stand) -> None:
    url = issuer(stand.ground)
    told = json.loads(stand.ask("GET", f"{url}.well-known/openid-configuration").body)
    assert told["issuer"] == url == forge.parts(of_pod(stand.ground))[1]["iss"]
    (key,) = json.loads(stand.ask("GET", told["jwks_uri"]).body)["keys"]
    assert key["kid"] == forge.parts(of_pod(stand.ground))[0]["kid"]
    assert not {"d", "p", "q"} & set(key)
    assert stand.ask("GET", f"{url}../openid/v1/jwks").status == 404


def test_issuers_keep_their_keys_when_the_twin_starts_again(stand: Stand, tmp_path: Path, clock: Clock) -> None:
    token = of_pod(stand.begin().ground)
    again = Stand(ground(Platform("eudcc"), tmp_path, now=clock)).begin()
    assert exchanged(again, token)[0] == 200


def test_tests_get_tokens_for_declared_subjects_only(tmp_path: Path, clock: Clock) -> None:
    found = Stand(ground(Platform("flowehr"), tmp_path, now=clock)).ground
    subject = "repo:oakvale-health/flowehr:environment:prod"
    header, claims, _ = forge.parts(federation.trial_token(found, subject))
    assert (claims["iss"], claims["aud"]) == ("https://token.actions.githubusercontent.com", EXCHANGE)
    assert timedelta(seconds=claims["exp"] - claims["iat"]) == timedelta(minutes=5)
    assert header["kid"] != found.tokens.kid
    with pytest.raises(LookupError):
        federation.trial_token(found, "repo:attacker/flowehr:environment:prod")


def test_the_directory_itself_is_not_stood_in_for(tmp_path: Path, clock: Clock) -> None:
    """A site's application trusts the token of its identity; nothing but that identity gets one."""
    found = ground(Platform("flowehr"), tmp_path, now=clock)
    own = next(t for t in federation.trusts(found) if t.issuer == found.tokens.issuer2)
    assert own.subject in {found.directory.object_id(p) for p in found.directory.everybody()}
    with pytest.raises(LookupError):
        federation.trial_token(found, own.subject or "")
