"""FlowEHR's transform layer: the SQL server, the secrets of its pipelines, Databricks and the data lake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import accepted, better, decided, has, holds
from tests.requirements.mutation import Add, Change, Mutation, Rewritten, Says, Set, found, remove
from tests.requirements.test_flowehr_core import VAULT
from tests.requirements.test_flowehr_storage import ADLS

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

SERVER = "transform#azurerm_mssql_server.features"
DATABASE = "transform#azurerm_mssql_database.features"
AUDIT = "transform#azurerm_mssql_server_extended_auditing_policy.features"
SCANS = "transform#azurerm_mssql_server_vulnerability_assessment.features"
ALERTS = "transform#azurerm_mssql_server_security_alert_policy.features"
LOCK = "transform#azurerm_management_lock.features"
LABEL = "sql-server-features-<suffix>"
DECISIONS = "decisions.yaml"


# -- the SQL server


@shows(FLOWEHR, Case("F-084", "build", remove(DATABASE)))
def test_the_server_is_in_transform_with_its_database(bench: Bench) -> None:
    server = bench.block(SERVER)
    assert (server.file.layer.name, server.file.name) == ("transform", "feature-data-store.tf")
    has(bench, SERVER, 'name = "sql-server-features-oakvale-prod"')
    has(bench, DATABASE, "server_id = azurerm_mssql_server.features.id")


@shows(FLOWEHR, Case("F-084", "prove", Set(SERVER, "name", "sql-other")))
def test_the_server_is_found_where_the_document_says(bench: Bench) -> None:
    compared = bench.compared("4.1.1", LABEL)
    assert [r.key for r in compared.resources] == [bench.block(SERVER).key]
    headings = {cells[0]: cells[2] for cells in bench.table("CIS-adherence.md", "Azure Resource")}
    assert headings.get("SQL server: <br/>sql-server-features-oakvale-prod") == "feature-data-store.tf"


CONTROLS: tuple[tuple[str, str, str, str, tuple[str, ...], Mutation], ...] = (
    ("F-085", "4.1.1", SERVER, AUDIT, ("log_monitoring_enabled = true", "server_id = azurerm_mssql_server.features.id"),
     remove(AUDIT)),
    ("F-089", "4.1.5", DATABASE, DATABASE, ("transparent_data_encryption_enabled = true",),
     Set(DATABASE, "transparent_data_encryption_enabled", False)),
    ("F-090", "4.1.6", SERVER, AUDIT, ("retention_in_days = 365",), Set(AUDIT, "retention_in_days", 90)),
    ("F-093", "4.2.3", SERVER, SCANS, ("recurring_scans.enabled = true",),
     Set(SCANS, "recurring_scans.enabled", False)),
    ("F-094", "4.2.4", SERVER, SCANS, ('recurring_scans.emails = ["platform-team@oakvale.example.org"]',),
     Set(SCANS, "recurring_scans.emails", ())),
    ("F-095", "4.2.5", SERVER, SCANS, ("recurring_scans.email_subscription_admins = true",),
     Set(SCANS, "recurring_scans.email_subscription_admins", False)),
)  # fmt: skip
"""Statement, item, resource that is judged, block and what it is built with, what breaks it."""


@shows(FLOWEHR, *(Case(of, "build", breaks, block, says) for of, _, _, block, says, breaks in CONTROLS))
def test_the_server_is_built_so(bench: Bench, block: str, says: tuple[str, ...]) -> None:
    has(bench, block, *says)


@shows(FLOWEHR, *(Case(of, "prove", breaks, item, on) for of, item, on, _, _, breaks in CONTROLS))
def test_the_server_adheres(bench: Bench, item: str, on: str) -> None:
    assert holds(bench, item, on).outcome == "pass"
    assert bench.compared(item, LABEL).agrees


def open_rule(blueprint: Blueprint) -> dict[str, Any]:
    """What lets all of Azure in."""
    server = found(blueprint, SERVER)
    return {"name": "azure", "server_id": server.id, "start_ip_address": "0.0.0.0", "end_ip_address": "0.0.0.0"}


RULE = Add("transform", "azurerm_mssql_firewall_rule", "azure", open_rule)


@shows(
    FLOWEHR, Case("F-086", "build", RULE), Case("F-086", "build", Set(SERVER, "public_network_access_enabled", True))
)
def test_no_address_is_let_in(bench: Bench) -> None:
    has(bench, SERVER, "public_network_access_enabled = false")
    assert bench.blocks("azurerm_mssql_firewall_rule") == []


@shows(
    FLOWEHR, Case("F-086", "prove", RULE), Case("F-086", "prove", Set(SERVER, "public_network_access_enabled", True))
)
def test_the_internet_does_not_reach_the_server(bench: Bench) -> None:
    holds(bench, "4.1.2", SERVER)
    assert bench.verdict("sql-server-public-network-access", SERVER).outcome == "pass"
    rows = bench.answers("reach", source=("internet",), to=("sql-server-features-oakvale-prod",), any=True)
    assert {row["outcome"] for row in rows} == {"denied"}


UNDECIDED = Rewritten(DECISIONS, '"4.1.3"', '"4.1.99"')


@shows(FLOWEHR, Case("F-087", "build", UNDECIDED))
def test_that_the_service_keeps_the_key_is_recorded(bench: Bench) -> None:
    assert decided(bench, "4.1.3", SERVER).word == "accept"
    for declared in bench.blocks("azurerm_mssql_server_transparent_data_encryption"):
        assert "key_vault_key_id" not in declared.arguments


@shows(FLOWEHR, Case("F-087", "prove", UNDECIDED))
def test_the_services_own_key_seals_the_databases_by_decision(bench: Bench) -> None:
    assert "overhead" in accepted(bench, "4.1.3", SERVER, "service").reason
    assert bench.holds("kept", on=DATABASE.partition("#")[2], by="platform").outcome == "pass"


@shows(FLOWEHR, Case("F-088", "build", Set(SERVER, "azuread_administrator.object_id", "somebody else")))
def test_the_administrator_is_a_service_principal(bench: Bench) -> None:
    has(
        bench,
        SERVER,
        "azuread_administrator.object_id = azuread_service_principal.sql_owner.object_id",
        "azuread_administrator.azuread_authentication_only = true",
    )


OWNER = "transform#azurerm_key_vault_secret.sql_owner"


@shows(
    FLOWEHR,
    Case("F-088", "prove", Set(SERVER, "azuread_administrator")),
    Case("F-088", "prove", remove(OWNER)),
)
def test_the_administrators_credential_is_in_the_vault(bench: Bench) -> None:
    holds(bench, "4.1.4", SERVER)
    has(bench, OWNER, "key_vault_id = azurerm_key_vault.core.id",
        "value_wo = azuread_application_password.sql_owner.value")  # fmt: skip


@shows(FLOWEHR, Case("F-091", "build", Set(ALERTS, "state", "Disabled")))
def test_defender_watches_the_server(bench: Bench) -> None:
    has(bench, ALERTS, 'state = "Enabled"', "email_account_admins = true")


@shows(FLOWEHR, Case("F-091", "prove", remove(ALERTS, SCANS)), Case("F-091", "prove", Set(ALERTS, "state", "Disabled")))
def test_defender_for_sql_is_better_than_to_be_done(bench: Bench) -> None:
    better(bench, "4.2.1", LABEL, "174")
    holds(bench, "4.2.1", SERVER)


@shows(FLOWEHR, Case("F-092", "build", Set(SCANS, "storage_container_path", "elsewhere")))
def test_assessments_are_kept_in_a_container(bench: Bench) -> None:
    (line,) = [w for w in bench.written(SCANS) if w.startswith("storage_container_path")]
    assert "azurerm_storage_account.management.primary_blob_endpoint" in line
    assert "azurerm_storage_container.features_assessments.name" in line


@shows(FLOWEHR, Case("F-092", "prove", Set(SCANS, "storage_container_path")))
def test_vulnerability_assessment_is_on(bench: Bench) -> None:
    holds(bench, "4.2.2", SERVER)
    assert bench.compared("4.2.2", LABEL).agrees


CRITICAL = (
    ("F-068", "core#azurerm_management_lock.core", VAULT, "kv-<suffix>"),
    ("F-096", LOCK, SERVER, LABEL),
)


@shows(FLOWEHR, *(Case(of, "build", Set(lock, "lock_level", "ReadOnly"), lock, on) for of, lock, on, _ in CRITICAL))
def test_what_is_critical_has_a_lock(bench: Bench, lock: str, on: str) -> None:
    has(bench, lock, 'lock_level = "CanNotDelete"', f"scope = {bench.block(on).address}.id")


@shows(FLOWEHR, *(Case(of, "prove", remove(lock), on, label) for of, lock, on, label in CRITICAL))
def test_locks_are_better_than_to_be_done(bench: Bench, on: str, label: str) -> None:
    better(bench, "10.1", label, "124")
    holds(bench, "10.1", on)
    critical = [r for r in bench.rows("10.1") if "models/storage" not in r.resource.key]
    assert {r.status for r in critical} <= {"Y", "n/a"}


@shows(FLOWEHR, Case("F-097", "build", remove("transform#azurerm_key_vault_secret.sql_owner_id")))
def test_the_deployment_makes_the_sql_owner_and_keeps_its_credential(bench: Bench) -> None:
    assert bench.has("transform#azuread_application.sql_owner")
    has(bench, "transform#azuread_service_principal.sql_owner",
        "client_id = azuread_application.sql_owner.client_id")  # fmt: skip
    for name in ("sql_owner", "sql_owner_id"):
        has(bench, f"transform#azurerm_key_vault_secret.{name}", "key_vault_id = azurerm_key_vault.core.id")


def references(bench: Bench, address: str, attribute: str) -> set[str]:
    """The blocks that have an attribute of another as a value."""
    wanted = f"{address}.{attribute}"
    return {d.key for d in bench.blocks() if any(wanted in line for line in bench.written(d.key))}


def leaked(blueprint: Blueprint) -> dict[str, Any]:
    group = found(blueprint, "core#azurerm_resource_group.core")
    password = found(blueprint, "transform#azuread_application_password.sql_owner")
    return {"name": "leak", "location": "uksouth", "tags": {"secret": password.ref("value"), "of": group.ref("name")}}


LEAK = Add("transform", "azurerm_resource_group", "leak", leaked)


@shows(FLOWEHR, Case("F-097", "prove", LEAK))
def test_the_owners_secret_goes_to_the_vault_and_nowhere_else(bench: Bench) -> None:
    assert references(bench, "azuread_application_password.sql_owner", "value") == {OWNER}
    principal = bench.block("transform#azuread_service_principal.sql_owner")
    administrator: Any = bench.block(SERVER).arguments["azuread_administrator"]
    assert administrator.arguments["object_id"] == principal.ref("object_id")


# -- the secrets of the layer


@shows(FLOWEHR, Case("F-098", "build", Set(OWNER, "expiration_date")))
def test_every_secret_ends_and_is_renewed_by_somebody(bench: Bench) -> None:
    secrets = bench.blocks("azurerm_key_vault_secret")
    renewed = {r.key for r in bench.register().rotations}
    assert len(secrets) > 8
    for secret in secrets:
        assert "expiration_date" in secret.arguments, secret.key
        assert secret.key in renewed, secret.key
    assert {d.file.name for d in secrets if d.file.layer.name == "transform"} == {"secrets.tf"}


@shows(FLOWEHR, Case("F-098", "prove", Set(OWNER, "expiration_date")))
def test_expiry_is_better_than_the_document_says(bench: Bench) -> None:
    assert [r.resource.key for r in bench.rows("8.3") if r.status != "Y"] == []
    compared = bench.compared("8.3", "Azure Key Vault Secrets")
    assert compared.claim.status == "N"
    assert compared.better
    for rotation in bench.register().rotations:
        assert rotation.owner
        assert 0 < rotation.days <= 365


def undone(blueprint: Blueprint) -> None:
    from datetime import date

    from ringfence.record import replace

    rotations = blueprint.register.rotations
    rotations[:] = [replace(r, done=date(2020, 1, 1)) if r.done else r for r in rotations]


@shows(FLOWEHR, Case("F-099", "prove", Change("a secret was last renewed in 2020", undone)))
def test_no_renewal_is_overdue(bench: Bench) -> None:
    from datetime import timedelta

    from tests.requirements.bench import TODAY

    listed = {name: last for name, _, _, _, last, *_ in bench.table("secrets.md", "Secret")}
    rotations = bench.register().rotations
    assert any(r.done for r in rotations)
    for one in rotations:
        assert listed[one.name] == (one.done.isoformat() if one.done else "never yet")
        if one.done:
            assert one.done + timedelta(days=one.days) >= TODAY, f"{one.name} was last renewed on {one.done}"


# -- Databricks

BRICKS = "transform#azurerm_databricks_workspace.databricks"


@shows(FLOWEHR, Case("F-100", "build", Set(BRICKS, "custom_parameters.virtual_network_id")))
def test_databricks_is_in_the_network(bench: Bench) -> None:
    has(bench, BRICKS, "custom_parameters.virtual_network_id = azurerm_virtual_network.core.id",
        "custom_parameters.public_subnet_name = azurerm_subnet.databricks_host.name",
        "custom_parameters.private_subnet_name = azurerm_subnet.databricks_container.name")  # fmt: skip


@shows(FLOWEHR, Case("F-100", "prove", Set(BRICKS, "custom_parameters.no_public_ip", False)))
def test_databricks_has_rows_of_the_local_catalogue(bench: Bench) -> None:
    rows = {check: row.status for check, row in bench.rows_of(bench.block(BRICKS).key).items()}
    local = {check: status for check, status in rows.items() if check.startswith("databricks-")}
    assert local == dict.fromkeys(
        (
            "databricks-no-public-ip",
            "databricks-public-access",
            "databricks-own-network",
            "databricks-secret-scopes",
            "databricks-infrastructure-encryption",
        ),
        "Y",
    )


@shows(FLOWEHR, Case("F-101", "build", Set(BRICKS, "custom_parameters.no_public_ip", False)))
def test_nodes_have_no_public_address(bench: Bench) -> None:
    has(bench, BRICKS, "custom_parameters.no_public_ip = true")
    for name in ("databricks_host", "databricks_container"):
        has(
            bench,
            f"core#azurerm_subnet.{name}",
            'delegation.service_delegation.name = "Microsoft.Databricks/workspaces"',
        )


@shows(FLOWEHR, Case("F-101", "prove", Set(BRICKS, "custom_parameters.no_public_ip", False)))
def test_nodes_are_isolated(bench: Bench) -> None:
    for check in ("databricks-no-public-ip", "databricks-own-network"):
        assert bench.verdict(check, BRICKS).outcome == "pass"


PUBLIC = "switches: {public_databricks: true}"


@shows(FLOWEHR, Case("F-102", "build", Set(BRICKS, "public_network_access_enabled", True)))
def test_the_control_plane_is_open_only_by_its_switch(bench: Bench) -> None:
    has(bench, BRICKS, "public_network_access_enabled = false")
    dev = bench.blueprint("dev")
    written = bench.written(BRICKS, "dev")
    assert "public_network_access_enabled = true" in written
    assert {r.switch for r in dev.register.relaxations if r.key == BRICKS} == {"switches.public_databricks"}


@shows(FLOWEHR, Case("F-102", "prove", Set(BRICKS, "public_network_access_enabled", True)))
def test_the_control_plane_is_better_than_the_document_says(bench: Bench) -> None:
    assert bench.verdict("databricks-public-access", BRICKS).outcome == "pass"
    assert bench.verdict("databricks-public-access", BRICKS, "dev").outcome == "fail"
    (partial,) = [c for c in bench.assessment().claims if c.claim.status == "Partial"]
    assert partial.better
    assert "201" in str((partial.claim.issues, partial.claim.notes))


CLUSTER = "transform#databricks_cluster.transform"
REFERENCE = re.compile(r"\{\{secrets/\$\{databricks_secret_scope\.pipelines\.name\}/([\w-]+)\}\}")


def referred(bench: Bench) -> set[str]:
    """The entries of the scope that the cluster's settings refer to."""
    (settings,) = [w for w in bench.written(CLUSTER) if w.startswith("spark_conf")]
    return set(REFERENCE.findall(settings))


