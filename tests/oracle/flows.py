"""Flows to try: who sends what to whom, at the edges of every prefix and port that a rule names."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from tests.oracle.meaning import BLOCKS, HOST, REGION
from tests.oracle.supposed import PRIVATE, PUBLIC, WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

    from tests.oracle.kernel import Built, Shot
    from tests.oracle.plain import Net


@dataclass(frozen=True)
class Spot:
    """Where a flow begins or ends."""

    kind: str
    """ "address" (in a zone when it begins there), "end", "service" or "internet"."""
    key: str
    """The zone, the interface or endpoint, or the tag."""
    address: str = ""
    region: str = ""


@dataclass(frozen=True)
class Flow:
    """One flow."""

    source: Spot
    destination: Spot
    protocol: str
    port: int


def sampled(net: Net, random: Random, count: int) -> list[Flow]:
    """So many different flows."""
    sources, destinations, ports = [*_sources(net)], [*_destinations(net)], _ports(net)
    found: dict[Flow, None] = {}
    for _ in range(20 * count):
        protocol = random.choices(("tcp", "udp", "icmp"), (7, 2, 1))[0]
        flow = Flow(random.choice(sources), random.choice(destinations), protocol, random.choice(ports))
        if flow.source.kind == "internet":
            flow = Flow(flow.source, random.choice(_published(net) or destinations), protocol, flow.port)
        if _is_sensible(net, flow):
            found[flow] = None
        if len(found) == count:
            break
    return [*found]


def _is_sensible(net: Net, flow: Flow) -> bool:
    """Between two different addresses, and one of them in a network."""
    if flow.source.kind == "internet":
        return flow.destination.kind == "end" and bool(net.ends[flow.destination.key].public)
    return flow.source.address != flow.destination.address or flow.source.key != flow.destination.key


def _sources(net: Net) -> Iterator[Spot]:
    for zone in net.zones.values():
        strange = zone.key in net.strange
        prefixes = zone.prefixes or WAYS[0].elsewhere[net.strange.index(zone.key)]
        for one in _edges(net, prefixes, strange):
            yield Spot("address", zone.key, one)
    yield from (Spot("end", e.key) for e in net.ends.values() if not e.endpoint for _ in range(8))
    for word in (*PUBLIC, HOST, *_around(net)):
        yield Spot("internet", "internet", word)


def _destinations(net: Net) -> Iterator[Spot]:
    for zone in net.zones.values():
        for one in _edges(net, zone.prefixes, False):
            yield Spot("address", "", one)
    yield from (Spot("end", e.key) for e in net.ends.values() for _ in range(4))
    yield from (Spot("address", "", one) for one in (*PUBLIC, *PRIVATE))
    yield from (Spot("service", tag, region=region) for tag in BLOCKS for region in ("", REGION))


def _published(net: Net) -> list[Spot]:
    return [Spot("end", e.key) for e in net.ends.values() if e.public]


def _edges(net: Net, prefixes: Iterable[str], few: bool) -> list[str]:
    """The addresses of a zone at which some rule begins or ends to match; those of interfaces are sampled as ends."""
    taken = {e.address for e in net.ends.values()}
    blocks = [ip_network(p) for p in prefixes]
    found = {str(b[at]) for b in blocks for at in (0, 1, b.num_addresses // 2, b.num_addresses - 1)}
    if not few:
        found |= {one for one in _named(net) if any(ip_address(one) in b for b in blocks)}
    return sorted(found - taken)


def _named(net: Net) -> set[str]:
    """The first and last address of each prefix in a rule, and those just outside."""
    words = {w for r in net.rules for w in (*r.sources, *r.destinations) if w[0].isdigit()}
    words |= {prefix for z in net.zones.values() for prefix, _ in z.routes}
    blocks = [ip_network(w, strict=False) for w in words]
    inner = {str(b[at]) for b in blocks for at in (0, -1)}
    outer = {str(ip_address((int(b[at]) + step) % 2**32)) for b in blocks for at, step in ((0, -1), (-1, 1))}
    return inner | outer


def _around(net: Net) -> list[str]:
    """Those of them that somebody on the internet may have."""
    ours = [ip_network(p) for prefixes in net.spaces.values() for p in prefixes]
    public = (one for one in _named(net) if ip_address(one).is_global or one.startswith("203.0.113."))
    return sorted(one for one in public if not any(ip_address(one) in block for block in ours))


def _ports(net: Net) -> list[int]:
    """The first and last port of each range in a rule, and those just outside."""
    texts = {p for r in net.rules for p in r.ports if p != "*"} or {"443"}
    edges = [int(part) for text in texts for part in (text.split("-")[0], text.split("-")[-1])]
    return sorted({p + step for p in edges for step in (-1, 0, 1) if 0 < p + step < 2**16} | {1, 65535})


# -- as packets


def shots(built: Built, flow: Flow) -> list[Shot]:
    """The packets to send for a flow, one for each source port that may matter; none where the flow cannot be."""
    here, there = _from(built, flow), _to(built, flow)
    if here is None or there is None or here[1] == there:
        return []
    network = built.net.zones[built.net.ends[flow.destination.key].zone].network if here[0] == "internet" else ""
    device = built.host(here[0], network)
    return [(device, here[1], there, flow.protocol, port, flow.port) for port in _source_ports(built.net)]


def _from(built: Built, flow: Flow) -> tuple[str, str] | None:
    """The zone and the address at which a flow begins; None where what is supposed leaves no room for it."""
    spot = flow.source
    if spot.kind == "end":
        return built.net.ends[spot.key].zone, built.addresses[spot.key]
    is_elsewhere = spot.kind == "address" and not built.holds(spot.key, spot.address)
    return None if is_elsewhere or spot.address in built.taken else (spot.key, spot.address)


def _to(built: Built, flow: Flow) -> str | None:
    """The address at which a flow ends; None for that of an interface or endpoint, which is another question."""
    spot = flow.destination
    if spot.kind == "end":
        return built.addresses[spot.key]
    if spot.kind == "service":
        return str(ip_network(BLOCKS[spot.key])[7 if spot.region else -7])
    return None if spot.address in built.taken else spot.address


def _source_ports(net: Net) -> list[int]:
    texts = {p for r in net.rules for p in r.source_ports if p != "*"}
    edges = {int(part) for text in texts for part in text.split("-")}
    return sorted({p + step for p in edges for step in (-1, 0, 1) if 0 < p + step < 2**16} | {49152})


def arrived(built: Built, flow: Flow, shot: Shot, zone: str | None) -> bool:
    """It came out, and where it was to go: not at somebody else's who has the same address."""
    if zone is None:
        return False
    assert zone == "internet" or built.holds(zone, shot[2]), f"{shot} came out at {zone}"
    return flow.destination.kind != "end" or zone == built.net.ends[flow.destination.key].zone
