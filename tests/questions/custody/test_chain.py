"""Per service: the chain to the key, with which identity, whether it may, and what seals it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.questions.custody.hcl import USER, VAULT, asked, opens, role, sealing, terraform

if TYPE_CHECKING:
    from pathlib import Path

ALL = {"read": "pass", "wrap": "pass", "unwrap": "pass"}
NONE = {"read": "fail", "wrap": "fail", "unwrap": "fail"}
OWN = 'identity {\n    type = "SystemAssigned"\n  }'
ASSIGNED = (
    'identity {\n    type         = "UserAssigned"\n    identity_ids = [azurerm_user_assigned_identity.u.id]\n  }'
)

KEY = "azurerm_key_vault_key.k.id"
NEWEST = "azurerm_key_vault_key.k.versionless_id"

# service: (address, part, Terraform, principal of the grant, identity, follows new versions, seals besides the grant)
STORES: dict[str, tuple[str, str, str, str, str, str, tuple[str, ...]]] = {
    "storage, key inside, identity assigned": (
        "azurerm_storage_account.a",
        "",
        f"""
resource "azurerm_storage_account" "a" {{
  name = "a1"
  {ASSIGNED}
  customer_managed_key {{
    key_vault_key_id          = {NEWEST}
    user_assigned_identity_id = azurerm_user_assigned_identity.u.id
  }}
}}""",
        USER,
        "user-assigned identity stores",
        "pass",
        ("azurerm_user_assigned_identity.u",),
    ),
    "storage, key apart, own identity": (
        "azurerm_storage_account.a",
        "",
        f"""
resource "azurerm_storage_account" "a" {{
  name = "a1"
  {OWN}
}}
resource "azurerm_storage_account_customer_managed_key" "c" {{
  storage_account_id = azurerm_storage_account.a.id
  key_vault_id       = azurerm_key_vault.kv.id
  key_name           = azurerm_key_vault_key.k.name
}}""",
        "azurerm_storage_account.a.identity[0].principal_id",
        "system-assigned identity a1",
        "pass",
        ("azurerm_storage_account.a/identity",),
    ),
    "storage, a version named apart": (
        "azurerm_storage_account.a",
        "",
        f"""
resource "azurerm_storage_account" "a" {{
  name = "a1"
  {OWN}
}}
resource "azurerm_storage_account_customer_managed_key" "c" {{
  storage_account_id = azurerm_storage_account.a.id
  key_vault_id       = azurerm_key_vault.kv.id
  key_name           = azurerm_key_vault_key.k.name
  key_version        = "0123"
}}""",
        "azurerm_storage_account.a.identity[0].principal_id",
        "system-assigned identity a1",
        "fail",
        ("azurerm_storage_account.a/identity",),
    ),
    "MySQL, single server": (
        "azurerm_mysql_server.s",
        "",
        f"""
resource "azurerm_mysql_server" "s" {{
  name = "s1"
  {OWN}
}}
resource "azurerm_mysql_server_key" "k" {{
  server_id        = azurerm_mysql_server.s.id
  key_vault_key_id = {KEY}
}}""",
        "azurerm_mysql_server.s.identity.0.principal_id",
        "system-assigned identity s1",
        "fail",
        ("azurerm_mysql_server.s/identity",),
    ),
    "PostgreSQL, flexible server": (
        "azurerm_postgresql_flexible_server.s",
        "",
        f"""
resource "azurerm_postgresql_flexible_server" "s" {{
  name = "s1"
  {ASSIGNED}
  customer_managed_key {{
    key_vault_key_id                  = {KEY}
    primary_user_assigned_identity_id = azurerm_user_assigned_identity.u.id
  }}
}}""",
        USER,
        "user-assigned identity stores",
        "fail",
        ("azurerm_user_assigned_identity.u",),
    ),
    "SQL database under its server's protector": (
        "azurerm_mssql_database.d",
        "",
        f"""
