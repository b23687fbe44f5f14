"""Estates that are read: what is not known refuses, and says what it is; what ends, is off or is disabled counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.entra import credentials, federation, issuers
from ringfence.twin.entra.tokens import VoidTokenError
from tests.twin.entra import forge
from tests.twin.entra.stands import IMDS, VAULT, Stand, codes
from tests.twin.grounds import Clock, Text, ground
from tests.workloads.support import from_source

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.ground import Ground

JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = f"{VAULT}/.default"
APPS = """
variable "on" {}
variable "issuer" {}
resource "azuread_application" "a" {
  display_name    = "a"
  identifier_uris = ["api://shop.example"]
}
resource "azuread_service_principal" "a" {
  client_id                    = azuread_application.a.client_id
  app_role_assignment_required = true
}
resource "azuread_application_password" "long" {
  application_id = azuread_application.a.id
  end_date       = "2026-12-01T00:00:00Z"
}
resource "azuread_application" "off" { display_name = "off" }
resource "azuread_service_principal" "off" {
  client_id       = azuread_application.off.client_id
  account_enabled = false
}
resource "azuread_application_password" "off" { application_id = azuread_application.off.id }
resource "azuread_application" "open" { display_name = "open" }
resource "azuread_service_principal" "open" {
  client_id       = azuread_application.open.client_id
  account_enabled = var.on
}
resource "azuread_application_password" "open" { application_id = azuread_application.open.id }
resource "azuread_service_principal_password" "own" { service_principal_id = azuread_service_principal.a.id }
resource "azuread_application" "ci" { display_name = "ci" }
resource "azuread_service_principal" "ci" { client_id = azuread_application.ci.client_id }
resource "azuread_application_federated_identity_credential" "known" {
  application_id = azuread_application.ci.id
  issuer         = "https://gitlab.example"
  subject        = "project_path:shop:ref:main"
  audiences      = ["https://gitlab.example"]
}
resource "azuread_application_federated_identity_credential" "open" {
  application_id = azuread_application.ci.id
  issuer         = var.issuer
  subject        = "anything"
  audiences      = ["api://AzureADTokenExchange"]
}
"""


def standing(folder: Path, text: str, clock: Clock | None = None, **files: str) -> Stand:
    estate, _ = from_source(folder, {"main.tf": text, **files})
    return Stand(ground(Text(lambda _: estate), folder / "state", now=clock or Clock()))


def named(found: Ground, name: str, kind: str = "service principal") -> Principal:
    return next(p for p in found.directory.everybody() if (p.name, p.kind) == (name, kind))


def by_secret(stand: Stand, name: str, key: str, scope: str = SCOPE) -> tuple[int, dict[str, Any]]:
    who = named(stand.ground, name)
    secret = credentials.secret_of(stand.ground, f".#{key}")
    assert secret
    app = stand.ground.directory.app_id(who)
    return stand.token(grant_type="client_credentials", client_id=app, client_secret=secret, scope=scope)


def test_a_secret_ends_on_its_day(tmp_path: Path) -> None:
    clock = Clock()
    stand = standing(tmp_path, APPS, clock)
    assert by_secret(stand, "a", "azuread_application_password.long")[0] == 200
    clock.forward(days=30)
    assert codes(by_secret(stand, "a", "azuread_application_password.long")[1]) == [7000222]
    assert by_secret(stand, "a", "azuread_service_principal_password.own")[0] == 200, "the other holds"


def test_a_secret_ends_some_hours_after_it_was_made(tmp_path: Path) -> None:
    clock, pin = Clock(), 'terraform {\n  required_providers {\n    azuread = { version = "2.50.0" }\n  }\n}\n'
    relative = APPS.replace('end_date       = "2026-12-01T00:00:00Z"', 'end_date_relative = "2h30m"')
    stand = standing(tmp_path, pin + relative, clock)
    stand.begin()
    clock.forward(hours=2, minutes=29)
    key = "azuread_application_password.long"
    assert by_secret(stand, "a", key)[0] == 200
    clock.forward(minutes=1)
    assert codes(by_secret(stand, "a", key)[1]) == [7000222]


def test_who_is_disabled_or_may_be_does_not_sign_in(tmp_path: Path) -> None:
    stand = standing(tmp_path, APPS)
    assert codes(by_secret(stand, "off", "azuread_application_password.off")[1]) == [7000112]
    _, told = by_secret(stand, "open", "azuread_application_password.open")
    assert codes(told) == [7000112]
    assert "variable on has no value" in told["error_description"]


def test_an_application_that_nobody_is_assigned_to_gives_itself_only(tmp_path: Path) -> None:
    stand = standing(tmp_path, APPS)
    key = "azuread_service_principal_password.own"
    status, told = by_secret(stand, "a", key, "api://shop.example/.default")
    assert (status, forge.parts(told["access_token"])[1]["aud"]) == (200, "api://shop.example")
    app = stand.ground.directory.app_id(named(stand.ground, "ci"))
    claims = {"sub": "project_path:shop:ref:main", "aud": "https://gitlab.example"}
    form = {"client_id": app, "client_assertion_type": JWT, "client_assertion": gitlab(stand.ground, **claims)}
    _, told = stand.token(grant_type="client_credentials", **form, scope="api://shop.example/.default")
    assert codes(told) == [501051]


def gitlab(found: Ground, **claims: str) -> str:
    return issuers.signed(found, "https://gitlab.example", claims, Clock().now - Clock().now.replace(hour=11))


@pytest.mark.parametrize(
    ("subject", "audience", "code"),
    [
        ("project_path:shop:ref:main", "https://gitlab.example", 0),
        ("project_path:shop:ref:main", "api://AzureADTokenExchange", 700212),
        ("project_path:shop:ref:feature", "https://gitlab.example", 700213),
        ("anything", "api://AzureADTokenExchange", 700213),
    ],
)
def test_a_credential_takes_what_it_declares_and_an_unknown_one_nothing(
    tmp_path: Path, subject: str, audience: str, code: int
) -> None:
    stand = standing(tmp_path, APPS)
    app = stand.ground.directory.app_id(named(stand.ground, "ci"))
    token = gitlab(stand.ground, sub=subject, aud=audience)
    form = {"client_id": app, "client_assertion_type": JWT, "client_assertion": token, "scope": SCOPE}
    _, told = stand.token(grant_type="client_credentials", **form)
    assert told.get("error_codes", [0]) == [code]
    if code:
        assert "variable issuer has no value" in told["error_description"]


CLUSTER = """
variable "on" {}
resource "azurerm_kubernetes_cluster" "aks" {
  name                      = "aks"
  location                  = "UK South"
  oidc_issuer_enabled       = true
  workload_identity_enabled = true
  identity { type = "SystemAssigned" }
  default_node_pool { name = "d" }
}
provider "helm" {
  kubernetes { host = azurerm_kubernetes_cluster.aks.kube_config[0].host }
}
resource "azurerm_user_assigned_identity" "shop" { name = "shop" }
resource "azurerm_federated_identity_credential" "shop" {
  name      = "shop"
  parent_id = azurerm_user_assigned_identity.shop.id
  issuer    = azurerm_kubernetes_cluster.aks.oidc_issuer_url
  subject   = "system:serviceaccount:shops:shop-account"
  audience  = ["api://AzureADTokenExchange"]
}
resource "helm_release" "shop" {
  name      = "shop"
  namespace = "shops"
  chart     = "shop"
  values = [jsonencode({ serviceAccount = { annotations = {
    "azure.workload.identity/client-id" = azurerm_user_assigned_identity.shop.client_id } } })]
}
"""


def shop(found: Ground) -> Workload:
    from ringfence.questions.workloads.every import workloads

    return next(w for w in workloads(found.present.estate) if w.key == ".#helm_release.shop")


def test_a_chart_s_pod_has_the_account_that_a_credential_of_its_identity_names(tmp_path: Path) -> None:
    stand = standing(tmp_path, CLUSTER)
    token = federation.service_account_token(stand.ground, shop(stand.ground))
    claims = forge.parts(token)[1]
    assert claims["sub"] == "system:serviceaccount:shops:shop-account"
    assert claims["iss"].startswith("https://uksouth.oic.prod-aks.azure.com/")
    app = stand.ground.directory.app_id(named(stand.ground, "shop", "user-assigned identity"))
    form = {"client_id": app, "client_assertion_type": JWT, "client_assertion": token, "scope": SCOPE}
    assert stand.token(grant_type="client_credentials", **form)[0] == 200


@pytest.mark.parametrize("switch", ["oidc_issuer_enabled       = true", "workload_identity_enabled = true"])
@pytest.mark.parametrize("value", ["false", "var.on"])
def test_a_cluster_whose_issuer_or_webhook_is_off_gives_no_tokens(tmp_path: Path, switch: str, value: str) -> None:
    stand = standing(tmp_path, CLUSTER.replace(switch, switch.replace("true", value)))
    assert federation.service_account_token(stand.ground, shop(stand.ground)) == ""


MACHINES = """
variable "kind" {}
resource "azurerm_user_assigned_identity" "one" {
  name                = "one"
  resource_group_name = "rg"
}
resource "azurerm_user_assigned_identity" "two" {
  name                = "two"
  resource_group_name = "rg"
}
resource "azurerm_linux_virtual_machine" "two" {
  name = "two"
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.one.id, azurerm_user_assigned_identity.two.id]
  }
}
resource "azurerm_linux_virtual_machine" "both" {
  name = "both"
  identity {
    type         = "SystemAssigned, UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.one.id]
  }
}
resource "azurerm_linux_virtual_machine" "none" { name = "none" }
resource "azurerm_linux_virtual_machine" "open" {
  name = "open"
  identity { type = var.kind }
}
"""


def asked(stand: Stand, machine: str, **more: str) -> tuple[int, Any]:
    told = "&".join(f"{name}={value}" for name, value in more.items())
    at = Stand(stand.ground, f".#azurerm_linux_virtual_machine.{machine}")
    url = f"http://{IMDS}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={VAULT}&{told}"
    found = at.ask("GET", url, b"", {"Metadata": "true"})
    return found.status, json.loads(found.body)


def test_a_machine_with_several_identities_says_which(tmp_path: Path) -> None:
    stand = standing(tmp_path, MACHINES)
    two = named(stand.ground, "two", "user-assigned identity")
    status, told = asked(stand, "two")
    assert (status, "say which of one, two" in told["error_description"]) == (400, True)
    status, told = asked(stand, "two", client_id=stand.ground.directory.app_id(two))
    assert stand.ground.tokens.caller(told["access_token"], (VAULT,)).principal == two
    base = f"/subscriptions/{stand.ground.directory.subscription}/resourceGroups/rg/providers"
    identity = f"{base}/Microsoft.ManagedIdentity/userAssignedIdentities"
    assert asked(stand, "two", msi_res_id=f"{identity}/two")[0] == 200
    assert asked(stand, "both", msi_res_id=f"{identity}/two")[0] == 400
    assert asked(stand, "two", msi_res_id=f"{identity}/two", client_id="x")[0] == 400


def test_its_own_identity_comes_first(tmp_path: Path) -> None:
    stand = standing(tmp_path, MACHINES)
    caller = stand.ground.tokens.caller(asked(stand, "both")[1]["access_token"], (VAULT,))
    assert caller.principal.kind == "system-assigned identity"


def test_a_machine_without_an_identity_or_with_an_unknown_one_gets_nothing(tmp_path: Path) -> None:
    stand = standing(tmp_path, MACHINES)
    assert "has no identity" in asked(stand, "none")[1]["error_description"]
    status, told = asked(stand, "open")
    assert (status, "variable kind has no value" in told["error_description"]) == (400, True)


PEOPLE = """
resource "azuread_user" "own" {
  display_name        = "Own"
  user_principal_name = "own@contoso.example"
}
resource "azuread_user" "guest" {
  display_name        = "Guest"
  user_principal_name = "some_one_fabrikam.example#EXT#@contoso.onmicrosoft.com"
}
resource "azuread_user" "off" {
  display_name        = "Off"
  user_principal_name = "off@contoso.example"
  account_enabled     = false
}
"""


def test_people_are_called_as_they_sign_in(tmp_path: Path) -> None:
    directory = standing(tmp_path, PEOPLE).ground.directory
    assert {directory.name(p): (p.kind, directory.home(p)) for p in directory.people()} == {
        "own@contoso.example": ("user", ""),
        "some_one@fabrikam.example": ("guest", "fabrikam.example"),
        "off@contoso.example": ("user", ""),
    }
    guest = directory.by_name("some_one@fabrikam.example")
    assert guest is not None
    assert directory.homes() == {directory.home_tenant(guest): "fabrikam.example"}


def test_whose_account_is_disabled_does_not_sign_in(tmp_path: Path) -> None:
    stand = standing(tmp_path, PEOPLE)
    who = stand.ground.directory.by_name("off@contoso.example")
    assert who is not None
    token = stand.ground.tokens.issue(who, VAULT).text
    with pytest.raises(VoidTokenError, match=r"azuread_user\.off"):
        stand.ground.tokens.caller(token, (VAULT,))


MADE = """
resource "azuread_application" "a" { display_name = "a" }
resource "azuread_service_principal" "a" { client_id = azuread_application.a.client_id }
resource "azuread_application_password" "a" { application_id = azuread_application.a.id }
resource "azurerm_key_vault" "v" { name = "v" }
resource "azurerm_key_vault_secret" "s" {
  name         = "s"
  key_vault_id = azurerm_key_vault.v.id
  value        = "user=${azuread_application.a.client_id};password=${azuread_application_password.a.value}"
}
"""


def test_a_secret_inside_a_text(tmp_path: Path) -> None:
    found = standing(tmp_path, MADE).ground
    item: Any = found.present.estate.resources[".#azurerm_key_vault_secret.s"]
    app = found.directory.app_id(named(found, "a"))
    secret = credentials.secret_of(found, ".#azuread_application.a")
    assert credentials.value_of(found, item) == f"user={app};password={secret}"
