"""Where FlowEHR's data comes from: databases elsewhere, some in networks that are peered with its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.platforms.flowehr.secret import Secret, open_text, secret
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

KEY = "data_source_connections"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")


@record(eq=False)
class SourcePeering:
    """The network that a source is in."""

    network: str
    resource_group: str
    space: str
    """Its addresses, so that an overlap is found before Azure finds it; "" when they are not written."""
    zones: tuple[str, ...]
    """Its private DNS zones that FlowEHR asks as well."""


@record(eq=False)
class SourceConnection:
    """One database, and who signs in to it."""

    name: str
    fqdn: str
    database: str
    username: str
    password: Secret
    peering: SourcePeering | None


def connections(table: Table) -> tuple[SourceConnection, ...]:
    """The ``data_source_connections`` of a configuration.

    Raises:
        InputError: with file and line.
    """
    found = table.tables(KEY)
    seen: set[str] = set()
    for one in found:
        if one.text("name") in seen:
            raise one.wrong("name", f"two data sources are called {one.text('name')}")
        seen.add(one.text("name"))
    return tuple(map(_connection, found))


def _connection(one: Table) -> SourceConnection:
    one.only("name", "fqdn", "database", "username", "password", "peering")
    name = one.text("name")
    if not _NAME.fullmatch(name):
        hint = "1 to 30 lower-case letters, digits and hyphens, a letter first."
        raise one.wrong("name", f"a data source cannot be called {name}", hint)
    return SourceConnection(
        name,
        open_text(one, "fqdn"),
        open_text(one, "database"),
        open_text(one, "username"),
        secret(one, "password"),
        _peering(one.table("peering")) if "peering" in one else None,
    )


def _peering(one: Table) -> SourcePeering:
    one.only("virtual_network_name", "resource_group_name", "address_space", "dns_zones")
    return SourcePeering(
        one.text("virtual_network_name"),
        one.text("resource_group_name"),
        one.text("address_space", ""),
        one.texts("dns_zones"),
    )
