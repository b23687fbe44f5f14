"""Kubernetes objects as plain data with symbols in it, and how a layer applies them.

What these functions make passes the "restricted" pod security standard, and nothing in a namespace is reachable, or
reaches anything, that is not listed. Nobody writes these settings, and there is no argument to leave them out.

Sources: kubernetes.io/docs/concepts/security/pod-security-standards, kubernetes.io/docs/concepts/services-networking/
network-policies, azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.symbol import Apply
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

    Object = dict[str, Value]

APP = "app.kubernetes.io/name"
"""The label by which services and policies find pods."""
CLIENT = "azure.workload.identity/client-id"
FEDERATED = "azure.workload.identity/use"
NAME_LIMIT = 63


class Manifests:
    """Objects of a cluster, as resources of a file: each is applied after its namespace."""

    def __init__(self, file: File, after: Sequence[Declared] = ()) -> None:
        self._file = file
        self._after = tuple(after)
        self._spaces: dict[str, Declared] = {}

    def apply(self, body: Object, *, comment: str = "", after: Sequence[Declared] = ()) -> Declared:
        """The cluster has the object, and keeps having it.

        Server-side apply keeps the fields of other managers, such as what the autoscaler counts.
        """
        kind, name, space = _identity(body)
        before = (self._spaces[space],) if space in self._spaces else ()
        made = self._file.resource(
            "kubectl_manifest",
            _block_name(kind, name, space),
            comment=comment,
            yaml_body=Apply("yamlencode", (body,)),
            server_side_apply=True,
            **_KINDS.get(kind, {}),
            life=Life(depends_on=(*self._after, *before, *after)),
        )
        if kind == "Namespace":
            self._spaces[name] = made
        return made


_KINDS: dict[str, dict[str, Any]] = {
    "Job": {"force_new": True, "wait_for": block(condition=[block(type="Complete", status="True")])},
}
"""What else is said of a kind: the pods of a job cannot be changed, and what comes after a job needs it done."""


def _identity(body: Object) -> tuple[str, str, str]:
    metadata = body["metadata"]
    assert isinstance(metadata, dict)
    return str(body["kind"]), str(metadata["name"]), str(metadata.get("namespace", ""))


def _block_name(kind: str, name: str, space: str) -> str:
    words = [space, _snake(kind)] if name == space else [space, _snake(kind), name]
    return "_".join(word for word in words if word).replace("-", "_").replace(".", "_")


def _snake(kind: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).lstrip("_")


def named(api: str, kind: str, name: str, space: str = "", **more: Value) -> Object:
    """An object's head. `more` is for its metadata.

    Raises:
        ConstructError: the name is none that Kubernetes takes.
    """
    if len(name) > NAME_LIMIT or not name.replace("-", "").replace(".", "").isalnum() or name != name.lower():
        raise ConstructError(
            f"{kind} cannot be called {name}", hint=f"Up to {NAME_LIMIT} small letters, digits and hyphens."
        )
    given: Object = {"name": name, "namespace": space, **more}
    return {"apiVersion": api, "kind": kind, "metadata": {key: value for key, value in given.items() if value}}


def namespace(name: str) -> Object:
    """A namespace that takes restricted pods only."""
    words = ("enforce", "audit", "warn")
    labels: Object = {f"pod-security.kubernetes.io/{word}": "restricted" for word in words}
    return named("v1", "Namespace", name, labels=labels)


def service_account(name: str, space: str, client: Value = None) -> Object:
    """The account of some pods: Azure takes it for the identity with this client id, Kubernetes lets it do nothing."""
    annotations: Object = {CLIENT: client} if client is not None else {}
    return {
        **named("v1", "ServiceAccount", name, space, annotations=annotations),
        "automountServiceAccountToken": False,
    }


def config_map(name: str, space: str, data: Mapping[str, Value]) -> Object:
    """Files that are no secrets."""
    return {**named("v1", "ConfigMap", name, space), "data": dict(data)}


def service(
    name: str, space: str, *, ports: Mapping[int, int], annotations: Object | None = None, **spec: Value
) -> Object:
    """The pods of an application at one address of the cluster: their ports, by the ports that are connected to."""
    content: Object = {"type": "ClusterIP", "selector": {APP: name}, "ports": tuple(map(_served, ports.items()))}
    return {**named("v1", "Service", name, space, annotations=annotations), "spec": content | spec}


def _served(ports: tuple[int, int]) -> Object:
    port, target = ports
    return {"name": f"port-{port}", "port": port, "targetPort": target, "protocol": "TCP"}


def disruption_budget(name: str, space: str) -> Object:
    """While nodes are drained, one pod of the application stays."""
    spec: Object = {"minAvailable": 1, "selector": {"matchLabels": {APP: name}}}
    return {**named("policy/v1", "PodDisruptionBudget", name, space), "spec": spec}


@record()
class Way:
    """Where the requests for a path go."""

    path: str
    service: str
    port: int = 80


def ingress(
    name: str, space: str, *, host: Value, ways: Sequence[Way], served_by: str, annotations: Object | None = None
) -> Object:
    """Requests over TLS for a host reach services; the ingress controller has the host's certificate."""
    paths = tuple(map(_path, ways))
    rule: Object = {"host": host, "http": {"paths": paths}}
    tls: Value = ({"hosts": (host,)},)
    spec: Object = {"ingressClassName": served_by, "tls": tls, "rules": (rule,)}
    return {**named("networking.k8s.io/v1", "Ingress", name, space, annotations=annotations), "spec": spec}


