"""Which mapping module holds which Terraform type, so that only those in use are imported.

A module has ``TABLES`` and ``FOLDS``; a test holds this index against them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from ringfence.mapping.table import COMMON, AnyRow, Fold, Table

MODULES: dict[str, tuple[str, ...]] = {
    "keyvault": ("azurerm_key_vault",),
}


@cache
def _modules() -> dict[str, str]:
    return {terraform: module for module, types in MODULES.items() for terraform in types}


@cache
def table(terraform: str) -> Table | None:
    """The table of a Terraform type; None when no kind has it."""
    return _load(terraform)[0]


@cache
def fold(terraform: str) -> Fold | None:
    """The fold of a Terraform type that only configures another."""
    return _load(terraform)[1]


@cache
def rows(table: Table) -> dict[str, AnyRow]:
    """The rows of a table by field."""
    return {row.field: row for row in table.rows}


def _load(terraform: str) -> tuple[Table | None, Fold | None]:
    name = _modules().get(terraform)
    if name is None:
        return None, None
    module = import_module(f"ringfence.mapping.{name}")
    tables = [t for t in module.TABLES if terraform in t.terraform]
    folds = [f for f in module.FOLDS if f.terraform == terraform]
    return (tables[0] if tables else None), (folds[0] if folds else None)


UNTYPED: dict[str, AnyRow] = {row.field: row for row in COMMON}
"""The rows of a resource without a kind."""
