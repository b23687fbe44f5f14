"""What the key is, who can open with it or end it, and what a revocation seals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.value import Unknown
from ringfence.questions.custody.complete import reaches
from ringfence.questions.custody.custody import answers, stores
from ringfence.questions.custody.seal import sealed_without
from tests.questions.custody.hcl import USER, VAULT, asked, opens, role, sealing, terraform

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate
    from ringfence.questions.custody.material import Material

KEY = "azurerm_key_vault_key.k.id"
STORE = "azurerm_storage_account.a"
ACCOUNT = f"""
resource "azurerm_storage_account" "a" {{
  name = "a1"
  identity {{
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.u.id]
  }}
  customer_managed_key {{
    key_vault_key_id          = {KEY}
    user_assigned_identity_id = azurerm_user_assigned_identity.u.id
  }}
}}"""


def material(folder: Path, text: str, **variables: Any) -> Material:
    found = asked(terraform(folder, text + ACCOUNT, **variables), STORE).material
    assert found is not None
    return found


def test_the_key_of_a_premium_vault(tmp_path: Path) -> None:
    key = material(tmp_path, VAULT)
    assert (key.kty, key.size, key.operations) == ("RSA-HSM", "3072", ("unwrapKey", "wrapKey"))
    assert (key.only_wraps.outcome, key.enabled.outcome, key.exportable.outcome) == ("pass", "pass", "fail")
    assert (key.expires.outcome, key.expiry, key.rotates.outcome, key.rotation) == ("fail", "never", "fail", "")
    assert (key.purgeable.outcome, key.recoverable) == ("fail", "30 days")
    assert key.certified.startswith("FIPS 140-2 level 2 or FIPS 140-3 level 3")


POLICY = """
  expiration_date = "2030-01-01T00:00:00Z"
  rotation_policy {
    expire_after = "P90D"
    automatic {
      time_before_expiry = "P30D"
    }
  }
}
resource "azurerm_user_assigned_identity"
"""


def test_a_key_in_software_that_ends_and_is_renewed(tmp_path: Path) -> None:
    text = VAULT.replace('"RSA-HSM"', '"RSA"').replace('"wrapKey", "unwrapKey"', '"wrapKey", "unwrapKey", "sign"')
    text = text.replace('}\nresource "azurerm_user_assigned_identity"', POLICY.strip())
    key = material(tmp_path, text.replace("purge_protection_enabled   = true", ""))
    assert (key.kty, key.only_wraps.outcome, key.certified) == ("RSA", "fail", "FIPS 140-2 level 1")
    assert (key.expires.outcome, key.expiry) == ("pass", "2030-01-01T00:00:00Z")
    assert (key.rotates.outcome, key.rotation) == ("pass", "P30D before it expires")
    assert key.purgeable.outcome == "pass"


def test_a_curve_stands_for_a_size(tmp_path: Path) -> None:
    text = VAULT.replace('"RSA-HSM"', '"EC"').replace("key_size     = 3072", 'curve        = "P-256"')
    key = material(tmp_path, text)
    assert (key.kty, key.size) == ("EC", "P-256")


def test_an_unknown_vault_makes_purging_unknown(tmp_path: Path) -> None:
    text = 'variable "on" {}\n' + VAULT.replace(
        "purge_protection_enabled   = true", "purge_protection_enabled = var.on"
    )
    assert material(tmp_path, text).purgeable.outcome == "unknown"


@pytest.mark.parametrize(("exportable", "outcome"), [("true", "pass"), ("false", "fail")])
def test_the_key_of_a_certificate_leaves_through_its_secret(exportable: str, outcome: str, tmp_path: Path) -> None:
    certificate = f"""
