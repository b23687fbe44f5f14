"""Azure Container Registry and Kubernetes Service: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/containers; the
versions at which arguments came and went are those at which website/docs/r has them. The add-ons of 2.x stood in
``addon_profile``; 2.97 and 2.99 brought the flat arguments, 3.0 removed the old ones.
"""

from __future__ import annotations

from typing import Any

from ringfence.mapping.identity import IDENTITY, USER_ASSIGNED
from ringfence.mapping.table import COMMON, NOT, AnyRow, Computed, Fold, Nested, Reference, Table, flag, row
from ringfence.model.containers import (
    AadProfile,
    AgentPool,
    ContainerRegistry,
    IpRule,
    ManagedCluster,
    RegistrySubnet,
    RegistryToken,
    RegistryWebhook,
    ScopeMap,
)
from ringfence.model.value import Absent, Known, Unknown

PUBLIC = flag("Enabled", "Disabled")

_SUBNET = "Microsoft.Network/virtualNetworks/subnets"
_WORKSPACE = "Microsoft.OperationalInsights/workspaces"
_KEY = "Microsoft.KeyVault/vaults/keys"

_REGISTRY: tuple[AnyRow, ...] = (
    *COMMON,
    *IDENTITY,
    row("sku", "sku.name", "sku", default={"<3.0": "Classic"}),
    row("admin_user_enabled", "properties.adminUserEnabled", "admin_enabled", default=False, azure=False),
    row(
        "anonymous_pull_enabled",
        "properties.anonymousPullEnabled",
        {">=2.86": "anonymous_pull_enabled"},
        azure=False,
    ),
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        "public_network_access_enabled",
        default=True,
        azure="Enabled",
        codec=PUBLIC,
    ),
    row(
        "network_rule_set_default_action",
        "properties.networkRuleSet.defaultAction",
        "network_rule_set.default_action",
        default="Allow",
        azure="Allow",
    ),
    Nested(
        "network_rule_set_ip_rules",
        "properties.networkRuleSet.ipRules",
        "network_rule_set.ip_rule",
        IpRule,
        (row("action", "action", "action"), row("value", "value", "ip_range")),
    ),
    Nested(
        "network_rule_set_virtual_network_rules",
        "properties.networkRuleSet.virtualNetworkRules",
        {"<4.0": "network_rule_set.virtual_network"},
        RegistrySubnet,
        (row("action", "action", "action"), Reference("subnet", "id", "subnet_id", to=_SUBNET)),
    ),
    row(
        "network_rule_bypass_options",
        "properties.networkRuleBypassOptions",
        {">=2.86": "network_rule_bypass_option"},
        default="AzureServices",
        azure="AzureServices",
    ),
    Reference(
        "encryption_key",
        "properties.encryption.keyVaultProperties.keyIdentifier",
        "encryption.key_vault_key_id",
        to=_KEY,
    ),
    Reference(
        "encryption_identity",
        "properties.encryption.keyVaultProperties.identity",
        "encryption.identity_client_id",
        by="principal",
    ),
    row(
        "export_policy_enabled",
        "properties.policies.exportPolicy.status",
        {">=2.99": "export_policy_enabled"},
        default=True,
        azure=True,
    ),
    row("data_endpoint_enabled", "properties.dataEndpointEnabled", {">=2.86": "data_endpoint_enabled"}, azure=False),
    row("zone_redundancy_enabled", "properties.zoneRedundancy", "zone_redundancy_enabled", default=False, azure=False),
)


def _registry(tf: str) -> Reference:
    return Reference("registry", "", tf, by="name", to=ContainerRegistry.arm_type, scope=("resource_group_name",))


_TOKEN = Reference("token", "", "container_registry_token_id", to=RegistryToken.arm_type)

# -- the cluster


class _Presence:
    """An add-on of 2.x has ``enabled``; later the block itself turns it on."""

    def __init__(self, field: str, flag: str, workspace: str) -> None:
        self._field, self._flag, self._workspace = field, flag, workspace

    def __call__(self, cluster: Any) -> Any:
        own = getattr(cluster, self._flag)
        if not isinstance(own, Absent):
            return own
        blocks = getattr(cluster, self._workspace)
        if blocks.items:
            return Known(self._field, True, blocks.origin)
        if blocks.open:
            return Unknown(self._field, blocks.open.needs, blocks.origin, (True, False))
        return Absent(self._field, own.origin, False)


_OMS = (Reference("workspace", "", "log_analytics_workspace_id", to=_WORKSPACE),)

