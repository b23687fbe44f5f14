"""Kinds of Azure Container Registry and Azure Kubernetes Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class ContainerRegistry(IdentityHolder):
    """A registry of container images."""

    arm_type = "Microsoft.ContainerRegistry/registries"

    sku: Attr[str]
    admin_user_enabled: Attr[bool]
    """A user name and two passwords that are nobody's in particular. Azure's default is false."""
    anonymous_pull_enabled: Attr[bool]
    public_network_access: Attr[str]
    network_rule_set_default_action: Attr[str]
    network_rule_set_ip_rules: Many[IpRule]
    network_rule_set_virtual_network_rules: Many[RegistrySubnet]
    """A preview of Azure's that azurerm had until 4.0."""
    network_rule_bypass_options: Attr[str]
    """``AzureServices``, Azure's default, or ``None``."""
    encryption_key: Link
    encryption_identity: Link
    """The user-assigned identity that unwraps the key, by its client id."""
    export_policy_enabled: Attr[bool]
    data_endpoint_enabled: Attr[bool]
    zone_redundancy_enabled: Attr[bool]


class IpRule(Block):
    """One address range that a registry's firewall admits."""

    action: Attr[str]
    value: Attr[str]


class RegistrySubnet(Block):
    """One subnet that a registry's firewall admits."""

    action: Attr[str]
    subnet: Link


class ScopeMap(Resource):
    """What a registry's token may do, by repository."""

    arm_type = "Microsoft.ContainerRegistry/registries/scopeMaps"

    registry: Link
    actions: Attr[tuple[str, ...]]


class RegistryToken(Resource):
    """A registry's credential that is limited to a scope map."""

    arm_type = "Microsoft.ContainerRegistry/registries/tokens"

    registry: Link
    scope_map: Link
    enabled: Attr[bool]
    password1_expiry: Attr[str]
    password2_expiry: Attr[str]


class RegistryWebhook(Resource):
    """An address that a registry calls when an image is pushed or deleted."""

    arm_type = "Microsoft.ContainerRegistry/registries/webhooks"

    registry: Link
    service_uri: Attr[str]
    status: Attr[str]
    scope: Attr[str]
    actions: Attr[tuple[str, ...]]


class AadProfile(Block):
    """How a cluster signs users in through Microsoft Entra."""

    managed: Attr[bool]
    """Azure runs the integration; false is the legacy form with its own applications and a secret."""
    enable_azure_rbac: Attr[bool]
    admin_groups: Many[Link]


class ManagedCluster(IdentityHolder):
    """A Kubernetes cluster."""

    arm_type = "Microsoft.ContainerService/managedClusters"

    kubernetes_version: Attr[str]
    sku_tier: Attr[str]
    node_resource_group: Attr[str]

    dns_prefix: Attr[str]
    """The beginning of the API server's host name."""
    enable_private_cluster: Attr[bool]
    """The API server has a private address only. Azure's default is false."""
    enable_private_cluster_public_fqdn: Attr[bool]
    private_dns_zone: Link
    authorized_ip_ranges: Attr[tuple[str, ...]]
    public_network_access: Attr[str]
    enable_rbac: Attr[bool]
    aad_profiles: Many[AadProfile]
    """None, or one."""
    disable_local_accounts: Attr[bool]
    run_command_enabled: Attr[bool]

    azure_policy_enabled: Attr[bool]
    http_application_routing_enabled: Attr[bool]
    kube_dashboard_enabled: Attr[bool]
    oms_agent_enabled: Attr[bool]
    oms_agent_workspace: Link
    defender_workspace: Link
    secret_rotation_enabled: Attr[bool]
    oidc_issuer_enabled: Attr[bool]
    workload_identity_enabled: Attr[bool]

    disk_encryption_set: Link
    key_management_service_key: Link
    network_plugin: Attr[str]
    network_policy: Attr[str]
    outbound_type: Attr[str]
    vnet_subnet: Link
    """The subnet of the default node pool."""
    enable_encryption_at_host: Attr[bool]
    os_disk_type: Attr[str]
    """``Managed`` or ``Ephemeral``, of the default node pool."""
    enable_node_public_ip: Attr[bool]
    kubelet_identity: Link
    service_principal: Link


class AgentPool(Resource):
    """A further node pool of a cluster."""

    arm_type = "Microsoft.ContainerService/managedClusters/agentPools"

    cluster: Link
    vnet_subnet: Link
    enable_encryption_at_host: Attr[bool]
    os_disk_type: Attr[str]
    """``Managed`` or ``Ephemeral``: on the machine that runs the node, and lost with it."""
    enable_node_public_ip: Attr[bool]
