"""Azure Container Registry and Azure Kubernetes Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.containers import AgentPool, ContainerRegistry, ManagedCluster
from ringfence.model.judge import equals, is_off, is_on, one_of
from ringfence.model.verdict import Evidence, Verdict, not_applicable, some
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.public import closed
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


@check("acr-admin-user", ContainerRegistry, severity="high", fix="Set admin_enabled = false.")
def acr_admin_user(registry: ContainerRegistry) -> Verdict:
    """The registry's shared account is off: everybody signs in as somebody.

    Source: learn.microsoft.com/azure/container-registry/container-registry-authentication, "Admin account"
    """
    return is_off(registry.admin_user_enabled)


@check(
    "acr-public-access",
    ContainerRegistry,
    severity="high",
    fix="Set public_network_access_enabled = false and add a private endpoint.",
)
def acr_public_access(registry: ContainerRegistry) -> Verdict:
    """The registry is reached through private endpoints only.

    Source: learn.microsoft.com/azure/container-registry/container-registry-private-link
    """
    return equals(registry.public_network_access, "Disabled")


@check("acr-anonymous-pull", ContainerRegistry, severity="high", fix="Set anonymous_pull_enabled = false.")
def acr_anonymous_pull(registry: ContainerRegistry) -> Verdict:
    """Nobody pulls an image without signing in.

    Source: learn.microsoft.com/azure/container-registry/anonymous-pull-access
    """
    return is_off(registry.anonymous_pull_enabled)


@check(
    "aks-private-cluster",
    ManagedCluster,
    severity="high",
    fix="Set private_cluster_enabled = true. The cluster has to be made anew.",
)
def private_cluster(cluster: ManagedCluster) -> Verdict:
    """The Kubernetes API has a private address only.

    Source: learn.microsoft.com/azure/aks/private-clusters
    """
    return is_on(cluster.enable_private_cluster)


@check(
    "aks-api-server-ranges",
    ManagedCluster,
    severity="high",
    fix="List the permitted addresses in api_server_access_profile.authorized_ip_ranges, or make the cluster private.",
)
def api_server_ranges(cluster: ManagedCluster, estate: Estate) -> Verdict:
    """A Kubernetes API on the internet admits listed addresses only, and these are not the whole internet.

    Source: learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    """
    private = is_on(cluster.enable_private_cluster)
    if private.outcome == "pass":
        return not_applicable("the cluster is private")
    return closed(next(iter(doors(cluster, estate))), estate)


@check("aks-rbac", ManagedCluster, severity="high", fix="Set role_based_access_control_enabled = true.")
def rbac(cluster: ManagedCluster) -> Verdict:
    """Kubernetes authorises by role.

    Source: learn.microsoft.com/azure/aks/concepts-identity, "Kubernetes RBAC"
    """
    return is_on(cluster.enable_rbac)


@check(
    "aks-directory-sign-in",
    ManagedCluster,
    severity="high",
    fix="Add azure_active_directory_role_based_access_control with admin_group_object_ids.",
)
def directory_sign_in(cluster: ManagedCluster) -> Verdict:
    """Users sign in to the cluster through Microsoft Entra, in the form that Azure manages.

    Source: learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id
    """
    profiles = cluster.aad_profiles
    found = some(profiles, [is_on(profile.managed) for profile in profiles])
    if found.evidence:
        return found
    evidence = Evidence(profiles.field, "a profile that Azure manages", None, profiles.origin, "fail")
    return Verdict("fail", (evidence,), "no directory is set up")


@check(
    "aks-local-accounts",
    ManagedCluster,
    severity="medium",
    fix="Set local_account_disabled = true.",
)
def local_accounts(cluster: ManagedCluster) -> Verdict:
    """The cluster has no accounts besides those of the directory.

    Source: learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad
    """
    return is_on(cluster.disable_local_accounts)


@check("aks-azure-policy", ManagedCluster, severity="medium", fix="Set azure_policy_enabled = true.")
def azure_policy(cluster: ManagedCluster) -> Verdict:
    """Azure Policy guards what may run in the cluster.

    Source: learn.microsoft.com/azure/aks/use-azure-policy
    """
    return is_on(cluster.azure_policy_enabled)


@check(
    "aks-network-policy",
    ManagedCluster,
    severity="medium",
    fix='Set network_profile.network_policy = "azure", "calico" or "cilium".',
)
def network_policy(cluster: ManagedCluster) -> Verdict:
    """Rules between pods are enforced.

    Source: learn.microsoft.com/azure/aks/use-network-policies
    """
    return one_of(cluster.network_policy, "azure", "calico", "cilium")


@check("aks-dashboard", ManagedCluster, severity="medium", fix="Remove kube_dashboard, or set enabled = false in it.")
def dashboard(cluster: ManagedCluster) -> Verdict:
    """The Kubernetes dashboard is not installed.

    Source: learn.microsoft.com/azure/aks/kubernetes-dashboard (the add-on was withdrawn with 1.19)
    """
    return is_off(cluster.kube_dashboard_enabled)


@check(
    "aks-logs",
    ManagedCluster,
    severity="medium",
    fix="Add oms_agent with log_analytics_workspace_id.",
)
def logs(cluster: ManagedCluster) -> Verdict:
    """Containers' logs and metrics go to a Log Analytics workspace.

    Source: learn.microsoft.com/azure/azure-monitor/containers/container-insights-overview
    """
    return is_on(cluster.oms_agent_enabled)


@check(
    "aks-disks-customer-key",
    ManagedCluster,
    severity="medium",
    fix="Set disk_encryption_set_id. The cluster has to be made anew.",
)
def disks_customer_key(cluster: ManagedCluster, estate: Estate) -> Verdict:
    """System disks and volumes are encrypted under the customer's key.

    Source: learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys
    """
    return is_given(cluster, cluster.disk_encryption_set, estate, "a disk encryption set")


@check(
    "aks-encryption-at-host",
    ManagedCluster,
    severity="low",
    fix="Set default_node_pool.host_encryption_enabled = true (enable_host_encryption before 4.0).",
)
def cluster_encryption_at_host(cluster: ManagedCluster) -> Verdict:
    """The default pool's caches and temporary disks are encrypted on the host.

    Source: learn.microsoft.com/azure/aks/enable-host-encryption
    """
    return is_on(cluster.enable_encryption_at_host)


@check(
    "aks-node-public-ip",
    ManagedCluster,
    severity="high",
    fix="Set default_node_pool.node_public_ip_enabled = false (enable_node_public_ip before 4.0).",
)
def cluster_node_public_ip(cluster: ManagedCluster) -> Verdict:
    """Nodes of the default pool have no public address of their own.

    Source: learn.microsoft.com/azure/aks/use-node-public-ips
    """
    return is_off(cluster.enable_node_public_ip)


@check(
    "aks-pool-encryption-at-host",
    AgentPool,
    severity="low",
    fix="Set host_encryption_enabled = true (enable_host_encryption before 4.0).",
)
def pool_encryption_at_host(pool: AgentPool) -> Verdict:
    """A node pool's caches and temporary disks are encrypted on the host.

    Source: learn.microsoft.com/azure/aks/enable-host-encryption
    """
    return is_on(pool.enable_encryption_at_host)


@check(
    "aks-pool-node-public-ip",
    AgentPool,
    severity="high",
    fix="Set node_public_ip_enabled = false (enable_node_public_ip before 4.0).",
)
def pool_node_public_ip(pool: AgentPool) -> Verdict:
    """Nodes of a pool have no public address of their own.

    Source: learn.microsoft.com/azure/aks/use-node-public-ips
    """
    return is_off(pool.enable_node_public_ip)


@check(
    "aks-managed-identity",
    ManagedCluster,
    severity="medium",
    fix='Add an identity block with type = "UserAssigned" or "SystemAssigned" and remove service_principal.',
)
def managed_identity(cluster: ManagedCluster) -> Verdict:
    """The cluster acts by a managed identity and not by a service principal's password.

    Source: learn.microsoft.com/azure/aks/use-managed-identity
    """
    return one_of(cluster.identity_type, "SystemAssigned", "UserAssigned")