_ADDONS: tuple[AnyRow, ...] = (
    row(
        "azure_policy_enabled",
        "properties.addonProfiles.azurepolicy.enabled",
        {"<3.0": "addon_profile.azure_policy.enabled", ">=2.97": "azure_policy_enabled"},
        azure=False,
    ),
    row(
        "http_application_routing_enabled",
        "properties.addonProfiles.httpApplicationRouting.enabled",
        {"<3.0": "addon_profile.http_application_routing.enabled", ">=2.97": "http_application_routing_enabled"},
        azure=False,
    ),
    row(
        "kube_dashboard_enabled",
        "properties.addonProfiles.kubeDashboard.enabled",
        {"<3.0": "addon_profile.kube_dashboard.enabled"},
        azure=False,
    ),
    row("addon_oms_agent_enabled", "", {"<3.0": "addon_profile.oms_agent.enabled"}),
    Nested("oms_agent_blocks", "", {">=2.97": "oms_agent"}, AadProfile, _OMS),
    Computed(
        "oms_agent_enabled",
        "properties.addonProfiles.omsagent.enabled",
        _Presence("oms_agent_enabled", "addon_oms_agent_enabled", "oms_agent_blocks"),
    ),
    Reference(
        "oms_agent_workspace",
        "properties.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID",
        {
            "<3.0": "addon_profile.oms_agent.log_analytics_workspace_id",
            ">=2.97": "oms_agent.log_analytics_workspace_id",
        },
        to=_WORKSPACE,
    ),
    Reference(
        "defender_workspace",
        "properties.securityProfile.defender.logAnalyticsWorkspaceResourceId",
        {">=3.3": "microsoft_defender.log_analytics_workspace_id"},
        to=_WORKSPACE,
    ),
    row(
        "secret_rotation_enabled",
        "properties.addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation",
        {">=2.97": "key_vault_secrets_provider.secret_rotation_enabled"},
        default={">=3.0": False},
    ),
)

_ACCESS: tuple[AnyRow, ...] = (
    row("dns_prefix", "properties.dnsPrefix", {"": "dns_prefix", ">=2.60": "dns_prefix_private_cluster"}),
    row(
        "enable_private_cluster",
        "properties.apiServerAccessProfile.enablePrivateCluster",
        {"": "private_cluster_enabled", "<3.0": "private_link_enabled"},
        default={">=3.0": False},
        azure=False,
    ),
    row(
        "enable_private_cluster_public_fqdn",
        "properties.apiServerAccessProfile.enablePrivateClusterPublicFQDN",
        {">=2.73": "private_cluster_public_fqdn_enabled"},
        default=False,
        azure=False,
    ),
    Reference(
        "private_dns_zone",
        "properties.apiServerAccessProfile.privateDNSZone",
        "private_dns_zone_id",
        to="Microsoft.Network/privateDnsZones",
    ),
    row(
        "authorized_ip_ranges",
        "properties.apiServerAccessProfile.authorizedIPRanges",
        {"<4.0": "api_server_authorized_ip_ranges", ">=3.39": "api_server_access_profile.authorized_ip_ranges"},
        azure=(),
    ),
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        {">=3.0,<4.0": "public_network_access_enabled"},
        default=True,
        azure="Enabled",
        codec=PUBLIC,
    ),
    row(
        "enable_rbac",
        "properties.enableRBAC",
        {"<2.99": "role_based_access_control.enabled", ">=2.99": "role_based_access_control_enabled"},
        default={">=2.99": True},
        azure=False,
    ),
    Nested(
        "aad_profiles",
        "properties.aadProfile",
        {
            "<2.99": "role_based_access_control.azure_active_directory",
            ">=2.99": "azure_active_directory_role_based_access_control",
        },
        AadProfile,
        (
            row("managed", "managed", {"<4.0": "managed"}, default=False, azure=True),
            row("enable_azure_rbac", "enableAzureRBAC", "azure_rbac_enabled", azure=False),
            Reference("admin_groups", "adminGroupObjectIDs", "admin_group_object_ids", by="principal", many=True),
        ),
    ),
    row("disable_local_accounts", "properties.disableLocalAccounts", "local_account_disabled", azure=False),
    row(
        "run_command_enabled",
        "properties.apiServerAccessProfile.disableRunCommand",
        {">=3.4": "run_command_enabled"},
        default=True,
        azure=True,
        arm_codec=NOT,
    ),
)

_FIRST_POOL = "properties.agentPoolProfiles[0]."

_POOL: tuple[AnyRow, ...] = (
    Reference("vnet_subnet", _FIRST_POOL + "vnetSubnetID", "default_node_pool.vnet_subnet_id", to=_SUBNET),
    row(
        "enable_encryption_at_host",
        _FIRST_POOL + "enableEncryptionAtHost",
        {"<4.0": "default_node_pool.enable_host_encryption", ">=4.0": "default_node_pool.host_encryption_enabled"},
        azure=False,
    ),
    row("os_disk_type", _FIRST_POOL + "osDiskType", "default_node_pool.os_disk_type", default="Managed"),
    row(
        "enable_node_public_ip",
        _FIRST_POOL + "enableNodePublicIP",
        {"<4.0": "default_node_pool.enable_node_public_ip", ">=4.0": "default_node_pool.node_public_ip_enabled"},
        azure=False,
    ),
)

