"""Where FlowEHR's data comes from: databases elsewhere, some in networks that are peered with its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.platforms.flowehr.settings.existing import named, zones
from ringfence.platforms.flowehr.settings.secret import Secret, open_text, secret
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

KEY = "data_source_connections"
_KEYS = ("name", "fqdn", "database", "username", "password", "peering")
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
    """What its blocks and secrets are called after: its unique key, or its name where it has none."""
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
    found: dict[str, SourceConnection] = {}
    for one in table.tables(KEY):
        made = _connection(one)
        if made.name in found:
            raise one.wrong("name", f"two data sources are called {made.name}")
        found[made.name] = made
    return tuple(found.values())


def _named(one: Table) -> str:
    """The unique key that FlowEHR writes before the name, a key without a value; else the name, in lower case."""
    keys = tuple(key for key in one if key not in _KEYS and one.is_empty(key))[:1]
    one.only(*_KEYS, *keys)
    name = "-".join((keys[0] if keys else one.text("name")).casefold().replace("_", " ").split())
    if not _NAME.fullmatch(name):
        hint = "1 to 30 letters, digits and hyphens, a letter first."
        raise one.wrong(keys[0] if keys else "name", f"a data source cannot be called {name}", hint)
    return name


def _connection(one: Table) -> SourceConnection:
    return SourceConnection(
        _named(one),
        open_text(one, "fqdn"),
        open_text(one, "database"),
        open_text(one, "username"),
        secret(one, "password"),
        _peering(one.table("peering")) if "peering" in one else None,
    )


def _peering(one: Table) -> SourcePeering:
    one.only("virtual_network_name", "resource_group_name", "address_space", "dns_zones")
    return SourcePeering(
        named(one, "virtual_network_name", "azurerm_virtual_network"),
        named(one, "resource_group_name", "azurerm_resource_group"),
        one.text("address_space", ""),
        zones(one, "dns_zones"),
    )
