"""Azure Key Vault: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/keyvault; the
versions at which arguments came are those of its changelog.
"""

from __future__ import annotations

from ringfence.mapping.codecs import EPOCH
from ringfence.mapping.table import COMMON, AnyRow, Fold, Nested, Reference, Row, Table, flag, row
from ringfence.model.keyvault import (
    AccessPolicy,
    Certificate,
    CertificateIssuer,
    Key,
    KeyVault,
    ManagedHsm,
    ManagedHsmKey,
    ManagedHsmRoleAssignment,
    Secret,
)

PUBLIC = flag("Enabled", "Disabled")

_VAULT = Reference("vault", "", "key_vault_id", to="Microsoft.KeyVault/vaults")

_MODULE = Reference("vault", "", "managed_hsm_id", to="Microsoft.KeyVault/managedHSMs")

_POLICY: tuple[Row | Reference | Nested, ...] = (
    row("tenant_id", "tenantId", "tenant_id"),
    Reference("object_id", "objectId", "object_id", by="principal"),
    row("application_id", "applicationId", "application_id"),
    row("keys", "permissions.keys", "key_permissions", azure=()),
    row("secrets", "permissions.secrets", "secret_permissions", azure=()),
    row("certificates", "permissions.certificates", "certificate_permissions", azure=()),
    row("storage", "permissions.storage", "storage_permissions", azure=()),
)

_NETWORK: tuple[AnyRow, ...] = (
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        {">=3.19": "public_network_access_enabled"},
        default={">=3.19": True},
        azure="Enabled",
        codec=PUBLIC,
    ),
    row(
        "network_acls_default_action",
        "properties.networkAcls.defaultAction",
        "network_acls.default_action",
        azure="Allow",
    ),
    row("network_acls_bypass", "properties.networkAcls.bypass", "network_acls.bypass", azure="AzureServices"),
    row("network_acls_ip_rules", "properties.networkAcls.ipRules[].value", "network_acls.ip_rules", azure=()),
    Reference(
        "network_acls_virtual_network_rules",
        "properties.networkAcls.virtualNetworkRules[].id",
        "network_acls.virtual_network_subnet_ids",
        to="Microsoft.Network/virtualNetworks/subnets",
        many=True,
    ),
)

_MODULE_NETWORK = ("public_network_access", "network_acls_default_action", "network_acls_bypass")
"""What of a vault's network a managed HSM has as well."""

_KEY: tuple[AnyRow, ...] = (
    row("kty", "properties.kty", "key_type"),
    row("key_size", "properties.keySize", "key_size"),
    row("curve_name", "properties.curveName", "curve"),
    row("key_ops", "properties.keyOps", "key_opts"),
    row("exp", "properties.attributes.exp", "expiration_date", arm_codec=EPOCH),
    row("nbf", "properties.attributes.nbf", "not_before_date", arm_codec=EPOCH),
    row(
        "rotate_after_creation",
        "properties.rotationPolicy.lifetimeActions[action.type=rotate].trigger.timeAfterCreate",
        {">=3.46": "rotation_policy.automatic.time_after_creation"},
    ),
    row(
        "rotate_before_expiry",
        "properties.rotationPolicy.lifetimeActions[action.type=rotate].trigger.timeBeforeExpiry",
        {">=3.46": "rotation_policy.automatic.time_before_expiry"},
    ),
    row(
        "rotation_expiry_time",
        "properties.rotationPolicy.attributes.expiryTime",
        {">=3.46": "rotation_policy.expire_after"},
    ),
    row(
        "notify_before_expiry",
        "properties.rotationPolicy.lifetimeActions[action.type=notify].trigger.timeBeforeExpiry",
        {">=3.46": "rotation_policy.notify_before_expiry"},
    ),
    row("enabled", "properties.attributes.enabled", {}, azure=True),
    row("exportable", "properties.attributes.exportable", {}, azure=False),
)

