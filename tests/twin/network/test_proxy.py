"""The proxy of a place: who may use it, what it refuses, and what a service sees of what it lets through."""

from __future__ import annotations

import base64
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import requests

from ringfence.model.world import Altered, Change
from tests.twin import grounds
from tests.twin.network.standing import Standing, said, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

VAULT = "kv-eudcc-eu-prod.vault.azure.net"
ACCOUNT = "steudcceuprod.blob.core.windows.net"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Any:
    return tmp_path_factory.mktemp("twin")


@pytest.fixture(scope="module")
def ground(folder: Any) -> Any:
    return grounds.ground(grounds.Platform("eudcc"), folder)


@pytest.fixture(scope="module")
def inside(ground: Any, folder: Any) -> Iterator[Standing]:
    with standing(ground, folder, "snet-nodes-eu") as made:
        yield made


@pytest.fixture(scope="module")
def outside(ground: Any, folder: Any) -> Iterator[Standing]:
    with standing(ground, folder, "internet") as made:
        yield made


def get(at: Standing, url: str, **more: Any) -> requests.Response:
    return requests.get(url, proxies=at.proxies, verify=str(at.bundle), timeout=5, **more)


def test_from_inside_the_service_answers_by_its_private_front_door(inside: Standing) -> None:
    answer = get(inside, f"https://{VAULT}/secrets/a?api-version=7.4", headers={"x-mine": "yes"})
    seen = said(answer.content)
    assert answer.headers["x-ringfence-front"] == "private"
    assert (seen["path"], seen["query"], seen["tls"], seen["front"]) == (
        "/secrets/a",
        "api-version=7.4",
        "TLSv1.3",
        "private",
    )
    assert seen["headers"]["x-mine"] == "yes"
    assert seen["address"].startswith("10.")


def test_from_outside_it_is_refused_by_the_rule_that_decides(outside: Standing) -> None:
    answer = get(outside, f"https://{VAULT}/secrets/a")
    assert answer.status_code == 403
    assert answer.headers["x-ringfence-refused"] == "service"
    error = answer.json()["error"]
    assert error["innererror"]["code"] == "ForbiddenByConnection"
    assert "public network access is off (eu/keyvault.tf:" in error["message"]


def test_storage_refuses_in_its_own_form(outside: Standing) -> None:
    answer = get(outside, f"https://{ACCOUNT}/a/b")
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (403, "AuthorizationFailure")
    assert b"<Code>AuthorizationFailure</Code>" in answer.content


def test_a_change_counts_at_once_on_an_open_connection(ground: Any, inside: Standing) -> None:
    key = next(
        k for k in ground.present.estate.resources if "private_endpoint" in k and "vault" in k and k.startswith("eu#")
    )
    with requests.Session() as client:
        client.trust_env = False
        client.proxies, client.verify = inside.proxies, str(inside.bundle)
        assert client.get(f"https://{VAULT}/").status_code == 200
        ground.present.become(Change(without=(key,)))
        try:
            assert client.get(f"https://{VAULT}/").status_code == 403
        finally:
            ground.present.become(Change())
        assert client.get(f"https://{VAULT}/").status_code == 200


def test_without_the_private_zone_the_name_leads_elsewhere(ground: Any, inside: Standing) -> None:
    titled = {r.title: r.key for r in ground.present.estate.resources.values() if r.key.startswith("eu#")}
    ground.present.become(Change(without=(titled["privatelink.vaultcore.azure.net"],)))
    try:
        answer = get(inside, f"https://{VAULT}/")
    finally:
        ground.present.become(Change())
    assert (answer.status_code, answer.headers["x-ringfence-front"]) == (403, "public")


def test_a_place_that_a_change_takes_away_is_told(ground: Any, inside: Standing) -> None:
    ground.present.become(Change(without=("eu#azurerm_subnet.nodes",)))
    try:
        with pytest.raises(requests.exceptions.ProxyError, match="403"):
            get(inside, f"https://{VAULT}/")
    finally:
        ground.present.become(Change())


def test_a_public_front_door_that_is_opened_lets_the_internet_in(ground: Any, outside: Standing) -> None:
    opened = Change(
        set=(
            Altered("eu#azurerm_key_vault.vault", ("public_network_access",), "Enabled"),
            Altered("eu#azurerm_key_vault.vault", ("network_acls_default_action",), "Allow"),
        )
    )
    ground.present.become(opened)
    try:
        answer = get(outside, f"https://{VAULT}/")
    finally:
        ground.present.become(Change())
    assert (answer.status_code, answer.headers["x-ringfence-front"]) == (200, "public")
    assert said(answer.content)["address"] == "203.0.113.10"


def test_a_name_that_nothing_has_leads_nowhere(outside: Standing) -> None:
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        get(outside, "https://example.org/")


def test_without_the_places_token_nothing_is_answered(inside: Standing, outside: Standing) -> None:
    for proxy in (
        f"http://127.0.0.1:{inside.stand.port}",
        inside.stand.proxy.replace(inside.stand.token, outside.stand.token),
    ):
        with pytest.raises(requests.exceptions.ProxyError, match="407"):
            requests.get(f"https://{VAULT}/", proxies={"https": proxy}, verify=str(inside.bundle), timeout=5)


