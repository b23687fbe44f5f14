"""Interfaces: which a machine has, where they stand, and the application security groups that they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
from ringfence.model.network import NetworkInterface
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Resource
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, any_of
from ringfence.questions.answer import found, of, unresolved
from ringfence.questions.network.end import End, key_of
from ringfence.questions.network.segment import Segment, network_key, prefixes, segment_of, space
from ringfence.questions.reference import is_given
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Link, Many
    from ringfence.questions.network.cidr import Addresses


@record()
class Groups:
    """Application security groups: those that a thing is surely in, and those that it may be in (None: any)."""

    sure: frozenset[str] = frozenset()
    other: frozenset[str] | None = frozenset()


def interfaces(estate: Estate, resource: Resource) -> tuple[NetworkInterface, ...] | Unknown:
    """The interfaces of a machine; an interface is its own."""
    if isinstance(resource, NetworkInterface):
        return (resource,)
    if isinstance(resource, VirtualMachineScaleSet):
        why = f"the interfaces of the scale set {resource.title} are not modelled"
        return Unknown("network_interfaces", (Need("reference", resource.address, why),), resource.origin)
    if not isinstance(resource, VirtualMachine):
        return ()
    found: list[NetworkInterface] = []
    for link in resource.network_interfaces:
        targets = estate.resolve(resource, link)
        if isinstance(targets, Unknown):
            return targets
        ends = [t.resource for t in targets if isinstance(t.resource, NetworkInterface) and t.certainty != "possible"]
        if len(ends) != len(targets):
            why = f"an interface of {resource.title} is not declared here"
            return Unknown(link.field, (Need("reference", resource.address, why),), link.origin)
        found.extend(ends)
    return tuple(found) if resource.network_interfaces.open is None else resource.network_interfaces.open


def subnet_of(estate: Estate, interface: NetworkInterface | PrivateEndpoint) -> Segment | External | Unknown | None:
    """The subnet of an interface's first address, or of a private endpoint."""
    if isinstance(interface, PrivateEndpoint):
        return segment_of(estate, interface, interface.subnet)
    first = next(iter(interface.ip_configurations), None)
    return segment_of(estate, interface, first.subnet) if first else interface.ip_configurations.open


def groups_of(estate: Estate, interface: NetworkInterface | PrivateEndpoint) -> Groups:
    """The application security groups of an interface or a private endpoint."""
    sure: set[str] = set()
    other: set[str] = set()
    links, open_ = _memberships(interface)
    for link in links:
        targets = estate.resolve(interface, link)
        if isinstance(targets, Unknown):
            open_ = True
            continue
        keys = {key_of(t.resource) for t in targets if isinstance(t.resource, (Resource, External))}
        one = len(targets) == 1 and targets[0].certainty != "possible"
        (sure if one else other).update(keys)
    return Groups(frozenset(sure), None if open_ else frozenset(other))


def groups_in(estate: Estate, segment: Segment) -> Groups:
    """What something in a subnet may be in: the groups of the interfaces and endpoints that stand there."""
    index = estate.once(_by_segment)
    return index.get(segment.key, index.get("", Groups()))


GROUP = "a security group"


def grouped(estate: Estate, interface: NetworkInterface, subnet: Link) -> Verdict:
    """A security group filters what comes to an interface: its own, or that of the subnet that its link names."""
    own = is_given(interface, interface.network_security_group, estate, GROUP)
    return any_of(own, _grouped_in(segment_of(estate, interface, subnet), subnet, estate))


def _grouped_in(segment: Segment | External | Unknown | None, subnet: Link, estate: Estate) -> Verdict:
    expected = f"a subnet with {GROUP}"
    if isinstance(segment, Unknown):
        return unresolved(subnet, expected, segment)
    if isinstance(segment, Segment) and segment.fields is not None and segment.resource is not None:
        holder = segment.resource
        return of(holder, is_given(holder, segment.fields.network_security_group, estate, GROUP))
    why = "the subnet is not declared here"
    return found(subnet, expected, "unknown", why, (Need("reference", subnet.field, why),))


def end_at(
    estate: Estate,
    segment: Segment | External | Unknown | None,
    interface: NetworkInterface | PrivateEndpoint | None,
    addresses: Addresses | None,
) -> End:
    """The end of a packet in a subnet."""
    at = segment if isinstance(segment, Segment) else None
    groups = groups_of(estate, interface) if interface else groups_in(estate, at) if at else Groups(other=None)
    within = prefixes(at) or space(at.network) if at else None
    return End(
        addresses,
        within,
        network_key(at.network) if at else "",
        groups.sure,
        groups.other,
        frozenset({interface.key} if interface else ()),
    )


def _memberships(interface: NetworkInterface | PrivateEndpoint) -> tuple[list[Link], bool]:
    own = interface.application_security_groups
    links = [m.application_security_group for m in own]
    open_ = own.open is not None
    if isinstance(interface, NetworkInterface):
        for configuration in interface.ip_configurations:
            more: Many[Link] = configuration.application_security_groups
            links.extend(more)
            open_ = open_ or more.open is not None
    return links, open_


def _by_segment(estate: Estate) -> dict[str, Groups]:
    """By the subnet's key; under "" what may stand in any subnet."""
    sure: dict[str, set[str]] = {}
    loose = False
    every: list[NetworkInterface | PrivateEndpoint] = [*estate.of(NetworkInterface), *estate.of(PrivateEndpoint)]
    for interface in every:
        groups = groups_of(estate, interface)
        if not groups.sure and groups.other == frozenset():
            continue
        segment = subnet_of(estate, interface)
        loose = loose or not isinstance(segment, Segment) or groups.other is None
        if isinstance(segment, Segment):
            sure.setdefault(segment.key, set()).update(groups.sure, groups.other or ())
    loose = loose or estate.all_of(NetworkInterface).open is not None
    found = {key: Groups(other=None if loose else frozenset(keys)) for key, keys in sure.items()}
    return {**found, "": Groups(other=None if loose else frozenset())}


def standing(estate: Estate, segment: Segment) -> tuple[NetworkInterface, ...]:
    """The declared interfaces that stand in a subnet."""
    return estate.once(_standing).get(segment.key, ())


def _standing(estate: Estate) -> dict[str, tuple[NetworkInterface, ...]]:
    found: dict[str, list[NetworkInterface]] = {}
    for interface in estate.of(NetworkInterface):
        segment = subnet_of(estate, interface)
        if isinstance(segment, Segment):
            found.setdefault(segment.key, []).append(interface)
    return {key: tuple(interfaces_) for key, interfaces_ in found.items()}
