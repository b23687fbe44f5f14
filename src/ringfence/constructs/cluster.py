"""A private Kubernetes cluster: signed in to by the directory, its disks sealed by a key of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.constructs.grant import GROUP, grant
from ringfence.constructs.identity import Identity
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.naming import fault
from ringfence.constructs.settled import settled
from ringfence.errors import ConstructError
from ringfence.facts import private_link
from ringfence.model.blueprint import Block, Life, block, block_when

if TYPE_CHECKING:
    from ringfence.constructs.encryption import EncryptionKey
    from ringfence.constructs.home import Home
    from ringfence.constructs.registry import Registry
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.ContainerService/managedClusters"
PODS, SERVICES, NAMES = "10.244.0.0/16", "10.245.0.0/16", "10.245.0.10"
"""The cluster's own addresses, which no network of the platform may have."""


class Cluster:
    """A cluster with its identity, disk encryption set, log and lock; it pulls from one registry only.

    `group` is the id of the resource group that its network, its zone and the address that it publishes are in; `after`
    is what its network needs first, such as the way out of its subnet. The identity that it is given is the one that
    opens the key of its disks, as the document has it.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        group: Value,
        subnet: Declared,
        key: EncryptionKey,
        registry: Registry,
        administrators: Value,
        after: tuple[Declared, ...] = (),
        comment: str = "",
    ) -> None:
        wrong = fault("azurerm_kubernetes_cluster", called)
        if wrong:
            raise ConstructError(f"a cluster cannot be called {called}: {wrong}", hint="Give it another name.")
        self.file, self.name, self.home, self.called = file, name, home, called
        self.identity = Identity(file, name, home, called=f"id-{called}", comment="What the cluster itself acts as.")
        self.disks = self._disks(key)
        allowed = (settled(file, f"{name}_roles", *self._allowed(group, subnet)), *after)
        self.cluster = self._cluster(subnet, administrators, comment, allowed)
        self._applications(subnet)
        self._administered(administrators)
        registry.may_pull(
            file,
            f"{name}_pulls",
            who=self.cluster.ref("kubelet_identity.0.object_id"),
            called=f"{called} nodes",
            why="Nodes pull images from the platform's own registry.",
        )
        logged(file, name, self.cluster, ARM, home)
        locked(file, name, self.cluster, home)

    @property
    def id(self) -> Value:
        return self.cluster.id

    @property
    def issuer(self) -> Value:
        """Whose tokens service accounts have; identities trust it."""
        return self.cluster.ref("oidc_issuer_url")

    def may(self, name: str, role: str | Declared, *, on: Value, what: str, why: str) -> Declared:
        """The cluster itself has a role, such as on the address that its load balancer takes."""
        return grant(
            self.file,
            name,
            who=self.identity.principal,
            called=self.identity.called,
            may=role,
            on=on,
            what=what,
            why=why,
        )

    def _disks(self, key: EncryptionKey) -> Declared:
        """Node disks and volumes are sealed by the key, which the cluster's identity alone opens."""
        opens = key.may_wrap(
            self.file, f"{self.name}_key", who=self.identity.principal, called=self.identity.called, why=_OPENS
        )
        return self.file.resource(
            "azurerm_disk_encryption_set",
            self.name,
            name=f"des-{self.called}",
            **self.home.placed,
            encryption_type="EncryptionAtRestWithPlatformAndCustomerKeys",
            auto_key_rotation_enabled=True,
            key_vault_key_id=key.id,
            identity=self.identity.block,
            life=Life(depends_on=(settled(self.file, f"{self.name}_key", opens),)),
        )

    def _allowed(self, group: Value, subnet: Declared) -> tuple[Declared, ...]:
        """What a cluster with a network, a zone and an encryption set of one's own has to be allowed.

        Source: learn.microsoft.com/azure/aks/private-clusters, static-ip and azure-disk-customer-managed-keys
        """
        zone = self._zone
        return (
            self.may(f"{self.name}_network", self._role(group), on=group, what="resource group", why=_NETWORK),
            self.may(f"{self.name}_zone", "Private DNS Zone Contributor", on=zone, what="private DNS zone", why=_ZONE),
            self.may(
                f"{self.name}_subnet",
                "Network Contributor",
                on=subnet.id,
                what=str(subnet.arguments["name"]),
                why="The cluster puts its nodes and its load balancer into the subnet.",
            ),
            self.may(
                f"{self.name}_disks",
                "Reader",
                on=self.disks.id,
                what=str(self.disks.arguments["name"]),
                why="The cluster makes disks that use the encryption set.",
            ),
        )

    def _role(self, group: Value) -> Declared:
        """Microsoft's pages give Network Contributor on the network and on the group, which opens every rule there."""
        return self.file.resource(
            "azurerm_role_definition",
            f"{self.name}_network",
            comment="What the cluster does outside its subnet: no built-in role is as narrow.",
            name=f"network-{self.called}",
            scope=group,
            description="Links a private DNS zone to a network, and finds a public address.",
            permissions=block(actions=_LINKS_AND_FINDS),
            assignable_scopes=(group,),
        )

    @property
    def _zone(self) -> Value:
        return self.home.zones.named(private_link.zones(ARM, "management")[0])

    def _cluster(self, subnet: Declared, administrators: Value, comment: str, after: tuple[Declared, ...]) -> Declared:
        return self.file.resource(
            "azurerm_kubernetes_cluster",
            self.name,
            comment=comment,
            name=self.called,
            **self.home.placed,
            dns_prefix=self.called,
            sku_tier="Standard",
            private_cluster_enabled=True,
            private_cluster_public_fqdn_enabled=False,
            private_dns_zone_id=self._zone,
            role_based_access_control_enabled=True,
            local_account_disabled=True,
            run_command_enabled=False,
            oidc_issuer_enabled=True,
            workload_identity_enabled=True,
            azure_policy_enabled=True,
            automatic_upgrade_channel="patch",
            node_os_upgrade_channel="NodeImage",
            image_cleaner_enabled=True,
            image_cleaner_interval_hours=48,
            disk_encryption_set_id=self.disks.id,
            identity=self.identity.block,
            default_node_pool=block(
                name="system",
                only_critical_addons_enabled=True,
                temporary_name_for_rotation="systemnew",
                **_pool(subnet, 2, 3),
            ),
            network_profile=_network(),
            azure_active_directory_role_based_access_control=block(
                azure_rbac_enabled=True, tenant_id=self.home.tenant, admin_group_object_ids=(administrators,)
            ),
            key_vault_secrets_provider=block(secret_rotation_enabled=True, secret_rotation_interval="2m"),
            oms_agent=self._agent(),
            storage_profile=block(blob_driver_enabled=False, file_driver_enabled=False),
            life=Life(depends_on=after),
        )

    def _applications(self, subnet: Declared) -> None:
        """Applications have nodes of their own, apart from what runs the cluster."""
        self.file.resource(
            "azurerm_kubernetes_cluster_node_pool",
            "applications",
            name="apps",
            kubernetes_cluster_id=self.cluster.id,
            mode="User",
            temporary_name_for_rotation="appsnew",
            **_pool(subnet, 3, 6),
        )

    def _agent(self) -> Block:
        return block_when(
            self.home.logs, log_analytics_workspace_id=self.home.workspace, msi_auth_for_monitoring_enabled=True
        )

    def _administered(self, administrators: Value) -> None:
        grant(
            self.file,
            f"{self.name}_administrators",
            who=administrators,
            called="administrators",
            may="Azure Kubernetes Service RBAC Cluster Admin",
            on=self.cluster.id,
            what=self.called,
            why="Those who run the platform deploy into the cluster.",
            kind=GROUP,
        )


