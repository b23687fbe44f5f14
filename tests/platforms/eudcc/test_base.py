"""What a region stands on: its registry, cluster and database server."""

from __future__ import annotations

import pytest

from ringfence.ask import Question
from ringfence.constructs.mysql import GRAPH, PARAMETERS, MySql
from ringfence.errors import ConstructError
from tests.platforms.eudcc.configured import blocks, declared, inner, stood
from tests.platforms.eudcc.regions import region

REGIONS = ("eu", "ie")


@pytest.mark.parametrize("name", REGIONS)
def test_the_registry_knows_no_password_and_no_internet(name: str) -> None:
    (registry,) = blocks(declared(), "azurerm_container_registry", name)
    wanted = {
        "sku": "Premium",
        "admin_enabled": False,
        "anonymous_pull_enabled": False,
        "public_network_access_enabled": False,
    }
    assert {key: registry.arguments[key] for key in wanted} == wanted
    pulls = [(u.name, u.role) for u in declared().register.uses if u.scope == registry.id]
    assert pulls == [(f"aks-eudcc-{name}-prod nodes", "AcrPull")]


@pytest.mark.parametrize("name", REGIONS)
def test_the_cluster_is_private_and_signed_in_to_by_the_directory(name: str) -> None:
    (cluster,) = blocks(declared(), "azurerm_kubernetes_cluster", name)
    wanted = {
        "private_cluster_enabled": True,
        "private_cluster_public_fqdn_enabled": False,
        "local_account_disabled": True,
        "run_command_enabled": False,
        "oidc_issuer_enabled": True,
        "workload_identity_enabled": True,
        "azure_policy_enabled": True,
    }
    assert {key: cluster.arguments[key] for key in wanted} == wanted
    assert inner(cluster, "azure_active_directory_role_based_access_control.azure_rbac_enabled") is True
    assert inner(cluster, "key_vault_secrets_provider.secret_rotation_enabled") is True
    assert inner(cluster, "network_profile.network_policy") == "cilium"
    assert inner(cluster, "identity.type") == "UserAssigned"


@pytest.mark.parametrize("name", REGIONS)
def test_the_database_is_signed_in_to_by_the_directory_only(name: str) -> None:
    found = declared()
    (server,) = blocks(found, "azurerm_mysql_flexible_server", name)
    assert server.arguments["public_network_access"] == "Disabled"
    assert "administrator_password" not in server.arguments
    parameters = blocks(found, "azurerm_mysql_flexible_server_configuration", name)
    assert {p.arguments["name"]: p.arguments["value"] for p in parameters} == {
        key: value for key, (value, _) in PARAMETERS.items()
    }
    assert PARAMETERS["aad_auth_only"][0] == PARAMETERS["require_secure_transport"][0] == "ON"
    (administrator,) = blocks(found, "azurerm_mysql_flexible_server_active_directory_administrator", name)
    assert administrator.arguments["login"] == f"id-mysql-eudcc-{name}-prod-admin"


@pytest.mark.parametrize("name", REGIONS)
def test_the_password_of_the_server_is_the_item_that_nobody_uses(name: str) -> None:
    found = declared()
    (server,) = blocks(found, "azurerm_mysql_flexible_server", name)
    secret = found.declared[f"{name}#azurerm_key_vault_secret.mysql_pw"]
    assert server.arguments["administrator_password_wo"] == secret.arguments["value_wo"]
    assert server.arguments["administrator_password_wo_version"] == secret.arguments["value_wo_version"]
    assert secret.arguments["value_wo"].key == f"{name}#ephemeral.random_password.mysql_pw"


@pytest.mark.parametrize("name", REGIONS)
def test_the_server_asks_the_directory_who_signs_in_and_nothing_else(name: str) -> None:
    given = blocks(declared(), "azuread_app_role_assignment", name)
    assert {d.arguments["app_role_id"] for d in given} == set(GRAPH.values())
    principals = {d.arguments["principal_object_id"].key for d in given}
    assert principals == {f"{name}#azurerm_user_assigned_identity.mysql"}


@pytest.mark.parametrize("name", REGIONS)
def test_nodes_reach_what_they_need_and_not_the_other_region(name: str) -> None:
    other = next(r for r in REGIONS if r != name)
    rows = Question("reach", source=(f"snet-nodes-{name}",), to=(f"kv-eudcc-{name}-prod",)).answer(stood())
    assert {row["outcome"] for row in rows} == {"allowed"}
    rows = Question("reach", source=(f"snet-nodes-{name}",), to=(f"kv-eudcc-{other}-prod",), any=True).answer(stood())
    assert {row["outcome"] for row in rows} == {"denied"}


def test_a_server_and_a_cluster_are_called_as_azure_allows() -> None:
    eu = region("eu")
    file = eu.layer.file("more.tf")
    key = eu.items.keys["mysql-encryption-key"]
    with pytest.raises(ConstructError, match="a server cannot be called Data_Base"):
        MySql(file, "more", eu.home, called="Data_Base", key=key, password="x", renewed=None)  # type: ignore[arg-type]
    with pytest.raises(ConstructError, match="too long a name for a user of MySQL"):
        MySql(file, "more", eu.home, called="mysql-platforms-eu-world1", key=key, password="x", renewed=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REGIONS)
def test_what_must_be_there_first_is_waited_for(name: str) -> None:
    found = declared()
    (cluster,) = blocks(found, "azurerm_kubernetes_cluster", name)
    assert f"{name}#azurerm_subnet_nat_gateway_association.nodes" in {d.key for d in cluster.life.depends_on}
    for parameter in blocks(found, "azurerm_mysql_flexible_server_configuration", name):
        (first,) = parameter.life.depends_on
        assert first.type == "azurerm_mysql_flexible_server_active_directory_administrator"
    (pool,) = blocks(found, "azurerm_kubernetes_cluster_node_pool", name)
    assert pool.arguments["kubernetes_cluster_id"] == cluster.id
    assert pool.arguments["host_encryption_enabled"] is True


@pytest.mark.parametrize("name", REGIONS)
def test_the_cluster_may_link_its_zone_and_find_its_address(name: str) -> None:
    found = declared()
    (group,) = blocks(found, "azurerm_resource_group", name)
    role = found.declared[f"{name}#azurerm_role_definition.cluster_network"]
    actions = inner(role, "permissions.actions")
    assert {"Microsoft.Network/virtualNetworks/join/action", "Microsoft.Network/publicIPAddresses/read"} <= set(actions)
    assert not any(a.endswith(("/write", "/delete", "*")) for a in actions)
    assert [u.role for u in found.register.uses if u.scope == group.id] == [role.arguments["name"]]


@pytest.mark.parametrize("name", REGIONS)
def test_roles_count_before_they_are_used(name: str) -> None:
    found = declared()
    waits = {
        "azurerm_disk_encryption_set.cluster": {"cluster_key"},
        "azurerm_mysql_flexible_server.mysql": {"mysql_key"},
        "azurerm_kubernetes_cluster.cluster": {"cluster_network", "cluster_zone", "cluster_subnet", "cluster_disks"},
    }
    for word, roles in waits.items():
        sleeps = [d for d in found.declared[f"{name}#{word}"].life.depends_on if d.type == "time_sleep"]
        assert {r.name for s in sleeps for r in s.life.depends_on} == roles
