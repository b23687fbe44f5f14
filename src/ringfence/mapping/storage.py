"""Azure Storage: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/storage; the
versions at which arguments came are those of its changelog.
"""

from __future__ import annotations

from ringfence.mapping.codecs import DAYS, FAMILY, KEY, TIER
from ringfence.mapping.identity import IDENTITY, USER_ASSIGNED
from ringfence.mapping.table import COMMON, AnyRow, Codec, Fold, Nested, Reference, Row, Table, flag, row
from ringfence.model import storage as model
from ringfence.model.storage import ResourceAccessRule, StorageAccount

ACCOUNT = "Microsoft.Storage/storageAccounts"
_KEY = "Microsoft.KeyVault/vaults/keys"
_SUBNET = "Microsoft.Network/virtualNetworks/subnets"

_ACCESS: tuple[Row | Reference | Nested, ...] = (
    Reference("resource_id", "resourceId", "endpoint_resource_id"),
    row("tenant_id", "tenantId", "endpoint_tenant_id"),
)


def _network(prefix: str) -> tuple[AnyRow, ...]:
    """The firewall, inside the account or as a resource of its own.

    Without rules the provider sends Allow; without a bypass Azure lets trusted services through.
    Source: v3.47.0 storage_account_resource.go expandStorageAccountNetworkRules; website/docs/r/storage_account.
    """
    acls = "properties.networkAcls"
    return (
        row("network_acls_default_action", f"{acls}.defaultAction", f"{prefix}default_action", azure="Allow"),
        row("network_acls_bypass", f"{acls}.bypass", f"{prefix}bypass", azure=("AzureServices",)),
        row("network_acls_ip_rules", f"{acls}.ipRules[].value", f"{prefix}ip_rules", azure=()),
        Reference(
            "network_acls_virtual_network_rules",
            f"{acls}.virtualNetworkRules[].id",
            f"{prefix}virtual_network_subnet_ids",
            to=_SUBNET,
            many=True,
        ),
        Nested(
            "network_acls_resource_access_rules",
            f"{acls}.resourceAccessRules",
            f"{prefix}private_link_access",
            ResourceAccessRule,
            _ACCESS,
        ),
    )


def _queue_logging(prefix: str) -> tuple[AnyRow, ...]:
    logging = "data:queueServices/default:logging"
    return (
        row("queue_logging_read", f"{logging}.read", f"{prefix}logging.read", azure=False),
        row("queue_logging_write", f"{logging}.write", f"{prefix}logging.write", azure=False),
        row("queue_logging_delete", f"{logging}.delete", f"{prefix}logging.delete", azure=False),
        row(
            "queue_logging_retention_days", f"{logging}.retentionPolicy.days", f"{prefix}logging.retention_policy_days"
        ),
    )


_SECURITY: tuple[AnyRow, ...] = (
    row(
        "supports_https_traffic_only",
        "properties.supportsHttpsTrafficOnly",
        {"<4.0": "enable_https_traffic_only", ">=3.114": "https_traffic_only_enabled"},
        default=True,
        azure=True,
    ),
    row(
        "minimum_tls_version",
        "properties.minimumTlsVersion",
        "min_tls_version",
        default={"<3.0": "TLS1_0", ">=3.0": "TLS1_2"},
        azure="TLS1_0",
    ),
    row(
        "allow_blob_public_access",
        "properties.allowBlobPublicAccess",
        {"<3.0": "allow_blob_public_access", ">=3.0": "allow_nested_items_to_be_public"},
        default={"<3.0": False, ">=3.0": True},
    ),
    row(
        "allow_shared_key_access",
        "properties.allowSharedKeyAccess",
        {">=2.72": "shared_access_key_enabled"},
        default={">=2.72": True},
        azure=True,
    ),
    row(
        "default_to_oauth_authentication",
        "properties.defaultToOAuthAuthentication",
        {">=3.19": "default_to_oauth_authentication"},
        default={">=3.19": False},
        azure=False,
    ),
    row(
        "allow_cross_tenant_replication",
        "properties.allowCrossTenantReplication",
        {">=3.5": "cross_tenant_replication_enabled"},
        default={">=3.5,<4.0": True, ">=4.0": False},
        azure=True,
    ),
    row(
        "is_local_user_enabled",
        "properties.isLocalUserEnabled",
        {">=3.91": "local_user_enabled"},
        default={">=3.91": True},
        azure=True,
    ),
    row(
        "is_sftp_enabled",
        "properties.isSftpEnabled",
        {">=3.34": "sftp_enabled"},
        default={">=3.34": False},
        azure=False,
    ),
    row("is_nfs_v3_enabled", "properties.isNfsV3Enabled", "nfsv3_enabled", default=False, azure=False),
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        {">=3.21": "public_network_access_enabled"},
        default={">=3.21": True},
        azure="Enabled",
        codec=flag("Enabled", "Disabled"),
    ),
    *_network("network_rules."),
    row("key_expiration_period_in_days", "properties.keyPolicy.keyExpirationPeriodInDays", {"": ""}),
    row(
        "sas_expiration_period", "properties.sasPolicy.sasExpirationPeriod", {">=3.32": "sas_policy.expiration_period"}
    ),
    row(
        "sas_expiration_action",
        "properties.sasPolicy.expirationAction",
        {">=3.32": "sas_policy.expiration_action"},
        default="Log",
    ),
)

