"""Whether the flows of a network are recorded and reach Log Analytics.

A flow log records what its target sees: a security group the traffic of the subnets and interfaces that it is
attached to, and so nothing when it is attached to none; since azurerm 4.0 a network, a subnet or an interface.

Source: learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview and vnet-flow-logs-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import is_on
from ringfence.model.network import FlowLog, NetworkSecurityGroup, Subnet, VirtualNetwork
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, every, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.logs.settings import lands
from ringfence.questions.network.attachment import places
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from ringfence.model.estate import Edge, Estate, Target
    from ringfence.model.network import InlineSubnet
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.questions.network.attachment import Place


def recorded(target: Resource, estate: Estate) -> Verdict:
    """An enabled flow log of exactly this target sends its records to a Log Analytics workspace."""
    edges = estate.referrers(target, FlowLog, "target")
    verdict = some(edges, (analysed(edge, estate) for edge in edges))
    if edges.items or verdict.outcome != "fail":
        return verdict
    evidence = Evidence("flow_logs", "one to Log Analytics", None, target.origin, "fail", target.key)
    return Verdict("fail", (evidence,), f"{target.title} has no flow log")


def records(edge: Edge, estate: Estate) -> Verdict:
    """The flow log of an edge to its target is on, and its records are let into the storage account."""
    log = _log(edge)
    return of(log, when_present(all_of(_on(edge), lands(log, log.storage, estate)), log.presence))


def analysed(edge: Edge, estate: Estate) -> Verdict:
    """The flow log of an edge to its target is on, and traffic analytics writes its records to a workspace."""
    log = _log(edge)
    analytics = all_of(
        is_on(log.analytics_enabled), is_given(log, log.analytics_workspace, estate, "a Log Analytics workspace")
    )
    return of(log, when_present(all_of(_on(edge), analytics), log.presence))


def _log(edge: Edge) -> FlowLog:
    assert isinstance(edge.source, FlowLog)
    return edge.source


def _on(edge: Edge) -> Verdict:
    log = _log(edge)
    return all_of(certain(found(log.target, edge.field, "pass"), edge.target, log.target), is_on(log.enabled))


def group_recorded(group: NetworkSecurityGroup, estate: Estate) -> Verdict:
    """The traffic that meets the group's rules is recorded, and there is such traffic."""
    attached = places(group, estate)
    if not attached.items and attached.open is None:
        evidence = Evidence("attachments", "a subnet or an interface", None, group.origin, "fail")
        return all_of(recorded(group, estate), Verdict("fail", (evidence,), _misplaced(group, estate)))
    there = [Verdict("pass", (Evidence("attachments", "attached", p.title, p.origin, "pass"),)) for p in attached]
    around = [any_of(recorded(group, estate), *_wider(p, estate)) for p in attached]
    return all_of(some(attached, there), every(attached, around or [_anywhere(group, attached, estate)]))


def _anywhere(group: NetworkSecurityGroup, attached: Many[Place], estate: Estate) -> Verdict:
    """Of a group whose places are not known: its own flow log, or perhaps that of the network that it is in."""
    own = recorded(group, estate)
    return any_of(own, some(attached, ())) if estate.once(_are_wider) else own


def _are_wider(estate: Estate) -> bool:
    """Some flow log is of something else than a security group: of what may be around one."""
    targets = (estate.target(log, log.target) for log in estate.of(FlowLog))
    return any(not isinstance(target, NetworkSecurityGroup) for target in targets)


def _misplaced(group: NetworkSecurityGroup, estate: Estate) -> str:
    """Why a group that is attached to nothing records nothing, and which others ought to have its flow log."""
    why = "it is attached to no subnet or interface"
    if not estate.referrers(group, FlowLog, "target").items:
        return why
    without = estate.once(_unrecorded)
    return f"{why}, while {', '.join(without)} is and has no flow log" if without else why


def _unrecorded(estate: Estate) -> list[str]:
    """The names of the groups that are attached to something and have no flow log."""
    attached = [g for g in estate.of(NetworkSecurityGroup) if places(g, estate).items]
    return [g.title for g in attached if not estate.referrers(g, FlowLog, "target").items]


def _wider(place: Place, estate: Estate) -> list[Verdict]:
    """The flow logs that cover a subnet or interface beyond those of its group."""
    if place.resource is None:
        return [_perhaps(place)] if estate.once(_are_wider) else []
    around = [place.resource]
    if isinstance(place.resource, Subnet):
        targets = estate.resolve(place.resource, place.resource.virtual_network)
        ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
        around += [end for end in ends if isinstance(end, VirtualNetwork)]
    return [recorded(r, estate) for r in around if estate.referrers(r, FlowLog, "target").items]


def _perhaps(place: Place) -> Verdict:
    """Of a subnet or interface that is not declared: the network around it may be recorded."""
    why = f"{place.title} is not declared here, so it cannot be told whether its network has a flow log"
    evidence = Evidence("attachments", "in a network with a flow log", place.title, place.origin, "unknown")
    return Verdict("unknown", (evidence,), why, (Need("reference", place.title, why),))


def network_recorded(network: VirtualNetwork, estate: Estate) -> Verdict:
    """The traffic of every subnet of the network is recorded: by the network's log, the subnet's or its group's."""
    whole = recorded(network, estate)
    edges = estate.referrers(network, Subnet, "virtual_network")
    parts = [_subnet_recorded(edge.source, estate) for edge in edges]
    parts += [_by_group(network, s.network_security_group, _inline_title(s), estate) for s in network.subnets]
    if not parts:
        return whole
    subnets = Many("subnets", tuple(range(len(parts))), network.origin, edges.open or network.subnets.open)
    return any_of(whole, every(subnets, parts))


def _subnet_recorded(subnet: Resource, estate: Estate) -> Verdict:
    assert isinstance(subnet, Subnet)
    group = _by_group(subnet, subnet.network_security_group, subnet.title, estate)
    logged = estate.referrers(subnet, FlowLog, "target")
    return any_of(recorded(subnet, estate), group) if logged.items else group


def _by_group(source: Resource, link: Link, title: str, estate: Estate) -> Verdict:
    """The group that the link names is recorded."""
    expected = "a security group with a flow log"
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return of(source, unresolved(link, expected, targets))
    if not targets:
        return of(source, found(link, expected, "fail", f"{title} has no security group"))
    return any_of(*(certain(_group_at(source, link, t, estate), t, link) for t in targets))


def _group_at(source: Resource, link: Link, target: Target, estate: Estate) -> Verdict:
    if isinstance(target.resource, NetworkSecurityGroup):
        return all_of(
            of(source, found(link, "a security group with a flow log", "pass")), recorded(target.resource, estate)
        )
    why = "the security group is not declared here"
    return of(
        source, found(link, "a security group with a flow log", "unknown", why, (Need("reference", link.field, why),))
    )


def _inline_title(subnet: InlineSubnet) -> str:
    return f"subnet {subnet.name.value}" if isinstance(subnet.name, Known) else "a subnet"
