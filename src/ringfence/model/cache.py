"""Kinds of Azure Cache for Redis (Microsoft.Cache)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder

if TYPE_CHECKING:
    from ringfence.model.database import FirewallRule
    from ringfence.model.value import Attr, Link, Many


class RedisCache(IdentityHolder):
    """A cache."""

    arm_type = "Microsoft.Cache/Redis"

    sku: Attr[str]
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints remain."""
    subnet: Link
    """The subnet that a Premium cache is made in: it has a private address only."""
    enable_non_ssl_port: Attr[bool]
    """Clients may connect without TLS, at port 6379."""
    minimum_tls_version: Attr[str]
    firewall_rules: Many[FirewallRule]
    """Ranges that may connect; with no rule, every address may."""
    disable_access_key_authentication: Attr[bool]
    """The cache's keys open nothing: clients sign in to the directory."""