TABLES = (
    Table(
        KeyVault,
        ("azurerm_key_vault",),
        unique="azure",
        rows=(
            *COMMON,
            row("tenant_id", "properties.tenantId", "tenant_id"),
            row("sku", "properties.sku.name", "sku_name"),
            row("enable_purge_protection", "properties.enablePurgeProtection", "purge_protection_enabled", azure=False),
            row("enable_soft_delete", "properties.enableSoftDelete", {"": ""}, azure=True),
            row(
                "soft_delete_retention_in_days",
                "properties.softDeleteRetentionInDays",
                "soft_delete_retention_days",
                default=90,
                azure=90,
            ),
            row(
                "enable_rbac_authorization",
                "properties.enableRbacAuthorization",
                {"<5.0": "enable_rbac_authorization", ">=4.0": "rbac_authorization_enabled"},
                azure=False,
            ),
            Nested("access_policies", "properties.accessPolicies", "access_policy", AccessPolicy, _POLICY),
            *_NETWORK,
            row("enabled_for_deployment", "properties.enabledForDeployment", "enabled_for_deployment", azure=False),
            row(
                "enabled_for_disk_encryption",
                "properties.enabledForDiskEncryption",
                "enabled_for_disk_encryption",
                azure=False,
            ),
            row(
                "enabled_for_template_deployment",
                "properties.enabledForTemplateDeployment",
                "enabled_for_template_deployment",
                azure=False,
            ),
        ),
    ),
    Table(
        Key,
        ("azurerm_key_vault_key",),
        parent=_VAULT,
        unique="parent",
        rows=(
            *COMMON,
            _VAULT,
            *_KEY,
        ),
    ),
    Table(
        ManagedHsm,
        ("azurerm_key_vault_managed_hardware_security_module",),
        unique="azure",
        rows=(
            *COMMON,
            row("tenant_id", "properties.tenantId", "tenant_id"),
            row("sku", "sku.name", "sku_name"),
            row("enable_purge_protection", "properties.enablePurgeProtection", "purge_protection_enabled", azure=True),
            row(
                "soft_delete_retention_in_days",
                "properties.softDeleteRetentionInDays",
                "soft_delete_retention_days",
                default=90,
                azure=90,
            ),
            *(one for one in _NETWORK if one.field in _MODULE_NETWORK),
            row("initial_admin_object_ids", "properties.initialAdminObjectIds", "admin_object_ids"),
        ),
    ),
    Table(
        ManagedHsmKey,
        ("azurerm_key_vault_managed_hardware_security_module_key",),
        parent=_MODULE,
        unique="parent",
        rows=(*COMMON, _MODULE, *_KEY),
    ),
    Table(
        ManagedHsmRoleAssignment,
        ("azurerm_key_vault_managed_hardware_security_module_role_assignment",),
        parent=_MODULE,
        unique="parent",
        rows=(
            *COMMON,
            _MODULE,
            Reference("principal", "properties.principalId", "principal_id", by="principal"),
            row("role_definition_id", "properties.roleDefinitionId", "role_definition_id"),
            row("scope", "properties.scope", "scope"),
        ),
    ),
    Table(
        Secret,
        ("azurerm_key_vault_secret",),
        parent=_VAULT,
        unique="parent",
        rows=(
            *COMMON,
            _VAULT,
            row("value", "properties.value", {"": "value", ">=4.23": "value_wo"}),
            row("content_type", "properties.contentType", "content_type"),
            row("exp", "properties.attributes.exp", "expiration_date", arm_codec=EPOCH),
            row("nbf", "properties.attributes.nbf", "not_before_date", arm_codec=EPOCH),
        ),
    ),
    Table(
        Certificate,
        ("azurerm_key_vault_certificate",),
        parent=_VAULT,
        unique="parent",
        implies=(Key.arm_type, Secret.arm_type),
        rows=(
            *COMMON,
            _VAULT,
            row("issuer", "policy.issuer.name", "certificate_policy.issuer_parameters.name"),
            row("exportable", "policy.key_props.exportable", "certificate_policy.key_properties.exportable"),
            row("kty", "policy.key_props.kty", "certificate_policy.key_properties.key_type"),
            row("key_size", "policy.key_props.key_size", "certificate_policy.key_properties.key_size"),
            row("reuse_key", "policy.key_props.reuse_key", "certificate_policy.key_properties.reuse_key"),
            row("content_type", "policy.secret_props.contentType", "certificate_policy.secret_properties.content_type"),
            row("subject", "policy.x509_props.subject", "certificate_policy.x509_certificate_properties.subject"),
            row(
                "validity_in_months",
                "policy.x509_props.validity_months",
                "certificate_policy.x509_certificate_properties.validity_in_months",
            ),
            row(
                "action_type",
                "policy.lifetime_actions.action.action_type",
                "certificate_policy.lifetime_action.action.action_type",
            ),
        ),
    ),
    Table(
        CertificateIssuer,
        ("azurerm_key_vault_certificate_issuer",),
        parent=_VAULT,
        unique="parent",
        rows=(*COMMON, _VAULT, row("provider", "provider", "provider_name")),
    ),
)

FOLDS: tuple[Fold, ...] = (
    Fold(
        "azurerm_key_vault_managed_hardware_security_module_key_rotation_policy",
        ManagedHsmKey,
        Reference("key", "", "managed_hsm_key_id", to=ManagedHsmKey.arm_type),
        (
            row("rotate_after_creation", "", "time_after_creation"),
            row("rotate_before_expiry", "", "time_before_expiry"),
            row("rotation_expiry_time", "", "expire_after"),
        ),
    ),
    Fold("azurerm_key_vault_access_policy", KeyVault, _VAULT, _POLICY, whole="access_policies", item=AccessPolicy),
)