resource "azurerm_mssql_server" "s" {{
  name = "s1"
  {OWN}
}}
resource "azurerm_mssql_database" "d" {{
  name      = "d1"
  server_id = azurerm_mssql_server.s.id
}}
resource "azurerm_mssql_server_transparent_data_encryption" "t" {{
  server_id             = azurerm_mssql_server.s.id
  key_vault_key_id      = {KEY}
  auto_rotation_enabled = true
}}""",
        "azurerm_mssql_server.s.identity[0].principal_id",
        "system-assigned identity s1",
        "pass",
        ("azurerm_mssql_server.s/identity",),
    ),
    "Cosmos DB by a managed identity": (
        "azurerm_cosmosdb_account.c",
        "",
        f"""
resource "azurerm_cosmosdb_account" "c" {{
  name                  = "c1"
  default_identity_type = join("=", ["UserAssignedIdentity", azurerm_user_assigned_identity.u.id])
  key_vault_key_id      = {NEWEST}
  {ASSIGNED}
}}""",
        USER,
        "user-assigned identity stores",
        "pass",
        ("azurerm_user_assigned_identity.u",),
    ),
    "AKS through a disk encryption set": (
        "azurerm_kubernetes_cluster.c",
        "disks",
        f"""
resource "azurerm_disk_encryption_set" "e" {{
  name                      = "e1"
  key_vault_key_id          = {NEWEST}
  auto_key_rotation_enabled = true
  {OWN}
}}
resource "azurerm_kubernetes_cluster" "c" {{
  name                   = "c1"
  disk_encryption_set_id = azurerm_disk_encryption_set.e.id
}}""",
        "azurerm_disk_encryption_set.e.identity[0].principal_id",
        "system-assigned identity e1",
        "pass",
        ("azurerm_disk_encryption_set.e", "azurerm_disk_encryption_set.e/identity"),
    ),
    "a machine's system disk": (
        "azurerm_linux_virtual_machine.m",
        "",
        f"""
resource "azurerm_disk_encryption_set" "e" {{
  name             = "e1"
  key_vault_key_id = {KEY}
  {OWN}
}}
resource "azurerm_linux_virtual_machine" "m" {{
  name = "m1"
  os_disk {{
    disk_encryption_set_id = azurerm_disk_encryption_set.e.id
  }}
}}""",
        "azurerm_disk_encryption_set.e.identity[0].principal_id",
        "system-assigned identity e1",
        "fail",
        ("azurerm_disk_encryption_set.e", "azurerm_disk_encryption_set.e/identity"),
    ),
    "container registry": (
        "azurerm_container_registry.r",
        "",
        f"""
resource "azurerm_container_registry" "r" {{
  name = "r1"
  {ASSIGNED}
  encryption {{
    key_vault_key_id   = {NEWEST}
    identity_client_id = azurerm_user_assigned_identity.u.client_id
  }}
}}""",
        USER,
        "user-assigned identity stores",
        "pass",
        ("azurerm_user_assigned_identity.u",),
    ),
    "data factory": (
        "azurerm_data_factory.f",
        "",
        f"""
resource "azurerm_data_factory" "f" {{
  name                             = "f1"
  customer_managed_key_id          = {KEY}
  customer_managed_key_identity_id = azurerm_user_assigned_identity.u.id
  {ASSIGNED}
}}""",
        USER,
        "user-assigned identity stores",
        "fail",
        ("azurerm_user_assigned_identity.u",),
    ),
    "machine learning workspace by its own identity": (
        "azurerm_machine_learning_workspace.w",
        "",
        f"""
resource "azurerm_machine_learning_workspace" "w" {{
  name = "w1"
  {OWN}
  encryption {{
    key_vault_id = azurerm_key_vault.kv.id
    key_id       = {KEY}
  }}
}}""",
        "azurerm_machine_learning_workspace.w.identity[0].principal_id",
        "system-assigned identity w1",
        "fail",
        ("azurerm_machine_learning_workspace.w/identity",),
    ),
    "service bus": (
        "azurerm_servicebus_namespace.n",
        "",
        f"""
