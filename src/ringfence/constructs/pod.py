"""Pods: what they run, which files of the vault they see, and the limits that all of them have.

Sources: kubernetes.io/docs/concepts/security/pod-security-standards (restricted), azure.github.io/
secrets-store-csi-driver-provider-azure/docs/getting-started/usage
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.constructs.kubernetes import APP, FEDERATED, named
from ringfence.errors import ConstructError
from ringfence.model.symbol import render, text
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ringfence.constructs.kubernetes import Object
    from ringfence.model.symbol import Value

SECRETS = "/mnt/secrets-store"
"""Where the files of the vault are mounted."""
STATE = "ringfence/reads"
"""The annotation of pods that changes with their files: a pod keeps the files that it has begun with."""
_FORMS: dict[str, tuple[str, ...]] = {
    "Secret": ("objectType: secret",),
    "Bundle": ("objectType: secret", "objectEncoding: base64"),
    "Certificate": ("objectType: secret", "objectFormat: pfx", "objectEncoding: base64"),
    "Public certificate": ("objectType: cert",),
    "Key": ("objectType: key",),
}
"""How the driver fetches an item: a certificate with its private key is the secret of its name, as PKCS#12."""


@record()
class Mounted:
    """An item of the vault as a file."""

    item: str
    form: str
    """"Secret" (text), "Bundle" (a secret that holds a file as base64), "Certificate" (with its private key, as
    PKCS#12), "Public certificate" or "Key" (its public part)."""
    file: str


@record()
class Image:
    """An image in the registry of the region, and the one it is a copy of: `ref` is ``:tag`` or ``@sha256:…``."""

    registry: Value
    repository: str
    ref: Value

    @property
    def name(self) -> Value:
        return text(self.registry, "/", self.repository, self.ref)


@record()
class Container:
    """One container; it writes nowhere but into `scratch`."""

    name: str
    image: Image
    port: int = 0
    """The one by which services reach it; 0 when nothing connects to it."""
    probed: int = 0
    """The port that answers probes, where it is another."""
    alive: str = ""
    """The path that answers while it works; "" where `port` being open has to do."""
    ready: str = ""
    args: tuple[Value, ...] = ()
    env: Mapping[str, Value] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    """What it is told of its own pod: a field of it by the variable's name."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Files of the config map by the path where they are seen."""
    scratch: tuple[str, ...] = ("/tmp",)
    command: tuple[str, ...] = ()
    low_ports: bool = False
    """Its program is one that may open ports below 1024, and does not start where that is withheld from it. The
    restricted standard allows this and nothing else."""
    reads: bool = True
    """It sees the files of the vault, where its pod has some."""
    user: int = 10001
    cpu: str = "250m"
    memory: str = "512Mi"


def secret_provider_class(
    name: str, space: str, *, client: Value, vault: Value, tenant: Value, items: Sequence[Mounted]
) -> Object:
    """Pods may mount these items of the vault, and each is fetched by the identity of the pods.

    Raises:
        ConstructError: two items would be one file.
    """
    files = [item.file for item in items]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice:
        raise ConstructError(f"two items of {space}/{name} are mounted as {twice}", hint="Give each a file of its own.")
    parameters: Object = {
        "usePodIdentity": "false",
        "clientID": client,
        "keyvaultName": vault,
        "tenantId": tenant,
        "objects": "array:\n" + "".join(map(_object, items)),
    }
    head = named("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", name, space)
    return {**head, "spec": {"provider": "azure", "parameters": parameters}}


def _object(item: Mounted) -> str:
    lines = (f"objectName: {item.item}", *_FORMS[item.form], f"objectAlias: {item.file}")
    return "  - |\n" + "".join(f"    {line}\n" for line in lines)


def deployment(name: str, space: str, container: Container, *, replicas: int = 2, **pod: Any) -> Object:
    """Pods of one container, as many as asked for, on different nodes and in different zones where there are some.

    `pod` says what `template` takes: `first`, `account`, `secrets`, `config`, `state`.
    """
    app: Object = {"matchLabels": {APP: name}}
    content = template(name, container, **pod)
    spec = content["spec"]
    assert isinstance(spec, dict)
    spec["topologySpreadConstraints"] = tuple(_spread(key, app) for key in _PLACES)
    return {
        **named("apps/v1", "Deployment", name, space),
        "spec": {"replicas": replicas, "selector": app, "template": content},
    }


_MOST_CPU = "2"
"""Half of a node: more than any application asks for, and not so much that one of them starves the others."""
_PLACES = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")


