"""Kinds of Azure SQL (Microsoft.Sql)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder

if TYPE_CHECKING:
    from ringfence.model.database import Administrator, FirewallRule
    from ringfence.model.value import Attr, Link, Many


class SqlServer(IdentityHolder):
    """A logical server of Azure SQL databases, with its policies."""

    arm_type = "Microsoft.Sql/servers"

    version: Attr[str]
    administrator_login: Attr[str]
    administrator_password: Attr[str]
    """Never shown; a reference says where else it is kept."""
    administrators: Many[Administrator]
    """Microsoft Entra administrators: Azure allows one."""
    azure_ad_only_authentication: Attr[bool]
    """Signing in with a SQL login and password is impossible."""
    minimal_tls_version: Attr[str]
    """"1.0", "1.1", "1.2", "Disabled"; any version when absent."""
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints remain and no firewall rule has effect."""
    restrict_outbound_network_access: Attr[bool]
    """The server may itself connect only to the names in `outbound_firewall_rules`."""
    firewall_rules: Many[FirewallRule]
    virtual_network_rules: Many[Link]
    outbound_firewall_rules: Many[Attr[str]]

    encryption_protector_key: Link
    """The customer-managed key of transparent data encryption; unset where Microsoft manages it."""
    encryption_protector_auto_rotation: Attr[bool]
    primary_identity: Link
    """The user-assigned identity that reaches the key; the server's own where none is named."""

    auditing_state: Attr[str]
    """"Enabled" or "Disabled": auditing of the server and all its databases."""
    auditing_storage: Link
    """The blob endpoint that audit records are written to."""
    auditing_azure_monitor: Attr[bool]
    """Audit records are offered to diagnostic settings of the master database."""
    auditing_retention_days: Attr[int]
    """How long records in storage are kept, in days; 0 is for ever, which is the provider's default."""

    security_alert_state: Attr[str]
    """"Enabled" or "Disabled": Microsoft Defender for SQL on this server."""
    security_alert_emails: Attr[tuple[str, ...]]
    security_alert_email_admins: Attr[bool]
    security_alert_retention_days: Attr[int]
    security_alert_disabled: Attr[tuple[str, ...]]
    """Kinds of threat that raise no alert."""

    vulnerability_assessment_storage: Link
    """The container that scan results are written to."""
    vulnerability_assessment_recurring: Attr[bool]
    """The server is scanned every week."""
    vulnerability_assessment_emails: Attr[tuple[str, ...]]
    vulnerability_assessment_email_admins: Attr[bool]
    vulnerability_assessment_express: Attr[bool]
    """Scans whose results Microsoft keeps, without a storage account."""


class SqlDatabase(IdentityHolder):
    """One database on an Azure SQL server."""

    arm_type = "Microsoft.Sql/servers/databases"

    server: Link
    transparent_data_encryption: Attr[str]
    """"Enabled" or "Disabled": files, logs and backups are encrypted at rest."""
    encryption_key: Link
    """A customer-managed key for this database alone; the server's protector where it is unset."""
    encryption_key_auto_rotation: Attr[bool]
    sku: Attr[str]
    """Name of the size, such as "S0" or "GP_Gen5_2"; data warehouses begin with "DW"."""
    is_ledger_on: Attr[bool]
    zone_redundant: Attr[bool]
    backup_storage_redundancy: Attr[str]
    """"Geo", "GeoZone", "Zone" or "Local"."""
    backup_retention_days: Attr[int]
    """Point-in-time restore reaches this far back: 1 to 35 days; 7 by Azure's default."""
    auditing_state: Attr[str]
    """"Enabled" or "Disabled": auditing of this database besides the server's."""
    auditing_storage: Link
    auditing_azure_monitor: Attr[bool]
    auditing_retention_days: Attr[int]
    security_alert_state: Attr[str]
