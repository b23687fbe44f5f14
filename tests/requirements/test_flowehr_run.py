"""FlowEHR as it runs: somebody tries, by real clients, and what its document states holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.blueprint import block
from tests.requirements.binding import FLOWEHR, shows
from tests.requirements.mutation import Add, Configured, Mutation, Set, both, found, remove
from tests.requirements.running import holds, tried
from tests.requirements.test_flowehr_core import APPS, CHANGED, FLOWS, VAULT, WORKSPACE
from tests.requirements.test_flowehr_core import endpoint as endpoint_of
from tests.requirements.test_flowehr_identities import INVITED
from tests.requirements.test_flowehr_layers import LINK
from tests.requirements.test_flowehr_serve import APPS as SITES
from tests.requirements.test_flowehr_serve import COSMOS, ENDPOINT, LITERAL, SLOT
from tests.requirements.test_flowehr_serve import OPEN as OPEN_SITE
from tests.requirements.test_flowehr_storage import ADLS, STRG, Account
from tests.requirements.test_flowehr_transform import SERVER

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

CORE_VAULT = "core#azurerm_key_vault.core"


def open_vault(address: str) -> Mutation:
    """It answers whoever asks."""
    return both(
        Set(address, "public_network_access_enabled", True), Set(address, "network_acls.default_action", "Allow")
    )


def open_account(account: Account) -> Mutation:
    """It answers whoever asks."""
    return both(
        account.without("public_network_access_enabled", True), account.without("network_rules.default_action", "Allow")
    )


def everybody(blueprint: Blueprint) -> dict[str, Any]:
    server = found(blueprint, SERVER).id
    return {"name": "all", "server_id": server, "start_ip_address": "0.0.0.0", "end_ip_address": "255.255.255.255"}


OPEN_SERVER = both(
    Set(SERVER, "public_network_access_enabled", True),
    Add("transform", "azurerm_mssql_firewall_rule", "all", everybody),
)


DATABRICKS = "transform#azurerm_databricks_workspace.databricks"


def switched(to: str) -> Configured:
    """The configuration of a developer's copy has this switch."""
    return Configured(f"switches: {{{to}}}")


@shows(
    FLOWEHR,
    tried("F-004", OPEN_SERVER),
    tried("F-004", switched("deployer_addresses: []"), "dev"),
    tried("F-069", Set(VAULT, "purge_protection_enabled", False)),
    tried("F-069", switched("destructible: false"), "dev"),
    tried("F-102", Set(DATABRICKS, "public_network_access_enabled", True)),
    tried("F-102", switched("public_databricks: false"), "dev"),
    tried("F-109", open_vault(APPS)),
    tried("F-109", switched("public_app_vault: false"), "dev"),
)
def test_a_copy_is_open_as_its_switches_say_and_production_is_not(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    FLOWEHR,
    tried("F-030", remove(endpoint_of(APPS))),
    tried("F-031", open_account(STRG)),
    tried("F-032", remove(ENDPOINT)),
    tried("F-033", remove(LINK)),
    tried("F-056", open_account(STRG)),
    tried("F-058", Set(STRG.endpoints[0], "private_dns_zone_group")),
    tried("F-067", open_vault(VAULT)),
    tried("F-086", OPEN_SERVER),
    tried("F-108", open_vault(APPS)),
    tried("F-116", open_account(ADLS)),
    tried("F-118", Set(ADLS.endpoints[0], "private_dns_zone_group")),
    tried("F-128", OPEN_SITE),
    tried("F-135", Set(COSMOS, "public_network_access_enabled", True)),
    tried("F-136", remove(ENDPOINT)),
)
def test_what_is_inside_is_met_inside_and_nowhere_else(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    FLOWEHR,
    tried("F-051", STRG.without("https_traffic_only_enabled", False)),
    tried("F-057", STRG.without("network_rules.bypass", ("None",))),
    tried("F-062", STRG.without("min_tls_version", "TLS1_0")),
    tried("F-111", ADLS.without("https_traffic_only_enabled", False)),
    tried("F-117", ADLS.without("network_rules.bypass", ("None",))),
    tried("F-122", ADLS.without("min_tls_version", "TLS1_0")),
    tried("F-125", Set(SLOT, "https_only", False)),
    tried("F-126", Set(SITES[1], "site_config.minimum_tls_version", "1.0")),
)
def test_a_front_takes_what_it_should(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


def read_by_notebooks(blueprint: Blueprint) -> dict[str, Any]:
    connector = found(blueprint, "transform#azurerm_databricks_access_connector.databricks")
    return {"scope": found(blueprint, APPS).id, "role_definition_name": "Key Vault Secrets User",
            "principal_id": connector.ref("identity.0.principal_id"), "principal_type": "ServicePrincipal"}  # fmt: skip


READ_BY_NOTEBOOKS = Add("serve", "azurerm_role_assignment", "read_by_notebooks", read_by_notebooks)
STRANGER = Set(INVITED, "user_email_address", "data-scientist@oakvale.example.org")


@shows(
    FLOWEHR,
    tried("F-005", open_vault(CORE_VAULT), "ci"),
    tried("F-015", STRANGER),
    tried("F-016", remove(INVITED)),
    tried("F-021", READ_BY_NOTEBOOKS),
    tried("F-022", Set(SITES[0], "identity"), anew=True),
)
def test_whoever_signs_in_does_it_by_the_directory(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    FLOWEHR,
    tried("F-050", STRG.without("name", "stother")),
    tried("F-055", STRG.without("allow_nested_items_to_be_public", True)),
    tried("F-059", STRG.without("blob_properties.container_delete_retention_policy")),
    tried("F-063", ADLS.without("shared_access_key_enabled", True)),
    tried("F-110", ADLS.without("name", "stother")),
    tried("F-115", ADLS.without("allow_nested_items_to_be_public", True)),
    tried("F-119", ADLS.without("blob_properties.delete_retention_policy")),
)
def test_stores_keep_what_is_theirs(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    FLOWEHR,
    tried("F-064", remove(VAULT)),
    tried("F-066", Set(VAULT, "rbac_authorization_enabled", False)),
    tried("F-065", Set(VAULT, "purge_protection_enabled", False)),
    tried("F-068", remove("core#azurerm_management_lock.core")),
    tried("F-096", remove("transform#azurerm_management_lock.features")),
    tried("F-105", remove(APPS)),
    tried("F-106", Set(APPS, "purge_protection_enabled", False)),
    tried("F-107", Set(APPS, "rbac_authorization_enabled", False)),
    tried("F-131", LITERAL, anew=True),
)
def test_vaults_keep_what_is_theirs(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    FLOWEHR,
    tried("F-048", Set(FLOWS, "traffic_analytics")),
    tried("F-061", Set(STRG.logs, "enabled_log", [block(category="StorageRead")])),
    tried("F-079", remove(WORKSPACE)),
    tried("F-083", Set(CHANGED, "criteria.operation_name", "Microsoft.Sql/servers/write")),
    tried("F-121", Set(ADLS.logs, "enabled_log", [block(category="StorageRead")])),
)
def test_what_is_done_is_found_in_the_log(bench: Bench, *words: Any) -> None:
    holds(bench, *words)