resource "azurerm_key_vault_certificate" "c" {{
  name         = "cert"
  key_vault_id = azurerm_key_vault.kv.id
  certificate_policy {{
    key_properties {{
      exportable = {exportable}
      key_type   = "RSA"
      key_size   = 2048
    }}
  }}
}}
resource "azurerm_role_assignment" "reader" {{
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = "11111111-1111-1111-1111-111111111111"
}}"""
    text = VAULT + certificate + ACCOUNT.replace(KEY, '"https://kv1.vault.azure.net/keys/cert"')
    found = asked(terraform(tmp_path, text), STORE)
    assert found.material is not None
    assert (found.material.exportable.outcome, found.material.size) == (outcome, "2048")
    assert found.custodians is not None
    names = [c.principal.name for c in found.custodians.export]
    assert names == (["11111111-1111-1111-1111-111111111111"] if outcome == "pass" else [])


def test_a_managed_hsm_is_certified_higher_and_its_grants_are_not_read(tmp_path: Path) -> None:
    text = VAULT + ACCOUNT.replace(
        f"key_vault_key_id          = {KEY}", 'managed_hsm_key_id = "https://h1.managedhsm.azure.net/keys/k"'
    )
    found = asked(terraform(tmp_path, text), STORE)
    assert found.material is not None
    assert (found.protection, found.material.certified) == ("hsm", "FIPS 140-3 level 3")
    assert set(opens(found).values()) == {"unknown"}


ADMIN = """
resource "azurerm_role_assignment" "admin" {
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Key Vault Administrator"
  principal_id         = "22222222-2222-2222-2222-222222222222"
}
resource "azurerm_role_assignment" "owner" {
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Owner"
  principal_id         = "33333333-3333-3333-3333-333333333333"
}
"""


def custodians(folder: Path, text: str) -> dict[str, dict[str, tuple[str, ...]]]:
    found = asked(terraform(folder, text), STORE).custodians
    assert found is not None
    return {what: {c.principal.name: c.does for c in getattr(found, what)} for what in ("unwrap", "export", "destroy")}


def test_who_can_open_and_who_can_end_it(tmp_path: Path) -> None:
    """An owner has no data action, and may take roles; an administrator of the vault's contents both opens and ends."""
    found = custodians(tmp_path, VAULT + ACCOUNT + role(USER) + ADMIN)
    assert found["unwrap"] == {"stores": ("unwrap",), "22222222-2222-2222-2222-222222222222": ("unwrap",)}
    assert found["export"] == {}
    assert found["destroy"] == {
        "22222222-2222-2222-2222-222222222222": ("delete the key", "disable the key"),
        "33333333-3333-3333-3333-333333333333": ("delete the vault", "change the vault", "give and take roles"),
    }


def test_without_purge_protection_the_key_can_be_purged(tmp_path: Path) -> None:
    text = VAULT.replace("purge_protection_enabled   = true", "") + ACCOUNT + role(USER) + ADMIN
    found = custodians(tmp_path, text)
    assert found["destroy"]["22222222-2222-2222-2222-222222222222"] == (
        "delete the key",
        "purge the key",
        "disable the key",
    )


def seals(estate: Estate, address: str) -> dict[str, str]:
    return {
        s.found.store.address: s.outcome
        for s in sealed_without(estate, estate.resources[f".#{address}"])
        if s.found.store
    }


def test_another_grant_keeps_it_open_and_both_together_seal(tmp_path: Path) -> None:
    wide = role(USER, "azurerm_key_vault.kv.id", "wide")
    estate = terraform(tmp_path, VAULT + ACCOUNT + role(USER) + wide)
    assert seals(estate, "azurerm_role_assignment.g") == {STORE: "not"}
    assert seals(estate, "azurerm_role_assignment.wide") == {STORE: "not"}
    assert sealing(asked(estate, STORE)) == {
        "azurerm_role_assignment.g + azurerm_role_assignment.wide": "sealed",
        "azurerm_user_assigned_identity.u": "sealed",
        "azurerm_key_vault_key.k": "sealed",
        "azurerm_key_vault.kv": "sealed",
    }


def test_what_has_nothing_to_do_with_the_key_seals_nothing(tmp_path: Path) -> None:
    estate = terraform(tmp_path, VAULT + ACCOUNT + role(USER) + ADMIN)
    assert seals(estate, "azurerm_role_assignment.admin") == {STORE: "not"}
    assert seals(estate, "azurerm_role_assignment.g") == {STORE: "sealed"}


def test_a_grant_that_may_exist_leaves_it_unknown(tmp_path: Path) -> None:
    perhaps = role(USER, "azurerm_key_vault.kv.id", "wide").replace("{\n", "{\n  count = var.more ? 1 : 0\n", 1)
    estate = terraform(tmp_path, 'variable "more" {}\n' + VAULT + ACCOUNT + role(USER) + perhaps)
    assert seals(estate, "azurerm_role_assignment.g") == {STORE: "unknown"}


