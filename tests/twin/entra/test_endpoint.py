"""The token endpoint refuses as the real one does, with its codes, and tells nothing that it should not."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.world import Change
from ringfence.twin.entra import credentials, sign_in
from tests.twin.entra.stands import FORM, LOGIN, VAULT, Stand, codes
from tests.twin.grounds import Clock, Platform, ground, rows

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.ground import Ground

SCOPE = f"{VAULT}/.default"
SECRET = "a-secret-that-nobody-is-told"
APPLICATION = "transform#azuread_application.sql_owner"
PASSWORD = "transform#azuread_application_password.sql_owner"
CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand(tmp_path: Path, clock: Clock) -> Stand:
    return Stand(ground(Platform("flowehr"), tmp_path, now=clock))


def good(found: Ground) -> dict[str, str]:
    """A request that is granted."""
    owner = found.directory.of_application(found.present.estate.resources[APPLICATION])  # type: ignore[arg-type]
    return {
        "grant_type": "client_credentials",
        "client_id": found.directory.app_id(owner),
        "client_secret": credentials.secret_of(found, APPLICATION) or "",
        "scope": SCOPE,
    }


def test_the_good_one_is_granted(stand: Stand) -> None:
    status, told = stand.token(**good(stand.ground))
    assert (status, told["token_type"], told["expires_in"]) == (200, "Bearer", 3600)
    assert stand.ground.tokens.caller(told["access_token"], (VAULT,)).claims["appidacr"] == "1"


CHANGED: dict[str, tuple[dict[str, str | None], int, int, str]] = {
    "no grant": ({"grant_type": None}, 900144, 400, "invalid_request"),
    "a grant that is not known": ({"grant_type": "magic"}, 70003, 400, "unsupported_grant_type"),
    "a password": ({"grant_type": "password"}, 70003, 400, "unsupported_grant_type"),
    "a code": ({"grant_type": "authorization_code"}, 70003, 400, "unsupported_grant_type"),
    "no client": ({"client_id": None}, 900144, 400, "invalid_request"),
    "an unknown client": ({"client_id": "00000000-0000-0000-0000-000000000001"}, 700016, 400, "unauthorized_client"),
    "no secret": ({"client_secret": None}, 7000218, 401, "invalid_client"),
    "a wrong secret": ({"client_secret": SECRET}, 7000215, 401, "invalid_client"),
    "an empty secret": ({"client_secret": ""}, 7000215, 401, "invalid_client"),
    "a secret and an assertion": ({"client_assertion": SECRET}, 7000216, 401, "invalid_client"),
    "no scope": ({"scope": None}, 900144, 400, "invalid_request"),
    "a scope of people": ({"scope": f"{VAULT}/user_impersonation"}, 1002012, 400, "invalid_scope"),
    "two scopes": ({"scope": f"{SCOPE} https://storage.azure.com/.default"}, 1002012, 400, "invalid_scope"),
    "a resource of nobody's": ({"scope": "https://attacker.example/.default"}, 500011, 400, "invalid_resource"),
    "a resource that looks like one": ({"scope": f"{VAULT}.a.example/.default"}, 500011, 400, "invalid_resource"),
    "an account that looks like one": (
        {"scope": "https://a.blob.core.windows.net.attacker.example/.default"}, 500011, 400, "invalid_resource"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED)
def test_each_change_is_refused(stand: Stand, change: str) -> None:
    parameters, code, status, error = CHANGED[change]
    form = {name: value for name, value in {**good(stand.ground), **parameters}.items() if value is not None}
    found, told = stand.token(**form)
    assert (found, told["error"], codes(told)) == (status, error, [code])
    assert SECRET not in json.dumps(told)
    assert good(stand.ground)["client_secret"] not in json.dumps(told)


def test_a_parameter_comes_once(stand: Stand) -> None:
    path = f"/{stand.ground.directory.tenant}/oauth2/v2.0/token"
    _, told = stand.post(path, "grant_type=client_credentials&client_id=a&client_id=b&client_secret=" + SECRET)
    assert codes(told) == [9000411]
    assert SECRET not in json.dumps(told)


@pytest.mark.parametrize("body", ["grant_type", "%ff%fe=1", "a=%00", "&".join(f"a{i}=1" for i in range(50)), "="])
def test_what_is_no_form_is_refused(stand: Stand, body: str) -> None:
    status, told = stand.post(f"/{stand.ground.directory.tenant}/oauth2/v2.0/token", body)
    assert (status, told["error"]) == (400, "invalid_request")


def test_a_form_is_posted_as_one(stand: Stand) -> None:
    url = f"https://{LOGIN}/{stand.ground.directory.tenant}/oauth2/v2.0/token"
    assert codes(json.loads(stand.ask("GET", url).body)) == [900561]
    assert codes(json.loads(stand.ask("POST", url, b"{}", {"content-type": "application/json"}).body)) == [9002313]


@pytest.mark.parametrize(
    ("word", "code"),
    [("another.example", 90002), ("organizations", 50059), ("common", 50059), ("hospital.example.nhs.uk", 700016)],
)
def test_an_application_signs_in_to_its_own_tenant(stand: Stand, word: str, code: int) -> None:
    _, told = stand.post(f"/{word}/oauth2/v2.0/token", good(stand.ground))
    assert codes(told) == [code]


def test_a_secret_in_the_header(stand: Stand) -> None:
    form = good(stand.ground)
    pair = f"{form['client_id']}:{form.pop('client_secret')}"
    told = f"Basic {base64.b64encode(pair.encode()).decode()}"
    path = f"/{stand.ground.directory.tenant}/oauth2/v2.0/token"
    assert stand.post(path, form, authorization=told)[0] == 200
    assert codes(stand.post(path, {**form, "client_secret": SECRET}, authorization=told)[1]) == [7000216]
    assert codes(stand.post(path, {**form, "client_id": "another"}, authorization=told)[1]) == [9000411]
    assert codes(stand.post(path, form, authorization="Basic !!!")[1]) == [9002313]


def test_the_endpoint_of_version_1_takes_a_resource(stand: Stand) -> None:
    form = {**good(stand.ground), "resource": "https://management.azure.com/"}
    del form["scope"]
    status, told = stand.post(f"/{stand.ground.directory.tenant}/oauth2/token", form)
    assert (status, told["resource"]) == (200, "https://management.azure.com/")
    stand.ground.tokens.caller(told["access_token"], ("https://management.azure.com/",))


def test_a_managed_identity_has_no_secret(stand: Stand) -> None:
    directory = stand.ground.directory
    who = next(p for p in directory.everybody() if p.kind == "user-assigned identity")
    _, told = stand.token(**{**good(stand.ground), "client_id": directory.app_id(who)})
    assert codes(told) == [7000215]


def test_a_secret_opens_its_own_application_only(stand: Stand) -> None:
    other = stand.ground.present.estate.resources["transform#azuread_application.external"]
    app = stand.ground.directory.app_id(stand.ground.directory.of_application(other))  # type: ignore[arg-type]
    assert codes(stand.token(**{**good(stand.ground), "client_id": app})[1]) == [7000215]


def test_a_secret_that_is_declared_no_more_opens_nothing(stand: Stand) -> None:
    form = good(stand.ground)
    stand.ground.present.become(Change(without=(PASSWORD,)))
    assert codes(stand.token(**form)[1]) == [7000215]


def test_secrets_stay_the_same_when_the_twin_starts_again(stand: Stand, tmp_path: Path, clock: Clock) -> None:
    form = good(stand.ground)
    again = Stand(ground(Platform("flowehr"), tmp_path, now=clock)).begin()
    assert good(again.ground) == form
    assert again.token(**form)[0] == 200


def test_an_error_can_be_found_again(stand: Stand) -> None:
    path, own = f"/{stand.ground.directory.tenant}/oauth2/v2.0/token", "5e2c1a3c-3b39-4f0e-8b7a-0a3b6f9f1f10"
    _, told = stand.post(path, {**good(stand.ground), "client_secret": "x"}, **{"client-request-id": own})
    assert told["correlation_id"] == own
    assert own in told["error_description"]
    assert told["timestamp"] == "2026-11-01 12:00:00Z"
    _, told = stand.post(path, {**good(stand.ground), "client_secret": "x"}, **{"client-request-id": "<script>"})
    assert "<script>" not in json.dumps(told)


def test_every_attempt_is_recorded_without_any_secret(stand: Stand) -> None:
    form = good(stand.ground)
    _, granted = stand.token(**form)
    stand.token(**{**form, "client_secret": SECRET})
    (first, second) = [row for _, category, row, _ in rows(stand.ground) if category == "ServicePrincipalSignInLogs"]
    assert (first["ResultType"], second["ResultType"]) == ("0", "7000215")
    assert first["ServicePrincipalName"] == "flowehr-sql-owner-oakvale-prod"
    assert (first["ResourceDisplayName"], first["IPAddress"]) == ("Azure Key Vault", "203.0.113.10")
    written = json.dumps([row for *_, row, _ in rows(stand.ground)])
    assert not any(told in written for told in (SECRET, form["client_secret"], granted["access_token"]))


def test_what_the_platform_puts_into_its_vault(stand: Stand) -> None:
    """Source: FlowEHR README, "created by the deployment itself, and its credentials are saved in the key vault"."""
    found, key = stand.ground, "transform#azurerm_key_vault_secret.sql_owner"
    secrets: Any = found.present.estate.resources
    form = good(found)
    assert credentials.value_of(found, secrets[key]) == form["client_secret"]
    assert credentials.value_of(found, secrets[f"{key}_id"]) == form["client_id"]
    assert credentials.value_of(found, secrets["serve#azurerm_key_vault_secret.bed_forecast_session_key"]) is None
    assert sign_in.sign_in_of(found, "flowehr-sql-owner-oakvale-prod") == {
        "AZURE_TENANT_ID": found.directory.tenant,
        "AZURE_CLIENT_ID": form["client_id"],
        "AZURE_CLIENT_SECRET": form["client_secret"],
    }


def test_whoever_runs_terraform_signs_in_by_the_secret_of_the_run(stand: Stand) -> None:
    told = sign_in.sign_in_of(stand.ground, "deployer")
    form = {"client_id": told["AZURE_CLIENT_ID"], "client_secret": told["AZURE_CLIENT_SECRET"], "scope": SCOPE}
    _, found = stand.token(grant_type="client_credentials", **form)
    caller = stand.ground.tokens.caller(found["access_token"], (VAULT,))
    assert (caller.principal.kind, caller.claims["idtyp"]) == ("deployer", "app")
    assert codes(stand.token(grant_type="client_credentials", **{**form, "client_secret": "x"})[1]) == [7000215]


def test_the_kind_of_a_form(stand: Stand) -> None:
    url = f"https://{LOGIN}/{stand.ground.directory.tenant}/oauth2/v2.0/token"
    found = stand.ask("POST", url, b"\xff\xfe", {"content-type": FORM})
    assert (found.status, found.header("cache-control")) == (400, "no-store")
