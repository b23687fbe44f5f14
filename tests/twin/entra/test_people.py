"""People and guests sign in on the test page: as whom they chose, for as long as they may, and where they belong."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.world import Change
from ringfence.platforms import shipped
from ringfence.twin.entra.tokens import VoidTokenError
from tests.twin.entra import forge
from tests.twin.entra.stands import FORM, LOGIN, VAULT, Stand, codes
from tests.twin.grounds import Clock, Platform, ground, rows

if TYPE_CHECKING:
    from pathlib import Path

CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GUEST = "data-scientist@hospital.example.nhs.uk"
INVITED = "core#azuread_invitation.data_scientists_data_scientist_hospital_example_nhs_uk"
MANAGER = "bed-manager@mail.example.nhs.uk"
SCOPE = f"{VAULT}/.default openid offline_access profile"
PAGE = f"https://{LOGIN}/common/oauth2/deviceauth"
ACCOUNT = """accounts:
  - address: app-tester@oakvale.example.org
    group: developers
    reason: the app is tried by an account that has nothing else
    owner: platform team
    expires: 2027-06-30
"""
TESTER = "app-tester@oakvale.example.org"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand(tmp_path: Path, clock: Clock) -> Stand:
    return Stand(ground(Platform("flowehr"), tmp_path, now=clock))


def begun(stand: Stand, scope: str = SCOPE, tenant: str = "", client: str = CLI) -> tuple[int, dict[str, Any]]:
    where = tenant or stand.ground.directory.tenant
    return stand.post(f"/{where}/oauth2/v2.0/devicecode", {"client_id": client, "scope": scope})


def chosen(stand: Stand, flow: dict[str, Any], name: str, **more: str) -> int:
    body = "&".join(f"{n}={v}" for n, v in {"user_code": flow["user_code"], "account": name, **more}.items())
    return stand.ask("POST", PAGE, body.encode(), {"content-type": FORM}).status


def redeemed(stand: Stand, flow: dict[str, Any], tenant: str = "", **form: str) -> tuple[int, dict[str, Any]]:
    where = tenant or stand.ground.directory.tenant
    told = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": CLI}
    return stand.post(f"/{where}/oauth2/v2.0/token", {**told, "device_code": flow["device_code"], **form})


def signed_in(stand: Stand, name: str, scope: str = SCOPE, tenant: str = "") -> tuple[int, dict[str, Any]]:
    _, flow = begun(stand, scope, tenant)
    assert chosen(stand, flow, name) == 200
    return redeemed(stand, flow, tenant, client_info="1")


def test_a_code_waits_until_somebody_signs_in(stand: Stand) -> None:
    _, flow = begun(stand)
    assert codes(redeemed(stand, flow)[1]) == [70016]
    assert redeemed(stand, flow)[1]["error"] == "authorization_pending"
    assert chosen(stand, flow, GUEST) == 200
    status, told = redeemed(stand, flow)
    assert (status, told["token_type"]) == (200, "Bearer")
    assert codes(redeemed(stand, flow)[1]) == [54005], "a code counts once"


def test_a_code_that_is_declined_expired_or_another_s(stand: Stand, clock: Clock) -> None:
    _, flow = begun(stand)
    assert chosen(stand, flow, GUEST, decline="1") == 200
    assert redeemed(stand, flow)[1]["error"] == "authorization_declined"
    _, flow = begun(stand)
    assert codes(redeemed(stand, flow, client_id="1950a258-227b-4e31-a9cf-717495945fc2")[1]) == [70018]
    assert codes(redeemed(stand, {"device_code": "guessed"})[1]) == [70018]
    clock.forward(minutes=15)
    assert redeemed(stand, flow)[1]["error"] == "expired_token"
    assert chosen(stand, flow, GUEST) == 400


def test_only_known_programs_ask_for_codes(stand: Stand) -> None:
    app = next(p for p in stand.ground.directory.everybody() if p.kind == "service principal")
    assert codes(begun(stand, client="00000000-0000-0000-0000-000000000001")[1]) == [700016]
    assert codes(begun(stand, client=stand.ground.directory.app_id(app))[1]) == [7000218]


def test_the_page_says_what_it_is_and_runs_nothing(stand: Stand) -> None:
    found = stand.ask("GET", f"{PAGE}?otc=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    text = found.body.decode()
    assert "This is a test page of ringfence" in text
    assert "<script" not in text
    assert 'type="password"' not in text
    assert "default-src 'none'" in found.header("content-security-policy")
    assert all(name in text for name in (GUEST, MANAGER, "guest, at home at hospital.example.nhs.uk"))


def test_code_does_not_sign_in_as_a_person(stand: Stand) -> None:
    _, flow = begun(stand)
    inside = Stand(stand.ground, "serve#azurerm_linux_web_app.bed_forecast")
    assert chosen(inside, flow, GUEST) == 403
    assert codes(redeemed(stand, flow)[1]) == [70016]


@pytest.mark.parametrize("name", ["nobody@attacker.example", "flowehr-sql-owner-oakvale-prod", ""])
def test_nobody_else_is_chosen(stand: Stand, name: str) -> None:
    _, flow = begun(stand)
    assert chosen(stand, flow, name) == 400
    assert codes(redeemed(stand, flow)[1]) == [70016]


def test_a_guest_s_token_keeps_his_home(stand: Stand) -> None:
    """Source: FlowEHR, "User accounts are stored and managed in source tenancies"."""
    _, told = signed_in(stand, GUEST)
    directory = stand.ground.directory
    caller = stand.ground.tokens.caller(told["access_token"], (VAULT,))
    home = directory.home_tenant(caller.principal)
    assert (caller.claims["idp"], caller.claims["tid"]) == (f"https://sts.windows.net/{home}/", directory.tenant)
    assert (caller.app_id, caller.claims["idtyp"]) == (CLI, "user")
    info = json.loads(base64.urlsafe_b64decode(told["client_info"] + "=="))
    assert info == {"uid": directory.home_id(caller.principal), "utid": home}
    said = forge.parts(told["id_token"])[1]
    assert (said["aud"], said["iss"], said["preferred_username"]) == (CLI, stand.ground.tokens.issuer2, GUEST)
    assert home != directory.home_tenant(directory.by_name(MANAGER) or caller.principal)


@pytest.mark.parametrize("tenant", ["organizations", "hospital.example.nhs.uk"])
def test_at_home_he_gets_a_token_that_opens_nothing_here(stand: Stand, tenant: str) -> None:
    _, told = signed_in(stand, GUEST, tenant=tenant)
    said = forge.parts(told["access_token"])[1]
    assert said["tid"] == stand.ground.directory.home_tenant(stand.ground.directory.by_name(GUEST))  # type: ignore[arg-type]
    assert "groups" not in said or said["groups"] == []
    with pytest.raises(VoidTokenError):
        stand.ground.tokens.caller(told["access_token"], (VAULT,))


def test_nobody_signs_in_to_a_tenant_that_he_is_not_in(stand: Stand) -> None:
    assert codes(signed_in(stand, MANAGER, tenant="hospital.example.nhs.uk")[1]) == [50034]


def test_a_guest_who_was_removed_gets_nothing_any_more(stand: Stand) -> None:
    """Source: FlowEHR, "Those accounts are guested into the development and production tenancies as needed"."""
    _, told = signed_in(stand, GUEST)
    _, flow = begun(stand)
    assert chosen(stand, flow, GUEST) == 200
    stand.ground.present.become(Change(without=(INVITED,)))
    assert codes(redeemed(stand, flow)[1]) == [50034]
    more = {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": told["refresh_token"], "scope": SCOPE}
    assert codes(stand.token(**more)[1]) == [50034]
    with pytest.raises(VoidTokenError):
        stand.ground.tokens.caller(told["access_token"], (VAULT,))
    assert GUEST not in stand.ask("GET", PAGE).body.decode()


def test_a_refresh_token_gives_more_and_belongs_to_its_program(stand: Stand, clock: Clock) -> None:
    _, told = signed_in(stand, GUEST)
    form = {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": told["refresh_token"]}
    status, more = stand.token(**form, scope="https://management.azure.com/.default")
    assert status == 200
    assert stand.ground.tokens.caller(more["access_token"], ("https://management.azure.com",)).name == GUEST
    other = {**form, "client_id": "1950a258-227b-4e31-a9cf-717495945fc2"}
    assert codes(stand.token(**other, scope=SCOPE)[1]) == [70000]
    assert codes(stand.token(**{**form, "refresh_token": "1.guessed"}, scope=SCOPE)[1]) == [70000]
    assert codes(stand.token(**form, scope=f"{SCOPE} https://storage.azure.com/.default")[1]) == [28000]
    clock.forward(days=90)
    assert codes(stand.token(**form, scope=SCOPE)[1]) == [700082]


def test_refresh_tokens_hold_when_the_twin_starts_again(stand: Stand, tmp_path: Path, clock: Clock) -> None:
    _, told = signed_in(stand, GUEST)
    again = Stand(ground(Platform("flowehr"), tmp_path, now=clock))
    form = {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": told["refresh_token"]}
    assert again.token(**form, scope=SCOPE)[0] == 200
    kept = json.dumps([again.ground.store.keys(f"entra/{kind}") for kind in ("refresh", "device", "user-code")])
    assert told["refresh_token"] not in kept


def test_whoever_is_assigned_uses_an_application_and_nobody_else(stand: Stand) -> None:
    """Source: EUDCC deep dives: members of an allowed group pass, others fail."""
    directory = stand.ground.directory
    app = next(p for p in directory.everybody() if p.name == "flowehr-webapp-bed-forecast-oakvale-prod")
    scope = f"api://{directory.app_id(app)}/.default"
    assert signed_in(stand, MANAGER, scope)[0] == 200
    status, told = signed_in(stand, "algorithm-steward@hospital.example.nhs.uk", scope)
    assert (status, codes(told)) == (400, [50105])
    assert "flowehr-webapp-bed-forecast" in told["error_description"]


def own(tmp_path: Path, clock: Clock) -> Stand:
    """A copy with an account of its own tenant, which ends."""
    files = []
    for name, text in shipped("flowehr", "dev").items():
        (tmp_path / name).write_text(text + (ACCOUNT if "people:" in text else ""))
        files.append(str(tmp_path / name))
    return Stand(ground(Platform("flowehr", config=tuple(files)), tmp_path / "state", now=clock))


def test_an_account_of_our_own_ends(tmp_path: Path, clock: Clock) -> None:
    """Source: FlowEHR, "In rare and exceptional cases accounts may be made directly in the FlowEHR tenancies"."""
    stand = own(tmp_path, clock)
    assert f"{TESTER} (account of this tenant)" in stand.ask("GET", PAGE).body.decode()
    clock.now = clock.now.replace(year=2027, month=6, day=29, hour=23, minute=30)
    _, told = signed_in(stand, TESTER)
    assert told["expires_in"] == 1800, "its token ends with it"
    clock.forward(minutes=29)
    stand.ground.tokens.caller(told["access_token"], (VAULT,))
    clock.forward(minutes=1)
    _, refused = signed_in(stand, TESTER)
    assert codes(refused) == [50057]
    assert "2027-06-30" in refused["error_description"]
    with pytest.raises(VoidTokenError):
        stand.ground.tokens.caller(told["access_token"], (VAULT,))


def test_sign_ins_of_people_are_recorded(stand: Stand) -> None:
    _, flow = begun(stand)
    redeemed(stand, flow)
    assert rows(stand.ground) == [], "a question that comes each second is no sign-in"
    chosen(stand, flow, GUEST)
    _, told = redeemed(stand, flow)
    ((key, category, row, _),) = rows(stand.ground)
    assert (key, category, row["UserPrincipalName"], row["UserType"]) == ("", "SignInLogs", GUEST, "Guest")
    assert row["HomeTenantId"] != row["ResourceTenantId"] == stand.ground.directory.tenant
    written = json.dumps(row)
    assert not any(told[name] in written for name in ("access_token", "refresh_token", "id_token"))
    assert flow["device_code"] not in written
