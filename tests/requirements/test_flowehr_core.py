"""FlowEHR's core: the network and its flow logs, the vaults, the workspace, and who is told of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import accepted, decided, has, holds
from tests.requirements.mutation import Configured, Rewritten, Set, remove

if TYPE_CHECKING:
    from tests.requirements.bench import Bench

NETWORK = "azurerm_virtual_network:vnet-oakvale-prod"
FLOWS = "core#azurerm_network_watcher_flow_log.core"
WORKSPACE = "azurerm_log_analytics_workspace:log-oakvale-prod"
VAULT = "azurerm_key_vault:kv-oakvale-prod"
APPS = "azurerm_key_vault:kv-oakvale-prod-serve"
SUBNETS = ("shared", "databricks_host", "databricks_container", "serve_webapps", "data")


# -- the network


@shows(FLOWEHR, Case("F-046", "build", remove("core#azurerm_subnet.data")))
def test_the_network_has_a_subnet_for_each_purpose(bench: Bench) -> None:
    has(bench, NETWORK, 'address_space = ["10.64.0.0/24"]')
    here = {d.name for d in bench.blocks("azurerm_subnet")}
    assert here == set(SUBNETS)
    delegated = {d.name for d in bench.blocks("azurerm_subnet") if "delegation" in d.arguments}
    assert delegated >= {"databricks_host", "databricks_container", "serve_webapps"}


@shows(FLOWEHR, Case("F-046", "prove", Set("core#azurerm_subnet.data", "address_prefixes", ("10.65.0.0/27",))))
def test_there_is_one_network_with_every_subnet_inside(bench: Bench) -> None:
    from ipaddress import ip_network

    from ringfence.model.network import Subnet, VirtualNetwork

    assert [n.title for n in bench.estate().of(VirtualNetwork)] == ["vnet-oakvale-prod"]
    subnets = bench.estate().of(Subnet)
    assert len(subnets) == len(SUBNETS)
    for declared in bench.blocks("azurerm_subnet"):
        (prefix,) = declared.arguments["address_prefixes"]
        assert ip_network(str(prefix)).subnet_of(ip_network("10.64.0.0/24"))


@shows(
    FLOWEHR,
    Case("F-048", "build", Set(FLOWS, "traffic_analytics")),
    Case("F-048", "build", Set(FLOWS, "enabled", False)),
)
def test_flows_are_kept_and_analysed_in_the_workspace(bench: Bench) -> None:
    network, workspace = bench.block(NETWORK), bench.block(WORKSPACE)
    has(
        bench,
        FLOWS,
        "enabled = true",
        f"target_resource_id = {network.address}.id",
        "traffic_analytics.enabled = true",
        f"traffic_analytics.workspace_resource_id = {workspace.address}.id",
    )


@shows(FLOWEHR, Case("F-048", "prove", Set(FLOWS, "traffic_analytics")))
def test_every_attached_group_is_covered_by_a_flow_log(bench: Bench) -> None:
    from ringfence.model.network import NetworkSecurityGroup

    holds(bench, "5.1.6", NETWORK)
    for group in bench.estate().of(NetworkSecurityGroup):
        assert [r.status for r in bench.rows("5.1.6") if r.resource.key == group.key] == ["Y"], group.title


@shows(FLOWEHR, Case("F-049", "build", Set(FLOWS, "network_watcher_name")))
def test_the_region_has_a_watcher(bench: Bench) -> None:
    has(bench, FLOWS, "network_watcher_name = data.azurerm_network_watcher.region.name")
    has(bench, "core#data.azurerm_network_watcher.region", 'name = "NetworkWatcher_uksouth"')
    has(bench, NETWORK, "location = azurerm_resource_group.core.location")
    has(bench, "core#azurerm_resource_group.core", 'location = "uksouth"')


@shows(FLOWEHR, Case("F-049", "prove", remove(FLOWS)))
def test_the_network_is_watched(bench: Bench) -> None:
    holds(bench, "6.6", NETWORK)


# -- the vaults

VAULTS = ((VAULT, "F-065", "F-066", "F-067"), (APPS, "F-106", "F-107", "F-108"))


def endpoint(vault: str) -> str:
    return f"azurerm_private_endpoint:pe-{vault.partition(':')[2]}"


@shows(
    FLOWEHR,
    Case("F-064", "build", remove(VAULT), VAULT, "core"),
    Case("F-105", "build", remove(APPS), APPS, "serve"),
)
def test_the_vault_is_declared_in_its_layer(bench: Bench, vault: str, layer: str) -> None:
    assert bench.block(vault).file.layer.name == layer


@shows(FLOWEHR, *(Case(ids[0], "build", Set(v, "purge_protection_enabled", False), v) for v, *ids in VAULTS))
def test_nothing_in_the_vault_is_destroyed_before_its_time(bench: Bench, vault: str) -> None:
    has(bench, vault, "purge_protection_enabled = true", "soft_delete_retention_days = 90")


@shows(FLOWEHR, *(Case(ids[0], "prove", Set(v, "purge_protection_enabled", False), v) for v, *ids in VAULTS))
def test_the_vault_is_recoverable_in_production_and_a_test_copy_is_not(bench: Bench, vault: str) -> None:
    row = holds(bench, "8.5", vault)
    assert {part.check.id for part in row.parts} == {"keyvault-soft-delete", "keyvault-purge-protection"}
    elsewhere = vault.replace("-prod", "-dev")
    assert bench.row("8.5", elsewhere, "dev").outcome == "fail"


@shows(FLOWEHR, *(Case(ids[1], "build", Set(v, "rbac_authorization_enabled", False), v) for v, *ids in VAULTS))
def test_roles_decide_in_the_vault(bench: Bench, vault: str) -> None:
    has(bench, vault, "rbac_authorization_enabled = true")


@shows(FLOWEHR, *(Case(ids[1], "prove", Set(v, "rbac_authorization_enabled", False), v) for v, *ids in VAULTS))
def test_no_access_policy_decides_in_the_vault(bench: Bench, vault: str) -> None:
    holds(bench, "8.6", vault)
    assert bench.blocks("azurerm_key_vault_access_policy") == []


@shows(FLOWEHR, *(Case(ids[2], "build", remove(endpoint(v)), v) for v, *ids in VAULTS))
def test_the_vault_has_an_endpoint(bench: Bench, vault: str) -> None:
    target = f"private_service_connection.private_connection_resource_id = {bench.block(vault).address}.id"
    has(bench, endpoint(vault), 'private_service_connection.subresource_names = ["vault"]', target)


@shows(
    FLOWEHR,
    *(
        Case(ids[2], "prove", breaks, v)
        for v, *ids in VAULTS
        for breaks in (Set(endpoint(v), "private_dns_zone_group"), Set(v, "public_network_access_enabled", True))
    ),
)
def test_the_vault_is_met_in_the_network_and_nowhere_else(bench: Bench, vault: str) -> None:
    holds(bench, "8.7", vault)
    name = vault.partition(":")[2]
    outside = bench.answers("reach", source=("internet",), to=(name,), any=True)
    assert [row["outcome"] for row in outside] == ["denied"]
    assert bench.verdict("keyvault-public-network-access", vault).outcome == "pass"


@shows(FLOWEHR, Case("F-069", "build", Configured("accesses_real_data: false\nswitches: {destructible: true}")))
def test_purging_follows_the_environment(bench: Bench) -> None:
    for world, suffix, purge in (("", "prod", "true"), ("dev", "dev", "false"), ("ci", "ci", "false")):
        for vault in (f"kv-oakvale-{suffix}", f"kv-oakvale-{suffix}-serve"):
            written = bench.written(f"azurerm_key_vault:{vault}", world)
            assert f"purge_protection_enabled = {purge}" in written, (vault, world)


@shows(FLOWEHR, Case("F-069", "prove", Configured("switches: {destructible: false}")))
def test_only_production_cannot_be_purged(bench: Bench) -> None:
    found = {w: bench.verdict("keyvault-purge-protection", f"azurerm_key_vault:kv-oakvale-{w}", w).outcome
             for w in bench.worlds}  # fmt: skip
    assert found == {"prod": "pass", "ci": "fail", "dev": "fail"}


@shows(
    FLOWEHR, Case("F-109", "build", Set("serve#azurerm_key_vault.app_secrets", "public_network_access_enabled", True))
)
def test_the_apps_vault_is_open_only_without_real_data(bench: Bench) -> None:
    has(bench, APPS, "public_network_access_enabled = false")
    open_ = bench.written("azurerm_key_vault:kv-oakvale-dev-serve", "dev")
    assert "public_network_access_enabled = true" in open_


@shows(FLOWEHR, Case("F-109", "prove", remove(endpoint(APPS))))
def test_the_apps_vault_adheres_in_production_and_not_on_a_developers_copy(bench: Bench) -> None:
    def open_in(vault: str, world: str) -> str:
        return bench.verdict("keyvault-public-network-access", vault, world).outcome

    holds(bench, "8.7", APPS)
    assert open_in(APPS, "prod") == "pass"
    assert open_in("azurerm_key_vault:kv-oakvale-dev-serve", "dev") == "fail"


# -- the workspace


@shows(FLOWEHR, Case("F-079", "build", remove(WORKSPACE)))
def test_the_workspace_is_in_core(bench: Bench) -> None:
    assert bench.block(WORKSPACE).file.layer.name == "core"


UNDECIDED = Rewritten("decisions.yaml", "5.1.4", "5.1.3")


@shows(FLOWEHR, Case("F-082", "build", UNDECIDED), Case("F-082", "prove", UNDECIDED))
def test_microsofts_keys_seal_the_logs_by_decision(bench: Bench) -> None:
    accepted(bench, "5.1.4", WORKSPACE, "Microsoft")
    assert decided(bench, "5.1.4", WORKSPACE).word == "accept"


CHANGED = "core#azurerm_monitor_activity_log_alert.sql_firewall_changed"


@shows(FLOWEHR, Case("F-083", "build", Set(CHANGED, "criteria.operation_name", "Microsoft.Sql/servers/write")))
def test_a_change_of_a_sql_firewall_is_told(bench: Bench) -> None:
    has(bench, CHANGED, 'criteria.operation_name = "Microsoft.Sql/servers/firewallRules/write"')
    assert any(
        line.startswith("action.action_group_id = azurerm_monitor_action_group") for line in bench.written(CHANGED)
    )


@shows(FLOWEHR, Case("F-083", "prove", Set(CHANGED, "scopes", ("a group",))))
def test_every_change_of_section_5_2_is_told(bench: Bench) -> None:
    statuses = {f"5.2.{n}": [row.status for row in bench.rows(f"5.2.{n}")] for n in range(1, 11)}
    assert statuses == {item: ["Y"] for item in statuses}
