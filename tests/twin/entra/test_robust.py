"""Whatever is sent, the services answer, give no token, and say nothing back that was to stay secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.twin.entra.forge import part
from tests.twin.entra.stands import APP_SERVICE, FORM, IMDS, LOGIN, Stand
from tests.twin.grounds import Clock, Platform, ground

if TYPE_CHECKING:
    from ringfence.twin.message import Response

SECRET = "this-was-to-stay-secret"
OFTEN = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TENANT = "05a11be7-b5a3-53b0-a9e0-828644086c8c"
NAMES = some.sampled_from(
    ["grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "scope", "resource",
     "device_code", "refresh_token", "code", "user_code", "account", "decline", "otc", "api-version", "mi_res_id"]
)  # fmt: skip
VALUES = some.one_of(
    some.sampled_from(
        ["client_credentials", "device_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
         "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
         "https://vault.azure.net/.default", "https://vault.azure.net", "2018-02-01", "/", "//", ".default", SECRET]
    ),
    some.text(max_size=40),
    some.builds(
        lambda header, claims: f"{part(header)}.{part(claims)}.{SECRET}",
        some.dictionaries(some.sampled_from(["alg", "kid", "typ", "x5t"]), some.text(max_size=9) | some.integers()),
        some.dictionaries(some.sampled_from(["iss", "sub", "aud", "exp"]), some.text(max_size=9) | some.floats()),
    ),
)  # fmt: skip
PATHS = some.one_of(
    some.sampled_from(
        [f"/{TENANT}/oauth2/v2.0/token", f"/{TENANT}/oauth2/v2.0/devicecode", "/common/oauth2/deviceauth",
         "/common/discovery/instance", "/organizations/oauth2/v2.0/token", "/msi/token",
         "/metadata/identity/oauth2/token", f"/{TENANT}/v2.0/.well-known/openid-configuration"]
    ),
    some.text(max_size=60).map(lambda text: f"/{text}"),
)  # fmt: skip
HEADERS = some.dictionaries(
    some.sampled_from(["authorization", "content-type", "client-request-id", "metadata", "x-identity-header"]),
    some.sampled_from([FORM, "true", f"Basic {SECRET}", "Basic Og==", "Bearer x", "a" * 36]) | some.text(max_size=40),
)
BODIES = some.lists(some.tuples(NAMES, VALUES), max_size=6).map(
    lambda pairs: urlencode(pairs, errors="replace").encode()
)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Stand:
    found = Stand(ground(Platform("eudcc"), tmp_path_factory.mktemp("twin"), now=Clock()))
    assert found.ground.directory.tenant == TENANT
    found.workload = "dev#azurerm_linux_virtual_machine.ie"
    return found


def is_decent(found: Response) -> None:
    """It is an answer, without a token and without a secret."""
    text = found.body.decode()
    assert 200 <= found.status < 500
    assert SECRET not in text
    told: Any = json.loads(text) if found.header("content-type").startswith("application/json") else {}
    assert not {"access_token", "id_token", "refresh_token"} & set(told)


@OFTEN
@given(some.sampled_from(["GET", "POST", "PUT"]), PATHS, HEADERS, BODIES | some.binary(max_size=80))
def test_the_directory(stand: Stand, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    url = f"https://{LOGIN}{path.replace('?', '').replace('#', '')}"
    is_decent(stand.ask(method, url, body, {"content-type": FORM, **headers}))


@OFTEN
@given(some.sampled_from([IMDS, APP_SERVICE]), PATHS, HEADERS, BODIES)
def test_managed_identity(stand: Stand, host: str, path: str, headers: dict[str, str], query: bytes) -> None:
    url = f"http://{host}{path.replace('?', '').replace('#', '')}?{query.decode()}"
    found = stand.ask("GET", url, b"", headers)
    text = found.body.decode()
    assert 200 <= found.status < 500
    if "access_token" in text:
        assert headers.get("metadata", "").casefold() == "true"
        assert "resource=https%3A%2F%2Fvault.azure.net" in query.decode()