_ENCRYPTION: tuple[AnyRow, ...] = (
    row(
        "require_infrastructure_encryption",
        "properties.encryption.requireInfrastructureEncryption",
        {">=2.92": "infrastructure_encryption_enabled"},
        default={">=2.92": False},
        azure=False,
    ),
    Reference(
        "encryption_key",
        "properties.encryption.keyVaultProperties",
        {
            ">=2.91": "customer_managed_key.key_vault_key_id",
            ">=3.103": "customer_managed_key.managed_hsm_key_id",
        },
        to=_KEY,
        arm_codec=KEY,
    ),
    Reference("encryption_key_name", "", {"": ""}, by="name", to=_KEY),
    Reference("encryption_key_vault", "", {"": ""}),
    row("encryption_key_version", "properties.encryption.keyVaultProperties.keyVersion", {"": ""}),
    Reference(
        "encryption_identity",
        "properties.encryption.identity.userAssignedIdentity",
        {">=2.91": "customer_managed_key.user_assigned_identity_id"},
        to=USER_ASSIGNED,
    ),
    row(
        "queue_encryption_key_type",
        "properties.encryption.services.queue.keyType",
        {">=2.86": "queue_encryption_key_type"},
        default={">=2.86": "Service"},
        azure="Service",
    ),
    row(
        "table_encryption_key_type",
        "properties.encryption.services.table.keyType",
        {">=2.86": "table_encryption_key_type"},
        default={">=2.86": "Service"},
        azure="Service",
    ),
)

_SERVICES: tuple[AnyRow, ...] = (
    # The provider switches a policy on when its block is there, and off when it is not.
    # Source: v3.47.0 storage_account_resource.go expandBlobProperties, expandBlobPropertiesDeleteRetentionPolicy.
    row(
        "blob_delete_retention_days",
        "blobServices/default:properties.deleteRetentionPolicy",
        "blob_properties.delete_retention_policy.days",
        default=7,
        arm_codec=DAYS,
    ),
    row(
        "container_delete_retention_days",
        "blobServices/default:properties.containerDeleteRetentionPolicy",
        "blob_properties.container_delete_retention_policy.days",
        default=7,
        arm_codec=DAYS,
    ),
    row(
        "share_delete_retention_days",
        "fileServices/default:properties.shareDeleteRetentionPolicy",
        "share_properties.retention_policy.days",
        default=7,
        arm_codec=DAYS,
    ),
    row(
        "is_versioning_enabled",
        "blobServices/default:properties.isVersioningEnabled",
        "blob_properties.versioning_enabled",
        default=False,
        azure=False,
    ),
    row(
        "change_feed_enabled",
        "blobServices/default:properties.changeFeed.enabled",
        "blob_properties.change_feed_enabled",
        default=False,
        azure=False,
    ),
    *_queue_logging("queue_properties."),
    row(
        "static_website_index", "data:blobServices/default:staticWebsite.indexDocument", "static_website.index_document"
    ),
    row(
        "static_website_error",
        "data:blobServices/default:staticWebsite.errorDocument404Path",
        "static_website.error_404_document",
    ),
)

_PARENT = Reference(
    "account",
    "",
    {"": "storage_account_name", ">=4.9": "storage_account_id"},
    by={"storage_account_name": "name"},
    to=ACCOUNT,
)
_BY_ID = Reference("account", "", "storage_account_id", to=ACCOUNT)

_PUBLIC_ACCESS = {"private": "None", "blob": "Blob", "container": "Container"}
_TERRAFORM_ACCESS = {arm: terraform for terraform, arm in _PUBLIC_ACCESS.items()}

