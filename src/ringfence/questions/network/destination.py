"""Where a packet is to go: an address in a subnet, or the public end of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.model.network import NetworkInterface
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import Segment, blocks, segment_of
from ringfence.questions.region import region_of
from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import External, Resource
    from ringfence.model.value import Unknown
    from ringfence.questions.network.cidr import Addresses

Interface: TypeAlias = NetworkInterface | PrivateEndpoint


@record()
class Destination:
    """Somewhere a packet can go. Two are the same when their keys are."""

    key: str
    title: str = field(compare=False)
    segment: Segment | External | Unknown | None = field(default=None, compare=False)
    """The subnet that it stands in; None for a public end."""
    addresses: Addresses | None = field(default=None, compare=False)
    """Any of these will do; None when it is one address that is not known."""
    interface: Interface | None = field(default=None, compare=False)
    """What has the address: its security group and its application security groups count."""
    services: tuple[str, ...] = field(default=(), compare=False)
    """Of a public end: the service tags that its addresses are in, such as "Storage"; () when that is not known."""
    region: str = field(default="", compare=False)
    """The Azure region of a public end, such as "westeurope"; "" when it is not known."""
    managed_endpoint: bool = field(default=False, compare=False)
    """It is a private endpoint that Azure made itself, such as that of a cluster's API server."""

    @property
    def is_endpoint(self) -> bool:
        """It is a private endpoint, which rules and routes bind only where its subnet's network policies say so."""
        return self.managed_endpoint or isinstance(self.interface, PrivateEndpoint)


def at_interface(estate: Estate, interface: NetworkInterface) -> Destination:
    """The addresses of an interface; its first subnet is that of all."""
    first = next(iter(interface.ip_configurations), None)
    segment = segment_of(estate, interface, first.subnet) if first else interface.ip_configurations.open
    known = [blocks(c.private_ip_address) for c in interface.ip_configurations]
    whole = interface.ip_configurations.open is None and None not in known
    address = cidr.union(k for k in known if k is not None) if whole else None
    return Destination(interface.key, interface.title, segment, address or None, interface)


def at_endpoint(estate: Estate, endpoint: PrivateEndpoint) -> Destination:
    """The address of a private endpoint."""
    segment = segment_of(estate, endpoint, endpoint.subnet)
    fixed = blocks(*(c.private_ip_address for c in endpoint.ip_configurations))
    known = fixed if endpoint.ip_configurations.open is None else None
    return Destination(endpoint.key, endpoint.title, segment, known, endpoint)


INTERNET = Destination("internet", "the internet", addresses=cidr.INTERNET)


def at_service(resource: Resource) -> Destination:
    """The public end of an Azure service; its address is Azure's and not known."""
    return Destination(f"{resource.key}/public", f"the public end of {resource.title}",
                       services=SERVICE_TAGS.get(resource.type.casefold(), ()), region=region_of(resource))  # fmt: skip


SERVICE_TAGS: dict[str, tuple[str, ...]] = {
    "microsoft.keyvault/vaults": ("AzureKeyVault",),
    "microsoft.storage/storageaccounts": ("Storage",),
    "microsoft.sql/servers": ("Sql",),
    "microsoft.dbformysql/servers": ("Sql",),
    "microsoft.dbforpostgresql/servers": ("Sql",),
    "microsoft.documentdb/databaseaccounts": ("AzureCosmosDB",),
    "microsoft.containerregistry/registries": ("AzureContainerRegistry",),
    "microsoft.web/sites": ("AppService",),
    "microsoft.web/sites/slots": ("AppService",),
    "microsoft.datafactory/factories": ("DataFactory",),
    "microsoft.databricks/workspaces": ("AzureDatabricks",),
    "microsoft.machinelearningservices/workspaces": ("AzureMachineLearning",),
    "microsoft.insights/components": ("AzureMonitor",),
    "microsoft.operationalinsights/workspaces": ("AzureMonitor",),
    "microsoft.eventhub/namespaces": ("EventHub",),
    "microsoft.servicebus/namespaces": ("ServiceBus",),
}
"""The tag of a service's own addresses, by ARM type.

Source: learn.microsoft.com/azure/virtual-network/service-tags-overview; "Sql" there covers Azure SQL Database and the
single servers for MySQL and PostgreSQL.
"""
