"""What the provider fills in when an argument is not written, for whoever refers to it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ringfence.mapping import index
from ringfence.mapping.read import spellings
from ringfence.mapping.table import NO_DEFAULT, Nested, Row
from ringfence.mapping.versions import satisfies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.mapping.versions import Version, Versions


def default(terraform: str, path: str, versions: Versions) -> Any:
    """The Terraform value that stands at a dotted path without being written; `NO_DEFAULT` when none is known.

    A default that differs among the versions that may be in use is not known. Each step before the
    last is a block that is written.
    """
    found = [_of_version(terraform, path, version) for version in versions.candidates]
    same = all(type(f) is type(found[0]) and f == found[0] for f in found)
    return _frozen(found[0]) if found and same else NO_DEFAULT


def is_block(terraform: str, name: str) -> bool:
    """True when the provider has a nested block of this name, as far as the tables know."""
    return name in _blocks(terraform)


def _of_version(terraform: str, path: str, version: Version) -> Any:
    for row, interval in _rows(terraform).get(path, ()):
        if satisfies(version, interval):
            given = row.default
            if not isinstance(given, dict):
                return given
            return next((d for i, d in given.items() if satisfies(version, i)), NO_DEFAULT)
    return NO_DEFAULT


@cache
def _rows(terraform: str) -> dict[str, list[tuple[Row, str]]]:
    """The rows of a type by Terraform path, each with the interval in which it is spelled so."""
    found: dict[str, list[tuple[Row, str]]] = {}
    for path, interval, row in _walk(_table_rows(terraform), ""):
        if isinstance(row, Row):
            found.setdefault(path, []).append((row, interval))
    return found


@cache
def _blocks(terraform: str) -> frozenset[str]:
    paths = list(_walk(_table_rows(terraform), ""))
    return frozenset(path.partition(".")[0] for path, _, row in paths if "." in path or isinstance(row, Nested))


def _table_rows(terraform: str) -> Iterable[Any]:
    table, fold = index.table(terraform), index.fold(terraform)
    return (*(table.rows if table else ()), *(fold.rows if fold else ()))


def _walk(rows: Iterable[Any], prefix: str) -> Iterator[tuple[str, str, Any]]:
    for row in rows:
        for path, interval in spellings(getattr(row, "tf", "")):
            full = f"{prefix}{path}"
            yield full, interval, row
            if isinstance(row, Nested):
                yield from _walk(row.rows, f"{full}.")


def _frozen(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return {k: _frozen(v) for k, v in value.items()} if isinstance(value, dict) else value
