"""The tables of a workspace and the columns that each has.

Columns that Azure adds while records come in, in tables that several services share, are found in the records.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.twin.logs.kql import Columns

SHARED = "AzureDiagnostics"
"""Where every service writes that has no table of its own, and whoever was not told to use it."""

ACTIVITY = "AzureActivity"

_OF_SUFFIX = {"s": "string", "d": "real", "b": "bool", "t": "datetime", "g": "string"}
"""The types that the last letters of such columns say.

Source: learn.microsoft.com/azure/azure-monitor/logs/data-collector-api
"""


@cache
def all_columns() -> dict[str, Columns]:
    """Every table whose columns are recorded."""
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    read = {name: dict(_pairs(columns)) for name, columns in rows}
    common = read.pop("*")
    return {name: {**common, **columns} for name, columns in read.items()}


def _pairs(columns: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, _, kind in (column.partition(":") for column in columns.split())]


def columns_of(table: str) -> Columns:
    """The columns of a table; of one that is not recorded, those that all have."""
    found = all_columns()
    common = list(found[ACTIVITY])[:6]
    return found.get(table) or {name: found[ACTIVITY][name] for name in common}


def is_fixed(table: str) -> bool:
    """The table has the columns that are recorded and never others."""
    return table in all_columns() and table != SHARED


@cache
def spelt(table: str) -> dict[str, str]:
    """The names of the table's columns by their lower case."""
    return {name.casefold(): name for name in columns_of(table)}


def type_of(column: str) -> str:
    """The type that the name of a column says, where no record says it."""
    start, _, suffix = column.rpartition("_")
    return _OF_SUFFIX.get(suffix, "string") if start else "string"
