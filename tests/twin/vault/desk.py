"""What there is to ask: a premium vault with roles, a standard one with policies, one hardly known, a module."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ringfence.questions.place import Place
from ringfence.questions.reach.door import Door
from ringfence.twin.message import Request
from ringfence.twin.vault.service import Vaults
from ringfence.twin.visit import Visit
from tests import support
from tests.twin import grounds

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.twin.message import Response

KV, PLAIN = ".#azurerm_key_vault.kv", ".#azurerm_key_vault.plain"
AUDIENCE = "https://vault.azure.net"
MODULES = "https://managedhsm.azure.net"
_IDENTITY = """
resource "azurerm_user_assigned_identity" "{name}" {{
  name                = "{name}"
  resource_group_name = "rg"
  location            = "uksouth"
}}
"""
_ROLE = """
resource "azurerm_role_assignment" "{who}" {{
  scope                = {scope}
  role_definition_name = "{role}"
  principal_id         = azurerm_user_assigned_identity.{who}.principal_id
}}
"""
_ROLES = {
    "officer": ("azurerm_key_vault.kv.id", "Key Vault Administrator"),
    "reader": ("azurerm_key_vault.kv.id", "Key Vault Reader"),
    "one": ("azurerm_key_vault_secret.declared.resource_versionless_id", "Key Vault Secrets User"),
    "loose": ('"${azurerm_key_vault.kv.id}/secrets/undeclared"', "Key Vault Secrets User"),
    "wrapper": ("azurerm_key_vault_key.wrapping.resource_versionless_id", "Key Vault Crypto Service Encryption User"),
    "signer": ("azurerm_key_vault.kv.id", "Key Vault Crypto User"),
}
_MODULE = """
resource "azurerm_key_vault_managed_hardware_security_module" "hsm" {
  name                       = "hsm"
  resource_group_name        = "rg"
  location                   = "uksouth"
  tenant_id                  = "00000000-0000-0000-0000-00000000000a"
  sku_name                   = "Standard_B1"
  admin_object_ids           = ["00000000-0000-0000-0000-00000000000b"]
  purge_protection_enabled   = false
  soft_delete_retention_days = 7
}
resource "azurerm_key_vault_managed_hardware_security_module_key" "inside" {
  name           = "inside"
  managed_hsm_id = azurerm_key_vault_managed_hardware_security_module.hsm.id
  key_type       = "RSA-HSM"
  key_size       = 2048
  key_opts       = ["wrapKey", "unwrapKey"]
}
resource "azurerm_role_assignment" "everywhere" {
  scope                = azurerm_key_vault_managed_hardware_security_module.hsm.id
  role_definition_name = "Key Vault Administrator"
  principal_id         = azurerm_user_assigned_identity.everywhere.principal_id
}
"""
_OWN_ROLE = """
resource "azurerm_key_vault_managed_hardware_security_module_role_assignment" "{who}" {{
  managed_hsm_id     = azurerm_key_vault_managed_hardware_security_module.hsm.id
  name               = "00000000-0000-0000-0000-00000000000c"
  scope              = "{scope}"
  role_definition_id = "/Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/{role}"
  principal_id       = azurerm_user_assigned_identity.{who}.principal_id
}}
"""
_OWN_ROLES = {
    "crypto": ("/keys", "21dbd100-6940-42c2-9190-5d6cb909625b"),
    "officer": ("/keys", "515eb02d-2335-4d2d-92f2-b1cbdf9c3778"),
    "serves": ("/keys/inside", "33413926-3206-4cdd-b39a-83574fe37a17"),
}
_VAULTS = """
variable "unset" {}
resource "azurerm_resource_group" "rg" {
  name     = "rg"
  location = "uksouth"
}
resource "azurerm_key_vault" "kv" {
  name                       = "kv"
  resource_group_name        = "rg"
  location                   = "uksouth"
  tenant_id                  = "00000000-0000-0000-0000-00000000000a"
  sku_name                   = "premium"
  rbac_authorization_enabled = true
  purge_protection_enabled   = false
  soft_delete_retention_days = 7
}
resource "azurerm_key_vault" "plain" {
  name                       = "plain"
  resource_group_name        = "rg"
  location                   = "uksouth"
  tenant_id                  = "00000000-0000-0000-0000-00000000000a"
  sku_name                   = "standard"
  rbac_authorization_enabled = false
  purge_protection_enabled   = true
  soft_delete_retention_days = 90
  access_policy {
    tenant_id          = "00000000-0000-0000-0000-00000000000a"
    object_id          = azurerm_user_assigned_identity.policy.principal_id
    secret_permissions = ["Get", "Set", "Delete", "Recover", "Purge"]
    key_permissions    = ["Create", "Get"]
  }
}
resource "azurerm_key_vault" "open" {
  name                       = "open"
  resource_group_name        = "rg"
  location                   = "uksouth"
  tenant_id                  = "00000000-0000-0000-0000-00000000000a"
  sku_name                   = var.unset
  rbac_authorization_enabled = true
  purge_protection_enabled   = var.unset
}
resource "azurerm_role_assignment" "open" {
  scope                = azurerm_key_vault.open.id
  role_definition_name = "Key Vault Administrator"
  principal_id         = azurerm_user_assigned_identity.officer.principal_id
}
resource "azurerm_key_vault_secret" "declared" {
  name         = "declared"
  value        = "as declared"
  key_vault_id = azurerm_key_vault.kv.id
}
resource "azurerm_key_vault_secret" "chance" {
  name         = "chance"
  value        = var.unset
  key_vault_id = azurerm_key_vault.kv.id
}
resource "azurerm_key_vault_key" "wrapping" {
  name         = "wrapping"
  key_vault_id = azurerm_key_vault.kv.id
  key_type     = "RSA-HSM"
  key_size     = 2048
  key_opts     = ["wrapKey", "unwrapKey"]
  rotation_policy {
    expire_after         = "P1Y"
    notify_before_expiry = "P30D"
    automatic {
      time_after_creation = "P90D"
    }
  }
}
resource "azurerm_key_vault_certificate" "stays" {
  name         = "stays"
  key_vault_id = azurerm_key_vault.kv.id
  certificate_policy {
    issuer_parameters {
      name = "Self"
    }
    key_properties {
      exportable = false
      key_type   = "EC-HSM"
      curve      = "P-256"
      key_size   = 256
      reuse_key  = false
    }
    secret_properties {
      content_type = "application/x-pem-file"
    }
    x509_certificate_properties {
      subject            = "CN=stays"
      validity_in_months = 12
      key_usage          = ["digitalSignature"]
    }
  }
}
"""


def text() -> str:
    """The Terraform of it all."""
    names = dict.fromkeys((*_ROLES, *_OWN_ROLES, "everywhere", "policy", "nobody"))
    people = "".join(_IDENTITY.format(name=name) for name in names)
    roles = "".join(_ROLE.format(who=w, scope=s, role=r) for w, (s, r) in _ROLES.items())
    own = "".join(_OWN_ROLE.format(who=w, scope=s, role=r) for w, (s, r) in _OWN_ROLES.items())
    return _VAULTS + _MODULE + people + roles + own


@cache
def _estate() -> Estate:
    """Read once: an estate does not change."""
    with TemporaryDirectory() as folder:
        return support.terraform(Path(folder), text())


@cache
def _seeded() -> tuple[tuple[str, bytes], ...]:
    """The files of a twin that has just begun: making the keys takes longer than most tests."""
    with TemporaryDirectory() as folder:
        ground = grounds.ground(grounds.Text(lambda _: _estate()), Path(folder), now=grounds.Clock())
        asyncio.run(Vaults(ground).begin())
        ground.store.close()
        return tuple((path.name, path.read_bytes()) for path in Path(folder).iterdir() if path.is_file())


class Desk:
    """Asks the vaults, each time as somebody; with `fresh`, what the estate declares is made for this desk."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.clock = grounds.Clock()
        self.folder = folder / "twin"
        self.folder.mkdir(parents=True)
        for name, content in () if fresh else _seeded():
            (self.folder / name).write_bytes(content)
        self.ground = grounds.ground(grounds.Text(lambda _: _estate()), self.folder, now=self.clock)
        self.vaults = Vaults(self.ground)
        asyncio.run(self.vaults.begin())

    def again(self) -> Desk:
        """The same state after a restart."""
        self.ground.store.close()
        found = object.__new__(Desk)
        found.clock, found.folder = self.clock, self.folder
        found.ground = grounds.ground(self.ground.present.source, self.folder, now=self.clock)
        found.vaults = Vaults(found.ground)
        asyncio.run(found.vaults.begin())
        return found

    def who(self, name: str) -> Principal:
        """A principal by the name of its identity."""
        return next(p for p in self.ground.directory.everybody() if p.name == name)

    def token(self, who: str, vault: str = "kv") -> str:
        """A token of somebody for vaults, or for modules."""
        return self.ground.tokens.issue(self.who(who), MODULES if vault == "hsm" else AUDIENCE).text

    def answer(
        self, method: str, path: str, content: Any = None, who: str = "officer", vault: str = "kv", **headers: str
    ) -> Response:
        """What the service answers."""
        sent = {"authorization": f"Bearer {self.token(who, vault)}"} if who else {}
        path, _, query = path.partition("?")
        query = query if "api-version" in query else "&".join(filter(None, ("api-version=7.6", query)))
        body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
        visit = self.visit(vault)
        request = Request(method, visit.host, path, query, sent | headers, body, visit)
        return asyncio.run(self.vaults.answer(request))

    def ask(self, method: str, path: str, content: Any = None, who: str = "officer", vault: str = "kv") -> Any:
        """The content of an answer, and what went wrong as (status, code, inner code, message)."""
        response = self.answer(method, path, content, who, vault)
        found = json.loads(response.body) if response.body else None
        if response.status < 400:
            return found
        error = found["error"]
        return response.status, error["code"], error.get("innererror", {}).get("code", ""), error["message"]

    def visit(self, vault: str) -> Visit:
        """A connection to a vault or a module, from the internet."""
        kind, name = ("_managed_hardware_security_module", "managedhsm") if vault == "hsm" else ("", "vault")
        resource = self.ground.present.estate.resources[f".#azurerm_key_vault{kind}.{vault}"]
        door = Door(f"{resource.key}/{name}", name, resource)
        place = Place("internet", "internet", "the internet")
        return Visit(place, f"{vault}.{name}.azure.net", door, "public", "203.0.113.7", "", "TLSv1.3")

    @property
    def log(self) -> list[dict[str, Any]]:
        """The rows of the log, the newest last."""
        return [row for _, category, row, _ in grounds.rows(self.ground) if category == "AuditEvent"]
