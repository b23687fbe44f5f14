"""Logs that come another way than by diagnostic settings: flow logs, audit policies, agents, telemetry.

Each function gives the categories of one kind of resource, and () for all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.collection import DataCollectionRule, DataCollectionRuleAssociation
from ringfence.model.compute import VirtualMachine, VirtualMachineExtension
from ringfence.model.containers import ManagedCluster
from ringfence.model.insights import ApplicationInsights, LogAnalyticsWorkspace
from ringfence.model.judge import is_on, one_of
from ringfence.model.network import FlowLog, NetworkInterface, NetworkSecurityGroup, Subnet, VirtualNetwork
from ringfence.model.symbol import is_symbol, plain
from ringfence.model.value import Known, Link, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some, when_present
from ringfence.model.web import Site
from ringfence.questions.answer import certain, found, of, unresolved, unsettled
from ringfence.questions.logs.entry import Category, state_of
from ringfence.questions.logs.flow_logs import analysed, network_recorded, records
from ringfence.questions.logs.ingestion import takes
from ringfence.questions.logs.kept import Kept, Stay, kept, number
from ringfence.questions.logs.settings import is_written
from ringfence.questions.logs.trace import BLOCK, Trace
from ringfence.questions.network.attachment import places
from ringfence.questions.reference import is_given
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Edge, Estate
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource


def others(resource: Resource, estate: Estate) -> tuple[Category, ...]:
    """The categories that reach their destination without a diagnostic setting."""
    for kind, categories in _SOURCES:
        if isinstance(resource, kind):
            return tuple(categories(resource, estate))
    return ()


def _category(name: str, by: str, verdict: Verdict, origin: Origin, to: Iterable[Kept] = ()) -> Category:
    places_ = tuple(to) if verdict.outcome != "fail" else ()
    return Category(name, state_of(verdict), verdict, origin, places_, by)


# -- flow logs

OF_GROUP, OF_NETWORK = "NetworkSecurityGroupFlowEvent", "FlowLogFlowEvent"
_TABLES = {OF_GROUP: "AzureNetworkAnalytics_CL", OF_NETWORK: "NTANetAnalytics"}
"""Source: learn.microsoft.com/azure/network-watcher/traffic-analytics-schema"""


def _flows(resource: Resource, estate: Estate) -> list[Category]:
    """The flows of a group or network always count; those of a subnet or interface when it has a flow log.

    A group that is attached to nothing sees no flows, so that its log stays empty.
    """
    edges = estate.referrers(resource, FlowLog, "target")
    if not edges.items and isinstance(resource, (Subnet, NetworkInterface)):
        return []
    verdict = some(edges, [any_of(records(e, estate), analysed(e, estate)) for e in edges])
    if not edges.items and verdict.outcome == "fail":
        evidence = Evidence("flow_logs", "one of it", None, resource.origin, "fail", resource.key)
        verdict = Verdict("fail", (evidence,), "it has no flow log")
    if isinstance(resource, VirtualNetwork) and verdict.outcome != "pass":
        by_subnets = network_recorded(resource, estate)
        verdict = by_subnets if by_subnets.outcome != "fail" else verdict
    name = OF_GROUP if isinstance(resource, NetworkSecurityGroup) else OF_NETWORK
    origin = edges.items[0].source.origin if edges.items else resource.origin
    category = _category(name, "flow log", verdict, origin, [k for e in edges for k in _kept_flows(e, name, estate)])
    attached = places(resource, estate) if isinstance(resource, NetworkSecurityGroup) else None
    if category.state == "sent" and attached is not None and not attached.items and attached.open is None:
        evidence = Evidence("attachments", "a subnet or an interface", None, resource.origin, "fail", resource.key)
        nothing = Verdict("fail", (*verdict.evidence, evidence), "it is attached to no subnet or interface")
        return [replace(category, state="empty", verdict=nothing)]
    return [category]


def _kept_flows(edge: Edge, name: str, estate: Estate) -> list[Kept]:
    log = edge.source
    assert isinstance(log, FlowLog)
    trace = Trace(_TABLES[name], f"insights-logs-{name.casefold()}", BLOCK)
    days = number(log.retention_days) if is_on(log.retention_enabled).outcome == "pass" else None
    own = days if isinstance(days, int) and days > 0 else None
    places_: list[Kept] = []
    stored, sent = records(edge, estate), analysed(edge, estate)
    if stored.outcome != "fail" and is_written(log.storage):
        places_ += kept(log, log.storage, "storage", estate, trace, sure=stored.outcome == "pass", own=own)
    if sent.outcome != "fail":
        places_ += kept(log, log.analytics_workspace, "workspace", estate, trace, sure=sent.outcome == "pass")
    return places_


# -- telemetry

CONNECTIONS = (
    "applicationinsights_connection_string",
    "appinsights_connection_string",
    "appinsights_instrumentationkey",
)
"""App settings that say where telemetry goes, in lower case; the first that is there counts.