def _path(way: Way) -> Object:
    backend: Object = {"service": {"name": way.service, "port": {"number": way.port}}}
    return {"path": way.path, "pathType": "Prefix", "backend": backend}


def storage_class(name: str, encryption: Value) -> Object:
    """Volumes on disks that the disk encryption set's key seals.

    Source: learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys
    """
    return {
        **named("storage.k8s.io/v1", "StorageClass", name),
        "provisioner": "disk.csi.azure.com",
        "parameters": {"skuName": "Premium_ZRS", "kind": "managed", "diskEncryptionSetID": encryption},
        "reclaimPolicy": "Retain",
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }


@record()
class Peer:
    """Who may connect, or where to: pods of a namespace, or addresses; and the ports."""

    ports: tuple[int, ...]
    space: str = ""
    app: str = ""
    addresses: tuple[Value, ...] = ()
    but: tuple[Value, ...] = ()
    """Those of the addresses that are not meant."""
    protocol: str = "TCP"


def closed(space: str) -> Object:
    """Nothing connects to a pod of the namespace, and no pod connects to anything, but what another policy allows."""
    both: Value = ("Ingress", "Egress")
    spec: Object = {"podSelector": {}, "policyTypes": both}
    return {**named("networking.k8s.io/v1", "NetworkPolicy", "closed", space), "spec": spec}


def allowed(
    name: str, space: str, *, app: str, come: Sequence[Peer] = (), go: Sequence[Peer] = (), names: bool = True
) -> Object:
    """Pods of an application take connections from some and open connections to others.

    With `names` they may ask the cluster's name servers, which everything that goes anywhere needs.
    """
    out = (*go, *NAMES) if names else tuple(go)
    spec: Object = {"podSelector": {"matchLabels": {APP: app}}, "policyTypes": _directions(come, out)}
    if come:
        spec["ingress"] = tuple(_rule("from", peer) for peer in come)
    if out:
        spec["egress"] = tuple(_rule("to", peer) for peer in out)
    return {**named("networking.k8s.io/v1", "NetworkPolicy", name, space), "spec": spec}


def _directions(come: Sequence[Peer], go: Sequence[Peer]) -> tuple[Value, ...]:
    return (*(("Ingress",) if come else ()), *(("Egress",) if go else ()))


def _rule(word: str, peer: Peer) -> Object:
    """Without pods and addresses it is about all of them."""
    ends: list[Value] = [{"ipBlock": _block(address, peer.but)} for address in peer.addresses]
    if peer.space:
        end: Object = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": peer.space}}}
        ends.append(end | ({"podSelector": {"matchLabels": {APP: peer.app}}} if peer.app else {}))
    ports: Value = tuple({"port": port, "protocol": peer.protocol} for port in peer.ports)
    return ({word: tuple(ends)} if ends else {}) | {"ports": ports}


def _block(address: Value, but: tuple[Value, ...]) -> Object:
    return {"cidr": address, "except": but} if but else {"cidr": address}


NAMES = tuple(Peer(ports=(53,), space="kube-system", protocol=protocol) for protocol in ("UDP", "TCP"))
"""The cluster's name servers."""


def role(name: str, space: str, rules: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> Object:
    """What an account may do in a namespace, or in the cluster when it is "": (group of the API, resources, verbs)."""
    content: Value = tuple({"apiGroups": (group,), "resources": what, "verbs": verbs} for group, what, verbs in rules)
    kind = "Role" if space else "ClusterRole"
    return {**named("rbac.authorization.k8s.io/v1", kind, name, space), "rules": content}


def binding(name: str, space: str, *, account: str, of: str) -> Object:
    """The account of the namespace `of` has the role of this name, in a namespace or in the cluster."""
    kind = "Role" if space else "ClusterRole"
    return {
        **named("rbac.authorization.k8s.io/v1", f"{kind}Binding", name, space),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name},
        "subjects": ({"kind": "ServiceAccount", "name": account, "namespace": of},),
    }


def ingress_class(name: str, controller: str) -> Object:
    """The class by which ingresses ask for a controller."""
    return {**named("networking.k8s.io/v1", "IngressClass", name), "spec": {"controller": controller}}
