"""What the words mean: an address is known without the modules that it is written in."""

from __future__ import annotations

import pytest

from ringfence.errors import UsageError
from ringfence.model.resource import Resource
from ringfence.questions.select import select
from tests.support import declare, estate

FOUND = estate(
    declare("azurerm_key_vault.kv", name="root"),
    declare("azurerm_key_vault.kv", module="module.base", name="inner"),
    declare("azurerm_key_vault.other[0]", module="module.base.module.deep[\"a\"]", name="deep"),
)  # fmt: skip


def _named(text: str) -> list[str]:
    return [t.title for t in select(FOUND, text) if isinstance(t, Resource)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("azurerm_key_vault.kv", ["root"]),
        ("module.base.azurerm_key_vault.kv", ["inner"]),
        ("azurerm_key_vault.other[0]", ["deep"]),
        ("azurerm_key_vault.other", ["deep"]),
        ("AZURERM_KEY_VAULT.Other", ["deep"]),
        ("inner", ["inner"]),
    ],
)
def test_an_address_as_it_stands_goes_before_one_in_a_module(text: str, expected: list[str]) -> None:
    assert _named(text) == expected


@pytest.mark.parametrize("text", ["key_vault.kv", "azurerm_key_vault.k", "other", "azurerm_key_vault.other[1]"])
def test_a_part_of_a_word_is_no_address(text: str) -> None:
    with pytest.raises(UsageError):
        select(FOUND, text)
