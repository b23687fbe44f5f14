"""Azure Storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.judge import at_least, equals, includes, is_off, is_on, one_of
from ringfence.model.storage import BlobContainer, StorageAccount
from ringfence.model.verdict import all_of, any_of, not_applicable
from ringfence.questions.custody.custody import custody
from ringfence.questions.logs.categories import serves
from ringfence.questions.logs.settings import sent
from ringfence.questions.reach.private import private_endpoints

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Verdict

SUBRESOURCES = (
    "blob",
    "blob_secondary",
    "table",
    "table_secondary",
    "queue",
    "queue_secondary",
    "file",
    "web",
    "web_secondary",
    "dfs",
    "dfs_secondary",
)
"""Source: learn.microsoft.com/azure/private-link/private-endpoint-dns"""

WRITTEN = ("StorageRead", "StorageWrite", "StorageDelete")
"""The log categories of each service of an account.

Source: learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference
"""

_LOG = "Add an azurerm_monitor_diagnostic_setting on the {0} service (target_resource_id ends in "
_LOG += "/{0}Services/default) with the categories StorageRead, StorageWrite and StorageDelete."


@check(
    "storage-secure-transfer",
    StorageAccount,
    severity="high",
    fix="Set https_traffic_only_enabled = true (enable_https_traffic_only before 3.114), or leave it out.",
)
def secure_transfer(account: StorageAccount) -> Verdict:
    """Requests that are not encrypted are refused.

    Source: learn.microsoft.com/azure/storage/common/storage-require-secure-transfer
    """
    return is_on(account.supports_https_traffic_only)


@check(
    "storage-infrastructure-encryption",
    StorageAccount,
    severity="medium",
    fix="Set infrastructure_encryption_enabled = true. It is decided when the account is made.",
)
def infrastructure_encryption(account: StorageAccount) -> Verdict:
    """Data is encrypted a second time, under another key, in the infrastructure.

    Source: learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable
    """
    return is_on(account.require_infrastructure_encryption)


@check(
    "storage-key-rotation-reminder",
    StorageAccount,
    severity="low",
    fix="Set keyPolicy.keyExpirationPeriodInDays with azapi or in the portal: azurerm has no argument for it.",
)
def key_rotation_reminder(account: StorageAccount) -> Verdict:
    """Azure reminds the owner to renew the account's keys.

    Source: learn.microsoft.com/azure/storage/common/storage-account-keys-manage
    """
    return at_least(account.key_expiration_period_in_days, 1)


@check("storage-queue-logging", StorageAccount, severity="medium", fix=_LOG.format("queue"))
def queue_logging(account: StorageAccount, estate: Estate) -> Verdict:
    """Who reads, writes and deletes messages of a queue is logged.

    Either a diagnostic setting on the queue service sends the logs, or the service keeps classic ones.

    Source: learn.microsoft.com/azure/storage/queues/monitor-queue-storage
    """
    classic = all_of(
        is_on(account.queue_logging_read), is_on(account.queue_logging_write), is_on(account.queue_logging_delete)
    )
    return _served(account, "queue") or any_of(_logged(account, estate, "queueservices"), classic)


@check("storage-blob-logging", StorageAccount, severity="medium", fix=_LOG.format("blob"))
def blob_logging(account: StorageAccount, estate: Estate) -> Verdict:
    """Who reads, writes and deletes blobs is logged.

    A diagnostic setting on the account itself sends metrics and not one of these logs.

    Source: learn.microsoft.com/azure/storage/blobs/monitor-blob-storage
    """
    return _served(account, "blob") or _logged(account, estate, "blobservices")


@check("storage-table-logging", StorageAccount, severity="medium", fix=_LOG.format("table"))
def table_logging(account: StorageAccount, estate: Estate) -> Verdict:
    """Who reads, writes and deletes entities of a table is logged.

    Source: learn.microsoft.com/azure/storage/tables/monitor-table-storage
    """
    return _served(account, "table") or _logged(account, estate, "tableservices")


@check(
    "storage-blob-public-access",
    StorageAccount,
    severity="high",
    fix="Set allow_nested_items_to_be_public = false: from 3.0 the default is true. Before, allow_blob_public_access.",
)
def blob_public_access(account: StorageAccount) -> Verdict:
    """No container of the account can be opened to anonymous readers.

    Source: learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
    """
    return is_off(account.allow_blob_public_access)


@check(
    "storage-container-private",
    BlobContainer,
    severity="high",
    fix='Set container_access_type = "private".',
)
def container_private(container: BlobContainer) -> Verdict:
    """Nobody reads the container without signing in.

    Source: learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure
    """
    return equals(container.public_access, "None")


@check(
    "storage-network-default-deny",
    StorageAccount,
    severity="high",
    fix='Add network_rules with default_action = "Deny" and name the networks that need the account.',
)
def network_default_deny(account: StorageAccount) -> Verdict:
    """A network that no rule names cannot reach the account's public front door.

    The rule is judged also where public network access is disabled, since it is what stands when that is
    enabled again.

    Source: learn.microsoft.com/azure/storage/common/storage-network-security
    """
    return equals(account.network_acls_default_action, "Deny")


@check(
    "storage-trusted-services",
    StorageAccount,
    severity="medium",
    fix='Include "AzureServices" in network_rules.bypass, or leave bypass out.',
)
def trusted_services(account: StorageAccount) -> Verdict:
    """Azure's own backup, logging and event services pass the account's firewall.

    What bypass says is judged, also where the default action is Allow or public network access is disabled, as
    Azure's own policy for it does.

    Source: github.com/Azure/azure-policy StorageAccess_TrustedMicrosoftServices_Audit
    """
    return includes(account.network_acls_bypass, ["AzureServices"])


@check(
    "storage-private-endpoint",
    StorageAccount,
    severity="medium",
    fix="Add an azurerm_private_endpoint for each service in use, with a DNS zone group for its privatelink zone, "
    "linked to its network.",
)
def private_endpoint(account: StorageAccount, estate: Estate) -> Verdict:
    """The account is reached through a private endpoint.

    An endpoint to any of its services will do.

    Source: learn.microsoft.com/azure/storage/common/storage-private-endpoints
    """
    return private_endpoints(account, estate, SUBRESOURCES)


@check(
    "storage-data-lake-private-endpoints",
    StorageAccount,
    severity="low",
    fix='Add private endpoints for both "dfs" and "blob".',
)
def data_lake_private_endpoints(account: StorageAccount, estate: Estate) -> Verdict:
    """A data lake has private endpoints for both of its doors, since a request to one may be sent to the other.

    Source: learn.microsoft.com/azure/storage/common/storage-private-endpoints
    """
    lake = is_on(account.is_hns_enabled)
    if lake.outcome == "fail":
        return not_applicable("it is no data lake")
    return all_of(lake, *(private_endpoints(account, estate, (group,)) for group in ("dfs", "blob")))


@check(
    "storage-blob-soft-delete",
    StorageAccount,
    severity="medium",
    fix="Add delete_retention_policy to blob_properties; days = 7 is its default.",
)
def blob_soft_delete(account: StorageAccount) -> Verdict:
    """A deleted blob can be brought back for a while.

    Source: learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
    """
    return _served(account, "blob") or at_least(account.blob_delete_retention_days, 1)


@check(
    "storage-container-soft-delete",
    StorageAccount,
    severity="medium",
    fix="Add container_delete_retention_policy to blob_properties; days = 7 is its default.",
)
def container_soft_delete(account: StorageAccount) -> Verdict:
    """A deleted container can be brought back for a while.

    Source: learn.microsoft.com/azure/storage/blobs/soft-delete-container-overview
    """
    return _served(account, "blob") or at_least(account.container_delete_retention_days, 1)


@check(
    "storage-customer-managed-key",
    StorageAccount,
    severity="medium",
    fix="Add customer_managed_key, or an azurerm_storage_account_customer_managed_key, naming a key of yours.",
)
def customer_managed_key(account: StorageAccount, estate: Estate) -> Verdict:
    """The account is encrypted under a key that its owner manages.

    Source: learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
    """
    return custody(account, estate).customer_managed


@check(
    "storage-minimum-tls",
    StorageAccount,
    severity="high",
    fix='Set min_tls_version = "TLS1_2"; before 3.0 the default is TLS1_0.',
)
def minimum_tls(account: StorageAccount) -> Verdict:
    """Clients must speak TLS 1.2 or later.

    Source: learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version
    """
    return one_of(account.minimum_tls_version, "TLS1_2", "TLS1_3")


@check(
    "storage-public-network-access",
    StorageAccount,
    severity="medium",
    fix="Set public_network_access_enabled = false.",
)
def public_network_access(account: StorageAccount) -> Verdict:
    """The account has no public front door.

    Source: learn.microsoft.com/azure/storage/common/storage-network-security
    """
    return equals(account.public_network_access, "Disabled")


@check(
    "storage-shared-key-access",
    StorageAccount,
    severity="medium",
    fix="Set shared_access_key_enabled = false and give roles to the principals that need data.",
)
def shared_key_access(account: StorageAccount) -> Verdict:
    """The account's keys open nothing: who reads data has signed in to the directory.

    Source: learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent
    """
    return is_off(account.allow_shared_key_access)


def _served(account: StorageAccount, service: str) -> Verdict | None:
    """None when the account may have the service, else "not applicable"."""
    if serves(account, service):
        return None
    kind = getattr(account.kind, "value", "")
    return not_applicable(f"an account of kind {kind} has no {service} service")


def _logged(account: StorageAccount, estate: Estate, service: str) -> Verdict:
    return sent(account, estate, WRITTEN, (service, "default"))
