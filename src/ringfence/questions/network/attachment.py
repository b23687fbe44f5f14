"""Where a security group stands: the subnets and interfaces whose traffic meets its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import NetworkInterface, NetworkSecurityGroup, Subnet, VirtualNetwork
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import render
from ringfence.model.value import Many, Unknown
from ringfence.questions.reference import is_written
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.value import Link


@record()
class Place:
    """A subnet or an interface that a security group is attached to.

    `resource` is the subnet, the interface, or the network of an inline subnet; None when it is not declared.
    """

    title: str
    resource: Resource | None
    origin: Origin


def places(group: NetworkSecurityGroup, estate: Estate) -> Many[Place]:
    """All that the group is attached to, by associations and by inline subnets."""
    found = [
        _place(group, link, estate)
        for a in group.attachments
        for link in (a.subnet, a.network_interface)
        if is_written(link)
    ]
    inline, unread = estate.once(_inline)
    return Many("attachments", (*found, *inline.get(group.key, ())), group.origin, group.attachments.open or unread)


def _inline(estate: Estate) -> tuple[dict[str, list[Place]], Unknown | None]:
    """The inline subnets by the key of their security group, and why there may be more."""
    found: dict[str, list[Place]] = {}
    unread: Unknown | None = None
    for network in estate.of(VirtualNetwork):
        unread = unread or network.subnets.open
        for subnet in network.subnets:
            place = Place(f"{network.address} subnet {_name(subnet.name)}", network, subnet.origin)
            targets = estate.resolve(network, subnet.network_security_group)
            if isinstance(targets, Unknown):
                unread = unread or replace(targets, origin=subnet.origin)
                continue
            for target in targets:
                if isinstance(target.resource, Resource):
                    found.setdefault(target.resource.key, []).append(place)
    return found, unread


def _place(group: NetworkSecurityGroup, link: Link, estate: Estate) -> Place:
    targets = estate.resolve(group, link)
    end = targets[0].resource if not isinstance(targets, Unknown) and len(targets) == 1 else None
    if isinstance(end, Implied):
        end = end.parent
    resource = end if isinstance(end, (Subnet, NetworkInterface, VirtualNetwork)) else None
    title = resource.address if resource else end.name if isinstance(end, External) else render(link.value)
    return Place(title, resource, link.origin)


def _name(attr: object) -> str:
    return str(getattr(attr, "value", "") or "")
