"""What a subnet meets that a service sees, since the subnet has the service's endpoint."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ringfence.model.judge import includes, is_set
from ringfence.model.resource import External, Resource
from ringfence.model.value import Known, Need, Unknown, reasons
from ringfence.model.verdict import Verdict, all_of, any_of, not_applicable, when_present
from ringfence.questions.answer import doubted, found, of, unresolved, unsettled
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import Segment, segment_of
from ringfence.questions.network.segment import last as last_part
from ringfence.questions.reach.public.policy import LAST, Policy
from ringfence.questions.region import region
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Link
    from ringfence.questions.reach.public.admitted import Rule


def has_endpoint(policy: Policy, segment: Segment, resource: Resource) -> Verdict:
    """The subnet has an endpoint of the service that works for this resource's region."""
    everywhere = [_endpoint(segment, s) for s in policy.services if s != policy.regional]
    if policy.regional:
        everywhere.append(all_of(_endpoint(segment, policy.regional), _near(segment, resource, policy.paired)))
    return any_of(*everywhere)


def _endpoint(segment: Segment, service: str) -> Verdict:
    """The subnet has this service endpoint."""
    if segment.fields is None or segment.resource is None:
        why = f"the service endpoints of {segment.title} are not declared here"
        return unsettled(segment.title, why)
    return of(segment.resource, includes(segment.fields.service_endpoints, [service]))


def unhindered(policy: Policy, segment: Segment) -> Verdict:
    """No service endpoint policy of the subnet may keep it from an account; whom one names is not modelled.

    Source: learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview; they are for
    Azure Storage only.
    """
    if policy.regional != "Microsoft.Storage" or segment.fields is None or segment.resource is None:
        return not_applicable("")
    verdict = of(segment.resource, is_set(segment.fields.service_endpoint_policies))
    if verdict.outcome == "fail":
        return not_applicable("")
    why = f"which accounts the service endpoint policies of {segment.title} name is not modelled"
    return doubted(verdict, segment.title, why)


def _near(segment: Segment, resource: Resource, paired: bool) -> Verdict:
    """The subnet and the resource are in one region; with `paired`, a paired one will do: which that is is not known.

    Source: learn.microsoft.com/azure/azure-sql/database/vnet-service-endpoint-rule-overview ("Only one geographic
    region"), learn.microsoft.com/azure/storage/common/storage-network-security-virtual-networks
    """
    network = segment.network
    here = getattr(network, "location", None)
    there = resource.location
    if isinstance(here, Known) and isinstance(there, Known):
        if region(here.value) == region(there.value):
            return Verdict("pass")
        if not paired:
            return Verdict("fail", (), f"the service endpoint works within {here.value} only")
        why = f"the service endpoint works where {here.value} and {there.value} are paired regions"
        return unsettled("location", why)
    if getattr(here, "value", None) is not None and getattr(here, "value", None) == getattr(there, "value", None):
        return Verdict("pass")
    why = "whether the subnet and the resource are in one region is not known"
    needs = tuple(n for a in (here, there) if isinstance(a, Unknown) for n in a.needs)
    return Verdict("unknown", (), why, needs or (Need("reference", "location", why),))


def by_subnet(rules: tuple[Rule, ...], segment: Segment, resource: Resource, estate: Estate) -> Verdict:
    """What a subnet meets that the service sees: the first rule that names it, or that names everybody."""
    loose = [r for r in rules if r.priority is None]
    known = sorted((r for r in rules if r.priority is not None), key=lambda r: r.priority or 0)
    met: list[tuple[Rule, Verdict]] = []
    for group in (loose, *(list(g) for _, g in groupby(known, key=lambda r: r.priority))):
        named = [(r, _names_segment(r, segment, resource, estate)) for r in group]
        met += [(r, v) for r, v in named if v.outcome != "fail"]
        if group is not loose and any(v.outcome == "pass" and r.allows is not None for r, v in named):
            break
    outcomes = {r.allows for r, _ in met}
    evidence = tuple(e for r, v in met for e in (v.evidence or (r.evidence,)))
    if outcomes == {True} and any(v.outcome == "pass" for _, v in met):
        return Verdict("pass", tuple(replace(e, outcome="pass") for e in evidence))
    if outcomes <= {False}:
        by = met[0][0].title if met else "no rule"
        why = (
            f"{by} refuses {segment.title}" if met and met[0][0].priority != LAST else f"no rule names {segment.title}"
        )
        return Verdict("fail", tuple(replace(e, outcome="fail") for e in evidence), why)
    needs = tuple(dict.fromkeys(n for r, v in met for n in (*v.needs, *(r.match.needs if not v.needs else ()))))
    why = reasons(needs) or f"which rule names {segment.title} is not known"
    return Verdict("unknown", evidence, why, needs or (Need("reference", segment.title, why),))


def _names_segment(rule: Rule, segment: Segment, resource: Resource, estate: Estate) -> Verdict:
    match = rule.match
    if match.sure == cidr.EVERYBODY or match.possible == cidr.EVERYBODY != match.sure:
        return Verdict("pass" if match.sure == cidr.EVERYBODY else "unknown", (rule.evidence,), "", match.needs)
    if match.every_subnet:
        return Verdict("pass", (rule.evidence,))
    links = any_of(Verdict("fail"), *(_is_segment(resource, link, segment, estate) for link in match.subnets))
    if links.outcome != "fail":
        return links
    if match.more:
        return Verdict("unknown", (rule.evidence,), "", match.needs)
    if cidr.of("0.0.0.0/0") <= match.sure:
        why = f"whether {rule.title}, for every IPv4 address, names a subnet is not documented"
        return unsettled(rule.title, why, (rule.evidence,))
    return links


def _is_segment(source: Resource, link: Link, segment: Segment, estate: Estate) -> Verdict:
    end = segment_of(estate, source, link)
    if isinstance(end, Unknown):
        return unresolved(link, segment.title, end)
    if isinstance(end, Segment):
        verdict = found(link, segment.title, "pass" if end == segment else "fail")
        return when_present(verdict, getattr(segment.resource, "presence", None))
    if end is not None and segment.fields is None and isinstance(segment.network, External):
        near = f"/{last_part(segment.network)}/" in end.name.casefold()
        if near:
            why = f"which subnet of {segment.title} it is, is not known"
            return found(link, segment.title, "unknown", why, (Need("reference", segment.title, why),))
    return found(link, segment.title, "fail")
