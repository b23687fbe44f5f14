"""Private endpoints: what each leads to, and from where its target's name resolves to it.

A private endpoint is followed edge by edge: its target, the sub-resource, the approval, its subnet's
network, the DNS zone that answers for the target's name, and the link that lets the network ask that
zone. What is only ordered after it (``depends_on``) or tagged like it connects nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import holds, is_off
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.verdict import Evidence, Verdict, some, when_present
from ringfence.questions.answer import Answer, Hop, certain, found, of, path
from ringfence.questions.network.segment import network_of
from ringfence.questions.reach.records import resolves_from

if TYPE_CHECKING:
    from ringfence.model.estate import Edge, Estate
    from ringfence.model.resource import Resource


def private_endpoints(resource: Resource, estate: Estate, subresources: tuple[str, ...]) -> Verdict:
    """A private endpoint that works leads to one of the sub-resources of the resource.

    Any of `subresources` will do; to demand several, ask for each and combine with `all_of`. It works when it is
    approved and the target's name resolves to it from its own network.
    """
    answers = private_paths(resource, estate, subresources)
    edges = estate.referrers(resource, PrivateEndpoint, "target")
    verdict = some(edges, (answer.verdict for answer in answers))
    if answers or verdict.outcome != "fail":
        return verdict
    why = f"no private endpoint leads to {' or '.join(subresources)} of it"
    evidence = Evidence("private_endpoints", f"one to {' or '.join(subresources)}", None, resource.origin, "fail")
    return Verdict("fail", (evidence,), why)


def private_paths(resource: Resource, estate: Estate, subresources: tuple[str, ...]) -> tuple[Answer, ...]:
    """The path of each private endpoint that names the resource as its target, whether it holds or not."""
    edges = estate.referrers(resource, PrivateEndpoint, "target")
    return tuple(_path(edge, resource, estate, subresources) for edge in edges)


def _path(edge: Edge, resource: Resource, estate: Estate, subresources: tuple[str, ...]) -> Answer:
    endpoint = edge.source
    assert isinstance(endpoint, PrivateEndpoint)
    network = network_of(endpoint, endpoint.subnet, estate)
    resolved = resolves_from(endpoint, network, resource, subresources, estate)
    ascribed = of(endpoint, when_present(resolved, endpoint.presence))
    asked = Hop(endpoint.key, "the name resolves to it from its network", ascribed)
    return path(*connection(edge, resource, subresources), asked)


def connection(edge: Edge, resource: Resource, subresources: tuple[str, ...]) -> tuple[Hop, ...]:
    """The endpoint leads to one of the sub-resources of the resource, and its connection is approved."""
    endpoint = edge.source
    assert isinstance(endpoint, PrivateEndpoint)
    wanted = frozenset(s.casefold() for s in subresources)
    words = " or ".join(subresources)
    target = certain(found(endpoint.target, resource.address, "pass"), edge.target, endpoint.target)
    named = holds(endpoint.group_ids, lambda v: any(str(g).casefold() in wanted for g in v or ()), words, growing=True)
    steps = (
        (f"{endpoint.title} leads to {resource.title}", target),
        (f"to its sub-resource {words}", named),
        ("the connection is approved", approved(endpoint)),
    )
    return tuple(Hop(endpoint.key, text, of(endpoint, when_present(v, endpoint.presence))) for text, v in steps)


def approved(endpoint: PrivateEndpoint) -> Verdict:
    """A manual connection stays pending, and carries nothing, until the owner of the target approves it.

    Source: learn.microsoft.com/azure/private-link/private-endpoint-overview, "Access to a private-link resource
    using approval workflow". No declaration approves it, so by declaration it fails.
    """
    verdict = is_off(endpoint.manual)
    if verdict.outcome != "fail":
        return verdict
    return verdict.because("the connection is manual: it is pending until the owner of the target approves it")
