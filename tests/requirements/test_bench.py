"""The bench itself, on a small platform: what is broken is broken, and what cannot be broken is said."""

from __future__ import annotations

import pytest

from tests.platforms.test_blueprint import demo
from tests.requirements.bench import Bench
from tests.requirements.mutation import Add, Mutation, NothingBrokenError, Rewritten, Set, both, remove

VAULT = "azurerm_key_vault.core"
SETTING = "azurerm_monitor_diagnostic_setting.vault[0]"


def bench(mutation: Mutation) -> Bench:
    return Bench("demo", mutation, lambda _: demo())


def test_an_argument_is_written_as_terraform_writes_it() -> None:
    assert 'network_acls.default_action = "Deny"' in bench(Mutation()).written(VAULT)
    assert "location = azurerm_resource_group.core.location" in bench(Mutation()).written(VAULT)


def test_an_argument_is_broken_in_the_build_and_in_the_estate() -> None:
    broken = bench(Set(VAULT, "network_acls.default_action", "Allow"))
    assert 'network_acls.default_action = "Allow"' in broken.written(VAULT)
    assert broken.verdict("keyvault-network-default-deny", VAULT).outcome == "fail"
    assert bench(Mutation()).verdict("keyvault-network-default-deny", VAULT).outcome == "pass"


def test_a_block_that_is_gone_is_nowhere() -> None:
    assert bench(Mutation()).verdict("keyvault-logging", VAULT).outcome == "pass"
    broken = bench(remove(SETTING))
    assert not broken.has(SETTING)
    assert broken.verdict("keyvault-logging", VAULT).outcome == "fail"


def test_a_block_is_added() -> None:
    more = Add("core", "azurerm_resource_group", "more", lambda b: {"name": "rg-more", "location": "uksouth"})
    assert bench(more).resource("azurerm_resource_group.more").title == "rg-more"


@pytest.mark.parametrize(
    "mutation",
    [Set(VAULT, "sku_name", "standard"), both(Mutation(), Set(VAULT, "tags"), Set(VAULT, "tags"))],
)
def test_what_changes_nothing_is_said(mutation: Mutation) -> None:
    with pytest.raises(NothingBrokenError):
        bench(mutation).blueprint()


def test_what_is_not_there_cannot_be_broken() -> None:
    with pytest.raises(LookupError):
        bench(remove("azurerm_key_vault.other")).blueprint()
    with pytest.raises(NothingBrokenError):
        Rewritten("a.md", "old", "new").read("a.md", "no such words")
