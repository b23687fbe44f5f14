"""Whether a category that is sent ever holds anything: some stay empty until something else is switched on too.

`written` asks for a switch, `possible` whether this kind or tier of resource has such logs at all. A category that
neither knows has no such condition in Microsoft's documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import equals, holds, is_on, is_set, one_of
from ringfence.model.value import Need
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, negated, undecided
from ringfence.questions.answer import of
from ringfence.questions.parameter import parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource

    Rule = Callable[[Any, Estate], Verdict]

ALWAYS = Verdict("pass")


def written(resource: Resource, category: str, estate: Estate) -> Verdict:
    """Records of the category are made: whatever has to be switched on for them is."""
    arm = resource.type.casefold()
    rule = _SWITCHES.get((arm, category.casefold())) or _SWITCHES.get((arm, ""))
    return rule(resource, estate) if rule else ALWAYS


def possible(resource: Resource, category: str, estate: Estate) -> Verdict:
    """This kind and tier of resource has such logs."""
    rule = _TIERS.get((resource.type.casefold(), category.casefold()))
    return rule(resource, estate) if rule else ALWAYS


def _doubtful(resource: Resource, field: str, expected: str, why: str) -> Verdict:
    evidence = Evidence(field, expected, None, resource.origin, "unknown", resource.key)
    return Verdict("unknown", (evidence,), why, (Need("subscription", resource.address, why),))


# -- database servers


def _setting(name: str, default: str, *off: str) -> Rule:
    """A server parameter that must not have one of the values by which it is off."""

    def rule(server: Any, _: Estate) -> Verdict:
        verdict = parameter(server, server.configurations, name, lambda v: v not in off, f"not {off[0]}", default)
        return verdict.because(f"the server parameter {name} is {off[0]}") if verdict.outcome == "fail" else verdict

    return rule


mysql_audit = _setting("audit_log_enabled", "OFF", "off")
"""Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs and, for the single server,
learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-audit-logs: off by default."""

_mysql_slow = _setting("slow_query_log", "OFF", "off")
"""Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-slow-query-logs and, for the single server,
learn.microsoft.com/previous-versions/azure/mysql/single-server/concepts-server-logs: off by default."""

_query_store = _setting("pg_qs.query_capture_mode", "NONE", "none")
"""Source: learn.microsoft.com/azure/postgresql/monitor/concepts-query-store: opt-in, none by default."""

_wait_sampling = _setting("pgms_wait_sampling.query_capture_mode", "NONE", "none")

_pgbouncer = _setting("pgbouncer.enabled", "false", "false", "off")
"""Source: learn.microsoft.com/azure/postgresql/connectivity/concepts-pgbouncer: off by default."""


def _waits(server: Any, estate: Estate) -> Verdict:
    """Wait statistics are sampled for the queries that the query store captures."""
    return all_of(_query_store(server, estate), _wait_sampling(server, estate))


def _sql_audit(resource: Any, _: Estate) -> Verdict:
    """Auditing is on and offers its records to Azure Monitor; the server's policy offers them at its master database.

    Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup
    """
    verdict = all_of(equals(resource.auditing_state, "Enabled"), is_on(resource.auditing_azure_monitor))
    return (
        verdict.because("no auditing policy offers records to Azure Monitor") if verdict.outcome == "fail" else verdict
    )


def _support_audit(resource: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/azure-sql/database/auditing-microsoft-support-operations: off until switched on
    by a setting of its own, which has no kind here."""
    why = "whether auditing of Microsoft support operations is switched on is not read"
    return _doubtful(resource, "dev_ops_auditing", "Enabled", why)