@shows(FLOWEHR, Case("F-103", "build", remove("transform#databricks_secret_acl.pipelines")))
def test_secrets_are_in_a_private_scope(bench: Bench) -> None:
    has(bench, "transform#databricks_secret_scope.pipelines", 'name = "flowehr-secrets"')
    has(bench, "transform#databricks_secret_acl.pipelines", 'permission = "READ"')
    assert len(referred(bench)) > 3


@shows(
    FLOWEHR,
    Case("F-103", "prove", remove("transform#databricks_secret.dbks_sql_app_secret")),
    Case("F-103", "prove", Says(CLUSTER, "{{secrets/", "s3cret-")),
)
def test_every_reference_is_an_entry_of_the_scope(bench: Bench) -> None:
    entries = {str(d.arguments["key"]) for d in bench.blocks("databricks_secret")}
    assert referred(bench)
    assert referred(bench) <= entries
    assert bench.verdict("databricks-secret-scopes", BRICKS).outcome == "pass"


# -- the data lake


@shows(FLOWEHR, Case("F-110", "build", remove("transform#azurerm_storage_container.gold")))
def test_the_lake_has_zones_and_two_endpoints(bench: Bench) -> None:
    has(bench, ADLS.address, "is_hns_enabled = true")
    zones = [d.arguments["name"] for d in bench.blocks("azurerm_storage_container") if d.file.name == "adls.tf"]
    assert zones == ["bronze", "silver", "gold"]
    assert all(bench.has(endpoint) for endpoint in ADLS.endpoints)


@shows(FLOWEHR, Case("F-110", "prove", remove(ADLS.endpoints[1])))
def test_the_lake_is_there_with_both_doors(bench: Bench) -> None:
    lake: Any = bench.resource(ADLS.address)
    assert lake.is_hns_enabled.value is True
    assert bench.verdict("storage-data-lake-private-endpoints", ADLS.address).outcome == "pass"
