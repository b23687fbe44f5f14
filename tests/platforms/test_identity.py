"""Identities and applications: whose tokens they are known by, and what proves them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ringfence.constructs.entra import Application, Group
from ringfence.constructs.identity import Identity
from ringfence.constructs.secret import renewal
from ringfence.constructs.vault import Vault
from ringfence.errors import ConstructError
from ringfence.model.keyvault import Secret
from ringfence.questions.access.authorities.stored import keys_in
from tests.platforms.ground import ground, taken

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 22)
ISSUER = "https://token.actions.githubusercontent.com"


def test_an_identity_is_known_by_the_tokens_of_one_subject(tmp_path: Path) -> None:
    file, home = ground()
    identity = Identity(file, "app", home, called="id-app")
    identity.trusts("app_prod", called="prod", issuer=ISSUER, subject="repo:example/app:environment:prod")
    found = taken(file, tmp_path).resources["core#azurerm_federated_identity_credential.app_prod"]
    assert str(found.subject.value) == "repo:example/app:environment:prod"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("issuer", "subject", "message"),
    [
        ("http://example.org", "system:serviceaccount:a:b", "cannot trust http://example.org"),
        (ISSUER, "repo:example/*", "would trust"),
        (ISSUER, "", "for nobody"),
    ],
)
def test_a_trust_that_is_too_wide_is_refused(issuer: str, subject: str, message: str) -> None:
    file, home = ground()
    identity = Identity(file, "app", home, called="id-app")
    with pytest.raises(ConstructError, match=message):
        identity.trusts("app", called="any", issuer=issuer, subject=subject)


def test_the_same_subject_is_not_trusted_twice() -> None:
    file, home = ground()
    identity = Identity(file, "app", home, called="id-app")
    identity.trusts("one", called="one", issuer=ISSUER, subject="repo:example/app:environment:prod")
    with pytest.raises(ConstructError, match="twice"):
        identity.trusts("two", called="two", issuer=ISSUER, subject="repo:example/app:environment:prod")


def test_an_identity_has_a_name_that_azure_takes() -> None:
    file, home = ground()
    with pytest.raises(ConstructError, match="cannot be called -x"):
        Identity(file, "app", home, called="-x")


def test_an_application_is_known_by_a_token_or_by_what_is_in_a_vault(tmp_path: Path) -> None:
    file, home = ground()
    vault = Vault(file, "core", home, called="kv-core")
    pipeline = Application(file, "pipeline", called="pipeline", what="It deploys.")
    pipeline.trusts("pipeline", called="github", issuer=ISSUER, subject="repo:example/app:environment:prod")
    clock = renewal(file, "secrets", days=180, owner="platform owner")
    Application(file, "old", called="old", what="It knows passwords only.").password_in(vault, clock, called="old")
    estate = taken(file, tmp_path)
    register = file.layer.register
    assert [(r.name, r.days) for r in register.rotations] == [("old", 180)]
    assert [(i.name, i.type) for i in register.items] == [("old", "Secret")]
    (secret,) = estate.of(Secret)
    assert [o.becomes.name for o in keys_in(estate)[secret.key]] == ["old"]
    with pytest.raises(ConstructError, match="would trust"):
        pipeline.trusts("any", called="any", issuer=ISSUER, subject="repo:example/*")


def test_guests_keep_their_account_at_home(tmp_path: Path) -> None:
    file, _ = ground()
    group = Group(file, "scientists", called="data-scientists", what="They look at features.")
    group.admit(home="example.nhs.uk", people=("scientist@example.nhs.uk",), environment="prod", purpose="analysis")
    taken(file, tmp_path)
    assert [(g.home, g.environment) for g in file.layer.register.guests] == [("example.nhs.uk", "prod")]
    with pytest.raises(ConstructError, match=r"has no account at example\.nhs\.uk"):
        group.admit(home="example.nhs.uk", people=("who@example.org",), environment="prod", purpose="analysis")


@pytest.mark.parametrize(
    ("reason", "owner", "expires", "message"),
    [
        ("", "platform owner", date(2027, 1, 1), "has no reason"),
        ("trying the app", "", date(2027, 1, 1), "has no owner"),
        ("trying the app", "platform owner", TODAY, "ended on 2026-11-22"),
        ("trying the app", "platform owner", date(2028, 1, 1), "would last until 2028-01-01"),
    ],
)
def test_an_account_of_ones_own_says_why_whose_and_until_when(
    reason: str, owner: str, expires: date, message: str
) -> None:
    file, _ = ground()
    group = Group(file, "testers", called="testers", what="They try apps.")
    with pytest.raises(ConstructError, match=message):
        group.admit_own("tester@example.org", reason=reason, owner=owner, expires=expires, today=TODAY)


def test_an_account_of_ones_own_is_a_member_until_its_day(tmp_path: Path) -> None:
    file, _ = ground()
    group = Group(file, "testers", called="testers", what="They try apps.")
    group.admit_own(
        "tester@example.org", reason="trying the app", owner="platform owner", expires=date(2027, 1, 1), today=TODAY
    )
    taken(file, tmp_path)
    assert [(a.name, a.owner) for a in file.layer.register.accounts] == [("tester@example.org", "platform owner")]