resource "azurerm_servicebus_namespace" "n" {{
  name = "n1"
  sku  = "Premium"
  {ASSIGNED}
  customer_managed_key {{
    key_vault_key_id = {NEWEST}
    identity_id      = azurerm_user_assigned_identity.u.id
  }}
}}""",
        USER,
        "user-assigned identity stores",
        "pass",
        ("azurerm_user_assigned_identity.u",),
    ),
    "AI services, key apart": (
        "azurerm_cognitive_account.c",
        "",
        f"""
resource "azurerm_cognitive_account" "c" {{
  name = "c1"
  kind = "OpenAI"
  {ASSIGNED}
}}
resource "azurerm_cognitive_account_customer_managed_key" "k" {{
  cognitive_account_id = azurerm_cognitive_account.c.id
  key_vault_key_id     = {KEY}
  identity_client_id   = azurerm_user_assigned_identity.u.client_id
}}""",
        USER,
        "user-assigned identity stores",
        "fail",
        ("azurerm_user_assigned_identity.u",),
    ),
    "Databricks, disks": (
        "azurerm_databricks_workspace.w",
        "disks",
        f"""
resource "azurerm_databricks_workspace" "w" {{
  name                                                = "w1"
  sku                                                 = "premium"
  managed_disk_cmk_key_vault_key_id                   = {KEY}
  managed_disk_cmk_rotation_to_latest_version_enabled = true
}}""",
        "azurerm_databricks_workspace.w.managed_disk_identity.0.principal_id",
        "user-assigned identity managed_disk_identity of w1",
        "pass",
        (),
    ),
    "Databricks, root of DBFS": (
        "azurerm_databricks_workspace.w",
        "root",
        f"""
resource "azurerm_databricks_workspace" "w" {{
  name                         = "w1"
  sku                          = "premium"
  customer_managed_key_enabled = true
}}
resource "azurerm_databricks_workspace_root_dbfs_customer_managed_key" "r" {{
  workspace_id     = azurerm_databricks_workspace.w.id
  key_vault_key_id = {KEY}
}}""",
        "azurerm_databricks_workspace.w.storage_account_identity.0.principal_id",
        "user-assigned identity storage_account_identity of w1",
        "fail",
        (),
    ),
    "logs through a dedicated cluster": (
        "azurerm_log_analytics_workspace.w",
        "",
        f"""
resource "azurerm_log_analytics_workspace" "w" {{
  name = "w1"
}}
resource "azurerm_log_analytics_cluster" "c" {{
  name = "c1"
  {OWN}
}}
resource "azurerm_log_analytics_cluster_customer_managed_key" "k" {{
  log_analytics_cluster_id = azurerm_log_analytics_cluster.c.id
  key_vault_key_id         = {KEY}
}}
resource "azurerm_log_analytics_linked_service" "l" {{
  workspace_id    = azurerm_log_analytics_workspace.w.id
  write_access_id = azurerm_log_analytics_cluster.c.id
}}""",
        "azurerm_log_analytics_cluster.c.identity[0].principal_id",
        "system-assigned identity c1",
        "fail",
        ("azurerm_log_analytics_cluster.c/identity",),
    ),
}


@pytest.mark.parametrize("service", STORES)
def test_the_chain_of_a_store_under_a_key_of_ones_own(service: str, tmp_path: Path) -> None:
    address, part, text, principal, identity, follows, more = STORES[service]
    found = asked(terraform(tmp_path, VAULT + text + role(principal)), address, part)
    assert found.customer_managed.outcome == "pass"
    assert (getattr(found.key, "address", ""), getattr(found.vault, "address", "")) == (
        "azurerm_key_vault_key.k",
        "azurerm_key_vault.kv",
    )
    assert isinstance(found.identities, tuple)
    assert [str(i) for i in found.identities] == [identity]
    assert opens(found) == ALL
    assert found.follows is not None
    assert found.follows.outcome == follows
    links = ("azurerm_role_assignment.g", *more, "azurerm_key_vault_key.k", "azurerm_key_vault.kv")
    assert sealing(found) == dict.fromkeys(links, "sealed")


@pytest.mark.parametrize("service", STORES)
def test_a_store_whose_identity_holds_nothing_cannot_open_its_data(service: str, tmp_path: Path) -> None:
    address, part, text, _, _, _, _ = STORES[service]
    found = asked(terraform(tmp_path, VAULT + text), address, part)
    assert opens(found) == NONE
    assert "azurerm_role_assignment.g" not in sealing(found)


def test_a_store_without_an_identity_cannot_reach_its_key(tmp_path: Path) -> None:
    text = f"""
