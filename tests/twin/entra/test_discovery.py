"""What Microsoft Entra ID says of itself, and what it does not serve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from tests.twin.entra.stands import LOGIN, VAULT, Stand
from tests.twin.grounds import Platform, ground

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(ground(Platform("flowehr"), tmp_path))


def got(stand: Stand, path: str) -> tuple[int, dict[str, Any]]:
    found = stand.ask("GET", path if path.startswith("https:") else f"https://{LOGIN}{path}")
    return found.status, json.loads(found.body)


def test_a_program_finds_its_endpoints_and_the_keys(stand: Stand) -> None:
    tenant = stand.ground.directory.tenant
    for version, issuer in (("/v2.0", stand.ground.tokens.issuer2), ("", stand.ground.tokens.issuer)):
        status, told = got(stand, f"/{tenant}{version}/.well-known/openid-configuration")
        assert (status, told["issuer"]) == (200, issuer)
        assert all(told[name].startswith(f"https://{LOGIN}/{tenant}/") for name in ("token_endpoint", "jwks_uri"))
        (key,) = got(stand, told["jwks_uri"])[1]["keys"]
        who = next(p for p in stand.ground.directory.everybody() if p.kind == "service principal")
        token = stand.ground.tokens.issue(who, VAULT).text
        public: Any = jwt.PyJWK(key).key
        assert jwt.decode(token, public, ["RS256"], audience=VAULT)["tid"] == tenant
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)


@pytest.mark.parametrize("word", ["organizations", "common"])
def test_of_no_single_tenant(stand: Stand, word: str) -> None:
    _, told = got(stand, f"/{word}/v2.0/.well-known/openid-configuration")
    assert told["issuer"] == f"https://{LOGIN}/{{tenantid}}/v2.0"
    assert told["token_endpoint"] == f"https://{LOGIN}/{word}/oauth2/v2.0/token"


def test_the_tenants_of_guests(stand: Stand) -> None:
    homes = stand.ground.directory.homes()
    assert set(homes.values()) == {"hospital.example.nhs.uk", "mail.example.nhs.uk"}
    for tenant, domain in homes.items():
        for word in (tenant, domain):
            _, told = got(stand, f"/{word}/v2.0/.well-known/openid-configuration")
            assert told["issuer"] == f"https://{LOGIN}/{tenant}/v2.0"
    status, told = got(stand, "/attacker.example/v2.0/.well-known/openid-configuration")
    assert (status, told["error_codes"]) == (400, [90002])


def test_which_hosts_are_its_own(stand: Stand) -> None:
    path = "/common/discovery/instance?api-version=1.1&authorization_endpoint=https://{}/common/oauth2/v2.0/authorize"
    status, told = got(stand, path.format("login.windows.net"))
    assert (status, told["metadata"][0]["preferred_network"]) == (200, LOGIN)
    assert told["tenant_discovery_endpoint"] == f"https://{LOGIN}/common/v2.0/.well-known/openid-configuration"
    for host in ("login.attacker.example", "[", ""):
        status, told = got(stand, path.format(host))
        assert (status, told["error"]) == (400, "invalid_instance")
    assert got(stand, "/common/discovery/instance")[0] == 400


@pytest.mark.parametrize("path", ["/", "//", "/common", "/x/y/z", "/common/oauth2/../oauth2/v2.0/token", "/%2e%2e/"])
def test_nothing_else_is_served(stand: Stand, path: str) -> None:
    status, told = got(stand, path)
    assert (status, told["error"]) == (404, "not_found")


def test_sign_in_in_a_browser_is_not_offered(stand: Stand) -> None:
    found = stand.ask("GET", f"https://{LOGIN}/{stand.ground.directory.tenant}/oauth2/v2.0/authorize?client_id=a")
    assert found.status == 400
    assert b"device code" in found.body
