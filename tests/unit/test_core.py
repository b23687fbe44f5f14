"""The core: reading a field through its table, and judging it."""

from ringfence.model.symbol import Choice, Input, Ref, Sensitive, Text
from ringfence.model.value import Absent, Known, Unknown
from tests.support import declare, estate, verdict


def test_written_default_and_azure_default() -> None:
    found = estate(declare("azurerm_key_vault.kv", name="kv"))
    vault = found.resources[".#azurerm_key_vault.kv"]
    assert vault.soft_delete_retention_in_days.value == 90
    assert vault.soft_delete_retention_in_days.origin.default == "azurerm 4.81.0"
    assert isinstance(vault.enable_purge_protection, Absent)
    assert verdict("keyvault-purge-protection", found, "azurerm_key_vault.kv").outcome == "fail"


def test_unknown_names_the_variable_and_bounds_decide() -> None:
    x = Input(".", "real", "variable")
    found = estate(declare("azurerm_key_vault.kv", purge_protection_enabled=x))
    judged = verdict("keyvault-purge-protection", found, "azurerm_key_vault.kv")
    assert judged.outcome == "unknown"
    assert judged.needs[0].why == "variable real has no value in world prod"
    found = estate(declare("azurerm_key_vault.kv", purge_protection_enabled=Choice(x, True, True)))
    assert verdict("keyvault-purge-protection", found, "azurerm_key_vault.kv").outcome == "pass"


def test_string_true_is_true() -> None:
    found = estate(declare("azurerm_key_vault.kv", purge_protection_enabled="true"))
    assert isinstance(found.resources[".#azurerm_key_vault.kv"].enable_purge_protection, Known)
    assert verdict("keyvault-purge-protection", found, "azurerm_key_vault.kv").outcome == "pass"


def test_after_apply() -> None:
    found = estate(declare("azurerm_key_vault.kv", purge_protection_enabled=Ref(".#data.http.x", ("body",))))
    attr = found.resources[".#azurerm_key_vault.kv"].enable_purge_protection
    assert isinstance(attr, Unknown)
    assert attr.needs[0].why == "data.http.x.body is known only after apply"


def test_a_title_shows_what_is_known_of_a_name_and_no_secret() -> None:
    suffix = Input(".", "suffix", "variable")
    found = estate(
        declare("azurerm_key_vault.a", name="kv-prod"),
        declare("azurerm_key_vault.b", name=Text(("kv-", suffix))),
        declare("azurerm_key_vault.c", name=Sensitive("kv-secret")),
        declare("azurerm_key_vault.d"),
    )
    vaults = [r.title for r in found.resources.values() if r.terraform_type == "azurerm_key_vault"]
    assert vaults == ["kv-prod", "kv-${var.suffix}", "(sensitive value)", "azurerm_key_vault.d"]
