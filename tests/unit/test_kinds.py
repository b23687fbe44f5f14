"""Every kind's table is whole: each annotated field has a row, and each row a field or a reader of one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from ringfence.mapping import index
from ringfence.mapping.table import Computed, Nested
from ringfence.model.resource import Fields, Resource

TABLES = [
    pytest.param(table, id=f"{table.kind.__name__}-{table.terraform[0]}")
    for module in index.MODULES
    for table in import_module(f"ringfence.mapping.{module}").TABLES
]


def annotated(kind: type) -> set[str]:
    found: set[str] = set()
    for base in kind.__mro__:
        if base not in (Fields, Resource, object):
            found |= set(base.__dict__.get("__annotations__", {}))
    return {name for name in found if not name.startswith("_") and name != "arm_type"}


@pytest.mark.parametrize("table", TABLES)
def test_every_field_has_a_row(table: Any) -> None:
    rows = {row.field for row in table.rows}
    fixed = {field for fields in table.fixed.values() for field in fields}
    assert annotated(table.kind) - rows - fixed == set()


@pytest.mark.parametrize("table", TABLES)
def test_every_nested_field_has_a_row(table: Any) -> None:
    for row in table.rows:
        if isinstance(row, Nested) and not row.field.endswith("_blocks"):
            assert annotated(row.kind) - {r.field for r in row.rows} == set(), row.field


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_there_twice(table: Any) -> None:
    names = [row.field for row in table.rows]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_read_by_a_field_or_a_computation(table: Any) -> None:
    computed = any(isinstance(row, Computed) for row in table.rows)
    extra = {row.field for row in table.rows} - annotated(table.kind) - {"name", "resource_group", "location", "group"}
    assert not extra or computed, extra
