"""What runs in the clusters: the EU gateway, and the services with which a country issues and checks certificates.

Each region's applications are a layer of their own, deployed after the regions. An application has a file of its own,
its objects are files beside it.

Source: EUDCC deep dives, 2 Key Vault and 4 AAD authentication; the applications are those of the reference
architecture (Azure/eu-digital-covid-certificates-reference-architecture)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Layer, block
from ringfence.model.symbol import Apply
from ringfence.platforms.eudcc.dev import provide
from ringfence.platforms.eudcc.workloads import eu, ie
from ringfence.platforms.eudcc.workloads.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.platforms.eudcc.config import Config
    from ringfence.platforms.eudcc.region import Region

WITHOUT_IDENTITY = {
    "ingress": "It brings requests to applications and asks nothing of Azure; its account speaks to Kubernetes only.",
}
"""Pods without an identity on Azure, by namespace, and why they need none. All others have one of their own."""
_DECLARING = {"eu": eu.declare, "ie": ie.declare}
_ABOUT = {"eu": "The EU gateway.", "ie": "Ireland's services, which issue and check certificates."}
_AKS = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""The application of every AKS cluster that people sign in to, the same in each tenant.

Source: azure.github.io/kubelogin/concepts/aks
"""


def declare(regions: Mapping[str, Region], config: Config) -> tuple[Layer, ...]:
    """One layer for each region."""
    return tuple(_layer(region, regions, config) for region in regions.values())


def _layer(region: Region, regions: Mapping[str, Region], config: Config) -> Layer:
    layer = Layer(f"{region.name}-workloads", _ABOUT[region.name], region.layer.register)
    provide(layer)
    _speaks_to(layer, region)
    _DECLARING[region.name](Ground(region, layer), regions, config)
    return layer


def _speaks_to(layer: Layer, region: Region) -> None:
    """The API server is asked with the directory's token of whoever deploys: the cluster has no accounts of its own."""
    cluster = region.cluster.cluster
    login = ("get-token", "--login", "azurecli", "--server-id", _AKS)
    layer.provider(
        "kubectl",
        host=cluster.ref("kube_config.0.host"),
        cluster_ca_certificate=Apply("base64decode", (cluster.ref("kube_config.0.cluster_ca_certificate"),)),
        load_config_file=False,
        exec=block(api_version="client.authentication.k8s.io/v1", command="kubelogin", args=login),
    )