Source: learn.microsoft.com/azure/azure-monitor/app/connection-strings
"""


def _telemetry(site: Site, estate: Estate) -> list[Category]:
    """Where a site's telemetry goes, if it is told to send any."""
    settings = site.app_settings
    if isinstance(settings, Unknown):
        why = settings.why
        verdict = Verdict(
            "unknown", (Evidence("app_settings", "known", why, settings.origin, "unknown"),), why, settings.needs
        )
        return [_category("application telemetry", "telemetry", verdict, settings.origin)]
    value, origin = _connection(site)
    if value in (None, ""):
        return []
    link = Link("app_settings", value, origin)
    targets = estate.resolve(site, link) if is_symbol(value) else ()
    if isinstance(targets, Unknown):
        verdict = unresolved(link, "an Application Insights component", targets)
        return [_category("application telemetry", "telemetry", verdict, origin)]
    components = [t for t in targets if isinstance(t.resource, ApplicationInsights)]
    if not components:
        why = "the Application Insights component that it names is not declared here"
        verdict = unsettled("app_settings", why)
        return [_category("application telemetry", "telemetry", verdict, origin)]
    verdicts = [certain(_taken(t.resource, link, estate, site), t, link) for t in components]
    verdict = verdicts[0] if len(verdicts) == 1 else any_of(all_of(*verdicts), _some_of(verdicts))
    to = [k for t in components if isinstance(t.resource, ApplicationInsights) for k in _kept_by(t.resource, estate)]
    return [_category("application telemetry", "telemetry", verdict, origin, to)]


def _some_of(verdicts: list[Verdict]) -> Verdict:
    """Where it depends which component is named, and one of them takes nothing: it is not known."""
    if len({v.outcome for v in verdicts}) == 1:
        return verdicts[0]
    why = "; ".join(dict.fromkeys(v.why for v in verdicts if v.why))
    return Verdict("unknown", (), why, tuple(n for v in verdicts for n in v.needs))


def _connection(site: Site) -> tuple[Any, Origin]:
    """What stands in the first of the settings that is there, or beside them in a function application."""
    settings = site.app_settings
    value: Any = settings.value if isinstance(settings, Known) else None
    names = {str(k).casefold(): v for k, v in value.items()} if isinstance(value, dict) else {}
    for name in CONNECTIONS:
        if names.get(name) not in (None, ""):
            return plain(names[name]), settings.origin
    for attr in (site.application_insights_connection_string, site.application_insights_key):
        if isinstance(attr, (Known, Unknown)):
            return plain(attr.value), attr.origin
    return None, settings.origin


def _taken(component: Any, link: Link, estate: Estate, site: Site) -> Verdict:
    named = of(site, found(link, "an Application Insights component", "pass"))
    return all_of(
        named,
        of(component, when_present(takes(component, estate, site, site.virtual_network_subnet), component.presence)),
    )


def _component(component: ApplicationInsights, estate: Estate) -> list[Category]:
    """What an Application Insights component takes from applications it keeps in its workspace, or itself.

    Source: learn.microsoft.com/azure/azure-monitor/app/create-workspace-resource
    """
    verdict = takes(component, estate)
    to = _kept_by(component, estate)
    return [_category("application telemetry", "telemetry", verdict, component.origin, to)]


def _kept_by(component: ApplicationInsights, estate: Estate) -> tuple[Kept, ...]:
    if is_written(component.workspace):
        return kept(component, component.workspace, "workspace", estate, Trace("AppRequests", ""))
    days = number(component.retention_in_days)
    if isinstance(days, Unknown):
        return (Kept("component", component.title, component.key, Stay("unknown", "", days.needs)),)
    return (Kept("component", component.title, component.key, Stay(90 if days is None else days)),)


# -- agents


def _containers(cluster: ManagedCluster, estate: Estate) -> list[Category]:
    """Container insights: an agent in the cluster sends what containers write.

    Source: learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-overview
    """
    on = is_on(cluster.oms_agent_enabled)
    link = cluster.oms_agent_workspace
    verdict = on
    if on.outcome != "fail":
        subnet = cluster.vnet_subnet
        verdict = all_of(
            on, is_given(cluster, link, estate, "a workspace"), *_sinks(cluster, link, estate, cluster, subnet)
        )
    ruled = _by_rules(cluster, estate, cluster.vnet_subnet)
    if verdict.outcome == "fail" and not verdict.why:
        verdict = verdict.because("container insights is off")
    whole = any_of(verdict, *(v for v, _ in ruled))
    to = kept(cluster, link, "workspace", estate, Trace(None, "")) if verdict.outcome != "fail" else ()
    return [_category("container logs", "agent", whole, link.origin, (*to, *(k for _, ks in ruled for k in ks)))]