resource "azurerm_storage_account" "a" {{
  name = "a1"
  customer_managed_key {{
    key_vault_key_id = {KEY}
  }}
}}"""
    found = asked(terraform(tmp_path, VAULT + text), "azurerm_storage_account.a")
    assert found.identities == ()
    assert {v.why for _, v in found.opens} == {"it has no identity to reach the key with"}


def test_the_key_of_etcd_encrypts_and_decrypts(tmp_path: Path) -> None:
    """The other part, the disks, stays under Microsoft's key."""
    text = f"""
resource "azurerm_kubernetes_cluster" "c" {{
  name = "c1"
  {ASSIGNED}
  key_management_service {{
    key_vault_key_id = {KEY}
  }}
}}
resource "azurerm_role_assignment" "g" {{
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = {USER}
}}
"""
    estate = terraform(tmp_path, VAULT.replace('"wrapKey", "unwrapKey"', '"encrypt", "decrypt"') + text)
    assert opens(asked(estate, "azurerm_kubernetes_cluster.c", "etcd")) == {"encrypt": "pass", "decrypt": "pass"}
    assert asked(estate, "azurerm_kubernetes_cluster.c", "disks").customer_managed.outcome == "fail"


def test_a_key_whose_operations_leave_out_unwrapping_opens_nothing(tmp_path: Path) -> None:
    _, _, text, principal, _, _, _ = STORES["MySQL, single server"]
    estate = terraform(tmp_path, VAULT.replace('"wrapKey", "unwrapKey"', '"sign"') + text + role(principal))
    found = asked(estate, "azurerm_mysql_server.s")
    assert opens(found) == {"read": "pass", "wrap": "fail", "unwrap": "fail"}
    assert {v.why for _, v in found.opens if v.outcome == "fail"} == {
        "the key's operations leave out wrapKey",
        "the key's operations leave out unwrapKey",
    }


@pytest.mark.parametrize(
    ("key", "version"),
    [
        ('"https://kv1.vault.azure.net/keys/store-key"', "newest"),
        ('"https://KV1.vault.azure.net:443/keys/Store-Key/0123"', "pinned"),
        ('"${azurerm_key_vault.kv.vault_uri}keys/store-key"', "newest"),
        ("azurerm_key_vault_key.k.id", "pinned"),
        ("azurerm_key_vault_key.k.versionless_id", "newest"),
    ],
)
def test_an_address_names_a_key_and_perhaps_its_version(key: str, version: str, tmp_path: Path) -> None:
    text = f'resource "azurerm_cosmosdb_account" "c" {{\n name = "c1"\n key_vault_key_id = {key}\n}}'
    found = asked(terraform(tmp_path, VAULT + text), "azurerm_cosmosdb_account.c")
    assert (getattr(found.key, "address", ""), found.located.version) == ("azurerm_key_vault_key.k", version)


def test_cosmos_reaches_its_key_as_an_application_of_microsofts(tmp_path: Path) -> None:
    text = f'resource "azurerm_cosmosdb_account" "c" {{\n name = "c1"\n key_vault_key_id = {NEWEST}\n}}'
    found = asked(terraform(tmp_path, VAULT + text), "azurerm_cosmosdb_account.c")
    assert isinstance(found.identities, tuple)
    assert [i.name for i in found.identities] == ["Azure Cosmos DB"]
    assert set(opens(found).values()) == {"unknown"}


