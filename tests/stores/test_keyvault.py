"""Key vaults and what is in them."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.resource import Implied
from ringfence.model.symbol import Apply, Choice, Input, Ref, text
from ringfence.model.value import Link, Many
from tests.support import declare, estate, verdict

VAULT = Ref(".#azurerm_key_vault.kv", ("id",))


def vault(version: str = "3.47.0", **content: Any) -> Any:
    return declare("azurerm_key_vault.kv", name="kv", version=version, **content)


def secret(**content: Any) -> Any:
    return declare("azurerm_key_vault_secret.s", **{"name": "s", "key_vault_id": VAULT, "value": "x", **content})


def key(version: str = "3.47.0", **content: Any) -> Any:
    return declare("azurerm_key_vault_key.k", name="k", key_vault_id=VAULT, version=version, **content)


def outcomes(found: Any, kind: str, address: str) -> tuple[str, str]:
    rbac = verdict(f"keyvault-{kind}-expiry-rbac", found, address)
    policies = verdict(f"keyvault-{kind}-expiry-access-policy", found, address)
    return rbac.outcome, policies.outcome


@pytest.mark.parametrize(
    ("kind", "item", "address"),
    [("secret", secret, "azurerm_key_vault_secret.s"), ("key", key, "azurerm_key_vault_key.k")],
)
def test_expiry_belongs_to_the_item_of_the_vaults_sort(kind: str, item: Any, address: str) -> None:
    date = {"expiration_date": "2031-01-01T00:00:00Z"}
    rbac, policies = vault(enable_rbac_authorization=True), vault()
    assert outcomes(estate(rbac, item()), kind, address) == ("fail", "not applicable")
    assert outcomes(estate(rbac, item(**date)), kind, address) == ("pass", "not applicable")
    assert outcomes(estate(policies, item()), kind, address) == ("not applicable", "fail")
    assert outcomes(estate(policies, item(**date)), kind, address) == ("not applicable", "pass")


def test_a_vault_that_is_not_known_leaves_a_missing_date_unknown() -> None:
    elsewhere = secret(key_vault_id="/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/vaults/other")
    assert outcomes(estate(elsewhere), "secret", "azurerm_key_vault_secret.s") == ("unknown", "unknown")
    undecided = estate(vault(enable_rbac_authorization=Input(".", "rbac")), secret())
    judged = verdict("keyvault-secret-expiry-rbac", undecided, "azurerm_key_vault_secret.s")
    assert (judged.outcome, judged.needs[0].why) == ("unknown", "variable rbac has no value in world prod")


def test_a_date_that_moves_is_a_date_and_an_input_may_be_none() -> None:
    moving = secret(expiration_date=Apply("timeadd", (Apply("timestamp", ()), "8760h")))
    open_ = secret(expiration_date=Input(".", "expiry"))
    maybe = secret(expiration_date=Choice(Input(".", "dated"), "2031-01-01T00:00:00Z", None))
    rbac = vault(enable_rbac_authorization=True)
    for item, expected in ((moving, "pass"), (open_, "unknown"), (maybe, "unknown")):
        assert outcomes(estate(rbac, item), "secret", "azurerm_key_vault_secret.s")[0] == expected


def test_rbac_is_spelled_by_version() -> None:
    for version, argument in (
        ("2.71.0", "enable_rbac_authorization"),
        ("4.81.0", "enable_rbac_authorization"),
        ("4.81.0", "rbac_authorization_enabled"),
    ):
        found = estate(vault(version, **{argument: True}))
        assert verdict("keyvault-rbac", found, "azurerm_key_vault.kv").outcome == "pass"


def test_soft_delete_cannot_be_off() -> None:
    found = estate(vault("2.71.0", soft_delete_enabled=False))
    assert verdict("keyvault-soft-delete", found, "azurerm_key_vault.kv").outcome == "pass"


def test_public_network_access_is_azures_default_before_the_provider_knew_it() -> None:
    found = estate(vault("2.71.0")).resources[".#azurerm_key_vault.kv"]
    assert found.public_network_access.default == "Enabled"
    assert estate(vault()).resources[".#azurerm_key_vault.kv"].public_network_access.value == "Enabled"


def test_access_policies_inside_and_apart_are_one_list() -> None:
    inside = vault(access_policy=[{"object_id": "one", "tenant_id": "t", "secret_permissions": ("Get",)}])
    apart = declare(
        "azurerm_key_vault_access_policy.p", key_vault_id=VAULT, object_id="two", key_permissions=("Sign", "Get")
    )
    policies = estate(inside, apart).resources[".#azurerm_key_vault.kv"].access_policies
    assert isinstance(policies, Many)
    assert policies.open is None
    assert [p.object_id.value for p in policies] == ["one", "two"]
    first, second = policies
    assert (first.secrets.value, first.keys.default) == (("Get",), ())
    assert second.keys.value == ("Sign", "Get")


def test_rotation_needs_an_automatic_block() -> None:
    def rotated(**policy: Any) -> str:
        found = estate(vault(), key(rotation_policy=[policy]))
        return str(verdict("keyvault-key-rotation", found, "azurerm_key_vault_key.k").outcome)

    assert rotated(automatic=[{"time_before_expiry": "P30D"}], expire_after="P90D") == "pass"
    assert rotated(automatic=[{"time_after_creation": "P30D"}]) == "pass"
    assert rotated(expire_after="P90D", notify_before_expiry="P30D") == "fail"
    old = estate(vault("2.71.0"), key("2.71.0"))
    assert verdict("keyvault-key-rotation", old, "azurerm_key_vault_key.k").outcome == "fail"


def test_a_certificate_brings_its_key_and_its_secret() -> None:
    certificate = declare("azurerm_key_vault_certificate.c", name="anchor", key_vault_id=VAULT)
    other = declare("azurerm_key_vault_certificate.o", name="other", key_vault_id="/somewhere/else")
    found = estate(vault(), certificate, other)
    source = found.resources[".#azurerm_key_vault.kv"]
    for kind in ("keys", "secrets"):
        (target,) = found.resolve(source, Link("x", text(VAULT, f"/{kind}/anchor"), source.origin))
        assert isinstance(target.resource, Implied)
        assert (target.resource.parent.address, target.resource.path) == ("azurerm_key_vault_certificate.c", (kind,))
    (target,) = found.resolve(source, Link("x", text(VAULT, "/secrets/other"), source.origin))
    assert (target.resource.parent, target.resource.path) == (source, ("secrets", "other"))
