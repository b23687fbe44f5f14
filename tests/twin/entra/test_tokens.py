"""What makes an access token void: each part of it changed in turn, and its owner gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ringfence.model.world import Change
from ringfence.twin.entra.tokens import VoidTokenError, as_jwk
from tests.twin.entra import forge
from tests.twin.grounds import Clock, Platform, ground

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ringfence.model.principal import Principal
    from ringfence.twin.ground import Ground

VAULT = "https://vault.azure.net"
GUEST = "data-scientist@hospital.example.nhs.uk"
INVITED = "core#azuread_invitation.data_scientists_data_scientist_hospital_example_nhs_uk"
THIEF = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def flowehr(tmp_path: Path, clock: Clock) -> Ground:
    return ground(Platform("flowehr"), tmp_path, now=clock)


def named(found: Ground, name: str) -> Principal:
    return next(p for p in found.directory.everybody() if p.name == name)


def owner(found: Ground) -> Principal:
    return named(found, "flowehr-sql-owner-oakvale-prod")


def void(found: Ground, token: str, audience: str = VAULT) -> str:
    with pytest.raises(VoidTokenError) as refused:
        found.tokens.caller(token, (audience,))
    assert not any(piece in str(refused.value) for piece in token.split(".") if len(piece) > 8)
    return str(refused.value)


def test_a_token_says_whose_it_is(flowehr: Ground) -> None:
    token = flowehr.tokens.issue(owner(flowehr), VAULT)
    caller = flowehr.tokens.caller(token.text, (VAULT,))
    assert caller.principal == owner(flowehr)
    assert caller.object_id == flowehr.directory.object_id(owner(flowehr))
    assert caller.app_id == flowehr.directory.app_id(owner(flowehr))
    assert (caller.claims["idtyp"], caller.claims["ver"], caller.name) == ("app", "1.0", "")


def test_a_slash_at_the_end_makes_no_difference(flowehr: Ground) -> None:
    token = flowehr.tokens.issue(owner(flowehr), "https://storage.azure.com").text
    assert flowehr.tokens.caller(token, ("https://storage.azure.com/",)).principal == owner(flowehr)


def test_groups_are_named_by_their_ids(flowehr: Ground) -> None:
    claims = flowehr.tokens.caller(flowehr.tokens.issue(named(flowehr, GUEST), VAULT).text, (VAULT,)).claims
    group = named(flowehr, "flowehr-oakvale-prod-data-scientists")
    assert claims["groups"] == [flowehr.directory.object_id(group)]


def header(found: Ground, **more: Any) -> dict[str, Any]:
    return {"alg": "RS256", "typ": "JWT", "kid": found.tokens.kid, **more}


def public(found: Ground) -> bytes:
    return found.tokens.public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


FORGERIES: dict[str, Callable[[Ground, dict[str, Any]], str]] = {
    "unsigned": lambda g, c: forge.unsigned(header(g, alg="none"), c),
    "unsigned, in capitals": lambda g, c: forge.unsigned(header(g, alg="NONE"), c),
    "no signature": lambda g, c: forge.unsigned(header(g), c),
    "algorithm confusion": lambda g, c: forge.by_hmac(header(g, alg="HS256"), c, public(g)),
    "an empty secret": lambda g, c: forge.by_hmac(header(g, alg="HS256"), c, b""),
    "another key": lambda g, c: forge.signed(header(g), c, THIEF),
    "another key by its name": lambda g, c: forge.signed(header(g, kid="mine"), c, THIEF),
    "a key name that is a path": lambda g, c: forge.signed(header(g, kid="../../../../dev/null"), c, THIEF),
    "a key name that is a query": lambda g, c: forge.signed(header(g, kid="x' UNION SELECT 'key"), c, THIEF),
    "a key name that is no text": lambda g, c: forge.signed(header(g, kid=[g.tokens.kid]), c, THIEF),
    "a key brought along": lambda g, c: forge.signed(header(g, jwk=as_jwk(THIEF.public_key(), "mine")), c, THIEF),
    "a key at an address": lambda g, c: forge.signed(header(g, jku="https://attacker.example/keys"), c, THIEF),
    "a certificate at an address": lambda g, c: forge.signed(header(g, x5u="https://attacker.example/c"), c, THIEF),
    "a certificate brought along": lambda g, c: forge.signed(header(g, x5c=["MIIB"]), c, THIEF),
    "a rule of its own": lambda g, c: forge.signed(header(g, crit=["exp"]), c, THIEF),
    "two parts": lambda g, c: ".".join(forge.signed(header(g), c, THIEF).split(".")[:2]),
    "five parts": lambda g, c: forge.signed(header(g), c, THIEF) + ".a.b",
    "no object": lambda g, c: forge.signed(header(g), ["oid"], THIEF),
    "deeply nested": lambda g, c: forge.signed(header(g), b"[" * 9000, THIEF),
    "not a number": lambda g, c: forge.signed(header(g), {**c, "exp": float("nan")}, THIEF),
    "too long": lambda g, c: forge.signed(header(g), {**c, "more": "x" * 20_000}, THIEF),
    "empty": lambda g, c: "",
    "dots": lambda g, c: "..",
    "no text": lambda g, c: "\ud800.\ud800.\ud800",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_void(flowehr: Ground, forgery: str) -> None:
    true = flowehr.tokens.issue(owner(flowehr), VAULT).text
    flowehr.tokens.caller(true, (VAULT,))
    claims = forge.parts(true)[1]
    void(flowehr, FORGERIES[forgery](flowehr, claims))


@pytest.mark.parametrize("claim", ["oid", "aud", "exp", "tid", "iss", "groups"])
def test_a_claim_that_was_changed_breaks_the_signature(flowehr: Ground, claim: str) -> None:
    told, claims, signature = forge.parts(flowehr.tokens.issue(owner(flowehr), VAULT).text)
    assert "signature" in void(flowehr, f"{forge.part(told)}.{forge.part({**claims, claim: 'another'})}.{signature}")


@pytest.mark.parametrize("claim", ["aud", "exp", "iat", "iss", "nbf", "oid", "tid", "uti", "ver"])
def test_a_token_that_lacks_a_claim_is_void(flowehr: Ground, claim: str) -> None:
    claims = forge.parts(flowehr.tokens.issue(owner(flowehr), VAULT).text)[1]
    del claims[claim]
    key: Any = flowehr.tokens._key
    assert "lacks" in void(flowehr, forge.signed(header(flowehr), claims, key))


def test_it_holds_for_one_audience(flowehr: Ground) -> None:
    token = flowehr.tokens.issue(owner(flowehr), "https://management.azure.com/").text
    assert void(flowehr, token) == "it is for another audience"


def test_it_holds_from_its_beginning_to_its_end(flowehr: Ground, clock: Clock) -> None:
    token = flowehr.tokens.issue(owner(flowehr), VAULT).text
    clock.forward(minutes=59, seconds=59)
    flowehr.tokens.caller(token, (VAULT,))
    clock.forward(seconds=1)
    assert void(flowehr, token) == "it has expired"
    clock.forward(hours=-2)
    assert void(flowehr, token) == "it does not hold yet"


def test_a_managed_identity_has_its_token_for_a_day(flowehr: Ground, clock: Clock) -> None:
    token = flowehr.tokens.issue(named(flowehr, "adf-oakvale-prod"), VAULT)
    assert token.expires - clock.now == timedelta(hours=24)


@pytest.mark.parametrize("claim", ["tid", "iss"])
def test_a_token_of_another_tenant_is_void_although_the_same_key_signs_it(flowehr: Ground, claim: str) -> None:
    other = {"tid": "1f0c3b1e-0000-4000-8000-000000000001", "iss": "https://sts.windows.net/another/"}
    token = flowehr.tokens.issue(owner(flowehr), VAULT, claims={claim: other[claim]}).text
    assert void(flowehr, token) == {"tid": "it is of another tenant", "iss": "another issuer signed it"}[claim]


def test_a_guest_of_another_environment_is_nobody_here(flowehr: Ground, tmp_path: Path) -> None:
    """Source: FlowEHR, "Guests are admitted separately to development and production"."""
    run = "0f0f0f0f-0c1a-4a3e-9a57-2f0a0b9f6a10"
    development = ground(Platform("flowehr", "dev"), tmp_path / "dev", run=run, now=flowehr.now)
    developer = next(p for p in development.directory.people() if p.kind == "guest")
    token = development.tokens.issue(developer, VAULT).text
    assert development.tokens.caller(token, (VAULT,)).principal == developer
    assert void(flowehr, token)


def test_a_guest_who_was_removed_has_no_token_that_holds(flowehr: Ground) -> None:
    token = flowehr.tokens.issue(named(flowehr, GUEST), VAULT).text
    assert flowehr.tokens.caller(token, (VAULT,)).name == GUEST
    flowehr.present.become(Change(without=(INVITED,)))
    assert "not in the directory" in void(flowehr, token)
    flowehr.present.become(Change())
    assert flowehr.tokens.caller(token, (VAULT,)).name == GUEST


def test_an_id_token_opens_nothing(flowehr: Ground) -> None:
    now = flowehr.now()
    text = flowehr.tokens.signed({"aud": VAULT, "iss": flowehr.tokens.issuer2}, now, now + timedelta(hours=1))
    assert void(flowehr, text) == "it lacks a claim that every token has"
