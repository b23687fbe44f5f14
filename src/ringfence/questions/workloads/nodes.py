"""The nodes of a cluster: their identity, their subnets, and the nodes themselves as a workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.containers import AgentPool, ManagedCluster
from ringfence.model.principal import principals
from ringfence.model.symbol import Ref
from ringfence.model.value import Link, Many, Unknown
from ringfence.questions.workloads.targets import targets
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource


def nodes(estate: Estate, cluster: ManagedCluster) -> Workload:
    """A cluster's nodes: code on one has the kubelet's identity, which Azure assigns to every node.

    Source: learn.microsoft.com/azure/aks/use-managed-identity (summary of managed identities)
    """
    return Workload(
        f"{cluster.key}/nodes",
        cluster,
        kubelet(estate, cluster),
        (),
        Many("secrets", (), cluster.origin),
        node_subnets(estate, cluster),
        cluster=cluster,
    )


def node_subnets(estate: Estate, cluster: ManagedCluster) -> Many[Resource]:
    """The subnets of a cluster's node pools."""
    pools = estate.referrers(cluster, AgentPool, "cluster")
    links = (cluster.vnet_subnet, *(e.source.vnet_subnet for e in pools if isinstance(e.source, AgentPool)))
    return targets(estate, cluster, "subnets", links, pools.open)


def kubelet(estate: Estate, cluster: ManagedCluster) -> Many[Principal] | Unknown:
    """The identity of a cluster's nodes; none when the cluster has a service principal."""
    origin = cluster.kubelet_identity.origin
    if cluster.service_principal.value is not None:
        found = principals(estate, cluster, cluster.service_principal)
    else:
        itself = Ref(cluster.key, ("kubelet_identity", "0", "object_id"))
        found = principals(estate, cluster, Link("kubelet_identity", itself, origin, "principal"))
    return found if isinstance(found, Unknown) else Many("identity", found, origin)
