"""The clients of Microsoft, sign-in challenge and all, against the vaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("azure.keyvault.secrets")
pytest.importorskip("requests")

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.keyvault.certificates import CertificateClient, CertificatePolicy
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import CryptographyClient, KeyWrapAlgorithm
from azure.keyvault.secrets import SecretClient
from azure.keyvault.secrets._shared import HttpChallengeCache

from tests.twin.vault.clients import Credential, client
from tests.twin.vault.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    HttpChallengeCache.clear()


def test_a_client_is_challenged_and_asks_for_a_token_for_vaults(desk: Desk) -> None:
    credential = Credential(desk, "officer")
    secrets = client(SecretClient, desk, credential=credential)
    assert secrets.get_secret("declared").value == "as declared"
    assert credential.asked == [("https://vault.azure.net/.default",)]
    assert [row["HttpStatusCode"] for row in desk.log] == [401, 200]


def test_what_a_client_sets_it_gets_and_pages_through(desk: Desk) -> None:
    secrets = client(SecretClient, desk)
    for number in range(7):
        secrets.set_secret(f"s{number}", str(number), tags={"n": str(number)})
    names = [s.name for s in secrets.list_properties_of_secrets(max_page_size=3)]
    assert names == sorted(names)
    assert {f"s{n}" for n in range(7)} <= set(names)


def test_a_refusal_is_final_and_tells_the_rule(desk: Desk) -> None:
    with pytest.raises(HttpResponseError) as caught:
        client(SecretClient, desk, "reader").get_secret("declared")
    assert caught.value.status_code == 403
    assert "azurerm_role_assignment.reader" in caught.value.message
    assert len(desk.log) == 2  # the challenge and the refusal: nothing was tried again


def test_a_missing_secret_is_missing(desk: Desk) -> None:
    with pytest.raises(ResourceNotFoundError):
        client(SecretClient, desk).get_secret("none")


def test_a_key_in_hardware_wraps_and_unwraps(desk: Desk) -> None:
    keys = client(KeyClient, desk, "wrapper")
    key = keys.get_key("wrapping")
    assert key.key_type == "RSA-HSM"
    crypto: CryptographyClient = keys.get_cryptography_client("wrapping", key_version=key.properties.version)
    wrapped = crypto.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, b"k" * 32)
    assert crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped.encrypted_key).key == b"k" * 32


def test_a_certificate_is_made_while_a_client_waits(desk: Desk) -> None:
    certificates = client(CertificateClient, desk)
    made = certificates.begin_create_certificate("web", CertificatePolicy.get_default()).result()
    assert made.policy.subject == "CN=DefaultPolicy"
    assert made.secret_id.endswith(made.properties.version)
    assert certificates.get_certificate_operation("web").status == "completed"
