"""From what a service says of an access to the row of the table that it lands in."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.tables import SHARED, columns_of, is_fixed, spelt, type_of
from ringfence.twin.logs.typed import typed
from ringfence.twin.logs.values import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = {"tlsversion": "tlsVersion", "addressauthorizationtype": "addrAuthType"}
"""Properties that the shared table calls otherwise than by the column of the service's own table."""

_GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")
_SUFFIXED = re.compile(r"_[sdbtg]$")


def row(table: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The row that a table makes of what a service said; a table with fixed columns takes no others."""
    if table == SHARED:
        known = columns_of(SHARED)
        return {name: typed(value, known.get(name) or type_of(name)) for name, value in _flat(said)}
    names, known = spelt(table), columns_of(table)
    found = {names.get(name.casefold(), name): value for name, value in said.items()}
    taken = known if is_fixed(table) else found
    return {name: typed(value, known.get(name) or type_of(name)) for name, value in found.items() if name in taken}


# -- the shared table


def _flat(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Columns of the shared table: the few that all services have, and the others by their path and type.

    Source: learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics
    """
    common = _common()
    for name, value in said.items():
        if name.casefold() in common:
            yield common[name.casefold()], value
        elif _SUFFIXED.search(name):
            yield name, value
        else:
            lower = name[:1].lower() + name[1:]
            yield from _properties(_NAMES.get(name.casefold(), lower), value)


@cache
def _common() -> dict[str, str]:
    return {name.casefold(): name for name in columns_of(SHARED) if not _SUFFIXED.search(name)}


def _properties(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _properties(f"{path}_{re.sub('[^A-Za-z0-9]', '_', name)}", inner)
    elif value is not None:
        kept = json.dumps(value, separators=(",", ":")) if isinstance(value, (list, tuple)) else value
        yield f"{path}_{_suffix(kept)}", kept


def _suffix(value: Any) -> str:
    if isinstance(value, bool):
        return "b"
    if isinstance(value, (int, float)):
        return "d"
    text = moment(value) if isinstance(value, datetime) else str(value)
    return "g" if _GUID.match(text) else "t" if _MOMENT.match(text) else "s"
