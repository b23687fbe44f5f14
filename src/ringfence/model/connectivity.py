"""Kinds of what joins virtual networks besides peerings, and of rules that stand above their security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link


class VirtualHubConnection(Resource):
    """Joins a virtual network to a hub of Azure Virtual WAN, and by it to whatever else is connected there."""

    arm_type = "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections"

    virtual_network: Link
    enable_internet_security: Attr[bool]
    """The hub may announce a default route to the network."""


class ConnectivityConfiguration(Resource):
    """Joins the virtual networks of its groups, as a mesh or around a hub (Azure Virtual Network Manager)."""

    arm_type = "Microsoft.Network/networkManagers/connectivityConfigurations"


class SecurityAdminRule(Resource):
    """A rule that is asked before the security groups of the networks that it is deployed to."""

    arm_type = "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules"

    access: Attr[str]
    """ "Allow": security groups are asked next; "AlwaysAllow": they are not; "Deny"."""
    direction: Attr[str]
