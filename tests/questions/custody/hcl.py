"""Small Terraform of one's own as an estate, and the answers of custody in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.prove import Request, estates, settings_of
from ringfence.questions.custody.custody import Custody, answers

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

VAULT = """
resource "azurerm_key_vault" "kv" {
  name                       = "kv1"
  sku_name                   = "premium"
  purge_protection_enabled   = true
  enable_rbac_authorization  = true
  soft_delete_retention_days = 30
}
resource "azurerm_key_vault_key" "k" {
  name         = "store-key"
  key_vault_id = azurerm_key_vault.kv.id
  key_type     = "RSA-HSM"
  key_size     = 3072
  key_opts     = ["wrapKey", "unwrapKey"]
}
resource "azurerm_user_assigned_identity" "u" {
  name = "stores"
}
"""


def role(principal: str, scope: str = "azurerm_key_vault_key.k.resource_versionless_id", name: str = "g") -> str:
    """A role assignment by which a service may use the key."""
    return f"""
resource "azurerm_role_assignment" "{name}" {{
  scope                = {scope}
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = {principal}
}}
"""


USER = "azurerm_user_assigned_identity.u.principal_id"


def terraform(folder: Path, text: str, version: str = "3.117.1", **variables: Any) -> Estate:
    """The estate of one root with this text, in one world."""
    (folder / "main.tf").write_text(
        f'terraform {{\n  required_providers {{\n    azurerm = {{\n      source = "hashicorp/azurerm"\n'
        f'      version = "{version}"\n    }}\n  }}\n}}\n{text}'
    )
    if variables:
        lines = "\n".join(f"{name} = {value}" for name, value in variables.items())
        (folder / "terraform.tfvars").write_text(lines)
    request = Request(folder)
    return next(iter(estates(request, settings_of(request))))


def asked(estate: Estate, address: str, part: str = "") -> Custody:
    """The answer on one part of one store."""
    found = [r for key, r in estate.resources.items() if key.endswith(f"#{address}")]
    return next(c for c in answers(estate, found) if c.store is found[0] and c.part.title.startswith(part))


def opens(found: Custody) -> dict[str, str]:
    return {use: verdict.outcome for use, verdict in found.opens}


def sealing(found: Custody) -> dict[str, str]:
    """The addresses of what seals the store, with the outcome."""
    return {" + ".join(key.partition("#")[2] for key in s.without): s.outcome for s in found.seals}
