"""The addresses of FlowEHR's network: its subnets must fit, and no network that it is peered with may have the same."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table
    from ringfence.platforms.flowehr.settings.sources import SourceConnection

KEY = "core_address_space"
DEFAULT = "10.0.0.0/24"
LENGTHS = {"shared": 2, "databricks_host": 2, "databricks_container": 2, "serve_webapps": 3, "data": 3}
"""By subnet: how many bits of the space tell it from the others."""
SMALLEST = 24
"""Databricks takes no subnet smaller than a /26, a quarter of this.

Source: learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject (subnets)
"""


def spaces(table: Table, sources: tuple[SourceConnection, ...], ci: str) -> str:
    """The network's own addresses, once it is certain that they will do.

    Raises:
        InputError: they are none, too few, or also those of a network that this one is peered with.
    """
    mine = _network(table, KEY, table.text(KEY, DEFAULT))
    if mine.prefixlen > SMALLEST:
        words = f"{mine} cannot hold the platform's {len(LENGTHS)} subnets"
        raise table.wrong(KEY, words, f"Databricks alone needs two of /26: give it a /{SMALLEST} or wider.")
    peered = [(f"data source {s.name}", s.peering.space) for s in sources if s.peering] + [("the ci network", ci)]
    for name, space in peered:
        if space and _network(table, KEY, space).overlaps(mine):
            hint = "Networks that are peered have no address in common; choose another range."
            raise table.wrong(KEY, f"{KEY} {mine} overlaps {space}, the addresses of {name}", hint)
    for one in clients(table):
        if IPv4Network(one).overlaps(mine):
            hint = "People reach the network from elsewhere; choose another range."
            raise table.wrong("client_networks", f"client_networks has {one}, which overlaps {KEY} {mine}", hint)
    return str(mine)


def clients(table: Table) -> tuple[str, ...]:
    """The ``client_networks`` of a configuration: private ranges, however they lead here.

    Raises:
        InputError: one is no such range.
    """
    return tuple(str(_network(table, "client_networks", one)) for one in table.texts("client_networks"))


def _network(table: Table, key: str, written: str) -> IPv4Network:
    try:
        found = ip_network(written)
    except ValueError as error:
        raise table.wrong(key, f"{written} is no address space: {error}", "Write one such as 10.0.0.0/24.") from None
    if not isinstance(found, IPv4Network) or not found.is_private:
        hint = "Use a range of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
        raise table.wrong(key, f"{written} is not a private range of IPv4", hint)
    return found
