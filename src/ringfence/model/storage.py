"""Kinds of Azure Storage (Microsoft.Storage)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class ResourceAccessRule(Block):
    """Resource instances of one service that pass the firewall whatever network they are in."""

    resource_id: Link
    tenant_id: Attr[str]


class StorageAccount(IdentityHolder):
    """An account holding blobs, files, queues and tables."""

    arm_type = "Microsoft.Storage/storageAccounts"

    kind: Attr[str]
    """"StorageV2", "BlobStorage", "BlockBlobStorage", "FileStorage" or "Storage" (first generation)."""
    sku_tier: Attr[str]
    replication: Attr[str]
    is_hns_enabled: Attr[bool]
    """A hierarchical namespace: the account is a data lake, also served at the "dfs" endpoint."""
    supports_https_traffic_only: Attr[bool]
    """Requests over plain HTTP are refused."""
    minimum_tls_version: Attr[str]
    """"TLS1_0", "TLS1_1" or "TLS1_2"."""
    allow_blob_public_access: Attr[bool]
    """A container may be opened to anonymous readers; false closes them all."""
    allow_shared_key_access: Attr[bool]
    """Whoever holds an account key, or a signature made with one, may do what the key may."""
    default_to_oauth_authentication: Attr[bool]
    allow_cross_tenant_replication: Attr[bool]
    is_local_user_enabled: Attr[bool]
    is_sftp_enabled: Attr[bool]
    is_nfs_v3_enabled: Attr[bool]

    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints and trusted services remain."""
    network_acls_default_action: Attr[str]
    """"Allow" or "Deny": what happens to a network that no rule names."""
    network_acls_bypass: Attr[tuple[str, ...]]
    """Who passes the rules: "AzureServices", "Logging", "Metrics", or "None"."""
    network_acls_ip_rules: Attr[tuple[str, ...]]
    network_acls_virtual_network_rules: Many[Link]
    network_acls_resource_access_rules: Many[ResourceAccessRule]

    require_infrastructure_encryption: Attr[bool]
    """Data is encrypted twice, with two keys and two algorithms. Decided at creation."""
    encryption_key: Link
    """The customer-managed key, by its id; unset where Microsoft manages the key."""
    encryption_key_name: Link
    """The customer-managed key, by its name in `encryption_key_vault`."""
    encryption_key_vault: Link
    encryption_key_version: Attr[str]
    """The version that a key named apart is held at; the newest one when absent."""
    encryption_identity: Link
    """The user-assigned identity that unwraps the key."""
    queue_encryption_key_type: Attr[str]
    """"Account" when the account's key protects queues, "Service" when Microsoft's does."""
    table_encryption_key_type: Attr[str]

    blob_delete_retention_days: Attr[int]
    """How long deleted blobs are kept, 1 to 365 days; absent when soft delete is off."""
    container_delete_retention_days: Attr[int]
    """How long deleted containers are kept, 1 to 365 days; absent when soft delete is off."""
    share_delete_retention_days: Attr[int]
    """How long deleted file shares are kept, 1 to 365 days; absent when soft delete is off."""
    is_versioning_enabled: Attr[bool]
    change_feed_enabled: Attr[bool]
    key_expiration_period_in_days: Attr[int]
    """Azure reminds the owner when a key of the account is older; never when absent."""
    sas_expiration_period: Attr[str]
    """The longest life of a shared access signature, as days.hours:minutes:seconds."""
    sas_expiration_action: Attr[str]

    queue_logging_read: Attr[bool]
    """Classic logging of the queue service, into $logs of the account itself."""
    queue_logging_write: Attr[bool]
    queue_logging_delete: Attr[bool]
    queue_logging_retention_days: Attr[int]
    """How long classic logs are kept, in days; for ever when absent."""
    static_website_index: Attr[str]
    """The page of a static website, which anybody may read; absent when there is none."""
    static_website_error: Attr[str]


class BlobContainer(Resource):
    """A container of blobs; in a data lake, a file system."""

    arm_type = "Microsoft.Storage/storageAccounts/blobServices/containers"

    account: Link
    public_access: Attr[str]
    """"None", "Blob" (anybody may read a blob whose name they know) or "Container" (and list them)."""
    default_encryption_scope: Attr[str]


class Queue(Resource):
    """A queue of messages."""

    arm_type = "Microsoft.Storage/storageAccounts/queueServices/queues"

    account: Link


class Table(Resource):
    """A table of entities."""

    arm_type = "Microsoft.Storage/storageAccounts/tableServices/tables"

    account: Link


class FileShare(Resource):
    """A share of files."""

    arm_type = "Microsoft.Storage/storageAccounts/fileServices/shares"

    account: Link
    enabled_protocols: Attr[str]
    """"SMB" or "NFS"."""
    share_quota: Attr[int]
    """The largest size, in GiB."""


class EncryptionScope(Resource):
    """A part of an account that is encrypted under a key of its own."""

    arm_type = "Microsoft.Storage/storageAccounts/encryptionScopes"

    account: Link
    source: Attr[str]
    """"Microsoft.Storage" or "Microsoft.KeyVault": who manages the key."""
    encryption_key: Link
    require_infrastructure_encryption: Attr[bool]


class Blob(Resource):
    """One blob that Terraform uploads."""

    arm_type = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"

    account: Link
    container: Attr[str]
    source: Attr[str]
