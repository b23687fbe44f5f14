"""Whether requests that enter a cluster get past the security groups of the subnets that its nodes stand in.

A cluster opens its own security group for its balancer; one of the subnet is opened by whoever made it. Packets come to
it with the balancer's public address as their destination.

Source: learn.microsoft.com/azure/aks/concepts-network (network security groups),
learn.microsoft.com/azure/aks/load-balancer-standard
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import PublicIpAddress
from ringfence.model.verdict import Verdict, all_of
from ringfence.questions.network.ingress import to_frontend
from ringfence.questions.network.packet import best

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.answer import Answer
    from ringfence.questions.workloads.workload import Workload

PORTS = (443, 80)
"""Those on which ingress controllers take requests."""


def admitted(estate: Estate, workload: Workload, entered: Verdict) -> Verdict:
    """The verdict on a workload's entrance, with that of the security groups before its nodes."""
    address = workload.entrance.address
    cluster = workload.cluster
    if entered.outcome == "fail" or workload.entrance.kind != "ingress" or cluster is None:
        return entered
    guarded = _guarded(estate, workload, address if isinstance(address, PublicIpAddress) else None)
    return entered if guarded is None else all_of(entered, guarded.verdict)


def _guarded(estate: Estate, workload: Workload, address: PublicIpAddress | None) -> Answer | None:
    """The best way to any node on any port; None where the nodes' subnets are not known."""
    from ringfence.questions.exposure.spread import of_workload

    segments = [place.segment for place in of_workload(estate, workload)]
    known = [s for s in segments if s is not None and s.fields is not None and s.resource is not None]
    if not known or len(known) < len(segments):
        return None
    return best([to_frontend(estate, s, address, port=port) for s in known for port in PORTS])
