"""Single objects of the Kubernetes API in an estate, each with its name, its namespace and its cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.containers import ManagedCluster
from ringfence.model.kubernetes import KubernetesObject
from ringfence.model.resource import Resource
from ringfence.model.value import Known
from ringfence.questions.workloads.held import shown
from ringfence.questions.workloads.values import at
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate


_TEMPLATES: dict[str, tuple[str, ...]] = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "Daemonset", "ReplicaSet", "ReplicationController", "Job"),
        ("spec", "template"),
    ),
}
"""Where the template of the pods stands, by kind."""


@record(eq=False)
class Thing:
    """One object with the resource that declares it."""

    source: KubernetesObject
    kind: str
    name: str
    namespace: str
    cluster: str
    body: dict[str, Any]


def things(estate: Estate) -> tuple[Thing, ...]:
    """Every object of the estate whose content is known."""
    return estate.once(_all)


def _by_place(estate: Estate) -> dict[tuple[str, str, str], list[Thing]]:
    """The objects by kind, cluster and namespace."""
    found: dict[tuple[str, str, str], list[Thing]] = {}
    for thing in things(estate):
        found.setdefault((thing.kind, thing.cluster, thing.namespace), []).append(thing)
    return found


def things_at(estate: Estate, kind: str, cluster: str, namespace: str) -> list[Thing]:
    """The objects of a kind in a namespace of a cluster."""
    return estate.once(_by_place).get((kind, cluster, namespace), [])


def _all(estate: Estate) -> tuple[Thing, ...]:
    found: list[Thing] = []
    for source in estate.of(KubernetesObject):
        manifests = source.manifests
        for body in manifests.value if isinstance(manifests, Known) else ():
            if isinstance(body, dict):
                name, space = at(body, "metadata", "name"), at(body, "metadata", "namespace")
                cluster = cluster_key(estate, source)
                found.append(
                    Thing(source, str(body.get("kind", "")), shown(name), shown(space) or "default", cluster, body)
                )
    return tuple(found)


def beside(estate: Estate, thing: Thing, kind: str) -> list[Thing]:
    """The objects of a kind in the namespace of another."""
    return things_at(estate, kind, thing.cluster, thing.namespace)


def pod_of(thing: Thing) -> dict[str, Any] | None:
    """The template of the pods that an object runs; None when it runs none."""
    path = _TEMPLATES.get(thing.kind)
    pod = at(thing.body, *path) if path is not None else None
    return pod if isinstance(pod, dict) else None


def services(estate: Estate, thing: Thing, pod: dict[str, Any]) -> Iterator[tuple[Thing, dict[str, Any]]]:
    """The services that lead to the pods of an object: each with its ``spec``, its annotations among it."""
    labels = at(pod, "metadata", "labels") or {}
    for service in beside(estate, thing, "Service"):
        selector = at(service.body, "spec", "selector")
        if not isinstance(selector, dict) or not isinstance(labels, dict) or not selector:
            continue
        if all(shown(labels.get(k)) == shown(v) for k, v in selector.items()):
            own = at(service.body, "spec")
            spec = own if isinstance(own, dict) else {}
            yield service, {**spec, "annotations": at(service.body, "metadata", "annotations")}


def cluster_key(estate: Estate, resource: Any) -> str:
    """The key of the cluster that something is put into; that of the only one where the provider does not say."""
    target = estate.target(resource, resource.cluster)
    if isinstance(target, Resource):
        return target.key
    every = estate.of(ManagedCluster)
    near = [c for c in every if c.root == resource.root] or list(every)
    return near[0].key if len(near) == 1 and resource.cluster.value is None else ""
