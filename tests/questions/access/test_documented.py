"""Cases that Microsoft's documentation states, each with its page."""

from __future__ import annotations

import pytest

from ringfence.questions.access.may import may
from ringfence.questions.access.operation import Operation
from ringfence.questions.access.verb import deeds
from tests.questions.access.lab import (
    ACCOUNT,
    ANN,
    CERTIFICATE,
    CONTAINER,
    GET,
    KEY,
    KV,
    READ_BLOB,
    RG,
    SECRET,
    SUBSCRIPTION,
    VM,
    asked,
    assign,
    platform,
    ref,
)

_LEARN = "https://learn.microsoft.com/azure/"
_BUILT_IN = _LEARN + "role-based-access-control/built-in-roles"
_VAULT = _LEARN + "key-vault/general/rbac-guide"
_BLOBS = _LEARN + "storage/blobs/authorize-access-azure-active-directory"

ASSIGN = Operation("Microsoft.Authorization/roleAssignments/write")
LIST_KEYS = Operation("Microsoft.Storage/storageAccounts/listKeys/action")
WRITE_VAULT = Operation("Microsoft.KeyVault/vaults/write")
METADATA = Operation("Microsoft.KeyVault/vaults/secrets/readMetadata/action", data=True)
SET = Operation("Microsoft.KeyVault/vaults/secrets/setSecret/action", data=True)
SIGN = Operation("Microsoft.KeyVault/vaults/keys/sign/action", data=True)
UNWRAP = Operation("Microsoft.KeyVault/vaults/keys/unwrap/action", data=True)
WRITE_BLOB = Operation(READ_BLOB.name.replace("read", "write"), data=True)
LOGIN = Operation("Microsoft.Compute/virtualMachines/login/action", data=True)
RUN = Operation("Microsoft.Compute/virtualMachines/runCommand/action")

CASES = [
    ("Key Vault Reader", KV, GET, SECRET, "fail", _VAULT),  # cannot read sensitive values
    ("Key Vault Reader", KV, METADATA, SECRET, "pass", _VAULT),
    ("Key Vault Secrets User", KV, GET, SECRET, "pass", _VAULT),
    ("Key Vault Secrets User", KV, SET, SECRET, "fail", _VAULT),
    ("Key Vault Secrets Officer", KV, SET, SECRET, "pass", _VAULT),
    ("Key Vault Secrets User", SECRET, GET, SECRET, "pass", _VAULT),  # individual secret
    ("Key Vault Secrets User", ".#azurerm_key_vault_secret.t", GET, SECRET, "fail", _VAULT),
    ("Key Vault Contributor", KV, GET, SECRET, "fail", _VAULT),  # manages vaults, not what is in them
    ("Key Vault Contributor", KV, WRITE_VAULT, KV, "pass", _VAULT),
    ("Key Vault Administrator", KV, GET, SECRET, "pass", _VAULT),
    ("Key Vault Administrator", KV, ASSIGN, KV, "fail", _VAULT),  # cannot manage role assignments
    ("Key Vault Crypto User", KV, SIGN, KEY, "pass", _VAULT),
    ("Key Vault Crypto User", KV, GET, SECRET, "fail", _VAULT),
    ("Key Vault Crypto Service Encryption User", KEY, UNWRAP, KEY, "pass", _VAULT),
    ("Key Vault Crypto Service Encryption User", KEY, SIGN, KEY, "fail", _VAULT),
    ("Key Vault Certificates Officer", CERTIFICATE, GET, CERTIFICATE, "fail", _VAULT),
    ("Owner", KV, GET, SECRET, "fail", _VAULT),  # data actions are not among actions
    ("Owner", RG, ASSIGN, KV, "pass", _BUILT_IN),
    ("Contributor", RG, ASSIGN, KV, "fail", _BUILT_IN),  # cannot assign roles
    ("Contributor", RG, WRITE_VAULT, KV, "pass", _BUILT_IN),
    ("Contributor", SUBSCRIPTION, LIST_KEYS, ACCOUNT, "pass", _BLOBS),
    ("Contributor", SUBSCRIPTION, READ_BLOB, CONTAINER, "fail", _BLOBS),  # no blobs without a data role or a key
    ("Reader", RG, Operation("Microsoft.KeyVault/vaults/read"), KV, "pass", _BUILT_IN),
    ("Reader", RG, LIST_KEYS, ACCOUNT, "fail", _BUILT_IN),
    ("User Access Administrator", RG, ASSIGN, KV, "pass", _BUILT_IN),
    ("User Access Administrator", RG, WRITE_VAULT, KV, "fail", _BUILT_IN),
    ("Role Based Access Control Administrator", RG, ASSIGN, KV, "pass", _BUILT_IN),
    ("Storage Blob Data Reader", ACCOUNT, READ_BLOB, CONTAINER, "pass", _BLOBS),
    ("Storage Blob Data Reader", ACCOUNT, WRITE_BLOB, CONTAINER, "fail", _BLOBS),
    ("Storage Blob Data Contributor", CONTAINER, WRITE_BLOB, CONTAINER, "pass", _BLOBS),
    ("Storage Blob Data Contributor", CONTAINER, WRITE_BLOB, ".#azurerm_storage_container.d", "fail", _BLOBS),
    ("Storage Account Contributor", ACCOUNT, LIST_KEYS, ACCOUNT, "pass", _BUILT_IN + "/storage"),
    ("Virtual Machine Contributor", RG, RUN, VM, "pass", _BUILT_IN + "/compute"),
    ("Virtual Machine Contributor", RG, LOGIN, VM, "fail", _BUILT_IN + "/compute"),
    ("Virtual Machine User Login", RG, LOGIN, VM, "pass", _BUILT_IN + "/compute"),
    ("Key Vault Secrets User", ".#azurerm_resource_group.other", GET, SECRET, "fail", _LEARN + "scope-overview"),
]


@pytest.mark.parametrize(("role", "scope", "operation", "on", "outcome", "source"), CASES)
def test_built_in_roles(role: str, scope: str, operation: Operation, on: str, outcome: str, source: str) -> None:
    at = scope if scope.startswith("/") else ref(scope)
    assert asked(platform(assign(role, at)), operation, on) == outcome, source


def test_not_actions_are_no_denial() -> None:
    """What one role excepts another may give.

    Source: learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
    """
    found = platform(assign("Contributor", ref(RG)), assign("User Access Administrator", ref(KV)))
    assert asked(found, ASSIGN, KV) == "pass"
    assert asked(found, ASSIGN, ACCOUNT) == "fail"


@pytest.mark.parametrize("role", ["Key Vault Administrator", "Key Vault Secrets User"])
def test_a_vault_of_access_policies_does_not_ask_roles(role: str) -> None:
    """Source: learn.microsoft.com/azure/key-vault/general/rbac-access-policy"""
    found = platform(assign(role, ref(KV)), rbac=False)
    assert asked(found, GET, SECRET) == "fail"
    verdict = may(found, ANN, GET.name, found.resources[SECRET], data=True)
    assert verdict.why == "the vault uses access policies"


def test_the_private_key_of_a_certificate_is_its_secret() -> None:
    """Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates"""
    found = platform()
    (deed,) = deeds(found, "read", found.resources[CERTIFICATE])
    assert deed.operation == GET
    assert deed.on.key == f"{CERTIFICATE}/secrets"
