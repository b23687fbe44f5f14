"""FlowEHR as Terraform: it reads back as it was declared, is formatted, holds no secret, and proves."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.builders.terraform import build
from ringfence.builders.terraform.outputs import references
from ringfence.builders.terraform.schema import problems
from ringfence.declared import estate
from ringfence.platforms import folder
from ringfence.platforms.flowehr import WORLDS
from ringfence.prove import Request, prove
from tests.platforms.flowehr.configured import declared, one
from tests.platforms.same import differences, read_back
from tests.platforms.test_blueprint import formatted

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint, Declared

PRICING = "azurerm_security_center_subscription_pricing"
RICH = (Path(__file__).parent / "rich.yaml").read_text()
CASES = {world: (world, "") for world in WORLDS} | {"rich": ("ci", RICH)}


@pytest.fixture(params=CASES, scope="module")
def blueprint(request: pytest.FixtureRequest) -> Blueprint:
    return declared(*CASES[request.param])


def test_it_reads_back_as_it_was_declared(blueprint: Blueprint, tmp_path: Path) -> None:
    built = build(blueprint)
    assert list(differences(estate(blueprint, built), read_back(built, tmp_path, blueprint.world))) == []


def test_its_providers_would_take_it(blueprint: Blueprint) -> None:
    assert [p.message for p in problems(blueprint, build(blueprint))] == []


@pytest.mark.skipif(not shutil.which("terraform"), reason="there is no terraform here")
def test_terraform_finds_nothing_to_format(blueprint: Blueprint, tmp_path: Path) -> None:
    assert formatted(build(blueprint), tmp_path) == ""


def test_layers_are_in_the_order_of_their_deployment(blueprint: Blueprint) -> None:
    seen: list[str] = []
    for layer in blueprint.layers:
        seen.append(layer.name)
        assert {ref.key.partition("#")[0] for ref in references(layer)} <= set(seen)
    assert seen[:2] == ["core", "transform"]


def test_what_layers_share_is_in_core_only(blueprint: Blueprint) -> None:
    shared = {
        "azurerm_resource_group",
        "azurerm_virtual_network",
        "azurerm_subnet",
        "azurerm_log_analytics_workspace",
        "azurerm_private_dns_zone",
    }
    assert {d.file.layer.name for d in blueprint.declared.values() if d.type in shared and d.mode == "managed"} == {
        "core"
    }


def test_a_secret_that_is_asked_for_is_in_no_file() -> None:
    built = build(declared("ci", RICH))
    variables = built.files["transform/variables.tf"]
    assert variables.count("sensitive   = true") == 3
    assert "transform/terraform.tfvars" not in built.files


def test_every_secret_is_renewed_by_somebody(blueprint: Blueprint) -> None:
    secrets = {d.key for d in blueprint.declared.values() if d.type == "azurerm_key_vault_secret"}
    asked = {d.key for d in blueprint.declared.values() if d.type == "databricks_secret" and "password" in d.name}
    renewed = {rotation.key for rotation in blueprint.register.rotations}
    assert secrets | asked <= renewed
    assert all(r.owner and 0 < r.days <= 335 for r in blueprint.register.rotations)


def test_what_a_person_renews_has_its_trace() -> None:
    done = {r.name: r.done for r in declared("ci", RICH).register.rotations if r.done}
    assert done == {"flowehr-dbks-records-password": date(2026, 10, 1)}


def test_pipelines_write_features_and_others_read_them(blueprint: Blueprint) -> None:
    writers = {user.name for user in blueprint.register.users if "db_datawriter" in user.roles}
    (writer,) = writers
    assert writer.startswith("flowehr-databricks-datawriter-")
    assert all(user.database == "transform#azurerm_mssql_database.features" for user in blueprint.register.users)


def test_the_owner_of_a_subscription_sets_its_defender_plans() -> None:
    plans = {d.arguments["resource_type"] for d in declared("ci", RICH).declared.values() if d.type == PRICING}
    assert {"AppServices", "SqlServers", "StorageAccounts", "Containers", "CosmosDbs", "KeyVaults"} <= plans
    assert not any(d.type == PRICING for d in declared("prod").declared.values())


def test_zones_of_a_hub_are_asked_and_not_made() -> None:
    zones = [d for d in declared("ci", RICH).declared.values() if d.type == "azurerm_private_dns_zone"]
    assert {d.mode for d in zones} == {"data"}
    assert {d.arguments["resource_group_name"] for d in zones} == {"rg-hub-dns"}


def test_no_secret_is_written_where_a_cluster_is_configured(blueprint: Blueprint) -> None:
    """Spark's settings refer into the scope, and each reference is to something in it."""
    scope = {d.arguments["key"] for d in blueprint.declared.values() if d.type == "databricks_secret"}
    spark = one(blueprint, "transform#databricks_cluster.transform").arguments["spark_conf"]
    assert isinstance(spark, dict)
    references = {str(value).removesuffix("}}").rpartition("/")[2] for value in spark.values() if "{{" in str(value)}
    assert references
    assert references <= scope


def test_every_role_assignment_is_of_a_declared_need(blueprint: Blueprint) -> None:
    roles = ("azurerm_role_assignment", "azurerm_cosmosdb_sql_role_assignment")
    assigned = {d.key for d in blueprint.declared.values() if d.type in roles}
    assert assigned == {use.key for use in blueprint.register.uses}
    assert all(use.why for use in blueprint.register.uses)


def test_doors_open_to_the_platform_and_its_people_and_to_no_other_network_that_is_peered() -> None:
    found = declared("prod")
    clusters = {"10.64.0.64/26", "10.64.0.128/26"}
    for subnet, more in (("shared", set()), ("data", clusters)):
        group = one(found, f"core#azurerm_network_security_group.{subnet}")
        assert admitted(group) == {"10.64.0.0/24", "10.96.0.0/24", "10.128.0.0/16"} | more


def admitted(group: Declared) -> set[str]:
    """The addresses that its inbound rules name, or the one word that stands for many."""
    rules: Any = group.arguments["security_rule"]
    sources: set[str] = set()
    for rule in (r.arguments for r in rules):
        if (rule["direction"], rule["access"]) == ("Inbound", "Allow"):
            sources |= set(rule.get("source_address_prefixes", ())) | {rule.get("source_address_prefix")}
    return sources - {None}


def test_names_are_those_of_the_document() -> None:
    found = declared("prod")
    wanted = {
        "core#azurerm_virtual_network.core": "vnet-oakvale-prod",
        "core#azurerm_storage_account.management": "strgoakvaleprod",
        "core#azurerm_key_vault.core": "kv-oakvale-prod",
        "core#azurerm_log_analytics_workspace.core": "log-oakvale-prod",
        "transform#azurerm_mssql_server.features": "sql-server-features-oakvale-prod",
        "transform#azurerm_storage_account.datalake": "adlsoakvaleprod",
    }
    assert {key: one(found, key).arguments["name"] for key in wanted} == wanted


def test_the_platform_proves_in_all_its_worlds() -> None:
    found = prove(Request(folder("flowehr"), WORLDS, platform="flowehr"))
    assert [row for row in found.rows if row.outcome == "unknown"] == []
    assert found.exit == 0
