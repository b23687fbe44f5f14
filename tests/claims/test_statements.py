"""What the two documents state of whole platforms, asked of small ones; each statement fails when it is broken."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.sentence import sentence
from ringfence.ask import Question
from ringfence.claims import held
from ringfence.model.world import Change
from ringfence.prove import Request, estates, prove, settings_of
from ringfence.record import replace
from tests.support import terraform

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

LANTERN = Path(__file__).parents[2] / "examples" / "lantern"


@cache
def lantern(world: str = "prod", *files: tuple[str, str]) -> Estate:
    """The example in one world, with files laid over its roots."""
    request = Request(LANTERN, (world,))
    settings = settings_of(request)
    worlds = tuple(replace(w, change=Change((), files)) for w in settings.worlds)
    return next(iter(estates(request, replace(settings, worlds=worlds))))


def over(folder: Path, root: str, text: str, world: str = "prod") -> Estate:
    """The example with a text laid over one root."""
    file = folder / "laid.tf"
    file.write_text(text)
    return lantern.__wrapped__(world, (root, str(file)))


def outcome(estate: Estate, form: str, **words: str | tuple[str, ...]) -> str:
    texts = {n.rstrip("_"): (v,) if isinstance(v, str) else v for n, v in words.items()}
    return held(sentence(form, texts), estate).outcome


def test_no_data_is_accessible_over_the_internet_even_with_credentials(tmp_path: Path) -> None:
    stores = ("kind data-store", "kind vault")
    assert outcome(lantern(), "unreachable", from_="internet", to=stores) == "pass"
    opened = 'resource "azurerm_key_vault" "platform" {\n  public_network_access_enabled = true\n'
    opened += '  network_acls {\n    default_action = "Allow"\n    bypass = "None"\n  }\n}\n'
    assert outcome(over(tmp_path, "platform", opened), "unreachable", from_="internet", to=stores) == "fail"


def test_a_service_is_reached_by_its_private_endpoint_over_the_network(tmp_path: Path) -> None:
    question = Question("reach", source=("snet-data",), to=("kv-lantern-prod", "stdatalanternprod", "sql-lantern-prod"))
    rows = {(r["to"]["name"], r["door"]): r for r in question.answer(lantern())}
    private = {("kv-lantern-prod", "vault"), ("stdatalanternprod", "dfs"), ("sql-lantern-prod", "sqlServer")}
    assert {key for key in private if rows[key]["outcome"] == "allowed" and rows[key]["front"] == "private"} == private
    gone = Change(("module.vault_endpoint",))
    request = Request(LANTERN, ("prod",))
    settings = settings_of(request)
    worlds = tuple(replace(w, change=gone) for w in settings.worlds)
    without = next(iter(estates(request, replace(settings, worlds=worlds))))
    (row,) = Question("reach", source=("snet-data",), to=("kv-lantern-prod",)).answer(without)
    assert (row["outcome"], row["front"]) == ("denied", "public")


def test_traffic_to_a_service_stays_in_the_network() -> None:
    (row,) = Question("reach", source=("snet-data",), to=("kv-lantern-prod",)).answer(lantern())
    texts = [hop["text"] for hop in row["hops"]]
    assert "next hop of snet-data: stays in the virtual network" in texts
    assert not any("goes to the internet" in text for text in texts)


def test_what_the_internet_reaches_is_a_list_of_named_exceptions(tmp_path: Path) -> None:
    def open_doors(estate: Estate) -> set[str]:
        rows = Question("reach").answer(estate)
        return {f"{r['to']['name']}/{r['door']}" for r in rows if r["outcome"] != "denied"}

    named = {f"{n}/{d}" for n in ("log-lantern-prod", "appi-lantern-prod") for d in ("query", "ingestion")}
    assert open_doors(lantern()) == named
    more = 'resource "azurerm_storage_account" "new" {\n  name = "stnew"\n  public_network_access_enabled = true\n}\n'
    assert {door.partition("/")[0] for door in open_doors(over(tmp_path, "portal", more)) - named} == {"stnew"}


def test_nobody_holds_a_storage_key_where_keys_are_refused(tmp_path: Path) -> None:
    question = Question("access", can="read", on=("kind data-store",))

    def holders(estate: Estate) -> set[str]:
        accounts = (r for r in question.answer(estate) if "storageAccounts" in r["on"]["type"])
        return {r["principal"]["name"] for r in accounts if r["principal"]["kind"] == "key holder"}

    assert holders(lantern()) == set()
    key = 'resource "azurerm_storage_account" "new" {\n  name = "stnew"\n  shared_access_key_enabled = true\n}\n'
    assert holders(over(tmp_path, "portal", key)) == {"anyone with a key of stnew"}


def test_that_keys_are_refused_is_the_reason_for_which_their_rotation_is_accepted() -> None:
    rows = prove(Request(LANTERN, ("prod",))).rows_of("3.3")
    assert rows
    for row in rows:
        (part,) = row.parts
        assert (row.status, part.decision is not None and part.decision.word) == ("N", "accept")
        account = row.resource
        assert outcome(lantern(), "only", can="read", on=account.key, principals=("adf-*", "*-*-*-*-*")) == "pass"


KEYS = """
resource "azurerm_resource_group" "g" {
  name     = "rg"
  location = "westeurope"
}
resource "azurerm_key_vault" "v" {
  name                       = "kv1"
  resource_group_name        = azurerm_resource_group.g.name
  rbac_authorization_enabled = true
  sku_name                   = "premium"
}
resource "azurerm_key_vault_key" "k" {
  for_each     = toset(["aks", "mysql"])
  name         = "${each.key}-encryption-key"
  key_vault_id = azurerm_key_vault.v.id
  key_type     = "RSA-HSM"
  key_size     = 2048
  key_opts     = ["wrapKey", "unwrapKey"]
}
resource "azurerm_user_assigned_identity" "i" {
  for_each            = toset(["aks", "mysql"])
  name                = "id-${each.key}"
  resource_group_name = azurerm_resource_group.g.name
}
resource "azurerm_role_assignment" "r" {
  for_each             = toset(["aks", "mysql"])
  scope                = SCOPE
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.i[each.key].principal_id
}
"""


@pytest.mark.parametrize(
    ("scope", "holds"),
    [("azurerm_key_vault_key.k[each.key].resource_versionless_id", "pass"), ("azurerm_key_vault.v.id", "fail")],
)
def test_each_key_is_open_to_the_one_service_that_needs_it(tmp_path: Path, scope: str, holds: str) -> None:
    estate = terraform(tmp_path, KEYS.replace("SCOPE", scope))
    for service in ("aks", "mysql"):
        key = f"kv1/keys/{service}-encryption-key"
        assert outcome(estate, "only", can="unwrap", on=key, principals=f"id-{service}") == holds


PORTAL = """
resource "azurerm_service_plan" "p" {
  name    = "plan"
  os_type = "Linux"
}
resource "azurerm_linux_web_app" "public" {
  name                          = "portal"
  service_plan_id               = azurerm_service_plan.p.id
  public_network_access_enabled = true
  identity { type = "SystemAssigned" }
  site_config {}
}
resource "azurerm_role_assignment" "face" {
  scope                = azurerm_key_vault_key.k["FACE"].resource_versionless_id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_linux_web_app.public.identity[0].principal_id
}
"""


@pytest.mark.parametrize(("face", "holds"), [("mysql", "pass"), ("aks", "fail")])
def test_an_application_on_the_internet_cannot_use_the_issuing_key(tmp_path: Path, face: str, holds: str) -> None:
    text = (KEYS + PORTAL).replace("SCOPE", "azurerm_key_vault_key.k[each.key].resource_versionless_id")
    estate = terraform(tmp_path, text.replace("FACE", face))
    assert outcome(estate, "unexposed", from_="internet", to="kv1/keys/aks-encryption-key") == holds