def test_a_workspace_whose_cluster_is_given_elsewhere_is_unknown(tmp_path: Path) -> None:
    text = """
variable "cluster" {}
resource "azurerm_log_analytics_workspace" "w" {
  name = "w1"
}
resource "azurerm_log_analytics_linked_service" "l" {
  count           = var.cluster == null ? 0 : 1
  workspace_id    = azurerm_log_analytics_workspace.w.id
  write_access_id = var.cluster
}"""
    cluster = '"/subscriptions/0/resourceGroups/r/providers/Microsoft.OperationalInsights/clusters/c1"'
    address = "azurerm_log_analytics_workspace.w"
    given = asked(terraform(tmp_path, text, cluster=cluster), address)
    assert (given.customer_managed.outcome, given.material) == ("unknown", None)
    assert given.customer_managed.why == "the cluster that it is linked to is not declared here, nor its key"
    assert asked(terraform(tmp_path, text, cluster="null"), address).customer_managed.outcome == "fail"


def test_telemetry_has_the_key_of_its_workspace(tmp_path: Path) -> None:
    _, _, text, principal, _, _, _ = STORES["logs through a dedicated cluster"]
    more = """
resource "azurerm_application_insights" "i" {
  name         = "i1"
  workspace_id = azurerm_log_analytics_workspace.w.id
}"""
    found = asked(terraform(tmp_path, VAULT + text + more + role(principal)), "azurerm_application_insights.i")
    assert opens(found) == ALL
    assert [getattr(b, "address", "") for b in found.through] == [
        "azurerm_log_analytics_workspace.w",
        "azurerm_log_analytics_cluster.c",
    ]


@pytest.mark.parametrize(
    ("disk", "outcome"),
    [
        ('os_managed_disk_id = "/subscriptions/0/resourceGroups/r/providers/Microsoft.Compute/disks/d"', "unknown"),
        ("os_managed_disk_id = azurerm_managed_disk.plain.id", "fail"),
        ("os_managed_disk_id = azurerm_managed_disk.sealed.id", "pass"),
        ('os_disk {\n    disk_encryption_set_id = "/subscriptions/0/resourceGroups/r/providers/x/y/z"\n  }', "pass"),
        ("os_disk {\n    disk_encryption_set_id = null\n  }", "fail"),
        ("os_disk {\n    disk_encryption_set_id = var.set\n  }", "unknown"),
    ],
)
def test_a_machine_has_the_key_of_the_disk_that_it_is_given(disk: str, outcome: str, tmp_path: Path) -> None:
    text = f"""
variable "set" {{}}
resource "azurerm_disk_encryption_set" "e" {{
  name             = "e1"
  key_vault_key_id = {KEY}
}}
resource "azurerm_managed_disk" "plain" {{
  name = "plain"
}}
resource "azurerm_managed_disk" "sealed" {{
  name                   = "sealed"
  disk_encryption_set_id = azurerm_disk_encryption_set.e.id
}}
resource "azurerm_linux_virtual_machine" "m" {{
  name = "m1"
  {disk}
}}"""
    found = asked(terraform(tmp_path, VAULT + text, "4.81.0"), "azurerm_linux_virtual_machine.m")
    assert found.customer_managed.outcome == outcome


def test_a_disk_that_is_a_blob_has_the_key_of_its_account(tmp_path: Path) -> None:
    text = """
resource "azurerm_virtual_machine" "m" {
  name = "m1"
  storage_os_disk {
    vhd_uri = "https://a1.blob.core.windows.net/vhds/d.vhd"
  }
}"""
    found = asked(terraform(tmp_path, text), "azurerm_virtual_machine.m")
    assert found.customer_managed.outcome == "unknown"