def _sinks(holder: Resource, link: Link, estate: Estate, source: Resource, subnet: Link | None) -> list[Verdict]:
    """The verdicts that the workspaces which a link may name take what the source sends."""
    targets = estate.resolve(holder, link)
    if isinstance(targets, Unknown):
        return [of(holder, unresolved(link, "a workspace", targets))]
    ends = [t for t in targets if isinstance(t.resource, LogAnalyticsWorkspace)]
    return [
        certain(takes(t.resource, estate, source, subnet), t, link)
        for t in ends
        if isinstance(t.resource, LogAnalyticsWorkspace)
    ]


AGENTS = ("AzureMonitorLinuxAgent", "AzureMonitorWindowsAgent")
RETIRED = ("MicrosoftMonitoringAgent", "OmsAgentForLinux")
"""The Log Analytics agent, retired on 31 August 2024.

Source: learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-migration
"""


def _guest(machine: VirtualMachine, estate: Estate) -> list[Category]:
    """What the system of a machine logs: an agent has to be there, and a rule that says where to.

    Source: learn.microsoft.com/azure/azure-monitor/vm/monitor-virtual-machine
    """
    edges = estate.referrers(machine, VirtualMachineExtension, "virtual_machine")
    agents = [_is_agent(edge, AGENTS) for edge in edges]
    there = some(edges, agents)
    ruled = _by_rules(machine, estate, _subnet(machine, estate))
    rule = some(_associations(machine, estate), [v for v, _ in ruled])
    verdict = all_of(there, rule)
    old = some(edges, [_is_agent(edge, RETIRED) for edge in edges])
    if verdict.outcome == "fail" and old.outcome == "pass":
        why = "it has the Log Analytics agent, which was retired: whether its uploads are still taken is not known"
        verdict = Verdict("unknown", old.evidence, why, (Need("subscription", machine.address, why),))
    elif verdict.outcome == "fail":
        evidence = verdict.evidence or (
            Evidence("extensions", "the Azure Monitor agent", None, machine.origin, "fail"),
        )
        why = (
            "no Azure Monitor agent is installed in it"
            if there.outcome == "fail"
            else "no data collection rule is for it"
        )
        verdict = Verdict("fail", evidence, why)
    return [_category("guest logs", "agent", verdict, machine.origin, [k for _, ks in ruled for k in ks])]


def _is_agent(edge: Edge, types: tuple[str, ...]) -> Verdict:
    extension = edge.source
    assert isinstance(extension, VirtualMachineExtension)
    verdict = certain(one_of(extension.extension_type, *types), edge.target, extension.virtual_machine)
    return of(extension, when_present(verdict, extension.presence))


def _subnet(machine: VirtualMachine, estate: Estate) -> Link | None:
    """The field that names the subnet of the machine's first interface."""
    for link in machine.network_interfaces:
        interface = estate.target(machine, link)
        if isinstance(interface, NetworkInterface):
            return next((configuration.subnet for configuration in interface.ip_configurations), None)
    return None


def _associations(resource: Resource, estate: Estate) -> Many[Edge]:
    return estate.referrers(resource, DataCollectionRuleAssociation, "target")


def _by_rules(resource: Resource, estate: Estate, subnet: Link | None) -> list[tuple[Verdict, tuple[Kept, ...]]]:
    """The data collection rules that are for the resource: whether each sends, and where to."""
    found_: list[tuple[Verdict, tuple[Kept, ...]]] = []
    for edge in _associations(resource, estate):
        association = edge.source
        assert isinstance(association, DataCollectionRuleAssociation)
        if not is_written(association.rule):
            continue
        targets = estate.resolve(association, association.rule)
        if isinstance(targets, Unknown):
            found_.append((of(association, unresolved(association.rule, "a data collection rule", targets)), ()))
            continue
        for target in targets:
            verdict, to = _rule(target.resource, association, estate, resource, subnet)
            sure = certain(certain(verdict, target, association.rule), edge.target, association.target)
            found_.append((of(association, when_present(sure, association.presence)), to))
    return found_


def _rule(
    rule: object, association: DataCollectionRuleAssociation, estate: Estate, source: Resource, subnet: Link | None
) -> tuple[Verdict, tuple[Kept, ...]]:
    """A rule sends when one of its workspaces takes what the source sends."""
    if not isinstance(rule, DataCollectionRule):
        why = "the data collection rule is not declared here"
        return found(association.rule, "a rule", "unknown", why, (Need("reference", association.rule.field, why),)), ()
    verdicts: list[Verdict] = []
    to: list[Kept] = []
    for item in rule.workspaces:
        given = is_given(rule, item.workspace, estate, "a workspace")
        verdicts.append(all_of(given, *_sinks(rule, item.workspace, estate, source, subnet)))
        to += kept(rule, item.workspace, "workspace", estate, Trace(None, ""))
    return of(rule, when_present(some(rule.workspaces, verdicts), rule.presence)), tuple(to)


_SOURCES: tuple[tuple[Any, Any], ...] = (
    ((NetworkSecurityGroup, VirtualNetwork, Subnet, NetworkInterface), _flows),
    (Site, _telemetry),
    (ApplicationInsights, _component),
    (ManagedCluster, _containers),
    (VirtualMachine, _guest),
)
