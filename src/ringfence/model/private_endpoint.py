"""Kinds of Azure Private Link (Microsoft.Network)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class PrivateEndpoint(Resource):
    """An address in a subnet that leads to one sub-resource of one resource."""

    arm_type = "Microsoft.Network/privateEndpoints"

    subnet: Link
    target: Link
    """The resource it leads to."""
    target_alias: Attr[str]
    """The alias of a private link service, where there is no id."""
    group_ids: Attr[tuple[str, ...]]
    """The sub-resources, such as "vault" or "blob"; compared without case."""
    manual: Attr[bool]
    """True when the owner of the target has to approve the connection: until then it carries nothing."""
    dns_zones: Many[Link]
    """The private DNS zones that its zone group writes its address to."""
    ip_configurations: Many[EndpointAddress]
    application_security_groups: Many[Membership]


class EndpointAddress(Block):
    """A fixed address of a private endpoint."""

    private_ip_address: Attr[str]
    group_id: Attr[str]


class Membership(Block):
    """The membership of a private endpoint in an application security group."""

    application_security_group: Link


class PrivateLinkService(Resource):
    """One's own service, offered to the private endpoints of others."""

    arm_type = "Microsoft.Network/privateLinkServices"

    auto_approval_subscriptions: Attr[tuple[str, ...]]
    visibility_subscriptions: Attr[tuple[str, ...]]
    nat_ip_configurations: Many[NatAddress]


class NatAddress(Block):
    """An address that a private link service connects from."""

    subnet: Link
