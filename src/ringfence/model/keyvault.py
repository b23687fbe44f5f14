"""Kinds of Azure Key Vault (Microsoft.KeyVault)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class AccessPolicy(Block):
    """What one principal may do with the contents of a vault; it counts only while the vault does not use RBAC."""

    tenant_id: Attr[str]
    object_id: Link
    application_id: Attr[str]
    keys: Attr[tuple[str, ...]]
    secrets: Attr[tuple[str, ...]]
    certificates: Attr[tuple[str, ...]]
    storage: Attr[tuple[str, ...]]


class KeyVault(Resource):
    """A vault holding keys, secrets and certificates."""

    arm_type = "Microsoft.KeyVault/vaults"

    tenant_id: Attr[str]
    sku: Attr[str]
    """"standard" protects keys by software, "premium" also by hardware modules."""
    enable_purge_protection: Attr[bool]
    """Deleted contents cannot be destroyed before their retention ends. Irreversible."""
    enable_soft_delete: Attr[bool]
    """Deleted contents are kept for a while. On for every vault since 2020; it cannot be turned off."""
    soft_delete_retention_in_days: Attr[int]
    """How long deleted contents are kept: 7 to 90 days; Azure's default is 90."""
    enable_rbac_authorization: Attr[bool]
    """Role assignments decide who may use the contents; otherwise access policies do."""
    access_policies: Many[AccessPolicy]
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints and trusted services remain."""
    network_acls_default_action: Attr[str]
    """"Allow" or "Deny": what happens to a network that no rule names."""
    network_acls_bypass: Attr[str]
    """"AzureServices" lets trusted services past the rules, "None" does not."""
    network_acls_ip_rules: Attr[tuple[str, ...]]
    network_acls_virtual_network_rules: Many[Link]
    enabled_for_deployment: Attr[bool]
    enabled_for_disk_encryption: Attr[bool]
    enabled_for_template_deployment: Attr[bool]


class Key(Resource):
    """A key in a vault."""

    arm_type = "Microsoft.KeyVault/vaults/keys"

    vault: Link
    kty: Attr[str]
    """"RSA" or "EC", with the suffix "-HSM" when a hardware module holds it."""
    key_size: Attr[int]
    curve_name: Attr[str]
    key_ops: Attr[tuple[str, ...]]
    exp: Attr[str]
    """When it stops being usable (UTC, RFC 3339); never when absent."""
    nbf: Attr[str]
    """When it becomes usable (UTC, RFC 3339)."""
    rotate_after_creation: Attr[str]
    """Rotation policy: a new version this long after the last (ISO 8601 duration)."""
    rotate_before_expiry: Attr[str]
    """Rotation policy: a new version this long before the last expires (ISO 8601 duration)."""
    rotation_expiry_time: Attr[str]
    """Rotation policy: how long a rotated version lives (ISO 8601 duration)."""
    notify_before_expiry: Attr[str]
    enabled: Attr[bool]
    """A key that is not enabled does nothing for anybody, nor for the stores under it."""
    exportable: Attr[bool]
    """The private part leaves the vault to whoever meets the release policy; decided when the key is made."""


class ManagedHsm(Resource):
    """A hardware module of one's own, which holds keys and decides on them by roles of its own."""

    arm_type = "Microsoft.KeyVault/managedHSMs"

    tenant_id: Attr[str]
    sku: Attr[str]
    enable_purge_protection: Attr[bool]
    """Deleted keys cannot be destroyed before their retention ends. Irreversible."""
    soft_delete_retention_in_days: Attr[int]
    """How long deleted contents are kept: 7 to 90 days; Azure's default is 90."""
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints and trusted services remain."""
    network_acls_default_action: Attr[str]
    network_acls_bypass: Attr[str]
    initial_admin_object_ids: Attr[tuple[str, ...]]
    """Who administers it from the start: who may give its roles, and make and delete its keys."""


class ManagedHsmKey(Key):
    """A key in a managed HSM, `vault` being that; it is in hardware whatever its type is called."""

    arm_type = "Microsoft.KeyVault/managedHSMs/keys"


class ManagedHsmRoleAssignment(Resource):
    """A role of a managed HSM's own, given on all its keys or on one; it exists on the data plane only."""

    arm_type = "Microsoft.KeyVault/managedHSMs/roleAssignments"

    vault: Link
    principal: Link
    role_definition_id: Attr[str]
    scope: Attr[str]
    """``/`` or ``/keys`` for all keys, ``/keys/NAME`` for one."""


class Secret(Resource):
    """A secret in a vault."""

    arm_type = "Microsoft.KeyVault/vaults/secrets"

    vault: Link
    value: Attr[str]
    """What it holds; a reference says of which resource it is the key or password. Never shown."""
    content_type: Attr[str]
    exp: Attr[str]
    """When it stops being usable (UTC, RFC 3339); never when absent."""
    nbf: Attr[str]
    """When it becomes usable (UTC, RFC 3339)."""


class Certificate(Resource):
    """A certificate in a vault; a key and a secret of the same name exist with it."""

    arm_type = "Microsoft.KeyVault/vaults/certificates"

    vault: Link
    issuer: Attr[str]
    """"Self", "Unknown" (signed elsewhere) or the name of an issuer the vault knows."""
    exportable: Attr[bool]
    """The private key can be read through the secret of the same name."""
    kty: Attr[str]
    key_size: Attr[int]
    reuse_key: Attr[bool]
    content_type: Attr[str]
    subject: Attr[str]
    validity_in_months: Attr[int]
    action_type: Attr[str]
    """What happens near the end of its life: "AutoRenew" or "EmailContacts"."""


class CertificateIssuer(Resource):
    """An authority that a vault may ask for certificates."""

    arm_type = "Microsoft.KeyVault/vaults/certificates/issuers"

    vault: Link
    provider: Attr[str]
