"""What a command at a stand runs with."""

from __future__ import annotations

import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin import authority
from ringfence.twin.client.canary import canaries
from ringfence.twin.client.environment import surroundings

if TYPE_CHECKING:
    from pathlib import Path

TOLD: dict[str, Any] = {
    "proxy": "http://ringfence:token@127.0.0.1:1",
    "place": "vnet/snet",
    "variables": {"AZURE_FEDERATED_TOKEN_FILE": "{files}/azure-identity-token", "SETTING": "1"},
    "files": {"azure-identity-token": "eyJ", "../../escape": "no"},
}
OUTER = {
    "PATH": "/usr/bin:/bin",
    "AZURE_CLIENT_SECRET": "somebody-else",
    "azure_tenant_id": "somebody-else",
    "IDENTITY_HEADER": "somebody-else",
    "NO_PROXY": "vault.azure.net",
    "https_proxy": "http://other:3128",
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.new(["kv1.vault.azure.net"]).pem)
    return path


def made(bundle: Path, folder: Path) -> Any:
    folder.mkdir()
    return surroundings(TOLD, bundle, folder, OUTER)


def test_every_spelling_of_a_proxy_leads_to_the_stand(bundle: Path, tmp_path: Path) -> None:
    variables = made(bundle, tmp_path / "place").variables
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        assert variables[name] == variables[name.lower()] == TOLD["proxy"]
    assert variables["NO_PROXY"] == variables["no_proxy"] == ""


def test_only_this_runs_authority_is_trusted(bundle: Path, tmp_path: Path) -> None:
    variables = made(bundle, tmp_path / "place").variables
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert variables[name] == str(bundle)


def test_nobody_elses_identity_comes_along(bundle: Path, tmp_path: Path) -> None:
    assert "somebody-else" not in made(bundle, tmp_path / "place").variables.values()


def test_mounted_files_are_named_and_can_only_be_read(bundle: Path, tmp_path: Path) -> None:
    found = made(bundle, tmp_path / "place")
    token = found.folder / "azure-identity-token"
    assert found.variables["AZURE_FEDERATED_TOKEN_FILE"] == str(token)
    assert (token.read_text(), stat.S_IMODE(token.stat().st_mode)) == ("eyJ", 0o400)
    assert stat.S_IMODE(found.folder.stat().st_mode) == 0o700


def test_no_file_lands_outside_of_the_folder(bundle: Path, tmp_path: Path) -> None:
    found = made(bundle, tmp_path / "place")
    assert sorted(p.name for p in found.folder.iterdir()) == ["azure-identity-token", "escape"]
    assert not (tmp_path / "escape").exists()


def test_java_is_led_and_trusts_a_store_that_it_can_read(bundle: Path, tmp_path: Path) -> None:
    options = made(bundle, tmp_path / "place").variables["JAVA_TOOL_OPTIONS"].split()
    assert {"-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=1"} <= set(options)
    store = next(o.partition("=")[2] for o in options if o.startswith("-Djavax.net.ssl.trustStore="))
    listed = subprocess.run(
        ["openssl", "pkcs12", "-in", store, "-nokeys", "-passin", "pass:ringfence"], capture_output=True, check=False
    )
    assert b"BEGIN CERTIFICATE" in listed.stdout, listed.stderr


def test_a_canary_names_every_client_that_does_not_go_through(bundle: Path, tmp_path: Path) -> None:
    """Nothing listens on the proxy's port, so that whatever a client meets is not the twin."""
    seen = canaries(made(bundle, tmp_path / "place").variables)
    assert {"Python requests", "Python urllib"} <= {one.client for one in seen}
    assert not any(one.through for one in seen)
    assert all(one.why for one in seen)
