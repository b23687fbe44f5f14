"""Azure SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.checks.check import check
from ringfence.checks.database import no_open_rule
from ringfence.model.judge import equals, holds, is_on, is_set, one_of
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.verdict import Evidence, Verdict, all_of, some
from ringfence.questions.custody.custody import custody
from ringfence.questions.logs.audit import audited
from ringfence.questions.reach.private import private_endpoints
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.estate import Estate

"""The database whose diagnostic settings send what the server's auditing records."""

_SCANS = "Add azurerm_mssql_server_vulnerability_assessment with {}."


@check(
    "sql-server-auditing",
    SqlServer,
    severity="high",
    fix="Add azurerm_mssql_server_extended_auditing_policy for the server.",
)
def auditing(server: SqlServer) -> Verdict:
    """What happens in the server's databases is audited.

    Source: learn.microsoft.com/azure/azure-sql/database/auditing-overview
    """
    return equals(server.auditing_state, "Enabled")


@check(
    "sql-server-auditing-destination",
    SqlServer,
    severity="high",
    fix="Set storage_endpoint, or log_monitoring_enabled together with an azurerm_monitor_diagnostic_setting on the "
    "master database that sends SQLSecurityAuditEvents.",
)
def auditing_destination(server: SqlServer, estate: Estate) -> Verdict:
    """Audit records are written somewhere: to storage, or by a diagnostic setting of the master database.

    Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup
    """
    return audited(server, estate)


@check(
    "sql-server-auditing-retention",
    SqlServer,
    severity="medium",
    fix="Set retention_in_days in azurerm_mssql_server_extended_auditing_policy to more than 90, or to 0 for ever.",
    parameters={"more_than_days": 90},
)
def auditing_retention(server: SqlServer, _estate: Estate, parameters: Mapping[str, Any]) -> Verdict:
    """Audit records are kept for more than 90 days.

    Exactly 90 fails; 0 keeps them for ever and passes. It is the provider's default, so a policy that says nothing
    passes and a server without a policy fails.

    Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup; azurerm v3.47.0
    mssql_server_extended_auditing_policy_resource.go
    """
    days = int(parameters["more_than_days"])
    kept = holds(
        server.auditing_retention_days,
        lambda v: v is not None and (v == 0 or v > days),
        f"more than {days} days, or 0 for ever",
    )
    return all_of(equals(server.auditing_state, "Enabled"), kept)


@check(
    "sql-server-no-open-firewall-rule",
    SqlServer,
    severity="high",
    fix="Name single addresses or small ranges in azurerm_mssql_firewall_rule, or use private endpoints.",
    parameters={"most_addresses": 2**24},
)
def no_open_firewall_rule(server: SqlServer, _estate: Estate, parameters: Mapping[str, Any]) -> Verdict:
    """No firewall rule opens the server to any address, nor to all of Azure.

    A rule from 0.0.0.0 fails wherever it ends; so does one to 255.255.255.255, and so do rules that together let in
    more addresses than a /8 holds. Rules are judged also while public network access is disabled.

    Source: learn.microsoft.com/azure/azure-sql/database/firewall-configure
    """
    return no_open_rule(server.firewall_rules, int(parameters["most_addresses"]))


@check(
    "sql-server-customer-managed-key",
    SqlServer,
    severity="medium",
    fix="Set key_vault_key_id in azurerm_mssql_server_transparent_data_encryption.",
)
def customer_managed_key(server: SqlServer, estate: Estate) -> Verdict:
    """Databases are encrypted under a key that their owner manages.

    Source: learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-byok-overview
    """
    return custody(server, estate).customer_managed


@check(
    "sql-server-directory-administrator",
    SqlServer,
    severity="medium",
    fix="Add azuread_administrator to the server.",
)
def directory_administrator(server: SqlServer, estate: Estate) -> Verdict:
    """A principal of the directory administers the server.

    Source: learn.microsoft.com/azure/azure-sql/database/authentication-aad-overview
    """
    admins = server.administrators
    verdict = some(admins, (is_given(server, a.sid, estate, "a Microsoft Entra principal") for a in admins))
    if admins.items or verdict.outcome != "fail":
        return verdict
    return Verdict("fail", (Evidence(admins.field, "a Microsoft Entra principal", None, server.origin, "fail"),))


