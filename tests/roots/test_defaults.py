"""What the provider fills in where an argument is not written, by version."""

from __future__ import annotations

import pytest

from ringfence.mapping.defaults import default, is_block
from ringfence.mapping.table import NO_DEFAULT
from ringfence.mapping.versions import candidates


@pytest.mark.parametrize(
    ("version", "path", "expected"),
    [
        ("3.47.0", "soft_delete_retention_days", 90),
        ("3.47.0", "name", NO_DEFAULT),
        ("3.47.0", "nothing_of_this_name", NO_DEFAULT),
    ],
)
def test_defaults_of_a_vault(version: str, path: str, expected: object) -> None:
    assert default("azurerm_key_vault", path, candidates("azurerm", version)) == expected


def test_a_default_that_differs_among_the_versions_is_not_known() -> None:
    def tls(constraint: str) -> object:
        return default("azurerm_storage_account", "min_tls_version", candidates("azurerm", constraint))

    assert (tls("2.71.0"), tls("3.47.0"), tls("> 2.0")) == ("TLS1_0", "TLS1_2", NO_DEFAULT)


def test_blocks_are_known_by_the_tables() -> None:
    assert is_block("azurerm_storage_account", "network_rules")
    assert not is_block("azurerm_storage_account", "name")
    assert not is_block("azurerm_of_no_kind", "identity")
