"""What the cloud makes behind a declared resource is judged, and known to be nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.checks import storage as checks
from ringfence.mapping.link import link
from ringfence.model.machine_learning import MachineLearningRegistry
from ringfence.model.storage import StorageAccount
from ringfence.model.symbol import Apply
from ringfence.model.world import Change, Ledger, World
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

TYPE = "Microsoft.MachineLearningServices/registries@2024-10-01"


def declared(*, text: bool = False, **account: Any) -> Declaration:
    """A registry in one region, its account said to be so."""
    body: Any = {
        "properties": {
            "publicNetworkAccess": "Disabled",
            "regionDetails": (
                {
                    "location": "uksouth",
                    "storageAccountDetails": (
                        {"systemCreatedStorageAccount": {"storageAccountType": "Standard_LRS", **account}},
                    ),
                },
            ),
        }
    }
    return declare("azapi_resource.r", type=TYPE, name="r", body=Apply("jsonencode", (body,)) if text else body)


def registry(*, text: bool = False, **account: Any) -> Any:
    """The estate of it."""
    return estate(declared(text=text, **account))


@pytest.mark.parametrize("text", [False, True])
def test_the_account_behind_a_registry_is_a_resource(text: bool) -> None:
    found = registry(text=text)
    (account,) = found.of(StorageAccount)
    assert account.key == ".#azurerm_storage_account.r/storage"
    assert account.maker == ".#azapi_resource.r"
    assert str(account.minimum_tls_version.origin).endswith("(Azure Machine Learning default)")
    (made,) = found.of(MachineLearningRegistry)
    assert made.public_network_access.value == "Disabled"
    assert made.maker == ""


def test_it_is_as_the_document_found_one() -> None:
    found = registry()
    (account,) = found.of(StorageAccount)
    held = {
        "3.1": checks.secure_transfer(account),
        "3.2": checks.infrastructure_encryption(account),
        "3.3": checks.key_rotation_reminder(account),
        "3.7": checks.blob_public_access(account),
        "3.8": checks.network_default_deny(account),
        "3.9": checks.trusted_services(account),
        "3.10": checks.private_endpoint(account, found),
        "3.11": checks.blob_soft_delete(account),
        "3.12": checks.customer_managed_key(account, found),
        "3.13": checks.blob_logging(account, found),
        "3.15": checks.minimum_tls(account),
    }
    passing = {item for item, verdict in held.items() if verdict.outcome == "pass"}
    assert passing == {"3.1", "3.2", "3.7", "3.9", "3.15"}
    assert {v.outcome for item, v in held.items() if item not in passing} == {"fail"}


def test_what_the_registry_says_of_its_account_is_what_is_judged() -> None:
    (account,) = registry(allowBlobPublicAccess=True).of(StorageAccount)
    assert checks.blob_public_access(account).outcome == "fail"
    assert "default" not in str(account.allow_blob_public_access.origin)


def test_without_the_registry_there_is_no_account_behind_it() -> None:
    ledger = Ledger()
    found = link(World("prod", change=Change((".#azapi_resource.r",))), [declared()], ledger)
    assert not found.of(StorageAccount)
    assert not ledger.problems


def test_an_account_of_ones_own_is_not_made() -> None:
    body: Any = {"properties": {"regionDetails": ({"storageAccountDetails": ({"userCreatedStorageAccount": {}},)},)}}
    found = estate(declare("azapi_resource.r", type=TYPE, name="r", body=body))
    assert not found.of(StorageAccount)


@pytest.mark.parametrize("body", ["{", "[" * 100_000, "7", "[]", '{"properties": 7}', None])
def test_a_body_that_is_no_object_says_nothing(body: Any) -> None:
    found = estate(declare("azapi_resource.r", type=TYPE, name="r", body=body))
    assert not found.of(StorageAccount)
    (made,) = found.of(MachineLearningRegistry)
    assert made.public_network_access.default == "Enabled"  # type: ignore[union-attr]
