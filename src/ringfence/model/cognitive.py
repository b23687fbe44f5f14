"""Kinds of Azure AI services and Azure AI Search (Microsoft.CognitiveServices, Microsoft.Search)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class CognitiveSubnet(Block):
    """A subnet that passes an account's firewall."""

    subnet: Link


class CognitiveAccount(IdentityHolder):
    """An account of an AI service, such as "OpenAI"."""

    arm_type = "Microsoft.CognitiveServices/accounts"

    kind: Attr[str]
    custom_subdomain_name: Attr[str]
    """The first label of its host name; without one it is served at its region's."""
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints remain."""
    disable_local_auth: Attr[bool]
    """The account's keys open nothing."""
    network_acls_default_action: Attr[str]
    """"Allow" or "Deny": what happens to a network that no rule names."""
    network_acls_bypass: Attr[str]
    """"AzureServices" lets trusted services past the rules, "None" does not."""
    network_acls_ip_rules: Attr[tuple[str, ...]]
    network_acls_virtual_network_rules: Many[CognitiveSubnet]
    network_acls_subnets: Many[Link]
    """azurerm until 3.0."""
    encryption_key: Link
    """The customer-managed key; unset where Microsoft manages it."""
    encryption_identity: Link
    """The user-assigned identity that unwraps the key, by its client id; its own where none is named."""


class SearchService(IdentityHolder):
    """A search index service."""

    arm_type = "Microsoft.Search/searchServices"

    sku: Attr[str]
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints remain."""
    disable_local_auth: Attr[bool]
    """The service's keys open nothing."""
    ip_rules: Attr[tuple[str, ...]]
    """Addresses that may connect; with none, every address may."""
    network_rule_bypass: Attr[str]
    """"AzureServices" lets trusted services past the rules, "None" does not."""
