"""What the applications of a region share: where they run, their images, names, databases and doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs import kubernetes
from ringfence.constructs.ingress import CLASS, IngressController, comes_in
from ringfence.constructs.kubernetes import Manifests, Peer
from ringfence.constructs.pod import Image
from ringfence.constructs.workload import OUTSIDE, Stage, Workload
from ringfence.platforms.eudcc.workloads.database import Databases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.constructs.kubernetes import Object
    from ringfence.constructs.workload import Mount, Property, Signing
    from ringfence.model.blueprint import Layer
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.region import Region

PORT = 8080
"""The port of every application's pods."""
_OWN = "eu-digital-covid-certificates"
"""The folder of the registry that the platform's own builds are in."""
_REF = r'can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.%s))'


class Ground:
    """A region's layer of applications while it is declared."""

    def __init__(self, region: Region, layer: Layer) -> None:
        self.region, self.layer = region, layer
        ranges = region.network.ranges
        self.endpoints = str(ranges["endpoints"])
        self.nodes = str(ranges["nodes"])
        self.stage = Stage(region.home, region.cluster.issuer, region.vault.vault.ref("name"), region.items)
        self._ports: dict[str, int] = {}
        self._storage()
        self.databases = Databases(region, layer, self.image("utility", ":1.1.0"), self.to_endpoints(3306))

    def _storage(self) -> None:
        file = self.layer.file("storage.tf", "What volumes are made of. No application asks for one today.")
        Manifests(file).apply(
            kubernetes.storage_class("sealed", self.region.cluster.disks.id),
            comment="A volume is sealed by the key of the cluster's disks.",
        )

    def image(self, app: str, ref: str, repository: str = "") -> Image:
        """An image of the region's registry; an operator says which one, best by its digest."""
        name = f"{app.replace('-', '_')}_image"
        variable = self.layer.variable(
            name,
            "string",
            f"Which image of {app} runs: a tag such as {ref}, or a digest, @sha256:…, which nobody can move.",
            ref,
            condition=_REF % name,
            refusal="Write :TAG or @sha256:DIGEST.",
        )
        return Image(self.region.registry.login_server, repository or f"{_OWN}/{app}", variable)

    def host(self, app: str) -> str:
        """The name that an application is published under."""
        return f"{app}.{self.region.domain}"

    def to_endpoints(self, *ports: int) -> Peer:
        """Connections to the region's private endpoints."""
        return Peer(ports=ports, addresses=(self.endpoints,))

    def workload(self, app: str, about: str, needs: Sequence[Mount | Property | Signing] = ()) -> Workload:
        """An application, in a file of its own."""
        return Workload(self.layer.file(f"{app}.tf", about), self.stage, called=app, needs=needs)

    def connect(self, workload: Workload, *, come: Sequence[Peer], go: Sequence[Peer] = ()) -> None:
        """What an application's pods may connect to, beside the vault, and the directory for their tokens."""
        workload.connects(come=come, go=(self.to_endpoints(443), OUTSIDE, *go))

    def publish(self, workload: Workload, app: str = "", annotations: Object | None = None) -> Peer:
        """The application is reached from the internet under the name of `app`; whom it then takes connections from."""
        name = app or workload.called
        workload.published(self.host(name), served_by=CLASS, annotations=annotations)
        file = workload.file
        file.resource(
            "azurerm_dns_a_record",
            workload.word,
            name=name,
            zone_name=self.region.zone.ref("name"),
            resource_group_name=self.region.zone.ref("resource_group_name"),
            ttl=300,
            records=(self.region.ingress.ref("ip_address"),),
        )
        self._ports[workload.called] = PORT
        return comes_in(PORT)

    def open_door(self, authority: Value = None) -> None:
        """The ingress controller serves what has been published, and nothing else."""
        file = self.layer.file("ingress.tf", "The door to published applications.")
        IngressController(
            file,
            image=self.image("ingress", ":3.2.12", "haproxytech/kubernetes-ingress"),
            address=self.region.ingress,
            group=self.region.ingress.ref("resource_group_name"),
            server=self.nodes,
            serves=self._ports,
            authority=authority,
        )
