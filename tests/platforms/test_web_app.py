"""Web apps: who signs in is let in, from the network only; and what a web app refuses to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.checks.web import authentication, https_only, minimum_tls, public_network_access, secrets_in_key_vault
from ringfence.constructs.entra import Group
from ringfence.constructs.identity import Identity
from ringfence.constructs.insights import Insights
from ringfence.constructs.secret import renewal, secret
from ringfence.constructs.sign_in import SignIn
from ringfence.constructs.vault import Vault
from ringfence.constructs.web_app import Plan, Runs, WebApp
from ringfence.errors import ConstructError
from ringfence.model.web import Site
from tests.platforms.ground import ground, taken

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import File

APP = "webapp-seedling"


def seedling(
    file: File, home: Home, *, called: str = APP, sku: str = "P0v3", sign: bool = True, public: str = "", **runs: Any
) -> WebApp:
    """An app with a slot; `runs` is about what it runs."""
    identity = Identity(file, "seedling", home, called="id-seedling")
    users = Group(file, "users", called="seedling-users", what="They use it.")
    sign_in = SignIn(
        file,
        "seedling",
        called="seedling",
        hosts=(f"{APP}.azurewebsites.net",),
        identity=identity,
        tenant=home.tenant,
        groups={"users": users.id},
    )
    return WebApp(
        file,
        "seedling",
        home,
        called=called,
        plan=Plan(file, "serve", home, called="asp", sku=sku),
        identity=identity,
        sign_in=sign_in if sign else None,
        subnet="/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apps",
        runs=Runs(**{"image": "seedling:1.0", "registry": "acr.azurecr.io"} | runs),
        slot="testing",
        public=public,
    )


def test_an_app_and_its_slot_are_the_same_and_closed(tmp_path: Path) -> None:
    file, home = ground()
    vault = Vault(file, "core", home, called="kv-core")
    renewed = renewal(file, "secrets", days=90, owner="platform owner")
    key = secret(file, "key", vault, renewed, called="key", description="what it asks others with")
    insights = Insights(file, "ai", home, called="ai")
    settings = {"APPLICATIONINSIGHTS_CONNECTION_STRING": insights.connection}
    seedling(file, home, settings=settings, secrets={"API_KEY": key})
    sites = taken(file, tmp_path).of(Site)
    assert [site.title for site in sites] == [APP, "testing"]
    for site in sites:
        for judge in (authentication, https_only, minimum_tls, public_network_access, secrets_in_key_vault):
            assert judge(site).outcome == "pass"
        assert (site.ftps_state.value, site.min_tls_version.value) == ("Disabled", "1.3")  # type: ignore[union-attr]
        assert site.ftp_basic_auth_allowed.value is False  # type: ignore[union-attr]
        assert site.scm_basic_auth_allowed.value is False  # type: ignore[union-attr]


def test_a_switch_lets_requests_of_the_internet_in_and_is_entered(tmp_path: Path) -> None:
    file, home = ground()
    seedling(file, home, public="switches.public_apps")
    sites = taken(file, tmp_path).of(Site)
    assert [public_network_access(site).outcome for site in sites] == ["fail", "fail"]
    assert [authentication(site).outcome for site in sites] == ["pass", "pass"]
    assert {(r.switch, r.key) for r in file.layer.register.relaxations} == {
        ("switches.public_apps", site.key) for site in sites
    }


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sign": False}, "anybody could use webapp-seedling"),
        ({"sku": "F1"}, "a plan of size F1 has no private endpoints"),
        ({"sku": "B1"}, "a plan of size B1 has none"),
        ({"settings": {"API_KEY": "hunter2"}}, "API_KEY of webapp-seedling is a secret in plain text"),
        ({"called": "webapp-" + "x" * 45}, "Azure would cut the host name"),
        ({"image": "seedling"}, "cannot run the image seedling"),
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, Any], message: str) -> None:
    file, home = ground()
    with pytest.raises(ConstructError, match=message):
        seedling(file, home, **changed)


def test_a_sign_in_names_who_may() -> None:
    file, home = ground()
    identity = Identity(file, "app", home, called="id-app")
    with pytest.raises(ConstructError, match="nobody is named"):
        SignIn(file, "app", called="app", hosts=("h",), identity=identity, tenant=home.tenant, groups={})
