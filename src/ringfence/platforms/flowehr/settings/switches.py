"""What a configuration of FlowEHR may relax, and the two independent axes that close a switch.

A deployment runs in automation or from somebody's machine, and it has real data or none. In automation nothing is
opened to the internet, whatever a configuration says; with real data a build that a switch would relax is refused.
"""

from __future__ import annotations

from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING

from ringfence.constructs.opening import Opening
from ringfence.platforms.switch import Switch
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

AUTOMATION, REAL_DATA = "tf_in_automation", "accesses_real_data"

SWITCHES = (
    Switch(
        "deployer_addresses",
        AUTOMATION,
        "Storage, vaults and databases answer on the internet to these addresses of the people who develop.",
        'deployer_addresses: ["203.0.113.7"]',
    ),
    Switch(
        "public_databricks",
        AUTOMATION,
        "The control plane of Databricks answers on the internet, to whoever signs in.",
        "public_databricks: true",
    ),
    Switch(
        "public_logs",
        AUTOMATION,
        "Logs may be sent and queried from the internet, by whoever signs in.",
        "public_logs: true",
    ),
    Switch(
        "public_packages",
        AUTOMATION,
        "Clusters reach the whole internet on port 443, to fetch packages from public indexes.",
        "public_packages: true",
    ),
    Switch(
        "public_apps",
        AUTOMATION,
        "Web apps and the registry of their images answer on the internet, to whoever signs in.",
        "public_apps: true",
    ),
    Switch(
        "public_app_vault",
        AUTOMATION,
        "The vault of the apps' secrets answers on the internet, to whoever has a role in it.",
        "public_app_vault: true",
    ),
    Switch(
        "destructible",
        REAL_DATA,
        "Nothing is locked, and deleted vaults can be purged, so that a copy can be made again under the same names.",
        "destructible: true",
    ),
)
"""All of them; what is not named here cannot be relaxed."""

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""Ranges that are nobody's on the internet."""
SMALLEST = 24
"""A range with a shorter prefix lets in people who do not develop here."""

_AXES = {switch.name: switch.axis for switch in SWITCHES}


@record()
class Axes:
    """Where a deployment stands on the two axes."""

    tf_in_automation: bool
    accesses_real_data: bool

    @property
    def world(self) -> str:
        """What this cell of the matrix is called."""
        names = {(True, True): "prod", (True, False): "ci", (False, False): "dev", (False, True): "local-real"}
        return names[self.tf_in_automation, self.accesses_real_data]


@record()
class Switches:
    """What the configuration sets, and whether it takes effect."""

    axes: Axes
    addresses: tuple[str, ...]
    """Of ``deployer_addresses``."""
    on: frozenset[str]
    """The switches that are set."""

    def _effective(self, name: str) -> bool:
        """With real data a switch that is set is never closed silently: it is entered, so that the build is refused."""
        if name not in self.on or self.axes.accesses_real_data:
            return name in self.on
        return not (_AXES[name] == AUTOMATION and self.axes.tf_in_automation)

    def named(self, name: str) -> str:
        """The configuration's key of the switch where it takes effect, else ""."""
        if name not in _AXES:
            raise KeyError(name)
        return f"switches.{name}" if self._effective(name) else ""

    def opening(self, name: str) -> Opening | None:
        """The way in that the switch makes where it takes effect."""
        switch = self.named(name)
        addresses = self.addresses if name == "deployer_addresses" else ()
        return Opening(switch, addresses) if switch else None


def read(table: Table, axes: Axes) -> Switches:
    """The ``switches`` of a configuration.

    Raises:
        InputError: one that there is not, or an address that is none.
    """
    table.only(*_AXES)
    addresses = tuple(_address(table, one) for one in table.texts("deployer_addresses"))
    flags = {name for name in _AXES if name != "deployer_addresses" and table.flag(name, False)}
    return Switches(axes, addresses, frozenset(flags | ({"deployer_addresses"} if addresses else set())))


def _address(table: Table, written: str) -> str:
    try:
        found = ip_network(written)
    except ValueError as error:
        raise table.wrong("deployer_addresses", f"{written} is no address: {error}") from None
    if not isinstance(found, IPv4Network) or found.prefixlen < SMALLEST or any(map(found.overlaps, PRIVATE)):
        hint = "Name single addresses or small ranges of the internet; a service's firewall takes no others."
        raise table.wrong("deployer_addresses", f"{written} cannot be let in", hint)
    return written
