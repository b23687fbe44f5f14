"""The networks in the kernel: a namespace that routes for each virtual network, and one in which all their hosts are.

A subnet is a pair of devices: what is sent into one end comes out of the subnet, what is for the subnet comes out
there. A peering is a pair between two networks. Nothing answers, so that what is decided is each flow's first packet.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from tests.oracle.ruleset import ruleset
from tests.oracle.supposed import address, space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.plain import Net, Zone
    from tests.oracle.supposed import Supposed

HOSTS = "hosts"
MAC = "02:00:00:00:00:01"
SHOOTER = Path(__file__).with_name("shooter.py")
NOWHERE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Private addresses lead nowhere unless a network has them.

Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, "Default"
"""
ROUTER = (
    "echo 1 >/proc/sys/net/ipv4/ip_forward; cd /proc/sys/net/ipv4/conf;"
    " for d in all default; do echo 0 >$d/rp_filter; echo 0 >$d/send_redirects; done"
)

TRIAL = "table ip tried {\n chain any {\n tcp dport { 1-2 } drop\n }\n}\n"

Shot = tuple[str, str, str, str, int, int]
"""(device of the hosts, source, destination, protocol, source port, port)"""


def unavailable() -> str:
    """Why the kernel cannot be asked here; "" when it can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "making network namespaces takes root"
    missing = [tool for tool in ("ip", "nft") if shutil.which(tool) is None]
    if missing:
        return f"{' and '.join(missing)} not installed"
    _sweep()
    tried = f"rf{os.getpid()}-try"
    try:
        _run("ip", "netns", "add", tried)
        _run("ip", "netns", "exec", tried, "nft", "-f", "-", text=TRIAL)
    except subprocess.CalledProcessError as error:
        return f"network namespaces and nftables are not permitted: {error.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "delete", tried], capture_output=True, check=False)
    return ""


def _sweep() -> None:
    """Namespaces that a run left behind which was killed are gone."""
    for line in _run("ip", "netns", "list").splitlines():
        left = re.match(r"rf(\d+)-\w+\b", line)
        if left and not Path(f"/proc/{left[1]}").exists():
            subprocess.run(["ip", "netns", "delete", left[0]], capture_output=True, check=False)


@contextlib.contextmanager
def standing(built: Built) -> Iterator[None]:
    """The networks are in the kernel until the block ends."""
    try:
        built.build()
        yield
    finally:
        for name in built.names.values():
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


class Built:
    """The networks of one way in which they may be."""

    def __init__(self, net: Net, way: Supposed) -> None:
        self.net, self.way = net, way
        keys = (HOSTS, *net.spaces)
        self.names = {key: f"rf{os.getpid()}-{number}" for number, key in enumerate(keys)}
        self._devices = {key: f"z{number}" for number, key in enumerate(net.zones)}
        self.addresses = {end.key: address(net, way, end) for end in net.ends.values()}
        self.taken = frozenset(self.addresses.values())
        self._blocks = {z.key: [ip_network(p) for p in self._prefixes(z)] for z in net.zones.values()}

    @property
    def plan(self) -> str:
        """Everything that is built, as a text."""
        parts = ((*self._delivery(n), *self._chosen(n), self._ruleset(n)) for n in self.net.spaces)
        return "\n".join((*sorted(self.taken), *(line for part in parts for line in part)))

    def holds(self, zone: str, text: str) -> bool:
        """A zone has an address."""
        return any(ip_address(text) in block for block in self._blocks[zone])

    def device(self, key: str) -> str:
        """The network device of a zone, of a peering ("to" and a network) or of the internet ("internet")."""
        if key.startswith("to "):
            return f"p{[*self.names].index(key[3:])}"
        return self._devices.get(key, key)

    def host(self, key: str, network: str) -> str:
        """The hosts' end of a zone's device; that of the internet as one network has it."""
        return f"i{[*self.names].index(network)}" if key == "internet" else f"h{self.device(key)[1:]}"

    def build(self) -> None:
        """Everything is there and up."""
        for key, name in self.names.items():
            _run("ip", "netns", "add", name)
            if key != HOSTS:
                _run("ip", "netns", "exec", name, "sh", "-c", ROUTER)
        self._batch(HOSTS, [*self._pairs(), *self._peerings()])
        self._batch(HOSTS, [f"link set {self.host(z, n)} arp off up" for z, n in self._ends()])
        for network in self.net.spaces:
            self._batch(network, [f"link set {d} arp off up" for d in self._of(network)])
            self._batch(network, [*self._delivery(network), *self._chosen(network)])
            _run("ip", "netns", "exec", self.names[network], "nft", "-f", "-", text=self._ruleset(network))

    def shoot(self, shots: list[Shot]) -> list[str | None]:
        """The zone at which each packet came out, or "internet"; None for those that the kernel dropped."""
        out = _run("ip", "netns", "exec", self.names[HOSTS], sys.executable, "-S", str(SHOOTER), text=json.dumps(shots))
        zones = {self.host(zone, network): zone for zone, network in self._ends()}
        return [None if device is None else zones[device] for device in json.loads(out)]

    # -- devices

    def _ends(self) -> list[tuple[str, str]]:
        zones = [(zone.key, zone.network) for zone in self.net.zones.values()]
        return [*zones, *(("internet", network) for network in self.net.spaces)]

    def _pairs(self) -> Iterator[str]:
        for zone, network in self._ends():
            name = self.names[network]
            yield (
                f"link add {self.host(zone, network)} address {MAC} type veth"
                f" peer name {self.device(zone)} address {MAC} netns {name}"
            )

    def _peerings(self) -> Iterator[str]:
        for one in self.net.spaces:
            for other in (p for p in self.net.peers(one) if one < p):
                here, there = self.names[one], self.names[other]
                yield (
                    f"link add {self.device(f'to {other}')} address {MAC} netns {here} type veth"
                    f" peer name {self.device(f'to {one}')} address {MAC} netns {there}"
                )

    def _of(self, network: str) -> list[str]:
        zones = [self.device(z.key) for z in self.net.in_network(network)]
        return [*zones, "internet", *(self.device(f"to {p}") for p in self.net.peers(network))]

    def _ruleset(self, network: str) -> str:
        return ruleset(self.net, self.way, network, self.device)

    def _prefixes(self, zone: Zone) -> tuple[str, ...]:
        return zone.prefixes or space(self.net, self.way, zone.network)

    # -- routes

    def _delivery(self, network: str) -> Iterator[str]:
        """Where an address is; what no subnet has is nowhere, and a peer's peers are not reached through it."""
        for zone in self.net.in_network(network):
            for prefix in self._prefixes(zone):
                yield f"route add {prefix} dev {self.device(zone.key)}"
        for peer in self.net.peers(network):
            for prefix in space(self.net, self.way, peer):
                yield f"route add {prefix} dev {self.device(f'to {peer}')}"
        for prefix in (*NOWHERE, *self.net.spaces[network]):
            yield f"route append blackhole {prefix} metric 9"
        yield "route add default dev internet"

    def _chosen(self, network: str) -> Iterator[str]:
        """The user-defined routes of each subnet in a table of its own, in which the kernel finds the longest prefix.

        Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, "How Azure selects a route"
        """
        for number, zone in enumerate(self.net.in_network(network), start=100):
            if zone.routes:
                found = {
                    **self._system(network),
                    **{str(ip_network(prefix)): _type(hop) for prefix, hop in zone.routes},
                }
                for prefix, word in found.items():
                    yield f"route add {word} {prefix} table {number}"
                yield f"rule add iif {self.device(zone.key)} lookup {number} priority {number}"

    def _system(self, network: str) -> dict[str, str]:
        """Azure's own routes: to the network, its peers and their private endpoints, the internet, and nowhere."""
        near = (network, *self.net.peers(network))
        spaces = [p for one in near for p in space(self.net, self.way, one)]
        endpoints = [
            f"{self.addresses[e.key]}/32"
            for e in self.net.ends.values()
            if e.endpoint and self.net.zones[e.zone].network in near and not _is_routed(self.net.zones[e.zone])
        ]
        ways = {**dict.fromkeys(NOWHERE, "blackhole"), "0.0.0.0/0": "throw"}
        return {**ways, **dict.fromkeys((*spaces, *endpoints), "throw")}

    def _batch(self, key: str, lines: list[str]) -> None:
        _run("ip", "-n", self.names[key], "-batch", "-", text="\n".join(lines) + "\n")


def _is_routed(zone: Zone) -> bool:
    """A user-defined route that is no shorter than the network's prefix takes over the route of a private endpoint.

    Source: learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
    """
    return zone.policies in ("enabled", "routetableenabled")


def _type(hop: str) -> str:
    return {"none": "blackhole", "vnetlocal": "throw", "internet": "throw"}[hop]


def _run(*command: str, text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, f"{done.stderr}\n{text[:2000]}")
    return done.stdout
