"""The ingress controller: the one door from the internet to what is published in a cluster.

HAProxy's own controller: ingress-nginx, which many charts assume, has had no releases since March 2026. It reads the
namespaces that it serves and no other, takes no raw configuration from an Ingress, and where it asks for a client
certificate it admits nobody without one.

Sources: github.com/haproxytech/kubernetes-ingress/tree/master/documentation, kubernetes.io/blog/2025/11/11/
ingress-nginx-retirement
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs import kubernetes, pod
from ringfence.constructs.kubernetes import Manifests, Peer
from ringfence.constructs.pod import Container
from ringfence.model.register import Exemption, Rotation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.constructs.kubernetes import Object
    from ringfence.constructs.pod import Image
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

NAME = "ingress"
"""Its namespace, and what all in it is called."""
CLASS = "haproxy"
SERVER, CLIENTS = "server-certificate", "client-authority"
"""Secrets of the namespace: the certificate of the published names, which an operator puts there and renews (``kubectl
create secret tls``), so that no state has its key; and the authority of client certificates."""
_DAYS = 90
"""How long the certificate of the published names is used."""
_READ = ("get", "list", "watch")
_EVERYWHERE = (
    ("", ("nodes", "namespaces"), _READ),
    ("networking.k8s.io", ("ingressclasses",), _READ),
    ("apiextensions.k8s.io", ("customresourcedefinitions",), _READ),
)
_WHERE_IT_SERVES = (
    ("", ("configmaps", "endpoints", "events", "pods", "secrets", "serviceaccounts", "services"), _READ),
    ("apps", ("daemonsets", "deployments", "replicasets"), ("get", "list")),
    ("discovery.k8s.io", ("endpointslices",), _READ),
    ("networking.k8s.io", ("ingresses",), _READ),
    ("networking.k8s.io", ("ingresses/status",), ("update",)),
)
PASSED_ON: Object = {
    "haproxy.org/request-set-header": (
        "X-SSL-Client-SHA256 %[ssl_c_der,sha2(256),hex]\nX-SSL-Client-DN C=%[ssl_c_s_dn(c)]\n"
    )
}
"""Annotations that tell an application which certificate the client has shown: its hash and its country.

What a client writes into these headers itself is replaced. Source: eu-digital-green-certificates/dgc-gateway,
docs/software-design-dgc-gateway.md (the load balancer passes on hash and distinguished name)
"""


class IngressController:
    """The controller at a public address, which serves the applications of these namespaces.

    `serves` is the port of the pods by namespace, `authority` the certificate (PEM, as base64) that client certificates
    are signed with, where they are asked for.
    """

    def __init__(
        self,
        file: File,
        *,
        image: Image,
        address: Declared,
        group: Value,
        server: Value,
        serves: Mapping[str, int],
        authority: Value = None,
        owner: str = "platform owner",
    ) -> None:
        """`address` is declared in the resource group `group`; `server` is the range that the API server lies in;
        `owner` renews the certificate of the published names.
        """
        self.manifests = Manifests(file)
        apply = self.manifests.apply
        apply(kubernetes.namespace(NAME), comment="The only way in from the internet.")
        apply(kubernetes.closed(NAME))
        apply(kubernetes.service_account(NAME, NAME))
        apply(kubernetes.ingress_class(CLASS, f"haproxy.org/ingress-controller/{CLASS}"))
        self._allowed(sorted(serves))
        if authority is not None:
            apply(_authority(authority), comment="A certificate, and so no secret: its key stays in the vault.")
        apply(kubernetes.config_map(NAME, NAME, _settings(authority is not None)))
        body = pod.deployment(NAME, NAME, _container(image, sorted(serves)), account=NAME, speaks=True)
        told = f"Serves with the certificate in Secret {SERVER} of its namespace, which an operator puts there."
        self._renewed(file, apply(body, comment=told), owner)
        apply(_service(address, group))
        peers = (Peer(ports=(port,), space=space, app=space) for space, port in sorted(serves.items()))
        reaches = (*peers, Peer(ports=(443,), addresses=(server,)))
        apply(kubernetes.allowed(NAME, NAME, app=NAME, come=(Peer(ports=(8080, 8443)),), go=reaches))
        why = "Published applications are reached through it, over TLS, and nothing else is."
        register = file.layer.register
        if all(one.key != address.key for one in register.exemptions):
            register.exemptions.append(Exemption("ingress", address.key, why))

    @staticmethod
    def _renewed(file: File, controller: Declared, owner: str) -> None:
        how = (
            f"kubectl create secret tls {SERVER} --namespace {NAME} --cert FILE --key FILE, after deleting the old one."
        )
        file.layer.register.rotations.append(Rotation(controller.key, SERVER, owner, _DAYS, how))

    def _allowed(self, spaces: Sequence[str]) -> None:
        """It reads what it has to in the cluster, and in each namespace that it serves."""
        self.manifests.apply(kubernetes.role(NAME, "", _EVERYWHERE))
        self.manifests.apply(kubernetes.binding(NAME, "", account=NAME, of=NAME))
        for space in (NAME, *spaces):
            self.manifests.apply(kubernetes.role(NAME, space, _WHERE_IT_SERVES))
            self.manifests.apply(kubernetes.binding(NAME, space, account=NAME, of=NAME))


def comes_in(port: int) -> Peer:
    """The connections that the controller opens to an application."""
    return Peer(ports=(port,), space=NAME, app=NAME)


def _settings(clients: bool) -> Object:
    found: Object = {
        "global-config-snippet": "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n",
        "ssl-redirect": "true",
        "ssl-redirect-port": "443",
    }
    if clients:
        found |= {"client-ca": f"{NAME}/{CLIENTS}", "client-crt-optional": "false"}
    return found


def _authority(certificate: Value) -> Object:
    return {
        **kubernetes.named("v1", "Secret", CLIENTS, NAME),
        "type": "Opaque",
        "data": {"tls.crt": certificate},
    }


def _container(image: Image, spaces: Sequence[str]) -> Container:
    return Container(
        NAME,
        image,
        port=8443,
        probed=1042,
        alive="/healthz",
        args=(
            f"--configmap={NAME}/{NAME}",
            f"--ingress.class={CLASS}",
            f"--default-ssl-certificate={NAME}/{SERVER}",
            "--disable-quic",
            "--disable-service-external-name",
            "--disable-config-snippets=backend,frontend",
            *(f"--namespace-whitelist={space}" for space in (NAME, *spaces)),
        ),
        scratch=("/etc/haproxy", "/run", "/tmp", "/var/state/haproxy"),
        told={"POD_NAME": "metadata.name", "POD_NAMESPACE": "metadata.namespace", "POD_IP": "status.podIP"},
        user=1000,
        low_ports=True,
        memory="1Gi",
    )


def _service(address: Declared, group: Value) -> Object:
    """Azure's load balancer brings requests to a node that has a pod, with the address that they come from.

    What asks without TLS is only told to ask with it.
    """
    return kubernetes.service(
        NAME,
        NAME,
        ports={443: 8443, 80: 8080},
        annotations={"service.beta.kubernetes.io/azure-load-balancer-resource-group": group},
        type="LoadBalancer",
        loadBalancerIP=address.ref("ip_address"),
        externalTrafficPolicy="Local",
    )