def _spread(key: str, app: Object) -> Object:
    return {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": app}


def job(name: str, space: str, container: Container, **pod: Any) -> Object:
    """Something that is done once, and tried again a few times when it fails."""
    content = template(name, container, **pod)
    spec = content["spec"]
    assert isinstance(spec, dict)
    spec["restartPolicy"] = "OnFailure"
    return {**named("batch/v1", "Job", name, space), "spec": {"backoffLimit": 6, "template": content}}


def template(
    name: str,
    container: Container,
    *,
    first: Container | None = None,
    account: Value = None,
    secrets: Value = None,
    config: Value = None,
    state: str = "",
    speaks: bool = False,
) -> Object:
    """A pod of the restricted standard: `account` its service account, `secrets` its SecretProviderClass, `config` its
    config map. `first` ends before the container begins. `state` stands for
    what it reads: pods are made anew when it changes.

    The service account's own token is mounted only where the pod `speaks` to Kubernetes. The one that Azure takes is
    mounted by the webhook of workload identity, for the pods that carry its label.
    """
    labels: Object = {APP: name}
    if account and not speaks:
        labels[FEDERATED] = "true"
    spec: Object = {
        "serviceAccountName": account or name,
        "automountServiceAccountToken": speaks,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": container.user,
            "runAsGroup": container.user,
            "fsGroup": container.user,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **({"initContainers": (_container(first, bool(secrets), False),)} if first else {}),
        "containers": (_container(container, bool(secrets), bool(config)),),
        "volumes": tuple(_volumes(container, secrets, config)),
    }
    metadata: Object = {"annotations": {STATE: state}} if state else {}
    return {"metadata": {**metadata, "labels": labels}, "spec": spec}


def _container(container: Container, secrets: bool, config: bool) -> Object:
    found: Object = {"name": container.name, "image": container.image.name, "imagePullPolicy": "Always"}
    if container.command:
        found["command"] = container.command
    if container.args:
        found["args"] = container.args
    env = tuple(_variables(container))
    if env:
        found["env"] = env
    if container.port:
        ports = {"http": container.port} | ({"probes": container.probed} if container.probed else {})
        found["ports"] = tuple(_port(name, number) for name, number in ports.items())
        found |= _probes(container)
    found["resources"] = {
        "requests": {"cpu": container.cpu, "memory": container.memory},
        "limits": {"cpu": _MOST_CPU, "memory": container.memory},
    }
    capabilities: Object = {"drop": ("ALL",)}
    if container.low_ports:
        capabilities["add"] = ("NET_BIND_SERVICE",)
    found["securityContext"] = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "capabilities": capabilities,
    }
    mounts = tuple(_mounts(container, secrets and container.reads, config))
    return found | ({"volumeMounts": mounts} if mounts else {})


def _variables(container: Container) -> Iterator[Value]:
    for name, value in container.env.items():
        yield {"name": name, "value": value}
    for name, path in container.told.items():
        yield {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def _port(name: str, number: int) -> Object:
    return {"name": name, "containerPort": number, "protocol": "TCP"}


def _probes(container: Container) -> Object:
    """It has five minutes to start."""
    port = "probes" if container.probed else "http"
    alive, ready = (_probe(path, port) for path in (container.alive, container.ready or container.alive))
    return {
        "startupProbe": {**ready, "periodSeconds": 10, "failureThreshold": 30},
        "livenessProbe": alive,
        "readinessProbe": ready,
    }


def _probe(path: str, port: str) -> Object:
    return {"httpGet": {"path": path, "port": port}} if path else {"tcpSocket": {"port": port}}


def _mounts(container: Container, secrets: bool, config: bool) -> list[Value]:
    found: list[Value] = [{"name": _scratch(path), "mountPath": path} for path in container.scratch]
    if config:
        found += [
            {"name": "config", "mountPath": path, "subPath": file, "readOnly": True}
            for path, file in container.files.items()
        ]
    if secrets:
        found.append({"name": "secrets-store", "mountPath": SECRETS, "readOnly": True})
    return found


def _volumes(container: Container, secrets: Value, config: Value) -> list[Value]:
    found: list[Value] = [{"name": _scratch(path), "emptyDir": {"sizeLimit": "256Mi"}} for path in container.scratch]
    if config:
        found.append({"name": "config", "configMap": {"name": config}})
    if secrets:
        driver: Object = {
            "driver": "secrets-store.csi.k8s.io",
            "readOnly": True,
            "volumeAttributes": {"secretProviderClass": secrets},
        }
        found.append({"name": "secrets-store", "csi": driver})
    return found


def state_of(*read: Value) -> str:
    """A word for what pods read, another for anything else. It has no secret in it: values that only an apply gives
    are in it by their names.
    """
    from hashlib import sha256

    return sha256(render(read).encode()).hexdigest()[:16]


def _scratch(path: str) -> str:
    return path.strip("/").replace("/", "-")
