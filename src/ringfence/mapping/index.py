"""Which mapping module holds which Terraform type, so that only those in use are imported.

A module has ``TABLES`` and ``FOLDS``; a test holds this index against them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from ringfence.mapping.table import COMMON, AnyRow, Fold, Table

MODULES: dict[str, tuple[str, ...]] = {
    "keyvault": (
        "azurerm_key_vault",
        "azurerm_key_vault_access_policy",
        "azurerm_key_vault_certificate",
        "azurerm_key_vault_certificate_issuer",
        "azurerm_key_vault_key",
        "azurerm_key_vault_secret",
    ),
    "storage": (
        "azurerm_storage_account",
        "azurerm_storage_account_customer_managed_key",
        "azurerm_storage_account_network_rules",
        "azurerm_storage_account_queue_properties",
        "azurerm_storage_account_static_website",
        "azurerm_storage_blob",
        "azurerm_storage_container",
        "azurerm_storage_data_lake_gen2_filesystem",
        "azurerm_storage_encryption_scope",
        "azurerm_storage_queue",
        "azurerm_storage_share",
        "azurerm_storage_table",
    ),
}


@cache
def _modules() -> dict[str, str]:
    return {terraform: module for module, types in MODULES.items() for terraform in types}


@cache
def table(terraform: str) -> Table | None:
    """The table of a Terraform type; None when no kind has it."""
    return _load(terraform)[0]


@cache
def folds(terraform: str) -> tuple[Fold, ...]:
    """The folds of a Terraform type that only configures others: one for each kind that it configures."""
    return _load(terraform)[1]


def fold(terraform: str) -> Fold | None:
    """The first of the folds: what a reference to such a resource refers to."""
    return next(iter(folds(terraform)), None)


@cache
def rows(table: Table) -> dict[str, AnyRow]:
    """The rows of a table by field."""
    return {row.field: row for row in table.rows}


def _load(terraform: str) -> tuple[Table | None, tuple[Fold, ...]]:
    name = _modules().get(terraform)
    if name is None:
        return None, ()
    module = import_module(f"ringfence.mapping.{name}")
    tables = [t for t in module.TABLES if terraform in t.terraform]
    return (tables[0] if tables else None), tuple(f for f in module.FOLDS if f.terraform == terraform)


UNTYPED: dict[str, AnyRow] = {row.field: row for row in COMMON}
"""The rows of a resource without a kind."""