def test_a_token_is_not_handed_on(inside: Standing) -> None:
    seen = said(get(inside, f"https://{VAULT}/").content)
    assert "proxy-authorization" not in seen["headers"]


def test_what_breaks_is_not_told(inside: Standing) -> None:
    answer = get(inside, f"https://{VAULT}/break")
    assert answer.status_code == 500
    assert b"broken" not in answer.content


def test_a_body_beyond_the_services_limit_is_refused(inside: Standing) -> None:
    answer = requests.put(
        f"https://{VAULT}/", data=b"x" * 5000, proxies=inside.proxies, verify=str(inside.bundle), timeout=5
    )
    assert answer.status_code == 413


def test_plain_http_names_its_host_in_full(inside: Standing) -> None:
    """Storage answers on port 80, and says itself that it wants HTTPS; a vault does not."""
    assert said(get(inside, f"http://{ACCOUNT}/a").content)["tls"] == ""
    assert get(inside, f"http://{VAULT}/").status_code == 403


def test_identities_are_asked_for_in_plain_http(inside: Standing) -> None:
    seen = said(get(inside, "http://169.254.169.254/metadata/identity/oauth2/token?resource=x").content)
    assert (seen["path"], seen["query"], seen["workload"]) == ("/metadata/identity/oauth2/token", "resource=x", "")


def tunnel(at: Standing, end: str, header: str = "") -> socket.socket:
    """A connection after CONNECT."""
    pair = base64.b64encode(f"ringfence:{at.stand.token}".encode()).decode()
    line = socket.create_connection(("127.0.0.1", at.stand.port), timeout=5)
    line.sendall(
        f"CONNECT {end} HTTP/1.1\r\nHost: {header or end}\r\nProxy-Authorization: Basic {pair}\r\n\r\n".encode()
    )
    return line


def client(at: Standing, oldest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(at.bundle))
    if oldest:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = oldest
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused(inside: Standing, version: ssl.TLSVersion) -> None:
    line = tunnel(inside, f"{VAULT}:443")
    assert b"200" in line.recv(4096)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        client(inside, version).wrap_socket(line, server_hostname=VAULT)


@pytest.mark.parametrize("name", [ACCOUNT, "login.microsoftonline.com", "example.org"])
def test_tls_is_for_the_name_that_was_connected_to(inside: Standing, name: str) -> None:
    line = tunnel(inside, f"{VAULT}:443")
    assert b"200" in line.recv(4096)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        client(inside).wrap_socket(line, server_hostname=name)


def test_the_authority_certifies_no_other_name(inside: Standing) -> None:
    """A certificate for another name, signed with the authority's own key, is refused by every client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    path = inside.bundle.with_name("other.pem")
    path.write_bytes(inside.authority.issued("example.org"))
    context.load_cert_chain(path)
    ours, theirs = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(ours, theirs, server_side=True)
    browser = client(inside).wrap_bio(theirs, ours, server_hostname="example.org")
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(browser, server)


def shake_hands(*sides: ssl.SSLObject) -> None:
    for side in sides * 4:
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()


def test_a_host_header_for_another_name_is_refused(inside: Standing) -> None:
    line = tunnel(inside, f"{VAULT}:443")
    line.recv(4096)
    secure = client(inside).wrap_socket(line, server_hostname=VAULT)
    secure.sendall(f"GET / HTTP/1.1\r\nHost: {ACCOUNT}\r\n\r\n".encode())
    assert b"HTTP/1.1 421" in secure.recv(4096)


def test_nothing_may_follow_connect_before_it_is_answered(inside: Standing) -> None:
    pair = base64.b64encode(f"ringfence:{inside.stand.token}".encode()).decode()
    line = socket.create_connection(("127.0.0.1", inside.stand.port), timeout=5)
    head = f"CONNECT {VAULT}:443 HTTP/1.1\r\nHost: {VAULT}:443\r\nProxy-Authorization: Basic {pair}\r\n\r\n"
    line.sendall(head.encode() + b"GET /smuggled HTTP/1.1\r\n\r\n")
    assert b"400" in line.recv(4096).split(b"\r\n")[0]


def test_the_network_takes_note_of_every_connection(inside: Standing, outside: Standing) -> None:
    """Of one that a service refuses by its own rules the network knows only that it passed."""
    for at in (inside, outside):
        at.flows.clear()
        get(at, f"https://{VAULT}/")
    (within,), (without,) = inside.flows, outside.flows
    assert (within.host, within.port, within.allowed, within.private) == (VAULT, 443, True, True)
    assert (without.allowed, without.private) == (True, False)


def test_who_is_turned_away_by_a_services_own_rules_is_told_to_it(outside: Standing) -> None:
    outside.services.away.clear()
    get(outside, f"https://{VAULT}/secrets/a")
    assert outside.services.away == [("/secrets/a", "service")]
