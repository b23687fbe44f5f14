"""The network as nested boxes: the internet with what is open to it, and behind the boundary networks, subnets, what
stands in them, and the services that the internet does not reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.picture.box import Box
from ringfence.model.containers import ManagedCluster
from ringfence.model.network import NetworkInterface, Subnet, VirtualNetwork
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Known, Link, Many, Unknown
from ringfence.questions.network.peering import peers
from ringfence.questions.network.segment import Segment, network_key, network_title, segment_of, segments
from ringfence.questions.reference import is_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.model.estate import Estate

WIDTH = 1240
"""Pixels; what is inside is laid out to fit."""
MOST = 30
"""Networks drawn; an estate with more shows those that were asked for first."""

STANDS = ("subnet", "vnet_subnet", "virtual_network_subnet", "delegated_subnet", "custom_public_subnet", "pod_subnet")
"""The fields by which a resource stands in a subnet or connects from it."""

BEHIND = "Behind the boundary", ("the internet opens no connection to these,", "unless they are drawn above")
"""A site or a machine that the internet reaches stands in its subnet all the same."""

_STATES = ("allowed", "unknown", "denied")


def boxes(
    estate: Estate, services: Mapping[str, str], entered: Iterable[Box] = (), wanted: frozenset[str] = frozenset()
) -> list[Box]:
    """The outermost boxes, laid out from top to bottom: the internet, the undecided, the boundary.

    `services` has the outcome from the internet, "allowed", "denied" or "unknown", by the key of each service;
    `entered` are the workloads that requests from the internet come to; `wanted` are keys of what must be drawn.
    """
    by_state: dict[str, list[Box]] = {state: [] for state in _STATES}
    for key, outcome in services.items():
        by_state[outcome].append(_service(estate, key, outcome))
    for box in entered:
        by_state[box.style.rpartition(" ")[2]].append(box)
    outside = Box("internet", "Internet", "internet", ("any address, nobody signed in",), by_state["allowed"])
    found = [outside]
    if by_state["unknown"]:
        found.append(Box("", "Cannot be told from the code", "undecided", (), by_state["unknown"]))
    inside = [*_networks(estate, wanted), *_shelf(by_state["denied"])]
    if inside:
        found.append(Box("", BEHIND[0], "boundary", BEHIND[1], inside))
    _place(found)
    return found


def _place(found: list[Box]) -> None:
    top = 0.0
    for box in found:
        box.lay(WIDTH)
        box.move(0, top)
        top += box.height + 26
    width = max(box.width for box in found)
    for box in found:
        box.stretch(width)


def _shelf(services: list[Box]) -> list[Box]:
    title = "Services of Azure, each with a front door of its own"
    return [Box("", title, "services", (), services, alone=True)] if services else []


def _service(estate: Estate, key: str, outcome: str) -> Box:
    resource = estate.resources[key]
    return Box(key, resource.title, f"service {outcome}", (word(resource),), tooltip=resource.key)


def word(resource: Resource) -> str:
    """What it is, in a word or two: the end of its ARM type."""
    return resource.type.partition("/")[2] or resource.type


# -- networks


def _networks(estate: Estate, wanted: frozenset[str]) -> list[Box]:
    by_network: dict[str, list[Segment]] = {}
    titles: dict[str, str] = {}
    for segment in segments(estate):
        key = network_key(segment.network)
        by_network.setdefault(key, []).append(segment)
        titles[key] = network_title(segment.network)
    for network in estate.of(VirtualNetwork):
        by_network.setdefault(network.key, [])
        titles[network.key] = network.title
    standing = _standing(estate)
    asked = [k for k in by_network if k in wanted or any(s.key in wanted for s in by_network[k])]
    shown = list(dict.fromkeys((*asked, *by_network)))[:MOST]
    found = [_network(estate, key, titles[key], by_network[key], standing) for key in shown]
    left = len(by_network) - len(shown)
    more = [Box("", f"and {left} more networks", "service")] if left else []
    return [*found, *more, *_elsewhere(standing.get("", []))]


def _elsewhere(boxes: list[Box]) -> list[Box]:
    return [Box("", "In subnets that are not declared here", "network", (), boxes)] if boxes else []


def _network(estate: Estate, key: str, title: str, subnets: list[Segment], standing: Mapping[str, list[Box]]) -> Box:
    network = estate.resources.get(key)
    lines = [f"virtual network {_space(network)}".rstrip()] if network else ["virtual network, not declared here"]
    if isinstance(network, VirtualNetwork):
        lines += [f"peered with {title_of(peer.network)}" for peer in peers(estate, network)]
    inside = [_subnet(estate, segment, standing.get(segment.key, [])) for segment in subnets]
    return Box(key, title, "network", tuple(lines), inside, key)


def title_of(end: object) -> str:
    """The name of the end of a reference."""
    if isinstance(end, Resource):
        return end.title
    if isinstance(end, External):
        return end.name.rstrip("/").rpartition("/")[2]
    return "a network that is not known"


def _subnet(estate: Estate, segment: Segment, inside: list[Box]) -> Box:
    fields = segment.fields
    space = "" if fields is None else _text(fields.address_prefixes) or _text(fields.address_prefix)
    line = " · ".join(filter(None, (space, _guard(estate, segment))))
    return Box(segment.key, segment.title, "subnet", (line,), inside, segment.key)


def _guard(estate: Estate, segment: Segment) -> str:
    if segment.fields is None or segment.resource is None:
        return ""
    link = segment.fields.network_security_group
    if not is_written(link):
        return "no NSG"
    end = estate.target(segment.resource, link)
    return f"NSG {title_of(end)}" if end is not None else "NSG"


def _space(network: Resource | None) -> str:
    return _text(network.address_prefixes) if isinstance(network, VirtualNetwork) else ""


def _text(attr: object) -> str:
    if not isinstance(attr, Known):
        return ""
    values = attr.value if isinstance(attr.value, tuple) else (attr.value,)
    return ", ".join(v for v in values if isinstance(v, str))


# -- what stands in a subnet


def _standing(estate: Estate) -> dict[str, list[Box]]:
    """The boxes in each subnet, by its key; under "" those in subnets that are not declared, or not known."""
    found: dict[str, dict[str, Box]] = {}
    for resource in estate.resources.values():
        for link in _subnets_of(resource):
            segment = segment_of(estate, resource, link)
            if segment is not None:
                box = _standing_box(estate, resource)
                key = segment.key if isinstance(segment, Segment) else ""
                found.setdefault(key, {}).setdefault(box.key, box)
    return {key: list(boxes.values()) for key, boxes in found.items()}


def _subnets_of(resource: Resource) -> Iterator[Link]:
    if isinstance(resource, (Subnet, VirtualNetwork)):
        return
    fields = _fields(type(resource))
    for name in STANDS:
        if name in fields:
            value = getattr(resource, name)
            if isinstance(value, Link) and is_written(value):
                yield value
    for name in ("ip_configurations", "frontends"):
        if name in fields:
            blocks = getattr(resource, name)
            yield from (b.subnet for b in blocks if isinstance(blocks, Many) and is_written(b.subnet))


def _fields(kind: type) -> frozenset[str]:
    return frozenset(name for base in kind.__mro__ for name in base.__dict__.get("__annotations__", ()))


def _standing_box(estate: Estate, resource: Resource) -> Box:
    if isinstance(resource, PrivateEndpoint):
        return Box(resource.key, resource.title, "endpoint", (f"→ {_led_to(estate, resource)}",), tooltip=resource.key)
    style = "cluster" if isinstance(resource, ManagedCluster) else "machine"
    if isinstance(resource, NetworkInterface):
        return Box(resource.key, resource.title, style, ("interface",), tooltip=resource.key)
    return Box(resource.key, resource.title, style, (word(resource),), tooltip=resource.key)


def _led_to(estate: Estate, endpoint: PrivateEndpoint) -> str:
    targets = estate.resolve(endpoint, endpoint.target)
    if isinstance(targets, Unknown) or not targets:
        return "not known"
    ends = [t.resource.parent if isinstance(t.resource, Implied) else t.resource for t in targets]
    groups = endpoint.group_ids.value if isinstance(endpoint.group_ids, Known) else ()
    return f"{' or '.join(map(title_of, ends))} ({', '.join(map(str, groups))})"