_CLUSTER: tuple[AnyRow, ...] = (
    *COMMON,
    row("identity_type", "identity.type", "identity.type", azure="None"),
    Reference(
        "user_assigned_identities",
        "identity.userAssignedIdentities{}",
        {"<3.0": "identity.user_assigned_identity_id", ">=3.0": "identity.identity_ids"},
        to=USER_ASSIGNED,
        many=True,
        single=("identity.user_assigned_identity_id",),
    ),
    row("kubernetes_version", "properties.kubernetesVersion", "kubernetes_version"),
    row("sku_tier", "sku.tier", "sku_tier", default="Free", azure="Free"),
    row("node_resource_group", "properties.nodeResourceGroup", "node_resource_group"),
    *_ACCESS,
    *_ADDONS,
    *_POOL,
    row("oidc_issuer_enabled", "properties.oidcIssuerProfile.enabled", {">=3.1": "oidc_issuer_enabled"}, azure=False),
    row(
        "workload_identity_enabled",
        "properties.securityProfile.workloadIdentity.enabled",
        {">=3.27": "workload_identity_enabled"},
        default=False,
        azure=False,
    ),
    Reference(
        "disk_encryption_set",
        "properties.diskEncryptionSetID",
        "disk_encryption_set_id",
        to="Microsoft.Compute/diskEncryptionSets",
    ),
    Reference(
        "key_management_service_key",
        "properties.securityProfile.azureKeyVaultKms.keyId",
        {">=3.40": "key_management_service.key_vault_key_id"},
        to=_KEY,
    ),
    row("network_plugin", "properties.networkProfile.networkPlugin", "network_profile.network_plugin", azure="kubenet"),
    row("network_policy", "properties.networkProfile.networkPolicy", "network_profile.network_policy"),
    row(
        "outbound_type",
        "properties.networkProfile.outboundType",
        "network_profile.outbound_type",
        default="loadBalancer",
        azure="loadBalancer",
    ),
    Reference(
        "kubelet_identity",
        "properties.identityProfile.kubeletidentity.resourceId",
        "kubelet_identity.user_assigned_identity_id",
        to=USER_ASSIGNED,
    ),
    Reference(
        "service_principal",
        "properties.servicePrincipalProfile.clientId",
        "service_principal.client_id",
        by="principal",
    ),
)

_CLUSTER_OF = Reference("cluster", "", "kubernetes_cluster_id", to=ManagedCluster.arm_type)

TABLES = (
    Table(ContainerRegistry, ("azurerm_container_registry",), unique="azure", rows=_REGISTRY),
    Table(
        ScopeMap,
        ("azurerm_container_registry_scope_map",),
        parent=_registry("container_registry_name"),
        unique="parent",
        rows=(*COMMON, _registry("container_registry_name"), row("actions", "properties.actions", "actions")),
    ),
    Table(
        RegistryToken,
        ("azurerm_container_registry_token",),
        parent=_registry("container_registry_name"),
        unique="parent",
        rows=(
            *COMMON,
            _registry("container_registry_name"),
            Reference("scope_map", "properties.scopeMapId", "scope_map_id", to=ScopeMap.arm_type),
            row("enabled", "properties.status", "enabled", default=True, azure=True),
            row("password1_expiry", "properties.credentials.passwords[0].expiry", {}),
            row("password2_expiry", "properties.credentials.passwords[1].expiry", {}),
        ),
    ),
    Table(
        RegistryWebhook,
        ("azurerm_container_registry_webhook",),
        parent=_registry("registry_name"),
        unique="parent",
        rows=(
            *COMMON,
            _registry("registry_name"),
            row("service_uri", "properties.serviceUri", "service_uri"),
            row("status", "properties.status", "status", default="enabled", azure="enabled"),
            row("scope", "properties.scope", "scope", default="", azure=""),
            row("actions", "properties.actions", "actions"),
        ),
    ),
    Table(ManagedCluster, ("azurerm_kubernetes_cluster",), rows=_CLUSTER),
    Table(
        AgentPool,
        ("azurerm_kubernetes_cluster_node_pool",),
        parent=_CLUSTER_OF,
        unique="parent",
        rows=(
            *COMMON,
            _CLUSTER_OF,
            Reference("vnet_subnet", "properties.vnetSubnetID", "vnet_subnet_id", to=_SUBNET),
            row(
                "enable_encryption_at_host",
                "properties.enableEncryptionAtHost",
                {"<4.0": "enable_host_encryption", ">=4.0": "host_encryption_enabled"},
                azure=False,
            ),
            row("os_disk_type", "properties.osDiskType", "os_disk_type", default="Managed"),
            row(
                "enable_node_public_ip",
                "properties.enableNodePublicIP",
                {"<4.0": "enable_node_public_ip", ">=4.0": "node_public_ip_enabled"},
                azure=False,
            ),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = (
    Fold(
        "azurerm_container_registry_token_password",
        RegistryToken,
        _TOKEN,
        (
            row("password1_expiry", "properties.credentials.passwords[0].expiry", "password1.expiry"),
            row("password2_expiry", "properties.credentials.passwords[1].expiry", "password2.expiry"),
        ),
    ),
)
