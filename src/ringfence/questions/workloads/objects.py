"""Single Kubernetes objects as workloads: pods with their service accounts, bindings, secret stores and ingresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.containers import ManagedCluster
from ringfence.model.kubernetes import HelmRelease
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import principals
from ringfence.model.symbol import Ref, is_symbol, leaves, plain
from ringfence.model.value import Absent, Known, Link, Many, Unknown
from ringfence.questions.workloads.held import Held, item_of, shown, vault_item
from ringfence.questions.workloads.ingress import (
    Entrance,
    balanced,
    chart_name,
    class_of,
    entrance,
    if_it_is_there,
    widest,
)
from ringfence.questions.workloads.nodes import kubelet, node_subnets
from ringfence.questions.workloads.templates import KINDS
from ringfence.questions.workloads.things import beside, cluster_key, pod_of, services, things, things_at
from ringfence.questions.workloads.values import at, walk
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.kubernetes import InCluster
    from ringfence.model.principal import Principal
    from ringfence.model.symbol import Value
    from ringfence.questions.workloads.things import Thing


def object_workloads(estate: Estate) -> Iterator[Workload]:
    """The pods of all objects that run some."""
    for thing in things(estate):
        pod = pod_of(thing)
        if pod is None:
            continue
        cluster = estate.resources.get(thing.cluster)
        origin = thing.source.manifests.origin
        none = Many[Any]("subnets", (), origin)
        several = isinstance(thing.source.manifests, Known) and len(thing.source.manifests.value) > 1
        yield Workload(
            f"{thing.source.key}/{thing.kind}/{thing.name}" if several else thing.source.key,
            thing.source,
            _identities(estate, thing, pod),
            (),
            _secrets(estate, thing, pod),
            node_subnets(estate, cluster) if isinstance(cluster, ManagedCluster) else none,
            _entrance(estate, thing, pod),
            cluster,
        )


def in_namespace(resource: InCluster) -> str:
    """The namespace that something is put into."""
    namespace = resource.namespace
    return "default" if isinstance(namespace, Absent) else shown(namespace.value)


def bound_to(estate: Estate, cluster: str, namespace: str, selector: str) -> Iterator[Principal]:
    """The identities whose binding selects the pods that carry the selector as their label."""
    named = {
        shown(at(t.body, "spec", "azureIdentity"))
        for t in things_at(estate, "AzureIdentityBinding", cluster, namespace)
        if shown(at(t.body, "spec", "selector")) == selector
    }
    for thing in things_at(estate, "AzureIdentity", cluster, namespace):
        if thing.name in named:
            link = Link("resourceID", at(thing.body, "spec", "resourceID"), thing.source.origin)
            found = principals(estate, thing.source, link)
            yield from () if isinstance(found, Unknown) else found


def of_nodes(estate: Estate, cluster: str) -> Many[Principal]:
    """The identities of its node that a pod can have tokens of too: none where aad-pod-identity stands before them.

    Sources: learn.microsoft.com/azure/aks/imds-restriction (all pods can reach the metadata service by default),
    azure.github.io/aad-pod-identity/docs/concepts/nmi (requests of pods are intercepted)
    """
    found = estate.resources.get(cluster)
    if not isinstance(found, ManagedCluster) or cluster in estate.once(_with_pod_identity):
        return Many("identity", (), NOWHERE)
    kept = kubelet(estate, found)
    return Many("identity", (), NOWHERE, kept) if isinstance(kept, Unknown) else kept


def _with_pod_identity(estate: Estate) -> frozenset[str]:
    """The clusters that have aad-pod-identity."""
    releases = (r for r in estate.of(HelmRelease) if chart_name(r) == "aad-pod-identity")
    return frozenset(cluster_key(estate, r) for r in releases)


def _identities(estate: Estate, thing: Thing, pod: dict[str, Any]) -> Many[Principal]:
    found: dict[str, Principal] = {}
    open_: Unknown | None = None
    origin = thing.source.manifests.origin
    label = at(pod, "metadata", "labels", "aadpodidbinding")
    for principal in bound_to(estate, thing.cluster, thing.namespace, shown(label)) if label else ():
        found[principal.key] = principal
    account = shown(at(pod, "spec", "serviceAccountName")) or "default"
    for other in beside(estate, thing, "ServiceAccount"):
        client = at(other.body, "metadata", "annotations", "azure.workload.identity/client-id")
        if other.name == account and client is not None:
            ends = principals(estate, other.source, Link("client-id", client, origin, "principal"))
            if isinstance(ends, Unknown):
                open_ = ends
            else:
                found.update((p.key, p) for p in ends)
    nodes = of_nodes(estate, thing.cluster)
    found.update((p.key, p) for p in nodes)
    return Many("identity", tuple(found.values()), origin, open_ or nodes.open)


def _secrets(estate: Estate, thing: Thing, pod: dict[str, Any]) -> Many[Held]:
    origin = thing.source.manifests.origin
    found: list[Held] = []
    classes = {
        shown(at(v, "csi", "volumeAttributes", "secretProviderClass")) for v in _list(at(pod, "spec", "volumes"))
    }
    for store in beside(estate, thing, "SecretProviderClass"):
        if store.name in classes:
            found.extend(_stored(estate, store))
    for container in _list(at(pod, "spec", "containers")):
        for variable in _list(at(container, "env")):
            value = at(variable, "value")
            if any(isinstance(leaf, Ref) for leaf in leaves(value)) or isinstance(value, str):
                found.append(Held(shown(at(variable, "name")), "environment", origin, None, value))
    return Many("secrets", tuple(found), origin)


def _stored(estate: Estate, store: Thing) -> Iterator[Held]:
    """The items that a SecretProviderClass names; ``objects`` is YAML in YAML."""
    parameters = at(store.body, "spec", "parameters")
    vault = shown(at(parameters, "keyvaultName"))
    origin = store.source.manifests.origin
    for name, kind in _listed(at(parameters, "objects")):
        leaf = next((x for x in leaves(name) if isinstance(x, Ref)), None)
        item = item_of(estate, leaf) if leaf is not None else None
        found = item or vault_item(estate, vault, shown(name), *KINDS.get(kind, ()))
        if found is not None:
            yield Held(f"{kind} {shown(name)}", "secrets store", origin, found)


def _listed(value: Value) -> Iterator[tuple[Value, str]]:
    """Name and type of each object in the text of ``objects``; symbols are kept by standing for a word."""
    from ringfence.model.symbol import Text, text

    value = plain(value)
    parts = value.parts if isinstance(value, Text) else (value,)
    words = {f"symbol{i}symbol": part for i, part in enumerate(parts) if not isinstance(part, str)}
    whole = "".join(p if isinstance(p, str) else f"symbol{i}symbol" for i, p in enumerate(parts))
    name: Value = None
    for line in whole.splitlines():
        key, _, rest = line.strip(" -|").partition(":")
        rest = rest.strip().strip("\"'")
        if key == "objectName":
            name = words.get(rest, rest) if not words or rest in words else text(rest)
        elif key == "objectType" and name is not None:
            yield name, rest
            name = None


def _entrance(estate: Estate, thing: Thing, pod: dict[str, Any]) -> Entrance:
    found: list[Entrance] = []
    for service, spec in services(estate, thing, pod):
        if at(spec, "type") == "LoadBalancer" or is_symbol(at(spec, "type")):
            internet, address = balanced(estate, service.source, spec)
            found.append(if_it_is_there(Entrance("load balancer", internet, address), service.source.presence))
        found.extend(_ingresses(estate, thing, service.name))
    return widest(tuple(found))


def _ingresses(estate: Estate, thing: Thing, service: str) -> Iterator[Entrance]:
    for ingress in beside(estate, thing, "Ingress"):
        spec = at(ingress.body, "spec")
        named = {
            shown(value) for path, value in walk(spec) if path[-1] == "serviceName" or path[-2:] == ("service", "name")
        }
        if service in named:
            annotations = at(ingress.body, "metadata", "annotations")
            hosts = tuple(shown(at(r, "host")) for r in _list(at(spec, "rules")))
            name = class_of(annotations, at(spec, "ingressClassName"))
            way = entrance(estate, thing.cluster, name, hosts, ingress.source.manifests.origin)
            yield if_it_is_there(way, ingress.source.presence)


def _list(value: Value) -> tuple[Value, ...]:
    value = plain(value)
    return value if isinstance(value, tuple) else ()
