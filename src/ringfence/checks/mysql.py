"""Azure Database for MySQL, single and flexible server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.judge import equals, one_of
from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.model.verdict import Verdict, all_of
from ringfence.questions.logs.written import mysql_audit
from ringfence.questions.parameter import parameter

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

MODERN = ("tlsv1.2", "tlsv1.3")

_FLEXIBLE = "azurerm_mysql_flexible_server_configuration"
_SINGLE = "azurerm_mysql_configuration"


@check(
    "mysql-encrypted-connections",
    MySqlServer,
    severity="high",
    fix="Set ssl_enforcement_enabled = true.",
)
def encrypted_connections(server: MySqlServer) -> Verdict:
    """Connections that are not encrypted are refused.

    Source: learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-ssl-connection-security
    """
    return equals(server.ssl_enforcement, "Enabled")


@check(
    "mysql-minimum-tls",
    MySqlServer,
    severity="high",
    fix='Set ssl_minimal_tls_version_enforced = "TLS1_2"; before 3.0 nothing is the default.',
)
def minimum_tls(server: MySqlServer) -> Verdict:
    """Clients must speak TLS 1.2 or later.

    Source: learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-ssl-connection-security
    """
    return one_of(server.minimal_tls_version, "TLS1_2", "TLS1_3")


@check(
    "mysql-flexible-tls-version",
    MySqlFlexibleServer,
    severity="high",
    fix=f'Set the parameter tls_version to "TLSv1.2" with {_FLEXIBLE}.',
)
def flexible_tls_version(server: MySqlFlexibleServer) -> Verdict:
    """Every version of TLS that the server speaks is 1.2 or later; by default it speaks 1.2.

    Source: learn.microsoft.com/azure/mysql/flexible-server/how-to-connect-tls-ssl
    """
    return parameter(
        server,
        server.configurations,
        "tls_version",
        lambda v: all(part.strip() in MODERN for part in v.split(",")),
        "only TLSv1.2 or TLSv1.3",
        "TLSv1.2",
    )


@check(
    "mysql-audit-log",
    MySqlServer,
    severity="medium",
    fix=f'Set the parameter audit_log_enabled to "ON" with {_SINGLE}.',
)
def audit_log(server: MySqlServer, estate: Estate) -> Verdict:
    """The server keeps an audit log; by default it does not.

    Source: learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-audit-logs
    """
    return mysql_audit(server, estate)


@check(
    "mysql-flexible-audit-log",
    MySqlFlexibleServer,
    severity="medium",
    fix=f'Set the parameter audit_log_enabled to "ON" with {_FLEXIBLE}.',
)
def flexible_audit_log(server: MySqlFlexibleServer, estate: Estate) -> Verdict:
    """The server keeps an audit log; by default it does not.

    Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs
    """
    return mysql_audit(server, estate)


@check(
    "mysql-audit-log-connections",
    MySqlServer,
    severity="medium",
    fix=f'Set the parameters audit_log_enabled to "ON" and audit_log_events to "CONNECTION" with {_SINGLE}.',
)
def audit_log_connections(server: MySqlServer, estate: Estate) -> Verdict:
    """The audit log is kept, and records who connects.

    Source: learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-audit-logs
    """
    return all_of(mysql_audit(server, estate), _connections(server))


@check(
    "mysql-flexible-audit-log-connections",
    MySqlFlexibleServer,
    severity="medium",
    fix=f'Set the parameters audit_log_enabled to "ON" and audit_log_events to "CONNECTION" with {_FLEXIBLE}.',
)
def flexible_audit_log_connections(server: MySqlFlexibleServer, estate: Estate) -> Verdict:
    """The audit log is kept, and records who connects.

    Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs
    """
    return all_of(mysql_audit(server, estate), _connections(server))


@check(
    "mysql-public-network-access",
    MySqlServer,
    severity="medium",
    fix="Set public_network_access_enabled = false.",
)
def public_network_access(server: MySqlServer) -> Verdict:
    """The server has no public front door.

    Source: learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-firewall-rules
    """
    return equals(server.public_network_access, "Disabled")


def _connections(server: MySqlServer | MySqlFlexibleServer) -> Verdict:
    """What is logged when nothing says so is not documented, so it must be said."""
    return parameter(
        server,
        server.configurations,
        "audit_log_events",
        lambda v: "connection" in (part.strip() for part in v.split(",")),
        "includes CONNECTION",
        None,
    )