TABLES = (
    Table(
        StorageAccount,
        ("azurerm_storage_account",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("kind", "kind", "account_kind", default="StorageV2"),
            row("sku_tier", "sku.tier|sku.name", "account_tier", arm_codec=FAMILY),
            row("replication", "sku.name", "account_replication_type", arm_codec=TIER),
            row("is_hns_enabled", "properties.isHnsEnabled", "is_hns_enabled", default=False, azure=False),
            *_SECURITY,
            *_ENCRYPTION,
            *_SERVICES,
        ),
    ),
    Table(
        model.BlobContainer,
        ("azurerm_storage_container",),
        parent=_PARENT,
        unique="parent",
        rows=(
            *COMMON,
            _PARENT,
            row(
                "public_access",
                "properties.publicAccess",
                "container_access_type",
                default="private",
                azure="None",
                codec=Codec(
                    lambda v: _PUBLIC_ACCESS.get(str(v).casefold(), v), lambda v: _TERRAFORM_ACCESS.get(str(v), v)
                ),
            ),
            row("default_encryption_scope", "properties.defaultEncryptionScope", "default_encryption_scope"),
        ),
    ),
    Table(
        model.BlobContainer,
        ("azurerm_storage_data_lake_gen2_filesystem",),
        parent=_BY_ID,
        unique="parent",
        rows=(
            *COMMON,
            _BY_ID,
            row("public_access", "properties.publicAccess", {"": ""}, azure="None"),
            row("default_encryption_scope", "properties.defaultEncryptionScope", "default_encryption_scope"),
        ),
    ),
    Table(
        model.Queue,
        ("azurerm_storage_queue",),
        parent=_PARENT,
        unique="parent",
        rows=(*COMMON, _PARENT),
    ),
    Table(
        model.Table,
        ("azurerm_storage_table",),
        parent=_PARENT,
        unique="parent",
        rows=(*COMMON, _PARENT),
    ),
    Table(
        model.FileShare,
        ("azurerm_storage_share",),
        parent=_PARENT,
        unique="parent",
        rows=(
            *COMMON,
            _PARENT,
            row("enabled_protocols", "properties.enabledProtocols", "enabled_protocol", default="SMB", azure="SMB"),
            row("share_quota", "properties.shareQuota", "quota"),
        ),
    ),
    Table(
        model.EncryptionScope,
        ("azurerm_storage_encryption_scope",),
        parent=_BY_ID,
        unique="parent",
        rows=(
            *COMMON,
            _BY_ID,
            row("source", "properties.source", "source"),
            Reference("encryption_key", "properties.keyVaultProperties.keyUri", "key_vault_key_id", to=_KEY),
            row(
                "require_infrastructure_encryption",
                "properties.requireInfrastructureEncryption",
                "infrastructure_encryption_required",
                azure=False,
            ),
        ),
    ),
    Table(
        model.Blob,
        ("azurerm_storage_blob",),
        unique="parent",
        rows=(
            *COMMON,
            Reference("account", "", "storage_account_name", by="name", to=ACCOUNT),
            row("container", "", "storage_container_name"),
            row("source", "", "source"),
        ),
    ),
)

_TARGET = Reference(
    "account",
    "",
    {"": "storage_account_id", "<3.0": "storage_account_name"},
    by={"storage_account_name": "name"},
    to=ACCOUNT,
)

FOLDS: tuple[Fold, ...] = (
    Fold("azurerm_storage_account_network_rules", StorageAccount, _TARGET, _network("")),
    Fold(
        "azurerm_storage_account_customer_managed_key",
        StorageAccount,
        _BY_ID,
        (
            Reference(
                "encryption_key",
                "properties.encryption.keyVaultProperties",
                {">=3.102": "managed_hsm_key_id", ">=4.64": "key_vault_key_id"},
                to=_KEY,
            ),
            Reference(
                "encryption_key_name",
                "properties.encryption.keyVaultProperties.keyName",
                "key_name",
                by="name",
                to=_KEY,
                scope=("key_vault_id",),
            ),
            Reference(
                "encryption_key_vault",
                "properties.encryption.keyVaultProperties.keyVaultUri",
                {"": "key_vault_id", ">=3.74": "key_vault_uri"},
                by={"key_vault_uri": "uri"},
                to="Microsoft.KeyVault/vaults",
            ),
            row("encryption_key_version", "properties.encryption.keyVaultProperties.keyVersion", "key_version"),
            Reference(
                "encryption_identity",
                "properties.encryption.identity.userAssignedIdentity",
                "user_assigned_identity_id",
                to=USER_ASSIGNED,
            ),
        ),
    ),
    Fold("azurerm_storage_account_queue_properties", StorageAccount, _BY_ID, _queue_logging("")),
    Fold(
        "azurerm_storage_account_static_website",
        StorageAccount,
        _BY_ID,
        (
            row("static_website_index", "data:blobServices/default:staticWebsite.indexDocument", "index_document"),
            row(
                "static_website_error",
                "data:blobServices/default:staticWebsite.errorDocument404Path",
                "error_404_document",
            ),
        ),
    ),
)
