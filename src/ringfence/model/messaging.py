"""Kinds of Azure Event Hubs and Azure Service Bus (Microsoft.EventHub, Microsoft.ServiceBus)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class MessagingSubnet(Block):
    """A subnet that passes a namespace's firewall."""

    subnet: Link


class MessagingAddress(Block):
    """An address or block that passes a namespace's firewall."""

    value: Attr[str]


class MessagingNamespace(IdentityHolder):
    """What both sorts of namespace have in common."""

    sku: Attr[str]
    """"Basic", "Standard" or "Premium"."""
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; "SecuredByPerimeter" leaves it to a network security perimeter."""
    disable_local_auth: Attr[bool]
    """Keys of shared access policies open nothing."""
    minimum_tls_version: Attr[str]
    network_rule_set_public_network_access: Attr[str]
    """As `public_network_access`, in the rule set: Azure keeps both alike."""
    network_rule_set_default_action: Attr[str]
    """"Allow" or "Deny": what happens to a network that no rule names; with no rule at all everybody is admitted."""
    network_rule_set_trusted_services: Attr[bool]
    """Trusted services pass the rules."""
    network_rule_set_subnets: Many[MessagingSubnet]


class EventHubNamespace(MessagingNamespace):
    """A namespace of event hubs."""

    arm_type = "Microsoft.EventHub/namespaces"

    network_rule_set_ip_rules: Many[MessagingAddress]


class ServiceBusNamespace(MessagingNamespace):
    """A namespace of queues and topics. Only a Premium one has a firewall."""

    arm_type = "Microsoft.ServiceBus/namespaces"

    network_rule_set_ip_rules: Attr[tuple[str, ...]]
    encryption_key: Link
    """The customer-managed key; unset where Microsoft manages it. Premium only."""
    encryption_identity: Link
    require_infrastructure_encryption: Attr[bool]
