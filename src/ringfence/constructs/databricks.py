"""An Azure Databricks workspace: its machines have no public addresses, and its doors are in the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.model.register import Relaxation
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.network import Network
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.Databricks/workspaces"
DOORS = ("databricks_ui_api", "browser_authentication")
STORE = ("blob", "dfs")


class Databricks:
    """A workspace in two subnets of the network; its own storage is closed to all but them.

    `public` is the switch that lets its control plane answer on the internet.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        storage: str,
        network: Network,
        host: str,
        container: str,
        comment: str = "",
        public: str = "",
    ) -> None:
        """`storage` is the name of the account that Databricks makes; `host` and `container` are subnets."""
        for subnet in (host, container):
            if subnet not in network.subnets:
                raise ConstructError(
                    f"the network has no subnet {subnet}", hint=f"It has {', '.join(network.subnets)}."
                )
        self.file, self.name, self.home, self.called, self._storage = file, name, home, called, storage
        self.connector = file.resource(
            "azurerm_databricks_access_connector",
            name,
            name=f"{called}-connector",
            **home.placed,
            identity=block(type="SystemAssigned"),
        )
        self.workspace = file.resource(
            "azurerm_databricks_workspace",
            name,
            comment=comment,
            name=called,
            **home.placed,
            managed_resource_group_name=f"rg-{called}",
            sku="premium",
            public_network_access_enabled=bool(public),
            network_security_group_rules_required="NoAzureDatabricksRules",
            infrastructure_encryption_enabled=True,
            default_storage_firewall_enabled=True,
            access_connector_id=self.connector.id,
            custom_parameters=self._network(network, host, container),
        )
        if public:
            why = "the control plane answers on the internet"
            found = Relaxation(
                public, self.workspace.key, "public_network_access_enabled", ("databricks-public-access",), why
            )
            file.layer.register.relaxations.append(found)
        self.doors = tuple(self._door(subresource) for subresource in (*DOORS, *STORE))
        logged(file, name, self.workspace, ARM, home)

    @property
    def id(self) -> Value:
        return self.workspace.id

    @property
    def url(self) -> Value:
        """Where the workspace is met, such as ``https://adb-….azuredatabricks.net``."""
        return text("https://", self.workspace.ref("workspace_url"))

    def _network(self, network: Network, host: str, container: str) -> object:
        """Source: learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject"""
        return block(
            no_public_ip=True,
            storage_account_name=self._storage,
            virtual_network_id=network.id,
            public_subnet_name=network.subnets[host].ref("name"),
            private_subnet_name=network.subnets[container].ref("name"),
            public_subnet_network_security_group_association_id=network.attached[host].id,
            private_subnet_network_security_group_association_id=network.attached[container].id,
        )

    def _door(self, subresource: str) -> Declared:
        """An endpoint of the workspace, or of the storage account that Databricks made for it."""
        word = subresource.removeprefix("databricks_").split("_", 1)[0]
        if subresource not in STORE:
            return private_endpoint(
                self.file,
                f"{self.name}_{word}",
                called=f"pe-{self.called}-{word}",
                to=self.workspace,
                arm_type=ARM,
                subresource=subresource,
                home=self.home,
            )
        account = text(
            self.workspace.ref("managed_resource_group_id"),
            f"/providers/Microsoft.Storage/storageAccounts/{self._storage}",
        )
        called = f"pe-{self.called}-store-{subresource}"
        return self.file.resource(
            "azurerm_private_endpoint",
            f"{self.name}_store_{subresource}",
            name=called,
            **self.home.placed,
            subnet_id=self.home.endpoints,
            private_service_connection=block(
                name=called,
                private_connection_resource_id=account,
                subresource_names=(subresource,),
                is_manual_connection=False,
            ),
            private_dns_zone_group=block(
                name="default",
                private_dns_zone_ids=self.home.zones.of("Microsoft.Storage/storageAccounts", subresource),
            ),
        )
