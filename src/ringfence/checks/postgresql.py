"""Azure Database for PostgreSQL, single and flexible server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.checks.database import no_azure_rule
from ringfence.model.judge import equals
from ringfence.model.postgresql import PostgresFlexibleServer, PostgresServer
from ringfence.questions.parameter import parameter

if TYPE_CHECKING:
    from ringfence.model.verdict import Verdict

_SINGLE = "Set the parameter {} with azurerm_postgresql_configuration."
_FLEXIBLE = "Set the parameter {} with azurerm_postgresql_flexible_server_configuration."

DEFAULTS = {
    PostgresServer: {
        "log_checkpoints": "on",
        "log_connections": "on",
        "log_disconnections": "off",
        "connection_throttling": "on",
        "log_retention_days": "3",
    },
    PostgresFlexibleServer: {
        "require_secure_transport": "on",
        "log_checkpoints": "on",
        "log_connections": "on",
        "log_disconnections": "on",
        "connection_throttle.enable": "off",
        "logfiles.retention_days": "3",
    },
}
"""What a server parameter is when nothing sets it.

Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-server-logs and
learn.microsoft.com/azure/postgresql/flexible-server/server-parameters-table
"""


@check(
    "postgresql-encrypted-connections",
    PostgresServer,
    severity="high",
    fix="Set ssl_enforcement_enabled = true.",
)
def encrypted_connections(server: PostgresServer) -> Verdict:
    """Connections that are not encrypted are refused.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-ssl-connection-security
    """
    return equals(server.ssl_enforcement, "Enabled")


@check(
    "postgresql-flexible-encrypted-connections",
    PostgresFlexibleServer,
    severity="high",
    fix=_FLEXIBLE.format('require_secure_transport to "on"'),
)
def flexible_encrypted_connections(server: PostgresFlexibleServer) -> Verdict:
    """Connections that are not encrypted are refused, as they are by default.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/how-to-connect-tls-ssl
    """
    return _on(server, "require_secure_transport")


@check("postgresql-log-checkpoints", PostgresServer, severity="low", fix=_SINGLE.format('log_checkpoints to "on"'))
def log_checkpoints(server: PostgresServer) -> Verdict:
    """Checkpoints are logged, as they are by default.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-server-logs
    """
    return _on(server, "log_checkpoints")


@check(
    "postgresql-flexible-log-checkpoints",
    PostgresFlexibleServer,
    severity="low",
    fix=_FLEXIBLE.format('log_checkpoints to "on"'),
)
def flexible_log_checkpoints(server: PostgresFlexibleServer) -> Verdict:
    """Checkpoints are logged, as they are by default.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-logging
    """
    return _on(server, "log_checkpoints")


@check("postgresql-log-connections", PostgresServer, severity="medium", fix=_SINGLE.format('log_connections to "on"'))
def log_connections(server: PostgresServer) -> Verdict:
    """Attempts to connect are logged, as they are by default.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-server-logs
    """
    return _on(server, "log_connections")


@check(
    "postgresql-flexible-log-connections",
    PostgresFlexibleServer,
    severity="medium",
    fix=_FLEXIBLE.format('log_connections to "on"'),
)
def flexible_log_connections(server: PostgresFlexibleServer) -> Verdict:
    """Attempts to connect are logged, as they are by default.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-logging
    """
    return _on(server, "log_connections")


@check(
    "postgresql-log-disconnections",
    PostgresServer,
    severity="medium",
    fix=_SINGLE.format('log_disconnections to "on"'),
)
def log_disconnections(server: PostgresServer) -> Verdict:
    """The ends of sessions are logged; by default they are not.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-server-logs
    """
    return _on(server, "log_disconnections")


@check(
    "postgresql-flexible-log-disconnections",
    PostgresFlexibleServer,
    severity="medium",
    fix=_FLEXIBLE.format('log_disconnections to "on"'),
)
def flexible_log_disconnections(server: PostgresFlexibleServer) -> Verdict:
    """The ends of sessions are logged, as they are by default.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-logging
    """
    return _on(server, "log_disconnections")


@check(
    "postgresql-connection-throttling",
    PostgresServer,
    severity="medium",
    fix=_SINGLE.format('connection_throttling to "on"'),
)
def connection_throttling(server: PostgresServer) -> Verdict:
    """An address that fails to sign in too often must wait, as by default.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-server-logs
    """
    return _on(server, "connection_throttling")


@check(
    "postgresql-flexible-connection-throttling",
    PostgresFlexibleServer,
    severity="medium",
    fix=_FLEXIBLE.format('connection_throttle.enable to "on"'),
)
def flexible_connection_throttling(server: PostgresFlexibleServer) -> Verdict:
    """An address that fails to sign in too often must wait; by default it need not.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/server-parameters-table
    """
    return _on(server, "connection_throttle.enable")


@check(
    "postgresql-log-retention",
    PostgresServer,
    severity="medium",
    fix=_SINGLE.format("log_retention_days to 4 to 7"),
)
def log_retention(server: PostgresServer) -> Verdict:
    """Log files are kept for more than 3 days; by default for 3.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-server-logs
    """
    return _kept(server, "log_retention_days")


@check(
    "postgresql-flexible-log-retention",
    PostgresFlexibleServer,
    severity="medium",
    fix=_FLEXIBLE.format("logfiles.retention_days to 4 to 7"),
)
def flexible_log_retention(server: PostgresFlexibleServer) -> Verdict:
    """Log files are kept for more than 3 days; by default for 3.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/how-to-server-logs-portal
    """
    return _kept(server, "logfiles.retention_days")


@check(
    "postgresql-no-azure-firewall-rule",
    PostgresServer,
    severity="high",
    fix="Remove the azurerm_postgresql_firewall_rule from 0.0.0.0 to 0.0.0.0.",
)
def no_azure_firewall_rule(server: PostgresServer) -> Verdict:
    """No firewall rule lets in all of Azure.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server/concepts-firewall-rules
    """
    return no_azure_rule(server.firewall_rules)


@check(
    "postgresql-flexible-no-azure-firewall-rule",
    PostgresFlexibleServer,
    severity="high",
    fix="Remove the azurerm_postgresql_flexible_server_firewall_rule from 0.0.0.0 to 0.0.0.0.",
)
def flexible_no_azure_firewall_rule(server: PostgresFlexibleServer) -> Verdict:
    """No firewall rule lets in all of Azure.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/security-firewall-rules
    """
    return no_azure_rule(server.firewall_rules)


@check(
    "postgresql-infrastructure-encryption",
    PostgresServer,
    severity="medium",
    fix="Set infrastructure_encryption_enabled = true. It is decided when the server is made.",
)
def infrastructure_encryption(server: PostgresServer) -> Verdict:
    """Data is encrypted a second time, under another key, in the infrastructure.

    Source: learn.microsoft.com/previous-versions/azure/postgresql/single-server, "Infrastructure double encryption"
    """
    return equals(server.infrastructure_encryption, "Enabled")


def _on(server: PostgresServer | PostgresFlexibleServer, name: str) -> Verdict:
    default = DEFAULTS[type(server)][name]
    return parameter(server, server.configurations, name, lambda v: v in ("on", "true", "1"), "on", default)


def _kept(server: PostgresServer | PostgresFlexibleServer, name: str) -> Verdict:
    default = DEFAULTS[type(server)][name]
    return parameter(server, server.configurations, name, lambda v: int(v) > 3, "more than 3", default)
