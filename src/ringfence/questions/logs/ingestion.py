"""Whether a workspace or an Application Insights component takes what agents and applications send it.

Only these come over the network: the logs of diagnostic settings and flow logs take a private channel of Microsoft's.

Source: learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.insights import ApplicationInsights, LogAnalyticsWorkspace
from ringfence.model.judge import equals
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.reach.scopes import GROUP, scopes_of

if TYPE_CHECKING:
    from ringfence.model.estate import Edge, Estate
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.questions.reach.scopes import Member

Sink = LogAnalyticsWorkspace | ApplicationInsights


def takes(sink: Sink, estate: Estate, source: Resource | None = None, subnet: Link | None = None) -> Verdict:
    """The sink takes records from the internet, or over a private link that the source can use.

    `subnet` is the field of the source that names where its traffic comes from; without a source, any working private
    link will do. A component keeps its telemetry in a workspace: Microsoft does not say whether one that is closed
    refuses what an open component takes, so that stays unknown.
    """
    public = of(sink, equals(sink.public_network_access_for_ingestion, "Enabled"))
    verdict = public if public.outcome == "pass" else any_of(public, _privately(sink, estate, source, subnet))
    if verdict.outcome == "fail":
        return verdict.because(f"{sink.title} takes nothing from the internet, and {verdict.why.partition('; ')[0]}")
    if isinstance(sink, ApplicationInsights) and public.outcome == "pass":
        return all_of(verdict, *_behind(sink, estate))
    return verdict


def _behind(component: ApplicationInsights, estate: Estate) -> list[Verdict]:
    """The doubt that a closed workspace behind an open component leaves."""
    targets = estate.resolve(component, component.workspace)
    ends = [t.resource for t in targets] if isinstance(targets, tuple) else []
    doubts = []
    for workspace in (end for end in ends if isinstance(end, LogAnalyticsWorkspace)):
        open_ = of(workspace, equals(workspace.public_network_access_for_ingestion, "Enabled"))
        if open_.outcome != "pass":
            why = f"{component.title} takes telemetry from the internet, its workspace {workspace.title} does not"
            need = Need("subscription", workspace.address, why)
            evidence = tuple(
                Evidence(e.field, e.expected, e.actual, e.origin, "unknown", e.resource) for e in open_.evidence
            )
            doubts.append(Verdict("unknown", evidence, why, (need,)))
    return doubts


def _privately(sink: Sink, estate: Estate, source: Resource | None, subnet: Link | None) -> Verdict:
    """A private link scope holds the sink, and an endpoint of the scope is where the source is."""
    scopes = scopes_of(sink, estate)
    verdicts = [_through(member, estate, source, subnet) for member in scopes]
    verdict = some(scopes, verdicts)
    if verdicts or verdict.outcome != "fail":
        return verdict
    evidence = Evidence("private_link_scopes", "one that holds it", None, sink.origin, "fail", sink.key)
    return Verdict("fail", (evidence,), "no private link scope holds it")


def _through(member: Member, estate: Estate, source: Resource | None, subnet: Link | None) -> Verdict:
    from ringfence.questions.reach.private import private_paths

    scope = member.scope
    edges = estate.referrers(scope, PrivateEndpoint, "target")
    works = [answer.verdict for answer in private_paths(scope, estate, (GROUP,))]
    near = [all_of(v, _near(e, estate, source, subnet)) for v, e in zip(works, edges, strict=True)]
    verdict = some(edges, near)
    if not near and verdict.outcome == "fail":
        verdict = verdict.because(f"no private endpoint leads to {scope.title}")
    return all_of(
        certain(of(scope, found(member.link, "the sink", "pass")), member.target, member.link),
        of(scope, when_present(verdict, scope.presence)),
    )


def _near(edge: Edge, estate: Estate, source: Resource | None, subnet: Link | None) -> Verdict:
    """The source sends from the network of the endpoint; whether another network reaches it is not followed here."""
    from ringfence.questions.network.segment import network_of

    if source is None:
        return Verdict("pass")
    if subnet is None or subnet.value in (None, ""):
        return Verdict("fail", (), f"{source.title} sends from no network of its own")
    endpoint = edge.source
    assert isinstance(endpoint, PrivateEndpoint)
    here, there = network_of(source, subnet, estate), network_of(endpoint, endpoint.subnet, estate)
    for network, link in ((here, subnet), (there, endpoint.subnet)):
        if isinstance(network, Unknown):
            return unresolved(link, "the network of the private endpoint", network)
    if here is there:
        return Verdict("pass")
    why = f"whether {source.title} reaches {endpoint.title} from another network is not decided here"
    return found(
        subnet, "the network of the private endpoint", "unknown", why, (Need("reference", endpoint.address, why),)
    )
