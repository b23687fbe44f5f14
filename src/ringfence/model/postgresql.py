"""Kinds of Azure Database for PostgreSQL (Microsoft.DBforPostgreSQL)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.database import Administrator, Configuration, FirewallRule
    from ringfence.model.value import Attr, Link, Many


class PostgresServer(IdentityHolder):
    """A single server of PostgreSQL; Azure retired the service in 2025."""

    arm_type = "Microsoft.DBforPostgreSQL/servers"

    version: Attr[str]
    administrator_login: Attr[str]
    administrator_password: Attr[str]
    """Never shown; a reference says where else it is kept."""
    administrators: Many[Administrator]
    ssl_enforcement: Attr[str]
    """"Enabled" or "Disabled": connections must be encrypted."""
    minimal_tls_version: Attr[str]
    """"TLS1_0", "TLS1_1", "TLS1_2", or "TLSEnforcementDisabled" for any."""
    infrastructure_encryption: Attr[str]
    """"Enabled" or "Disabled": data is encrypted twice. Decided at creation."""
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints remain and no firewall rule has effect."""
    firewall_rules: Many[FirewallRule]
    virtual_network_rules: Many[Link]
    configurations: Many[Configuration]
    encryption_key: Link
    """The customer-managed key; unset where Microsoft manages it."""
    backup_retention_days: Attr[int]
    geo_redundant_backup: Attr[str]
    security_alert_state: Attr[str]


class PostgresFlexibleServer(IdentityHolder):
    """A flexible server of PostgreSQL."""

    arm_type = "Microsoft.DBforPostgreSQL/flexibleServers"

    version: Attr[str]
    administrator_login: Attr[str]
    administrator_password: Attr[str]
    """Never shown; a reference says where else it is kept."""
    administrators: Many[Administrator]
    active_directory_auth: Attr[str]
    """"Enabled" or "Disabled": principals of the directory may sign in."""
    password_auth: Attr[str]
    """"Enabled" or "Disabled": database users with a password may sign in."""
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; disabled where the server lives in a delegated subnet."""
    delegated_subnet: Link
    private_dns_zone: Link
    firewall_rules: Many[FirewallRule]
    configurations: Many[Configuration]
    encryption_key: Link
    """The customer-managed key; unset where Microsoft manages it."""
    encryption_identity: Link
    geo_backup_key: Link
    """The customer-managed key of the copies in the paired region; `encryption_key` does not cover them."""
    geo_backup_identity: Link
    backup_retention_days: Attr[int]
    geo_redundant_backup: Attr[str]


class PostgresDatabase(Resource):
    """One database on a PostgreSQL server."""

    arm_type = "Microsoft.DBforPostgreSQL/servers/databases"

    server: Link
    charset: Attr[str]
    collation: Attr[str]
