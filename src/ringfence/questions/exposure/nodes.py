"""Who may run commands on a cluster's nodes, which are machines in a group of their own that nothing declares.

Source: learn.microsoft.com/azure/aks/faq (two resource groups), learn.microsoft.com/azure/virtual-machines/run-command
(Virtual Machine Contributor and higher levels)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.containers import ManagedCluster
from ringfence.model.symbol import render
from ringfence.model.value import Known, Unknown
from ringfence.questions.access.what import given_to
from ringfence.questions.access.who import told
from ringfence.questions.exposure.foothold import Step
from ringfence.questions.workloads.every import workloads_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.workload import Workload

RUN = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action"


def nodes_of(estate: Estate, principal: Principal) -> Iterator[tuple[Workload, Step]]:
    """The nodes on which the principal may run commands by a role in their group, each with the step that does it."""
    groups = estate.once(_groups)
    for grant, verdict in given_to(estate, principal) if groups else ():
        if isinstance(grant.scopes, Unknown) or isinstance(grant.role, Unknown) or not grant.role.allows(RUN):
            continue
        for cluster in dict.fromkeys(groups[s.key] for s in grant.scopes if s.key in groups):
            text = f"run a command on the nodes of {cluster.title} ({told(grant)})"
            for workload in workloads_of(estate, cluster):
                yield workload, Step(text, verdict, grant.source.key, grant.origin)


def _groups(estate: Estate) -> Mapping[str, ManagedCluster]:
    """The clusters by the keys of the scope that their nodes' group is; a key that two have is neither's."""
    found: dict[str, list[ManagedCluster]] = {}
    for cluster in estate.of(ManagedCluster):
        for key in _keys(cluster):
            found.setdefault(key.casefold(), []).append(cluster)
    return {key: clusters[0] for key, clusters in found.items() if len(clusters) == 1}


def _keys(cluster: ManagedCluster) -> set[str]:
    """Named by the cluster's attribute, alone or with its root, by its id, or by a name that is given."""
    attribute = "node_resource_group"
    keys = {f"external:{cluster.address}.{attribute}", f"external:{cluster.key}.{attribute}"}
    if isinstance(cluster.node_resource_group, Known):
        keys.add(f"external:{render(cluster.node_resource_group.value)}".replace('"', ""))
    return keys | {f"{cluster.key}/{attribute}_id"}