def test_a_group_that_the_identity_is_in_stands_between(tmp_path: Path) -> None:
    group = f"""
resource "azuread_group" "g" {{
  display_name = "openers"
  members      = [{USER}]
}}"""
    estate = terraform(tmp_path, VAULT + ACCOUNT + group + role("azuread_group.g.object_id"))
    assert opens(asked(estate, STORE)) == {"read": "pass", "wrap": "pass", "unwrap": "pass"}
    assert seals(estate, "azuread_group.g") == {STORE: "sealed"}
    assert seals(estate, "azurerm_role_assignment.g") == {STORE: "sealed"}


def test_a_store_under_microsofts_key_is_never_sealed(tmp_path: Path) -> None:
    text = VAULT + 'resource "azurerm_storage_account" "a" {\n  name = "a1"\n}' + role(USER)
    estate = terraform(tmp_path, text)
    assert seals(estate, "azurerm_role_assignment.g") == {}
    found = asked(estate, STORE)
    assert [s.outcome for s in sealed_without(estate, estate.resources[".#azurerm_key_vault.kv"], [found])] == ["not"]


def test_the_loss_of_a_key_that_can_be_purged_is_for_ever(tmp_path: Path) -> None:
    text = VAULT.replace("purge_protection_enabled   = true", "") + ACCOUNT + role(USER)
    estate = terraform(tmp_path, text)
    (seal,) = sealed_without(estate, estate.resources[".#azurerm_key_vault_key.k"])
    assert (seal.outcome, seal.why) == (
        "sealed",
        "its key is gone, and can be brought back for 30 days; purged before that, its data are lost for ever",
    )


def test_a_store_whose_kind_is_not_read_is_not_silent(tmp_path: Path) -> None:
    estate = terraform(tmp_path, 'resource "azurerm_redis_cache" "r" {\n  name = "r1"\n}')
    (found,) = answers(estate)
    assert (found.customer_managed.outcome, found.material) == ("unknown", None)
    assert [r.address for r in stores(estate)] == ["azurerm_redis_cache.r"]


def test_a_module_that_is_not_read_leaves_the_list_of_stores_open(tmp_path: Path) -> None:
    estate = terraform(tmp_path, 'module "m" {\n  source = "git::https://example.org/m.git"\n}')
    assert isinstance(stores(estate).open, Unknown)


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ('default_action = "Deny"\n    bypass = "AzureServices"', "pass"),
        ('default_action = "Allow"\n    bypass = "None"', "pass"),
        ('default_action = "Deny"\n    bypass = "None"', "fail"),
        ('default_action = "Deny"\n    bypass = var.bypass', "unknown"),
    ],
)
def test_a_firewall_must_let_trusted_services_by(rules: str, outcome: str, tmp_path: Path) -> None:
    """learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-byok-overview"""
    acls = f"network_acls {{\n    {rules}\n  }}\n  sku_name"
    text = 'variable "bypass" {}\n' + VAULT.replace("sku_name", acls, 1) + ACCOUNT + role(USER)
    found = asked(terraform(tmp_path, text), STORE)
    assert (reaches(found).outcome, set(opens(found).values())) == (outcome, {"pass"})


def test_a_lock_on_the_vault_is_told(tmp_path: Path) -> None:
    lock = """
resource "azurerm_management_lock" "l" {
  name       = "l1"
  scope      = azurerm_key_vault.kv.id
  lock_level = "CanNotDelete"
}"""
    for text, outcome in (("", "fail"), (lock, "pass")):
        found = asked(terraform(tmp_path, VAULT + ACCOUNT + text), STORE)
        assert found.locked is not None
        assert found.locked.outcome == outcome


POLICIES = """
  access_policy {
    object_id       = azurerm_user_assigned_identity.u.principal_id
    key_permissions = ["Get", "WrapKey", "UnwrapKey"]
  }
"""


def test_an_access_policy_opens_a_vault_without_roles(tmp_path: Path) -> None:
    text = VAULT.replace("enable_rbac_authorization  = true", POLICIES) + ACCOUNT
    found = asked(terraform(tmp_path, text), STORE)
    assert opens(found) == {"read": "pass", "wrap": "pass", "unwrap": "pass"}
    assert [s.what for s in found.seals] == ["access policy", "user-assigned identity", "key", "vault"]
