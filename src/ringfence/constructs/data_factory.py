"""An Azure Data Factory: what it runs is in a managed network, and it signs in as itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.model.blueprint import block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.DataFactory/factories"


class DataFactory:
    """A factory with its endpoint and log, and one integration runtime in its managed network."""

    def __init__(self, file: File, name: str, home: Home, *, called: str, comment: str = "") -> None:
        self.file, self.name, self.called = file, name, called
        self.factory = file.resource(
            "azurerm_data_factory",
            name,
            comment=comment,
            name=called,
            **home.placed,
            public_network_enabled=False,
            managed_virtual_network_enabled=True,
            identity=block(type="SystemAssigned"),
        )
        self.runtime = file.resource(
            "azurerm_data_factory_integration_runtime_azure",
            name,
            name="managed-network",
            data_factory_id=self.factory.id,
            location=home.location,
            virtual_network_enabled=True,
            time_to_live_min=5,
        )
        private_endpoint(
            file, name, called=f"pe-{called}", to=self.factory, arm_type=ARM, subresource="dataFactory", home=home
        )
        logged(file, name, self.factory, ARM, home)

    @property
    def id(self) -> Value:
        return self.factory.id

    @property
    def principal(self) -> Value:
        """The object id of the factory's own identity."""
        return self.factory.ref("identity.0.principal_id")

    def reaches(self, name: str, *, called: str, to: Declared, subresource: str) -> Declared:
        """The managed network has an endpoint of the resource, once its owner approves it there.

        Source: learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint
        """
        return self.file.resource(
            "azurerm_data_factory_managed_private_endpoint",
            name,
            name=called,
            data_factory_id=self.factory.id,
            target_resource_id=to.id,
            subresource_name=subresource,
        )
