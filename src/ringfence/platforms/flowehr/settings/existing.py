"""Names in a configuration of what is there before FlowEHR: networks, groups, zones of names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.constructs.naming import fault

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_ZONE = re.compile(rf"(?=.{{1,253}}$)({_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]", re.IGNORECASE)


def named(table: Table, key: str, type: str, default: str | None = None) -> str:
    """The name at a key, one that Azure allows for the Terraform type; "" where that is the default.

    Raises:
        InputError: it is missing, or no such name.
    """
    found = table.text(key, default)
    wrong = fault(type, found) if found else ""
    if wrong:
        raise table.wrong(key, f"nothing on Azure is called {found}: {wrong}", "Write its name as Azure shows it.")
    return found


def zones(table: Table, key: str) -> tuple[str, ...]:
    """The private DNS zones at a key.

    Raises:
        InputError: one is no name of a zone.
    """
    found = table.texts(key)
    for one in found:
        if not _ZONE.fullmatch(one):
            raise table.wrong(key, f"{one} is no DNS zone", "Write one such as records.example.org.")
    return found
