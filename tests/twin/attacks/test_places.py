"""Whoever is at one place cannot pass for another: proxies, names, TLS, the metadata service, the owner's socket."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import ssl
import stat
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from ringfence.errors import InputError
from tests.twin.attacks.conftest import CANARY
from tests.twin.attacks.target import (
    ACCOUNT,
    ARM,
    DATABASE,
    LOGIN,
    NODES,
    VAULT,
    WORKLOAD,
    Target,
    bearer,
)

PATH = "/secrets/canary?api-version=7.4"
IMDS = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net"
METADATA = {"Metadata": "true"}
JUMP = "vm-jump-eudcc-ie-prod"


def pair(text: str) -> str:
    return base64.b64encode(text.encode("latin-1")).decode()


@pytest.fixture(scope="module")
def token(target: Target) -> str:
    return target.deployer("https://vault.azure.net")


# -- who may use a proxy


@pytest.mark.parametrize(
    "spoilt",
    ["", "internet", "user", "empty", "half", "longer", "null", "twice", "other case", "no base64", "beyond ASCII"],
)
def test_a_proxy_is_its_own_places(target: Target, spoilt: str) -> None:
    """Without its token, with that of another place, with something like it."""
    own = urlsplit(target.stand(NODES)["proxy"]).password or ""
    other = urlsplit(target.stand("internet")["proxy"]).password or ""
    pairs = {
        "": "", "internet": pair(f"ringfence:{other}"), "user": pair(f"root:{own}"), "empty": pair("ringfence:"),
        "half": pair(f"ringfence:{own[:16]}"), "longer": pair(f"ringfence:{own}a"), "null": pair(f"ringfence:{own}\0"),
        "twice": f"{pair(f'ringfence:{own}')}, Basic {pair('a:b')}", "other case": pair(f"ringfence:{own.swapcase()}"),
        "no base64": f"ringfence:{own}", "beyond ASCII": "\xe4\xf6\xfc",
    }  # fmt: skip
    line = target.line(NODES)
    answer = line.connect(f"{VAULT}:443", pair=pairs[spoilt])
    assert answer.status == 407
    assert own.encode() not in answer.body
    assert line.ends()


@pytest.mark.parametrize("header", ["Authorization", "X-Proxy-Authorization", "Cookie"])
def test_the_token_is_in_its_own_header_only(target: Target, header: str) -> None:
    line = target.line(NODES)
    line.send(f"CONNECT {VAULT}:443 HTTP/1.1\r\nHost: {VAULT}:443\r\n{header}: Basic {line.pair}\r\n\r\n")
    assert line.granted().status == 407


def test_every_request_of_a_connection_carries_the_token(target: Target) -> None:
    line = target.line(NODES)
    assert line.plain("GET", IMDS, METADATA).status == 403
    assert line.send(f"GET {IMDS} HTTP/1.1\r\nHost: 169.254.169.254\r\nMetadata: true\r\n\r\n").answer().status == 407


def test_proxies_listen_for_this_machine_only(target: Target) -> None:
    proxy = urlsplit(target.stand(NODES)["proxy"])
    assert proxy.hostname == "127.0.0.1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        mine = probe.getsockname()[0]
    if not mine.startswith("127."):
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((mine, proxy.port or 0), 2)


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "10.63.0.10"}, {"Forwarded": "for=10.63.0.10"}, {"X-Real-IP": "10.63.0.10"},
        {"X-Azure-ClientIP": "10.63.0.10"}, {"Via": "1.1 snet-nodes-ie"}, {"X-Azure-FDID": "a"},
        {"True-Client-IP": "10.63.0.10"}, {"X-Ringfence-Front": "private"}, {"X-Ringfence-Place": NODES},
        {"X-MS-Private-Link-Id": "1"}, {"X-Original-Host": VAULT},
    ],
    ids=lambda h: next(iter(h)),
)  # fmt: skip
def test_no_header_makes_a_place_another(target: Target, token: str, header: dict[str, str]) -> None:
    answer = target.line("internet").opened(VAULT).request("GET", PATH, {**bearer(token), **header})
    assert (answer.status, answer.headers["x-ringfence-front"]) == (403, "public")
    assert b"public network access is off" in answer.body


def test_a_place_is_the_same_however_it_is_spelled(target: Target) -> None:
    """And is no other: who spells it oddly stands in the same place, or in none."""
    there = {word: target.stand(word)["place"] for word in ("internet", "INTERNET", " Internet ", "the internet")}
    assert len(set(there.values())) == 1
    for word in ("internet\0", "snet-nodes-ie/../snet-jump-ie", "%", "' OR 1=1 --", "a" * 99_999):
        with pytest.raises(InputError):
            target.stand(word)


# -- where it leads


ENDS = [
    "169.254.169.254:80", "169.254.169.254:443", "127.0.0.1:22", "localhost:443", "[::1]:443", "0.0.0.0:443",
    "2130706433:443", "0x7f000001:443", "example.org:443", f"{VAULT}.:443", f"{VAULT}:0", f"{VAULT}:65536",
    f"{VAULT}:-1", f"{VAULT}:443:443", VAULT, f"https://{VAULT}:443", f"{VAULT}:443/", f"ringfence@{VAULT}:443",
    f"{VAULT}:\u0664\u0664\u0663", f"{VAULT}%00.example.org:443", f"{VAULT}:443#", ":443", "a..b:443", "-a.b:443",
    f"{'a' * 64}.vault.azure.net:443", f"{'a.' * 200}net:443", "*.vault.azure.net:443", f"{VAULT}\t:443", f"{VAULT}:22",
]  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_it_leads_to_what_the_estate_has_and_nowhere_else(target: Target, end: str) -> None:
    line = target.line(NODES)
    line.send(f"CONNECT {end} HTTP/1.1\r\nHost: {end}\r\nProxy-Authorization: Basic {line.pair}\r\n\r\n".encode())
    answer = line.granted()
    assert answer.status in (400, 403)
    assert line.ends()


@pytest.mark.parametrize("host", [f"{ACCOUNT}:443", ACCOUNT, f"{VAULT}:80", "localhost", f"{VAULT}, {ACCOUNT}", ""])
def test_connect_names_one_host(target: Target, host: str) -> None:
    line = target.line(NODES)
    line.send(f"CONNECT {VAULT}:443 HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic {line.pair}\r\n\r\n")
    assert line.granted().status == 400


URLS = [
    f"http://{VAULT}{PATH}", f"https://{VAULT}{PATH}", f"HTTP://{VAULT}:443{PATH}", f"ftp://{VAULT}/",
    "/secrets/canary", f"http://{VAULT}:3306/", "http://169.254.169.254:8080/metadata/identity/oauth2/token",
    "file:///etc/passwd", f"http://a:b@{VAULT}/", f"http://{VAULT}:99999/", "http://[::1/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://2852039166/", "http://0xa9fea9fe/", "http://169.254.169.254.nip.io/", "http://0251.0376.0251.0376/",
    "http:///", "http://", "http:169.254.169.254/", f"//{VAULT}/", "http://[169.254.169.254]/", "http://\u2460.a/",
    f"http://{VAULT}\\@169.254.169.254/", "http://169.254.169.254@example.org/", "*",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_a_plain_request_opens_no_door(target: Target, token: str, url: str) -> None:
    line = target.line(NODES)
    host = url.partition("//")[2].partition("/")[0] or VAULT
    own = f"Proxy-Authorization: Basic {line.pair}\r\nAuthorization: Bearer {token}\r\nMetadata: true\r\n"
    line.send(f"GET {url} HTTP/1.1\r\nHost: {host}\r\n{own}\r\n".encode())
    answer = line.answer()
    assert answer.status in (400, 403)
    assert CANARY.encode() not in answer.body


def test_what_is_refused_says_not_what_is_there(target: Target) -> None:
    """A name that is not there is no different from one that is not for this place to know."""
    answer = target.line(NODES).connect("kv-of-another.vault.azure.net:443")
    assert (answer.status, answer.headers["x-ringfence-refused"]) == (403, "name")


# -- TLS


@pytest.mark.parametrize("name", [ACCOUNT, LOGIN, "kv-eudcc-eu-prod.vault.azure.net", "example.org", None])
@pytest.mark.parametrize("host", [VAULT, LOGIN])
def test_tls_is_for_the_name_that_was_connected_to(target: Target, host: str, name: str | None) -> None:
    if name == host:
        return
    line = target.line(NODES)
    assert line.connect(f"{host}:443").status == 200
    with pytest.raises((ssl.SSLError, ConnectionError)):
        line.secured(name)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.parametrize("host", [VAULT, ACCOUNT, LOGIN, ARM])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused(target: Target, host: str, version: ssl.TLSVersion) -> None:
    line = target.line(NODES)
    assert line.connect(f"{host}:443").status == 200
    with pytest.raises((ssl.SSLError, ConnectionError)):
        line.secured(host, version)


@pytest.mark.parametrize("host", [VAULT, ACCOUNT, LOGIN])
@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\xff\xff",
        b"\x80\x2e\x01\x00\x02",
        b"\0" * 64,
        b"SSH-2.0-a\r\n",
    ],
    ids=["HTTP", "half a hello", "SSL 2", "nulls", "SSH"],
)
def test_a_door_of_tls_takes_nothing_else(target: Target, host: str, data: bytes) -> None:
    line = target.line(NODES)
    assert line.connect(f"{host}:443").status == 200
    line.send(data).socket.shutdown(socket.SHUT_WR)
    line.socket.settimeout(3)
    assert b"HTTP/1.1" not in line.rest()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_handshake_is_not_begun_again(target: Target) -> None:
    proxy = urlsplit(target.stand(NODES)["proxy"])
    command = [
        "openssl", "s_client", "-tls1_2", "-connect", f"{VAULT}:443", "-servername", VAULT,
        "-CAfile", str(target.folder.bundle), "-proxy", f"127.0.0.1:{proxy.port}",
        "-proxy_user", "ringfence", "-proxy_pass", f"pass:{proxy.password}",
    ]  # fmt: skip
    done = subprocess.run(command, input=b"R\nR\n", capture_output=True, timeout=20, check=False)
    said = done.stdout + done.stderr
    assert b"Verify return code: 0" in said
    assert b"RENEGOTIATING" in said
    assert b"no renegotiation" in said or b"unexpected message" in said


# -- the metadata service


def test_a_place_has_no_identity(target: Target) -> None:
    for place in (NODES, "internet", "snet-jump-ie"):
        answer = target.line(place).plain("GET", IMDS, METADATA)
        assert answer.status == 403
        assert b"access_token" not in answer.body


def test_the_control(target: Target) -> None:
    """A machine with an identity gets its token."""
    answer = target.line(workload=JUMP).plain("GET", IMDS, METADATA)
    assert target.kept("a machine's token", answer.json["access_token"])


REQUESTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "no header": ("GET", IMDS, {}),
    "another header": ("GET", IMDS, {"Metadata": "false"}),
    "forwarded": ("GET", IMDS, {**METADATA, "X-Forwarded-For": "127.0.0.1"}),
    "forwarded by nobody": ("GET", IMDS, {**METADATA, "X-Forwarded-For": ""}),
    "posted": ("POST", IMDS, {**METADATA, "Content-Length": "0"}),
    "put": ("PUT", IMDS, {**METADATA, "Content-Length": "0"}),
    "asked of another path": ("GET", IMDS.replace("/identity/", "/../identity/"), METADATA),
    "asked of a path in capitals": ("GET", IMDS.replace("/identity/", "/IDENTITY/"), METADATA),
    "asked twice": ("GET", f"{IMDS}&resource=https://management.azure.com", METADATA),
    "for nothing": ("GET", IMDS.partition("&")[0], METADATA),
    "for another's identity": ("GET", f"{IMDS}&client_id={{other}}", METADATA),
    "for another's object": ("GET", f"{IMDS}&object_id={{object}}", METADATA),
    "for a stranger": ("GET", f"{IMDS}&client_id=*", METADATA),
    "as App Service": ("GET", IMDS.replace("254.169.254/metadata/identity/oauth2/token", "254.129.1/msi/token"),
                       {"X-IDENTITY-HEADER": "guess"}),
}  # fmt: skip


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_for_an_identity(target: Target, what: str) -> None:
    method, url, headers = REQUESTS[what]
    other = target.names["principals"]["ie-workloads#azurerm_user_assigned_identity.dgca_issuance_service"]
    answer = target.line(workload=JUMP).plain(
        method, url.format(other=other["client"], object=other["object"]), headers
    )
    assert 400 <= answer.status < 500
    assert b"access_token" not in answer.body


@pytest.mark.parametrize("workload", [WORKLOAD, "portal-sign-in"])
def test_a_pod_gets_no_token_of_another(target: Target, workload: str) -> None:
    other = target.names["principals"]["ie-workloads#azurerm_user_assigned_identity.dgca_verifier_service"]["client"]
    answer = target.line(workload=workload).plain("GET", f"{IMDS}&client_id={other}", METADATA)
    assert answer.status in (400, 403)


# -- the owner's socket


def test_the_socket_is_its_owners(target: Target) -> None:
    assert stat.S_IMODE(target.folder.socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.folder.path.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_another_user_gives_no_orders(target: Target) -> None:
    """Not even where the folders above let him pass, and he finds no file of the twin that he may read."""
    code = (
        "import os, socket, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "for path in sys.argv[2:]:\n"
        "    try: open(path).read(); print('read', path)\n"
        "    except PermissionError: pass\n"
        "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1]); print('connected')\n"
        "except PermissionError: print('refused')\n"
    )
    files = [str(p) for p in target.folder.path.rglob("*") if p.is_file()]
    done = subprocess.run(
        [sys.executable, "-c", code, str(target.folder.socket), *files], capture_output=True, text=True, check=False
    )
    assert done.stdout == "refused\n", done.stderr


@pytest.mark.parametrize(
    "order",
    [
        b"{}", b"[]", b"null", b"1", b'"status"', b"{", b"\xff\xfe", b'{"do": null}', b'{"do": ["status"]}',
        b'{"do": "__class__"}',
        b'{"do": "token", "who": "deployer", "audience": 1}', b'{"do": "token"}', b'{"do": "sign", "who": "nobody"}',
        b'{"do": "change", "change": "x"}', b'{"do": "change"}', b"[" * 50_000,
    ],
    ids=lambda o: o.decode("latin-1")[:40],
)  # fmt: skip
def test_an_order_that_means_nothing_is_an_error(target: Target, order: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect(str(target.folder.socket))
        line.sendall(order + b"\n")
        answer: dict[str, Any] = json.loads(line.makefile().readline())
    assert set(answer) == {"error", "hint"}
    assert target.ask("status")["name"] == "eudcc"


# -- the database


@pytest.mark.parametrize("at", ["internet", "snet-jump-eu", "snet-nodes-eu"])
def test_the_database_is_reached_from_its_own_network_only(target: Target, at: str) -> None:
    answer = target.line(at).connect(f"{DATABASE}:3306")
    assert answer.status == 403


def test_nothing_broke(target: Target) -> None:
    assert "Traceback" not in target.folder.output.read_text()
