"""The serve layer: what apps share, what each has of its own, and that none reaches into another's."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.checks.check import checks
from ringfence.cli import main
from ringfence.declared import estate
from ringfence.errors import InputError
from ringfence.model.storage import StorageAccount
from ringfence.model.web import Site
from ringfence.platforms.flowehr import WORLDS
from tests.platforms.flowehr.configured import declared, one

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.estate import Estate

APPS = {"bed_forecast": "audit_explorer", "audit_explorer": "bed_forecast"}
"""Each app that ships, and the other."""
NOTHING = "apps: {}\nserve: {}\npeople: {}\naccounts: []\n"


@pytest.fixture(params=WORLDS, scope="module")
def blueprint(request: pytest.FixtureRequest) -> Blueprint:
    return declared(request.param)


@pytest.fixture(scope="module")
def found(blueprint: Blueprint) -> Estate:
    return estate(blueprint)


def readers(capsys: pytest.CaptureFixture[str], world: str, on: str) -> list[str]:
    """Who may read it, as ``ringfence ask access`` says."""
    main(["ask", "access", "--platform", "flowehr", "--world", world, "--can", "read", "--on", on, "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["worlds"]
    answers: list[dict[str, Any]] = found["answers"]
    return [answer["principal"]["name"] for answer in answers if answer["outcome"] != "no"]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("app", APPS)
def test_an_app_reads_its_own_secrets_and_no_other_does(
    capsys: pytest.CaptureFixture[str], world: str, app: str
) -> None:
    dashed = app.replace("_", "-")
    who = readers(capsys, world, f"kv-oakvale-{world}-serve/secrets/{dashed}-session-key")
    assert who == [f"id-{dashed}-oakvale-{world}", "whoever runs Terraform"]


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_a_database_of_its_own(blueprint: Blueprint, app: str) -> None:
    role = one(blueprint, f"serve#azurerm_cosmosdb_sql_role_assignment.{app}")
    assert role.arguments["principal_id"] == one(blueprint, f"serve#azurerm_user_assigned_identity.{app}").ref(
        "principal_id"
    )
    mine = one(blueprint, f"serve#azurerm_cosmosdb_sql_database.{app}").ref("name")
    other = one(blueprint, f"serve#azurerm_cosmosdb_sql_database.{APPS[app]}").ref("name")
    assert mine in role.arguments["scope"].parts  # type: ignore[union-attr]
    assert other not in role.arguments["scope"].parts  # type: ignore[union-attr]


def test_a_secret_that_a_person_gives_is_written_anew_when_he_says_so() -> None:
    renewed = "renewed: {SOURCE_WAREHOUSE_PASSWORD: 2026-09-15, BED_FORECAST_PAGER_TOKEN: 2026-10-01}"
    found = declared("prod", renewed)
    token = one(found, "serve#azurerm_key_vault_secret.bed_forecast_pager_token")
    assert token.arguments["value_wo_version"] == 20261001
    assert token.arguments["expiration_date"] == "2027-04-29T00:00:00Z"
    (rotation,) = [r for r in found.register.rotations if r.key == token.key]
    assert (rotation.done, rotation.owner) == (date(2026, 10, 1), "bed-forecast@oakvale.example.org")


def test_nothing_of_one_app_refers_to_another(blueprint: Blueprint) -> None:
    layer = next(layer for layer in blueprint.layers if layer.name == "serve")
    for app, other in APPS.items():
        for block in layer.files[f"app_{app}.tf"].declared:
            assert other not in str(block.arguments)


def test_every_app_and_slot_keeps_what_the_document_says_of_apps(found: Estate) -> None:
    wanted = ("authentication", "https-only", "minimum-tls", "managed-identity", "ftp", "secrets-in-key-vault")
    sites = found.of(Site)
    assert len(sites) == 3
    for site in sites:
        for name in wanted:
            assert checks()[f"web-{name}"].verdict(site, found).outcome == "pass"
        assert site.acr_use_managed_identity_creds.value is True  # type: ignore[union-attr]


def test_only_those_who_are_let_in_sign_in(blueprint: Blueprint) -> None:
    for app, groups in {"bed_forecast": 2, "audit_explorer": 1}.items():
        principal = one(blueprint, f"serve#azuread_service_principal.{app}")
        assert principal.arguments["app_role_assignment_required"] is True
        target = principal.ref("object_id")
        let_in = [d for d in blueprint.declared.values() if d.type == "azuread_app_role_assignment"]
        admitted = len([d for d in let_in if d.arguments["resource_object_id"] == target])
        assert admitted == groups + (blueprint.world != "prod")  # developers, where there is no real data


def test_no_app_has_a_password(blueprint: Blueprint) -> None:
    layer = next(layer for layer in blueprint.layers if layer.name == "serve")
    types = {block.type for block in layer}
    assert not types & {"azuread_application_password", "azurerm_container_registry_token_password"}
    assert one(blueprint, "serve#azurerm_container_registry.images").arguments["admin_enabled"] is False


def test_the_pipeline_of_an_app_swaps_its_slots_and_nothing_else(blueprint: Blueprint) -> None:
    pipeline = one(blueprint, "serve#azuread_service_principal.bed_forecast_pipeline").ref("object_id")
    mine = [use for use in blueprint.register.uses if use.who == pipeline]
    assert [(use.name, use.what) for use in mine] == [
        (
            f"sp-flowehr-app-bed-forecast-oakvale-{blueprint.world}",
            f"webapp-bed-forecast-oakvale-{blueprint.world}",
        )
    ]
    role = one(blueprint, "serve#azurerm_role_definition.swap_slots").arguments["permissions"]
    assert "config" not in str(role.arguments["actions"])  # type: ignore[union-attr]


def test_the_storage_behind_the_registry_is_judged_and_excepted(blueprint: Blueprint, found: Estate) -> None:
    (account,) = [a for a in found.of(StorageAccount) if a.maker]
    assert account.maker == "serve#azapi_resource.models"
    assert account.key in {exemption.key for exemption in blueprint.register.exemptions}
    outcomes = {
        check: checks()[check].verdict(account, found).outcome
        for check in ("storage-secure-transfer", "storage-minimum-tls", "storage-network-default-deny")
    }
    assert list(outcomes.values()) == ["pass", "pass", "fail"]


def test_the_registry_of_models_is_met_in_the_network(blueprint: Blueprint) -> None:
    body = one(blueprint, "serve#azapi_resource.models").arguments["body"]
    assert body["properties"]["publicNetworkAccess"] == "Disabled"  # type: ignore[index,call-overload]
    assert one(blueprint, "serve#azurerm_private_endpoint.models")


def test_without_apps_the_layer_is_what_they_would_stand_on() -> None:
    found = declared("prod", NOTHING)
    serve = next(layer for layer in found.layers if layer.name == "serve")
    assert not [name for name in serve.files if name.startswith("app_") and name != "app_service.tf"]
    assert "serve#azurerm_service_plan.apps" in found.declared


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ("apps: {X: {name: x, owner: o, image: 'x:1'}}", "an app cannot be called X"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', users: [nobody]}}", "there is no group nobody"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', secrets: {KEY: hunter2}}}", "KEY holds a secret in plain text"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', colour: red}}", "colour is not a setting"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', secrets: {a-b: generated}}}", "cannot be called a-b"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', add_testing_slot: true}}\nserve: {}", "nobody is named"),
        ("apps: {abc: {name: x, owner: o, image: x}}", "x is no image"),
        ("apps: {developers: {name: x, owner: o, image: 'x:1'}}", "an app cannot be called developers"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', env: {A: x}, secrets: {a: generated}}}", "a is set twice"),
        ("apps: {abc: {name: x, owner: o, image: 'x:1', env: {API_KEY: hunter2}}}", "API_KEY holds a secret"),
        ("serve: {github_owner: 'no such'}", "no organisation of GitHub"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(over: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        declared("prod", over)
