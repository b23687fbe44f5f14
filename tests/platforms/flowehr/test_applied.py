"""What Terraform's own check of the files does not find: that an apply gets through, and that what it makes works."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.platforms.flowehr import WORLDS
from tests.platforms.flowehr.configured import configured, declared, one

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint, Declared


@pytest.fixture(params=WORLDS, scope="module")
def blueprint(request: pytest.FixtureRequest) -> Blueprint:
    return declared(request.param)


def before(declared: Declared) -> set[str]:
    """The addresses that a block names in its ``depends_on``."""
    return {other.address for other in declared.life.depends_on}


def test_storage_is_made_without_asking_the_account_itself(blueprint: Blueprint) -> None:
    """azurerm 4 otherwise waits for a new account's data plane, which has no endpoint yet, and asks its queues."""
    for layer in blueprint.layers:
        features: Any = layer.providers["azurerm"].arguments["features"]
        assert features.arguments["storage"].arguments == {"data_plane_available": False}


def test_the_automation_finds_what_it_writes_to() -> None:
    """A peering carries no names: without a link the names lead to public addresses, which are closed."""
    found = declared("prod")
    links = [d for d in found.declared.values() if d.type == "azurerm_private_dns_zone_virtual_network_link"]
    assert {d.name for d in links if d.name.endswith("_ci")} == {"vault_ci", "sql_ci", "databricks_ci", "registry_ci"}
    existing = declared("prod", "private_dns_zones_rg: rg-hub")
    assert not any(d.name.endswith("_ci") for d in existing.declared.values() if d in links)


def test_clusters_reach_the_control_plane_through_its_endpoint(blueprint: Blueprint) -> None:
    rules: Any = one(blueprint, "core#azurerm_network_security_group.data").arguments["security_rule"]
    rule = next(r.arguments for r in rules if r.arguments["name"] == "allow-clusters")
    assert (rule["direction"], rule["access"], rule["protocol"]) == ("Inbound", "Allow", "Tcp")
    assert rule["destination_port_ranges"] == ("3306", "6666", "8443-8451")


def test_networks_that_are_peered_with_the_same_one_have_no_address_in_common() -> None:
    spaces = [ip_network(configured(world).address_space) for world in WORLDS]
    assert not any(a.overlaps(b) for n, a in enumerate(spaces) for b in spaces[:n])


def test_one_network_asks_the_zones_of_one_deployment_only() -> None:
    """Azure links a network to one zone of a name."""
    automation = [c.ci.name for c in map(configured, WORLDS) if c.ci]
    assert len(set(automation)) == len(automation) > 1


def test_nothing_is_asked_of_a_workspace_that_is_not_there_yet(blueprint: Blueprint) -> None:
    """A data source is read while Terraform plans, unless it waits for what the same apply makes."""
    asked = [d for d in blueprint.declared.values() if d.mode == "data" and d.type.startswith("databricks_")]
    assert len(asked) == 2
    for one_ in asked:
        assert {"azurerm_private_endpoint.databricks_ui", "azurerm_private_endpoint.databricks_browser"} <= before(one_)


def test_a_cluster_starts_when_the_secrets_that_it_refers_to_are_there(blueprint: Blueprint) -> None:
    kinds = ("databricks_secret", "databricks_secret_acl")
    secrets = {d.address for d in blueprint.declared.values() if d.type in kinds}
    assert secrets
    assert before(one(blueprint, "transform#databricks_cluster.transform")) == secrets


def test_a_secret_is_written_when_there_is_a_way_and_a_right_to(blueprint: Blueprint) -> None:
    shared = one(blueprint, "core#time_sleep.vault_ready")
    assert before(shared) == {
        "azurerm_private_endpoint.core",
        "azurerm_role_assignment.deployer_writes_secrets",
    }
    ready = one(blueprint, "serve#time_sleep.app_secrets_ready")
    assert before(ready) == {
        "azurerm_private_endpoint.app_secrets",
        "azurerm_role_assignment.deployer_writes_secrets",
    }
    secrets = [d for d in blueprint.declared.values() if d.type == "azurerm_key_vault_secret"]
    assert all(before(d) == {ready.address} for d in secrets if d.file.layer.name == "serve")


def test_an_app_starts_when_it_may_pull_its_image_and_read_its_secrets() -> None:
    found = declared("prod")
    app = one(found, "serve#azurerm_linux_web_app.bed_forecast")
    assert before(app) == {"time_sleep.bed_forecast_ready"}
    assert before(one(found, "serve#time_sleep.bed_forecast_ready")) == {
        "azurerm_role_assignment.bed_forecast_pulls_images",
        "azurerm_role_assignment.bed_forecast_session_key_read",
        "azurerm_role_assignment.bed_forecast_pager_token_read",
    }


def test_a_slots_endpoint_waits_for_the_slot() -> None:
    """It names the app, of which the slot is a sub-resource."""
    endpoint = one(declared("prod"), "serve#azurerm_private_endpoint.bed_forecast_testing")
    assert before(endpoint) == {"azurerm_linux_web_app_slot.bed_forecast_testing"}


def test_the_deployment_owns_the_applications_that_it_makes(blueprint: Blueprint) -> None:
    """It may look after its own and no others (Application.ReadWrite.OwnedBy); its own identity it must not own."""
    kinds = ("azuread_application", "azuread_service_principal")
    found = (d for d in blueprint.declared.values() if d.mode == "managed" and d.type in kinds)
    made = {d.key: "owners" in d.arguments for d in found}
    unowned = {key for key, owned in made.items() if not owned}
    assert {key.rpartition(".")[2] for key in unowned} <= {"deployment"}
    assert any(made.values())


def test_a_role_over_the_lake_is_over_one_zone(blueprint: Blueprint) -> None:
    held = {use.key: str(use.what) for use in blueprint.register.uses if use.what.startswith("adls")}
    assert held
    assert all("/" in what for what in held.values())
    assert {what.rpartition("/")[2] for key, what in held.items() if "factory" in key} == {"bronze"}


def test_pipelines_may_send_what_they_record(blueprint: Blueprint) -> None:
    """The component takes nothing without a role, since its key opens nothing."""
    use = next(u for u in blueprint.register.uses if u.key.endswith(".pipelines_send_telemetry"))
    assert (use.role, use.name.rpartition("-oakvale")[0]) == (
        "Monitoring Metrics Publisher",
        "flowehr-databricks-datawriter",
    )


def test_a_server_audits_when_it_can_reach_its_storage_and_may_write_there(blueprint: Blueprint) -> None:
    ready = one(blueprint, "transform#time_sleep.features_ready")
    assert before(ready) == {
        "azurerm_mssql_outbound_firewall_rule.features",
        "azurerm_role_assignment.features_writes_to_storage",
    }
    for kind in ("extended_auditing_policy", "vulnerability_assessment"):
        assert before(one(blueprint, f"transform#azurerm_mssql_server_{kind}.features")) == {ready.address}


def test_what_a_test_destroys_is_not_held_back() -> None:
    """A lock also holds the roles and settings on a resource, which Terraform destroys before it."""
    for world in ("ci", "dev"):
        found = declared(world)
        assert not any(d.type == "azurerm_management_lock" for d in found.declared.values())
        features: Any = found.layers[0].providers["azurerm"].arguments["features"]
        assert features.arguments["resource_group"].arguments == {"prevent_deletion_if_contains_resources": False}
    assert any(d.type == "azurerm_management_lock" for d in declared("prod").declared.values())