@check(
    "sql-database-encryption",
    SqlDatabase,
    severity="high",
    fix="Set transparent_data_encryption_enabled = true, or leave it out.",
)
def database_encryption(database: SqlDatabase) -> Verdict:
    """The database, its logs and its backups are encrypted at rest.

    Azure encrypts every database that is made since 2017 unless told otherwise.

    Source: learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-tde-overview
    """
    return equals(database.transparent_data_encryption, "Enabled")


@check(
    "sql-server-defender",
    SqlServer,
    severity="medium",
    fix='Add azurerm_mssql_server_security_alert_policy with state = "Enabled".',
)
def defender(server: SqlServer) -> Verdict:
    """Microsoft Defender for SQL watches the server.

    The server's own security alert policy is judged; a plan for the whole subscription is another item.

    Source: learn.microsoft.com/azure/azure-sql/database/azure-defender-for-sql
    """
    return equals(server.security_alert_state, "Enabled")


@check(
    "sql-server-vulnerability-assessment",
    SqlServer,
    severity="medium",
    fix=_SCANS.format("storage_container_path"),
)
def vulnerability_assessment(server: SqlServer, estate: Estate) -> Verdict:
    """The server is assessed for vulnerabilities, and the results are kept in storage.

    Source: learn.microsoft.com/azure/azure-sql/database/sql-vulnerability-assessment-storage
    """
    return is_given(server, server.vulnerability_assessment_storage, estate, "a storage container")


@check(
    "sql-server-vulnerability-scans",
    SqlServer,
    severity="medium",
    fix=_SCANS.format("recurring_scans { enabled = true }"),
)
def vulnerability_scans(server: SqlServer) -> Verdict:
    """The server is scanned for vulnerabilities every week.

    Source: learn.microsoft.com/azure/defender-for-cloud/sql-azure-vulnerability-assessment-overview
    """
    return is_on(server.vulnerability_assessment_recurring)


@check(
    "sql-server-vulnerability-reports",
    SqlServer,
    severity="low",
    fix=_SCANS.format("recurring_scans { emails = [...] }"),
)
def vulnerability_reports(server: SqlServer) -> Verdict:
    """Somebody receives the scan reports.

    Source: learn.microsoft.com/azure/defender-for-cloud/sql-azure-vulnerability-assessment-overview
    """
    return is_set(server.vulnerability_assessment_emails)


@check(
    "sql-server-vulnerability-reports-to-owners",
    SqlServer,
    severity="low",
    fix=_SCANS.format("recurring_scans { email_subscription_admins = true }"),
)
def vulnerability_reports_to_owners(server: SqlServer) -> Verdict:
    """The owners of the subscription receive the scan reports, too.

    Source: learn.microsoft.com/azure/defender-for-cloud/sql-azure-vulnerability-assessment-overview
    """
    return is_on(server.vulnerability_assessment_email_admins)


@check(
    "sql-server-minimum-tls",
    SqlServer,
    severity="high",
    fix='Set minimum_tls_version = "1.2"; before 3.0 nothing is the default.',
)
def minimum_tls(server: SqlServer) -> Verdict:
    """Clients must speak TLS 1.2 or later.

    Source: learn.microsoft.com/azure/azure-sql/database/connectivity-settings
    """
    return one_of(server.minimal_tls_version, "1.2", "1.3")


@check(
    "sql-server-public-network-access",
    SqlServer,
    severity="medium",
    fix="Set public_network_access_enabled = false.",
)
def public_network_access(server: SqlServer) -> Verdict:
    """The server has no public front door.

    Source: learn.microsoft.com/azure/azure-sql/database/connectivity-settings
    """
    return equals(server.public_network_access, "Disabled")


@check(
    "sql-server-private-endpoint",
    SqlServer,
    severity="medium",
    fix='Add an azurerm_private_endpoint with subresource_names = ["sqlServer"] and a DNS zone group for '
    "privatelink.database.windows.net, linked to its network.",
)
def private_endpoint(server: SqlServer, estate: Estate) -> Verdict:
    """The server is reached through a private endpoint.

    Source: learn.microsoft.com/azure/azure-sql/database/private-endpoint-overview
    """
    return private_endpoints(server, estate, ("sqlServer",))
