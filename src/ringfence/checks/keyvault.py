"""Azure Key Vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.judge import equals, is_off, is_on, is_set
from ringfence.model.keyvault import Key, KeyVault, ManagedHsmKey, Secret
from ringfence.model.value import Need
from ringfence.model.verdict import Verdict, all_of, not_applicable
from ringfence.questions.answer import found, of, unresolved
from ringfence.questions.custody.material import rotates
from ringfence.questions.reach.private import private_endpoints

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

_EXPIRY = "Set expiration_date, and have the owner renew it before then."


@check(
    "keyvault-purge-protection",
    KeyVault,
    severity="high",
    fix="Set purge_protection_enabled = true. It cannot be turned off again.",
)
def purge_protection(vault: KeyVault) -> Verdict:
    """Deleted keys, secrets and certificates stay recoverable until their retention ends.

    Whoever purges a vault destroys every store encrypted under its keys.

    Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview
    """
    return is_on(vault.enable_purge_protection)


@check(
    "keyvault-soft-delete",
    KeyVault,
    severity="high",
    fix="Nothing is to be done: Azure keeps what is deleted from any vault made since December 2020.",
)
def soft_delete(vault: KeyVault) -> Verdict:
    """A deleted vault, key, secret or certificate can be brought back.

    Azure ignores a request to switch this off, and the provider sends "on" whatever is written.

    Source: learn.microsoft.com/azure/key-vault/general/soft-delete-change; azurerm v2.71.0 key_vault_resource.go
    """
    return is_on(vault.enable_soft_delete)


@check(
    "keyvault-rbac",
    KeyVault,
    severity="medium",
    fix="Set enable_rbac_authorization = true (rbac_authorization_enabled from 4.42) and assign roles.",
)
def rbac(vault: KeyVault) -> Verdict:
    """Role assignments decide who may use what the vault holds.

    An access policy covers all secrets or none, and whoever may write the vault may give themselves one.

    Source: learn.microsoft.com/azure/key-vault/general/rbac-access-policy
    """
    return is_on(vault.enable_rbac_authorization)


@check(
    "keyvault-private-endpoint",
    KeyVault,
    severity="medium",
    fix='Add an azurerm_private_endpoint with subresource_names = ["vault"] and a DNS zone group for '
    "privatelink.vaultcore.azure.net, linked to its network.",
)
def private_endpoint(vault: KeyVault, estate: Estate) -> Verdict:
    """The vault is reached through a private endpoint.

    Source: learn.microsoft.com/azure/key-vault/general/private-link-service
    """
    return private_endpoints(vault, estate, ("vault",))


@check(
    "keyvault-public-network-access",
    KeyVault,
    severity="medium",
    fix="Set public_network_access_enabled = false.",
)
def public_network_access(vault: KeyVault) -> Verdict:
    """The vault has no public front door.

    Source: learn.microsoft.com/azure/key-vault/general/network-security
    """
    return equals(vault.public_network_access, "Disabled")


@check(
    "keyvault-network-default-deny",
    KeyVault,
    severity="medium",
    fix='Add network_acls with default_action = "Deny" and name the networks that need the vault.',
)
def network_default_deny(vault: KeyVault) -> Verdict:
    """A network that no rule names cannot reach the vault's public front door.

    Source: learn.microsoft.com/azure/key-vault/general/network-security
    """
    return equals(vault.network_acls_default_action, "Deny")


@check("keyvault-key-expiry-rbac", Key, severity="medium", fix=_EXPIRY)
def key_expiry_rbac(key: Key, estate: Estate) -> Verdict:
    """A key in a vault that uses RBAC has an expiration date.

    A rotation policy sets the date of later versions only, not that of the one that is made first.

    Source: learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    """
    return _expires(key, estate, rbac=True)


@check("keyvault-key-expiry-access-policy", Key, severity="medium", fix=_EXPIRY)
def key_expiry_access_policy(key: Key, estate: Estate) -> Verdict:
    """A key in a vault that uses access policies has an expiration date.

    Source: learn.microsoft.com/azure/key-vault/keys/about-keys-details
    """
    return _expires(key, estate, rbac=False)


@check("keyvault-secret-expiry-rbac", Secret, severity="medium", fix=_EXPIRY)
def secret_expiry_rbac(secret: Secret, estate: Estate) -> Verdict:
    """A secret in a vault that uses RBAC has an expiration date.

    Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets
    """
    return _expires(secret, estate, rbac=True)


@check("keyvault-secret-expiry-access-policy", Secret, severity="medium", fix=_EXPIRY)
def secret_expiry_access_policy(secret: Secret, estate: Estate) -> Verdict:
    """A secret in a vault that uses access policies has an expiration date.

    Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets
    """
    return _expires(secret, estate, rbac=False)


@check(
    "keyvault-key-rotation",
    Key,
    severity="medium",
    fix="Add rotation_policy with expire_after and an automatic block (azurerm 3.46 or later).",
)
def key_rotation(key: Key) -> Verdict:
    """A new version of the key is made by itself before the old one ages.

    Source: learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    """
    return rotates(key)


def _expires(item: Key | Secret, estate: Estate, *, rbac: bool) -> Verdict:
    """The item has an expiration date, if its vault is one that does (or does not) use RBAC."""
    if isinstance(item, ManagedHsmKey):
        return not_applicable("it is in a managed HSM, not in a vault")
    concerned = _concerned(item, estate, rbac=rbac)
    if concerned.outcome == "fail":
        return not_applicable("its vault uses access policies" if rbac else "its vault uses RBAC")
    if concerned.outcome == "unknown":
        return concerned
    return all_of(is_set(item.exp), concerned)


def _concerned(item: Key | Secret, estate: Estate, *, rbac: bool) -> Verdict:
    """The vault of the item uses RBAC, or (not `rbac`) does not."""
    targets = estate.resolve(item, item.vault)
    if not isinstance(targets, tuple):
        return unresolved(item.vault, "a vault", targets)
    vaults = [t.resource for t in targets]
    condition = is_on if rbac else is_off
    judged = [of(v, condition(v.enable_rbac_authorization)) for v in vaults if isinstance(v, KeyVault)]
    if judged and len(judged) == len(vaults) and len({v.outcome for v in judged}) == 1:
        return all_of(*judged)
    why = "whether its vault uses RBAC is not known: the vault is not declared here"
    return found(item.vault, "a vault that is declared", "unknown", why, (Need("reference", item.address, why),))
