"""People: guests of one environment who keep their accounts at home, and accounts of one's own that end."""

from __future__ import annotations

from datetime import date

import pytest

from ringfence.errors import ConstructError, InputError
from ringfence.platforms.flowehr import WORLDS
from ringfence.platforms.flowehr.core.layer import core
from ringfence.platforms.flowehr.core.people import people
from tests.platforms.flowehr.configured import configured, declared, one

ACCOUNT = "accounts: [{{address: t@oakvale.example.org, group: bed_forecast, reason: r, owner: o, expires: {0}}}]"
GUEST = "people: {{own_domain: oakvale.example.org, guests: [{{group: {0}, home: {1}, purpose: p, people: ['{2}']}}]}}"


@pytest.mark.parametrize("world", WORLDS)
def test_groups_are_of_one_environment(world: str) -> None:
    found = declared(world)
    groups = [d for d in found.declared.values() if d.type == "azuread_group"]
    assert all(f"oakvale-{world}-" in str(d.arguments["display_name"]) for d in groups)
    assert ("core#azuread_group.developers" in found.declared) is (world != "prod")


@pytest.mark.parametrize("world", WORLDS)
def test_every_person_is_a_guest_or_an_account_that_ends(world: str) -> None:
    found = declared(world)
    members = [d for d in found.declared.values() if d.type == "azuread_group_member"]
    types = {d.arguments["member_object_id"].key.partition("#")[2].partition(".")[0] for d in members}  # type: ignore[union-attr]
    assert types <= {"azuread_invitation", "azurerm_user_assigned_identity"}
    assert "azuread_user" not in {d.type for d in found.declared.values() if d.mode == "managed"}
    assert {guest.environment for guest in found.register.guests} <= {world}


def test_the_register_says_where_guests_are_from() -> None:
    homes = {guest.home for guest in declared("prod").register.guests}
    assert homes == {"hospital.example.nhs.uk", "mail.example.nhs.uk"}


def test_an_account_of_ones_own_ends_by_itself() -> None:
    config = configured("dev", ACCOUNT.format("2026-12-31"))
    made = core(config)
    people(made, config, date(2026, 12, 30))
    (account,) = made.layer.register.accounts
    (membership,) = [d for d in made.layer if d.type == "azuread_privileged_access_group_assignment_schedule"]
    assert membership.arguments["expiration_date"] == f"{account.expires.isoformat()}T00:00:00Z"
    assert (account.owner, account.reason) == ("o", "r")


def test_an_account_that_has_ended_is_refused() -> None:
    config = configured("prod", ACCOUNT.format("2026-12-31"))
    people(core(config), config, date(2026, 12, 30))
    config = configured("prod", ACCOUNT.format("2026-12-31"))
    with pytest.raises(ConstructError, match="ended on 2026-12-31"):
        people(core(config), config, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("over", "message"),
    [
        (GUEST.format("developers", "example.nhs.uk", "d@example.nhs.uk"), "developers are not admitted"),
        (GUEST.format("data_scientists", "oakvale.example.org", "d@oakvale.example.org"), "own tenant"),
        (GUEST.format("data_scientists", "example.nhs.uk", "d@example.org"), "has no account at example"),
        (GUEST.format("nobody", "example.nhs.uk", "d@example.nhs.uk"), "cannot be nobody"),
        (ACCOUNT.format("soon"), "must be a day such as"),
        (ACCOUNT.format("2027-01-01").replace("reason: r, ", ""), r"reason is missing"),
    ],
)
def test_who_is_not_declared_is_not_admitted(over: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        declared("prod", over)


def test_the_pipeline_has_no_secret_and_is_one_environment_of_one_repository() -> None:
    found = declared("prod")
    trust = one(found, "core#azuread_application_federated_identity_credential.deployment")
    assert trust.arguments["subject"] == "repo:oakvale-health/flowehr:environment:prod"
    passwords = [d for d in found.declared.values() if d.type == "azuread_application_password"]
    mine = one(found, "core#azuread_application.deployment").id
    assert mine not in [d.arguments["application_id"] for d in passwords]
    assert "core#azuread_application.deployment" not in declared("dev").declared