def _warehouse(database: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/synapse-analytics/monitoring/how-to-monitor-using-azure-monitor: of dedicated
    SQL pools alone."""
    if database.terraform_type == "azurerm_sql_database":
        return ALWAYS
    verdict = holds(database.sku, lambda v: str(v).casefold().startswith("dw"), "a data warehouse")
    return verdict.because("the database is no data warehouse") if verdict.outcome == "fail" else verdict


# -- App Service: learn.microsoft.com/azure/app-service/monitor-app-service-reference, "Resource logs"


def _os(site: Any, name: str) -> Verdict:
    return equals(site.os_type, name)


def _java(site: Any) -> Verdict:
    return is_set(site.java_version)


def _console(site: Any, _: Estate) -> Verdict:
    """On Windows only Java and containers write to a console that is kept."""
    on_linux = _os(site, "Linux")
    if on_linux.outcome == "pass":
        return on_linux
    return any_of(on_linux, _os(site, "WindowsContainer"), is_set(site.docker_image), _java(site)).because(
        "on Windows, console logs are those of Java and of containers"
    )


def _application(site: Any, _: Estate) -> Verdict:
    """On Linux the images of Java alone write application logs; on Windows ASP.NET does."""
    java = _java(site)
    if java.outcome == "pass":
        return java
    other = any_of(
        *(is_set(getattr(site, f)) for f in ("docker_image", "python_version", "node_version", "php_version"))
    )
    why = "application logs are those of Java on Linux and of ASP.NET on Windows; other stacks write console logs"
    if other.outcome == "pass":
        return negated(other).because(why)
    if _os(site, "Windows").outcome == "pass" and other.outcome == "fail":
        return ALWAYS
    return _doubtful(site, "application_stack", "Java, or ASP.NET on Windows", f"{why}: which this is, is not known")


def _platform(site: Any, _: Estate) -> Verdict:
    """The page leaves platform logs of Windows to be announced."""
    verdict = any_of(_os(site, "Linux"), _os(site, "WindowsContainer"), is_set(site.docker_image))
    if verdict.outcome == "pass":
        return verdict
    return _doubtful(site, "os_type", "Linux or a container", "Microsoft has not said that Windows has platform logs")


def _signing_in(site: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/app-service/overview-authentication-authorization."""
    verdict = any_of(is_on(site.auth_settings_enabled), is_on(site.auth_settings_v2_enabled))
    return verdict.because("App Service authentication is off") if verdict.outcome == "fail" else verdict


PREMIUM = ("p", "i", "ep", "ws")
"""How the names of the sizes above Standard begin: Premium, Isolated, Elastic Premium, Workflow Standard."""


def _premium(site: Any, estate: Estate) -> Verdict:
    """The tier of the plan is Premium or above."""
    plan = estate.target(site, site.server_farm)
    sku = getattr(plan, "sku", None)
    if sku is None:
        return _doubtful(site, "server_farm", "a Premium plan", "the plan is not declared here")
    verdict = holds(sku, lambda v: str(v).casefold().startswith(PREMIUM), "Premium or above")
    shown = of(plan, verdict)  # type: ignore[arg-type]  # what has a sku is a resource
    return shown.because("only Premium plans have these logs") if verdict.outcome == "fail" else shown


def _premium_windows(site: Any, estate: Estate) -> Verdict:
    """File audit logs: the page leaves Linux to be announced."""
    windows = _os(site, "Windows")
    if windows.outcome == "pass":
        return _premium(site, estate)
    premium = _premium(site, estate)
    if premium.outcome == "fail":
        return premium
    return _doubtful(site, "os_type", "Windows", "Microsoft has not said that Linux has file audit logs")


def _no_function(site: Any, _: Estate) -> Verdict:
    from ringfence.model.web import FunctionApp

    if isinstance(site, FunctionApp):
        return ALWAYS
    return Verdict("fail", why="a web app has no logs of functions")


def _no_workflow(_site: Any, _: Estate) -> Verdict:
    return Verdict("fail", why="workflows run in a Standard logic app")


# -- others


def _databricks(workspace: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/databricks/admin/account-settings/audit-log-delivery: the Premium plan."""
    verdict = one_of(workspace.sku, "premium", "trial")
    return verdict.because("only the Premium plan delivers diagnostic logs") if verdict.outcome == "fail" else verdict


def _capability(name: str, what: str) -> Rule:
    """Source: learn.microsoft.com/azure/cosmos-db/monitor-resource-logs: each API has a category of its own."""

    def rule(account: Any, _: Estate) -> Verdict:
        named = any_of(*(equals(c.name, name) for c in account.capabilities), Verdict("fail"))
        if named.outcome == "fail" and account.capabilities.open is not None:
            unknown = account.capabilities.open
            return undecided(unknown)
        return named.because(f"the account does not serve {what}") if named.outcome == "fail" else named

    return rule


def _mongo(account: Any, _: Estate) -> Verdict:
    verdict = equals(account.kind, "MongoDB")
    return verdict.because("the account does not serve MongoDB") if verdict.outcome == "fail" else verdict


def _kubernetes_guard(cluster: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/aks/monitor-aks-reference: guard decides managed Entra and Azure RBAC."""
    profiles = cluster.aad_profiles
    if not profiles.items and profiles.open is None:
        return Verdict("fail", why="the cluster does not sign users in through Microsoft Entra")
    return (
        ALWAYS if profiles.items else _doubtful(cluster, "aad_profiles", "one", "whether it has a profile is not known")
    )


def _firewalled(gateway: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/application-gateway/application-gateway-diagnostics: sizes called WAF."""
    verdict = holds(gateway.sku, lambda v: "waf" in str(v).casefold(), "a WAF size")
    return verdict.because("the gateway has no web application firewall") if verdict.outcome == "fail" else verdict


def _first_generation(gateway: Any, _: Estate) -> Verdict:
    """The same page: performance logs are those of the sizes of the first generation."""
    verdict = holds(gateway.sku, lambda v: v is not None and not str(v).casefold().endswith("_v2"), "a size of v1")
    return verdict.because("gateways of v2 have metrics instead") if verdict.outcome == "fail" else verdict


def _ddos(network: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/virtual-network/monitor-virtual-network-reference: of DDoS protection."""
    verdict = is_on(network.ddos_protection)
    return verdict.because("the network has no DDoS protection plan") if verdict.outcome == "fail" else verdict


def _protected(address: Any, _: Estate) -> Verdict:
    """Source: learn.microsoft.com/azure/ddos-protection/monitor-ddos-protection-reference. The address may take part
    in the plan of its network, which is followed nowhere here."""
    return _doubtful(address, "ddos_settings", "protected", "whether DDoS protection covers the address is not read")


def _of(arm: str, rules: dict[str, Rule]) -> dict[tuple[str, str], Rule]:
    return {(arm.casefold(), category.casefold()): rule for category, rule in rules.items()}


_MYSQL: dict[str, Rule] = {"MySqlAuditLogs": mysql_audit, "MySqlSlowLogs": _mysql_slow}
_AUDIT: dict[str, Rule] = {"SQLSecurityAuditEvents": _sql_audit, "DevOpsOperationsAudit": _support_audit}
_SITE: dict[str, Rule] = {"AppServiceAuthenticationLogs": _signing_in}
_SITE_TIER: dict[str, Rule] = {
    "AppServiceConsoleLogs": _console,
    "AppServiceAppLogs": _application,
    "AppServicePlatformLogs": _platform,
    "AppServiceFileAuditLogs": _premium_windows,
    "AppServiceAntivirusScanAuditLogs": _premium,
    "FunctionAppLogs": _no_function,
    "WorkflowRuntime": _no_workflow,
}

_SWITCHES: dict[tuple[str, str], Rule] = {
    **_of("Microsoft.DBforMySQL/servers", _MYSQL),
    **_of("Microsoft.DBforMySQL/flexibleServers", _MYSQL),
    **_of(
        "Microsoft.DBforPostgreSQL/servers",
        {"QueryStoreRuntimeStatistics": _query_store, "QueryStoreWaitStatistics": _waits},
    ),
    **_of(
        "Microsoft.DBforPostgreSQL/flexibleServers",
        {
            "PostgreSQLFlexQueryStoreRuntime": _query_store,
            "PostgreSQLFlexQueryStoreWaitStats": _waits,
            "PostgreSQLQueryStoreSqlText": _query_store,
            "PostgreSQLFlexPGBouncer": _pgbouncer,
        },
    ),
    **_of("Microsoft.Sql/servers", _AUDIT),
    **_of("Microsoft.Sql/servers/databases", _AUDIT),
    **_of("Microsoft.Web/sites", _SITE),
    **_of("Microsoft.Web/sites/slots", _SITE),
    **_of("Microsoft.ContainerService/managedClusters", {"guard": _kubernetes_guard}),
    **_of("Microsoft.Databricks/workspaces", {"": _databricks}),
    **_of("Microsoft.Network/virtualNetworks", {"VMProtectionAlerts": _ddos}),
    **_of(
        "Microsoft.Network/publicIPAddresses",
        {
            "DDoSMitigationFlowLogs": _protected,
            "DDoSMitigationReports": _protected,
            "DDoSProtectionNotifications": _protected,
        },
    ),
}

_TIERS: dict[tuple[str, str], Rule] = {
    **_of("Microsoft.Web/sites", _SITE_TIER),
    **_of("Microsoft.Web/sites/slots", _SITE_TIER),
    **_of(
        "Microsoft.Sql/servers/databases",
        dict.fromkeys(("DmsWorkers", "ExecRequests", "RequestSteps", "SqlRequests", "Waits"), _warehouse),
    ),
    **_of(
        "Microsoft.DocumentDB/databaseAccounts",
        {
            "MongoRequests": _mongo,
            "CassandraRequests": _capability("EnableCassandra", "Cassandra"),
            "GremlinRequests": _capability("EnableGremlin", "Gremlin"),
            "TableApiRequests": _capability("EnableTable", "tables"),
        },
    ),
    **_of(
        "Microsoft.Network/applicationGateways",
        {"ApplicationGatewayFirewallLog": _firewalled, "ApplicationGatewayPerformanceLog": _first_generation},
    ),
}
