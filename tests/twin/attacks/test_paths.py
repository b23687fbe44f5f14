"""Paths that mean another item than they seem to: a workload reads the one secret that it may, and no file at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.attacks.conftest import CANARY
from tests.twin.attacks.target import ACCOUNT, ARM, FLOWS, LOGIN, NODES, OWN, VAULT, Target, bearer

VERSION = "?api-version=7.4"
WRITTEN = b"written-by-an-attacker"
STORAGE = {"x-ms-version": "2023-11-03"}


@pytest.fixture(scope="module")
def pod(target: Target) -> str:
    return target.pod("https://vault.azure.net")


def test_the_control(target: Target, pod: str) -> None:
    line = target.line(NODES).opened(VAULT)
    assert line.request("GET", f"/secrets/{OWN}{VERSION}", bearer(pod)).status == 200
    assert line.request("GET", f"/secrets/canary{VERSION}", bearer(pod)).status == 403


TRICKS = [
    f"/secrets/{OWN}/../canary", f"/secrets/{OWN}/%2e%2e/canary", f"/secrets/{OWN}/%2e%2e%2fcanary",
    f"/secrets/{OWN}%2f..%2fcanary", f"/secrets/{OWN}/..;/canary", f"/secrets/{OWN};/../canary",
    f"/secrets/{OWN}/..%5ccanary", f"/secrets/{OWN}\\..\\canary", f"/secrets/{OWN}/./../canary",
    "//secrets/canary", "/secrets//canary", "/secrets/canary/", "/secrets/canary//", "/./secrets/canary",
    "/secrets/./canary", "/secrets/%2e/canary", "/SECRETS/canary", "/Secrets/Canary", "/secrets/CANARY",
    "/secrets/canary;", "/secrets/canary;a=b", "/secrets;a=b/canary", "/secrets/canary%20", "/secrets/%20canary",
    "/secrets/canary.", "/secrets/canary%2e", "/secrets/canary%00", f"/secrets/canary%00{OWN}",
    f"/secrets/{OWN}%00/../canary", "/secrets/%63anary", "/secrets/%2563anary", "/secrets/%252e%252e/secrets/canary",
    "/secrets/c%61nary/", "/secrets/%c0%ae%c0%ae/canary", "/secrets/%e0%80%ae/canary", "/secrets/%u0063anary",
    "/secrets/%ef%bd%83anary", "/secrets/can%c2%adary", "/secrets/c%cc%81anary", "/secrets/%ff", "/secrets/%",
    "/secrets/%zz", "/secrets/*", "/secrets/can*", "/secrets/%25", "/secrets/canary/versions", "/secrets/canary/latest",
    "/secrets/canary/00000000000000000000000000000000", f"/secrets/{OWN}/canary", f"/secrets/canary/{OWN}",
    f"/secrets/canary?id={OWN}", f"/secrets/canary#/{OWN}", f"/secrets/canary%23/{OWN}", f"/secrets/canary%3f/{OWN}",
    "/deletedsecrets/canary", "/secrets/canary/backup", "/keys/canary", "/certificates/canary", "/storage/canary",
    f"/{VAULT}/secrets/canary", f"/secrets/https://{VAULT}/secrets/canary", "/secrets/' OR '1'='1", '/secrets/"',
    "/secrets/" + "a" * 5_000, "/secrets/" + "../" * 200 + "canary", "/secrets/" + "%2e%2e/" * 200 + "etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("path", TRICKS, ids=lambda p: p[:60])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_no_path_leads_to_another_secret(target: Target, pod: str, method: str, path: str) -> None:
    line = target.line(NODES).opened(VAULT)
    sign = "&" if "?" in path else "?"
    answer = line.request(method, f"{path}{sign}api-version=7.4", {**bearer(pod), "Content-Length": "0"})
    assert CANARY.encode() not in answer.body
    assert 400 <= answer.status < 500


@pytest.mark.parametrize(
    "query",
    [
        "api-version=7.4&api-version=7.3", "api-version=7.4%00", "api-version=../7.4", "api-version=", "",
        "API-VERSION=7.4", "api-version=9.9", "api-version=7.4&maxresults=-1", "api-version[]=7.4",
        "api-version=7.4;x=y",
    ],
)  # fmt: skip
def test_no_query_opens_more(target: Target, pod: str, query: str) -> None:
    answer = target.line(NODES).opened(VAULT).request("GET", f"/secrets/canary?{query}", bearer(pod))
    assert CANARY.encode() not in answer.body
    assert answer.status in (400, 403)


BLOBS = [
    "/box/../../hardware.key", "/box/..%2f..%2fhardware.key", "/box/%2e%2e/%2e%2e/hardware.key", "/../hardware.key",
    "/%2e%2e/state.db", "/box/....//....//hardware.key", "/box/..%5c..%5chardware.key", "/box/%00", "/box/a%00.txt",
    "/box//etc/passwd", "/box/%2fetc%2fpasswd", "/box/%c0%ae%c0%ae/hardware.key", "/box/" + "a" * 1100,
    "/box/" + "a/" * 300, "/box/CON", "/box/a.", "/box/ ".replace(" ", "%20"), "/box/%ff%fe", "/$root/../hardware.key",
    "/box/~root/.ssh/id_rsa",
]  # fmt: skip


@pytest.fixture(scope="module")
def flows(target: Target) -> dict[str, str]:
    """What an identity sends that may write blobs; the container box is there."""
    head = {**bearer(target.identity(FLOWS, "https://storage.azure.com")), **STORAGE}
    assert target.line(NODES).opened(ACCOUNT).request("PUT", "/box?restype=container", head).status == 201
    return head


def files(target: Target) -> set[str]:
    """What is in the folder and beside it, but for blobs and what the database keeps."""
    inside = {
        str(p) for p in target.folder.path.parent.rglob("*") if p.parts[-1] not in ("state.db-wal", "state.db-shm")
    }
    return {p for p in inside if "/blobs/" not in p and "/database/" not in p}


@pytest.mark.parametrize("path", BLOBS, ids=lambda p: p[:60])
def test_no_blob_is_a_file_of_the_twin(target: Target, flows: dict[str, str], path: str) -> None:
    """Neither to be read nor to be written; what is written under an odd name is read under the same."""
    before, line = files(target), target.line(NODES).opened(ACCOUNT)
    first = line.request("GET", path, flows)
    assert 400 <= first.status < 500 or first.body == WRITTEN
    written = line.request("PUT", path, {**flows, "x-ms-blob-type": "BlockBlob"}, WRITTEN)
    assert written.status in (201, 400, 403, 404, 405, 409)
    if written.status == 201:
        assert line.request("GET", path, flows).body == WRITTEN
    assert files(target) == before


@pytest.mark.parametrize(
    "path",
    [
        "/subscriptions/../../secrets", "/subscriptions/%2e%2e/x", "/subscriptions/%00", "/subscriptions/" + "a/" * 900,
        "/subscriptions//resourceGroups", "/%ff", "/providers/..;/Microsoft.KeyVault", "/subscriptions/' OR 1=1 --",
    ],
    ids=lambda p: p[:40],
)  # fmt: skip
def test_no_path_breaks_resource_manager(target: Target, path: str) -> None:
    token = target.deployer("https://management.azure.com")
    answer = target.line("internet").opened(ARM).request("GET", f"{path}?api-version=2022-12-01", bearer(token))
    assert 400 <= answer.status < 500


@pytest.mark.parametrize(
    "path",
    ["/../token", "/%2e%2e/oauth2/token", "//oauth2/v2.0/token", "/%00/oauth2/v2.0/token", "/<script>/x", "/%ff"],
)
def test_no_path_breaks_the_directory(target: Target, path: str) -> None:
    answer = target.line("internet").opened(LOGIN).request("POST", path, {"Content-Length": "0"})
    assert 400 <= answer.status < 500
    assert b"<script>" not in answer.body or answer.headers["content-type"].startswith("application/json")


def test_nothing_broke(target: Target) -> None:
    said: Any = target.folder.output.read_text()
    assert "Traceback" not in said
