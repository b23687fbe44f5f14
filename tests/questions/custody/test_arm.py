"""The same answers from an export of Azure, which shows no keys of vaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.questions.custody.custody import answers
from tests.arm.support import GROUP, of, row
from tests.questions.custody.hcl import opens

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.questions.custody.custody import Custody

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv1"
ME = "99999999-0000-0000-0000-000000000001"
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"


def vault() -> dict[str, Any]:
    properties = {"enableRbacAuthorization": True, "enablePurgeProtection": True, "sku": {"name": "premium"}}
    return row("Microsoft.KeyVault/vaults", "kv1", properties)


def assignment(scope: str) -> dict[str, Any]:
    base = "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.Authorization"
    found = row("Microsoft.Authorization/roleAssignments", "r1")
    properties = {
        "scope": scope,
        "principalId": ME,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{base}/roleDefinitions/{ENCRYPTION_USER}",
    }
    return {**found, "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/r1", "properties": properties}


IDENTITY = {"type": "SystemAssigned", "principalId": ME, "tenantId": "t"}


def account() -> dict[str, Any]:
    named = {"keyvaulturi": "https://kv1.vault.azure.net/", "keyname": "store-key"}
    properties = {"encryption": {"keySource": "Microsoft.Keyvault", "keyvaultproperties": named}}
    return row("Microsoft.Storage/storageAccounts", "a1", properties, identity=IDENTITY)


def disks() -> tuple[dict[str, Any], dict[str, Any]]:
    properties = {
        "activeKey": {"keyUrl": "https://kv1.vault.azure.net/keys/store-key/0123", "sourceVault": {"id": VAULT}},
        "rotationToLatestKeyVersionEnabled": True,
    }
    encryption_set = row("Microsoft.Compute/diskEncryptionSets", "e1", properties, identity=IDENTITY)
    disk = row(
        "Microsoft.Compute/disks",
        "d1",
        {"encryption": {"type": "EncryptionAtRestWithCustomerKey", "diskEncryptionSetId": encryption_set["id"]}},
    )
    return encryption_set, disk


def store(folder: Path, title: str, *rows: dict[str, Any]) -> Custody:
    found = of(folder, list(rows))
    return next(c for c in answers(found) if c.store is not None and c.store.title == title)


@pytest.mark.parametrize("scope", [f"{VAULT}/keys/store-key", VAULT, GROUP])
def test_a_grant_on_a_key_that_the_export_does_not_show_counts(scope: str, tmp_path: Path) -> None:
    for title, rows in (("a1", (account(),)), ("d1", disks())):
        found = store(tmp_path, title, vault(), assignment(scope), *rows)
        assert found.customer_managed.outcome == "pass"
        assert getattr(found.vault, "title", "") == "kv1"
        assert opens(found) == {"read": "pass", "wrap": "pass", "unwrap": "pass"}
        assert found.follows is not None
        assert found.follows.outcome == "pass"
        assert found.seals[0].what == "role assignment"


def test_a_grant_on_another_key_does_not_count(tmp_path: Path) -> None:
    """Whether there are grants of other sorts depends on what the export holds."""
    found = store(tmp_path, "a1", vault(), assignment(f"{VAULT}/keys/other"), account())
    assert "pass" not in opens(found).values()
    assert [s.what for s in found.seals] == ["system-assigned identity", "key", "vault"]