def _pool(subnet: Declared, least: int, most: int) -> dict[str, Any]:
    """What every pool of nodes has: disks under the cluster's key, encrypted at the host, no address of their own."""
    return {
        "vm_size": "Standard_D4ds_v5",
        "os_sku": "AzureLinux3",
        "vnet_subnet_id": subnet.id,
        "zones": ("1", "2", "3"),
        "auto_scaling_enabled": True,
        "min_count": least,
        "max_count": most,
        "max_pods": 60,
        "host_encryption_enabled": True,
        "node_public_ip_enabled": False,
        "os_disk_type": "Managed",
        "upgrade_settings": block(max_surge="33%"),
    }


def _network() -> Block:
    """Pods have addresses of their own, and what they may say to one another is decided by policies."""
    return block(
        network_plugin="azure",
        network_plugin_mode="overlay",
        network_policy="cilium",
        network_data_plane="cilium",
        outbound_type="userAssignedNATGateway",
        load_balancer_sku="standard",
        pod_cidr=PODS,
        service_cidr=SERVICES,
        dns_service_ip=NAMES,
    )


_OPENS = "The cluster's identity alone opens the key of its disks; without this no node starts and no volume is read."
_NETWORK = "The cluster links its zone to its network, and finds the published address among the group's."
_LINKS_AND_FINDS = (
    "Microsoft.Network/virtualNetworks/read",
    "Microsoft.Network/virtualNetworks/join/action",
    "Microsoft.Network/publicIPAddresses/read",
)
"""Without the second Azure refuses a cluster with a zone of one's own (Azure/AKS#2711); with the third the load
balancer's controller lists the addresses of the group that a Service names (Azure/AKS#921)."""
_ZONE = "The cluster enters its API server's private address in the zone."
