"""Whether a workload can ask the metadata service of its machine, and whose tokens that gives.

A pod's requests go to its node, so a network policy may stop them; where none does, a pod gets what its node gets.

Blind spot, which makes it too wide: policies of an engine's own kinds, such as CiliumNetworkPolicy, are not read.

Sources: kubernetes.io/docs/concepts/services-networking/network-policies (a pod that a policy selects may do only what
one of those that select it allows), learn.microsoft.com/azure/aks/use-network-policies (a cluster without a policy
engine enforces none), learn.microsoft.com/azure/aks/imds-restriction (else every pod reaches the metadata service)
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from ringfence.model.containers import ManagedCluster
from ringfence.model.symbol import is_symbol
from ringfence.model.value import Known, Unknown
from ringfence.questions.workloads.held import shown
from ringfence.questions.workloads.objects import of_nodes
from ringfence.questions.workloads.things import beside, pod_of
from ringfence.questions.workloads.values import at
from ringfence.twin.entra.federation import runs

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.things import Thing
    from ringfence.questions.workloads.workload import Workload

_ADDRESS = ip_address("169.254.169.254")
_PORT = 80
_NO_ENGINE = ("", "none")


def closed(estate: Estate, workload: Workload) -> str:
    """Why the workload does not get to the metadata service, "" when it does."""
    cluster, thing = workload.cluster, runs(estate, workload)
    if thing is None or not isinstance(cluster, ManagedCluster) or _is_in_network_of_node(thing):
        return ""
    engine = cluster.network_policy
    if isinstance(engine, Unknown) or (isinstance(engine, Known) and str(engine.value).casefold() not in _NO_ENGINE):
        policies = [p for p in beside(estate, thing, "NetworkPolicy") if _limits(p, thing)]
        if policies and not any(_lets_out(rule) for policy in policies for rule in _rules(policy)):
            return f"network policy {policies[0].source.address} lets the pod send nothing to {_ADDRESS}"
    return ""


def held(estate: Estate, workload: Workload) -> tuple[Principal, ...] | Unknown:
    """The identities that the metadata service has tokens of: a machine's own, a pod's those of its node.

    Where aad-pod-identity stands before the node, a pod has those that are bound to it, and no others.
    """
    if isinstance(workload.identities, Unknown):
        return workload.identities
    cluster = workload.cluster
    if not isinstance(cluster, ManagedCluster) or workload.resource is cluster:
        return tuple(workload.identities)
    nodes = of_nodes(estate, cluster.key)
    if nodes.open is not None:
        return nodes.open
    return tuple(nodes) or tuple(workload.identities)


def _is_in_network_of_node(pod: Thing) -> bool:
    """Policies do not hold for a pod that shares its node's network."""
    return at(pod_of(pod), "spec", "hostNetwork") is True


def _limits(policy: Thing, pod: Thing) -> bool:
    """The policy selects the pod, for what it sends. A selector that is not read is taken to select it."""
    spec = at(policy.body, "spec")
    types = at(spec, "policyTypes")
    sends = "Egress" in map(shown, types) if isinstance(types, tuple) else at(spec, "egress") is not None
    labels: Any = at(pod_of(pod), "metadata", "labels")
    wanted: Any = at(spec, "podSelector", "matchLabels")
    if not sends:
        return False
    if wanted is None or not isinstance(wanted, dict) or not isinstance(labels, dict):
        return True
    return all(shown(labels.get(name)) == shown(value) for name, value in wanted.items())


def _rules(policy: Thing) -> tuple[Any, ...]:
    found = at(policy.body, "spec", "egress")
    return found if isinstance(found, tuple) else ()


def _lets_out(rule: Any) -> bool:
    to, ports = at(rule, "to"), at(rule, "ports")
    open_port = not ports or any(_is_port(port) for port in ports)  # type: ignore[union-attr]  # a list, as written
    return open_port and (not to or (isinstance(to, tuple) and any(_is_there(end) for end in to)))


def _is_port(port: Any) -> bool:
    number, last, protocol = at(port, "port"), at(port, "endPort"), shown(at(port, "protocol")) or "TCP"
    if protocol != "TCP" or is_symbol(number):
        return False
    first = int(str(number)) if str(number).isdigit() else None
    if number is None:
        return True
    return first is not None and first <= _PORT <= (int(str(last)) if str(last).isdigit() else first)


def _is_there(end: Any) -> bool:
    block, apart = at(end, "ipBlock", "cidr"), at(end, "ipBlock", "except")
    if not isinstance(block, str) or _ADDRESS not in ip_network(block, strict=False):
        return False
    without = apart if isinstance(apart, tuple) else ()
    return not any(_ADDRESS in ip_network(str(one), strict=False) for one in without)
