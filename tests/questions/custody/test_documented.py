"""What Microsoft's pages say is not under a customer-managed key, or what a service does without it: one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.questions.custody.effect import EFFECTS
from ringfence.questions.custody.parts import NOT_STORES, PARTS
from tests.questions.custody.hcl import VAULT, asked, terraform

if TYPE_CHECKING:
    from pathlib import Path

LEARN = "https://learn.microsoft.com/azure/"
KEY = "azurerm_key_vault_key.k.id"
DISKS = LEARN + "virtual-machines/disk-encryption"
AKS = LEARN + "aks/azure-disk-customer-managed-keys"

SET = f"""
resource "azurerm_disk_encryption_set" "e" {{
  name             = "e1"
  key_vault_key_id = {KEY}
}}"""


def account(more: str) -> str:
    key = f"customer_managed_key {{\n    key_vault_key_id = {KEY}\n  }}"
    return f'resource "azurerm_storage_account" "a" {{\n  name = "a1"\n  {key}\n  {more}\n}}'


def cluster(pool: str, more: str = "") -> str:
    block = f"default_node_pool {{\n    {pool}\n  }}"
    which = "disk_encryption_set_id = azurerm_disk_encryption_set.e.id"
    return f'{SET}\nresource "azurerm_kubernetes_cluster" "c" {{\n  name = "c1"\n  {which}\n  {block}\n}}\n{more}'


def machine(more: str) -> str:
    disk = "os_disk {\n    disk_encryption_set_id = azurerm_disk_encryption_set.e.id\n    %s\n  }"
    option = 'diff_disk_settings {\n      option = "Local"\n    }' if "ephemeral" in more else ""
    rest = more.replace("ephemeral", "")
    return f'{SET}\nresource "azurerm_linux_virtual_machine" "m" {{\n  name = "m1"\n  {disk % option}\n  {rest}\n}}'


def database(more: str) -> str:
    return f"""
resource "azurerm_mssql_server" "s" {{
  name = "s1"
}}
resource "azurerm_mssql_server_transparent_data_encryption" "t" {{
  server_id        = azurerm_mssql_server.s.id
  key_vault_key_id = {KEY}
}}
resource "azurerm_mssql_database" "d" {{
  name      = "d1"
  server_id = azurerm_mssql_server.s.id
  {more}
}}"""


def flexible(kind: str, geo: str, key: str = "") -> str:
    managed = f"customer_managed_key {{\n    key_vault_key_id = {KEY}\n    {key}\n  }}"
    return f"""
resource "azurerm_{kind}_flexible_server" "s" {{
  name                         = "s1"
  geo_redundant_backup_enabled = {geo}
  {managed}
}}"""


# (page, Terraform, store, part, what is beside, under what)
CASES: list[tuple[str, str, str, str, str, str]] = [
    (
        LEARN + "storage/common/account-encryption-key-create",
        account(""),
        "azurerm_storage_account.a",
        "",
        "queues",
        "Microsoft's key",
    ),
    (
        LEARN + "storage/common/account-encryption-key-create",
        account('queue_encryption_key_type = "Account"'),
        "azurerm_storage_account.a",
        "",
        "tables",
        "Microsoft's key",
    ),
    (
        LEARN + "storage/blobs/encryption-scope-overview",
        account("")
        + '\nresource "azurerm_storage_encryption_scope" "x" {\n  name = "x1"\n  source = "Microsoft.Storage"\n'
        "  storage_account_id = azurerm_storage_account.a.id\n}",
        "azurerm_storage_account.a",
        "",
        "blobs of encryption scope x1",
        "Microsoft's key",
    ),
    (
        LEARN + "azure-sql/database/transparent-data-encryption-tde-overview",
        database("transparent_data_encryption_enabled = false"),
        "azurerm_mssql_server.s",
        "",
        "database d1",
        "no encryption at rest",
    ),
    (
        LEARN + "azure-sql/database/transparent-data-encryption-byok-database-level-overview",
        database(f"transparent_data_encryption_key_vault_key_id = {KEY}"),
        "azurerm_mssql_server.s",
        "",
        "database d1",
        "a key of its own",
    ),
    (
        LEARN + "azure-sql/database/transparent-data-encryption-byok-overview",
        database(""),
        "azurerm_mssql_database.d",
        "",
        "backups made under an earlier key or version",
        "that key or version",
    ),
    (
        LEARN + "mysql/flexible-server/concepts-customer-managed-key",
        flexible("mysql", "true"),
        "azurerm_mysql_flexible_server.s",
        "",
        "geo-redundant backups",
        "Microsoft's key",
    ),
    (
        LEARN + "postgresql/flexible-server/concepts-data-encryption",
        flexible("postgresql", "true", f"geo_backup_key_vault_key_id = {KEY}"),
        "azurerm_postgresql_flexible_server.s",
        "",
        "geo-redundant backups",
        "a key of its own",
    ),
    (
        LEARN + "cosmos-db/how-to-setup-customer-managed-keys",
        (
            f'resource "azurerm_cosmosdb_account" "c" {{\n  name = "c1"\n  key_vault_key_id = {KEY}\n'
            '  backup {\n    type = "Continuous"\n  }\n}'
        ),
        "azurerm_cosmosdb_account.c",
        "",
        "continuous backups: one layer of the two",
        "Microsoft's key",
    ),
    (
        DISKS,
        machine(""),
        "azurerm_linux_virtual_machine.m",
        "",
        "temporary disks and disk caches of the machine",
        "no encryption at rest",
    ),
    (
        DISKS,
        machine("encryption_at_host_enabled = true"),
        "azurerm_linux_virtual_machine.m",
        "",
        "temporary disks of the machine",
        "Microsoft's key",
    ),
    (
        LEARN + "virtual-machines/ephemeral-os-disks-faq",
        machine("ephemeral"),
        "azurerm_linux_virtual_machine.m",
        "",
        "the ephemeral system disk, on the host",
        "Microsoft's key",
    ),
    (
        DISKS,
        cluster('name = "p"'),
        "azurerm_kubernetes_cluster.c",
        "disks",
        "temporary disks and disk caches of the default node pool",
        "no encryption at rest",
    ),
    (
        DISKS,
        cluster(
            "enable_host_encryption = true",
            'resource "azurerm_kubernetes_cluster_node_pool" "n" {\n  name = "n1"\n'
            "  kubernetes_cluster_id = azurerm_kubernetes_cluster.c.id\n}",
        ),
        "azurerm_kubernetes_cluster.c",
        "disks",
        "temporary disks and disk caches of node pool n1",
        "no encryption at rest",
    ),
    (
        AKS,
        cluster('os_disk_type = "Ephemeral"'),
        "azurerm_kubernetes_cluster.c",
        "disks",
        "ephemeral system disks of the default node pool",
        "Microsoft's key",
    ),
    (
        LEARN + "aks/use-kms-etcd-encryption",
        cluster('name = "p"'),
        "azurerm_kubernetes_cluster.c",
        "disks",
        "etcd, with the cluster's secrets",
        "Microsoft's key",
    ),
    (
        LEARN + "azure-monitor/logs/customer-managed-keys",
        (
            'resource "azurerm_log_analytics_cluster" "c" {\n  name = "c1"\n}\n'
            'resource "azurerm_log_analytics_cluster_customer_managed_key" "k" {\n'
            f"  log_analytics_cluster_id = azurerm_log_analytics_cluster.c.id\n  key_vault_key_id = {KEY}\n}}"
        ),
        "azurerm_log_analytics_cluster.c",
        "",
        "logs ingested before the workspace was linked to the cluster",
        "Microsoft's key",
    ),
    (
        LEARN + "machine-learning/concept-customer-managed-keys",
        (
            'resource "azurerm_machine_learning_workspace" "w" {\n  name = "w1"\n  encryption {\n'
            f"    key_id = {KEY}\n    key_vault_id = azurerm_key_vault.kv.id\n  }}\n}}"
        ),
        "azurerm_machine_learning_workspace.w",
        "",
        "its storage account, registry, vault and telemetry",
        "the key of each",
    ),
    (
        LEARN + "databricks/security/keys/customer-managed-keys",
        (
            f'resource "azurerm_databricks_workspace" "w" {{\n  name = "w1"\n  sku = "premium"\n'
            f"  managed_services_cmk_key_vault_key_id = {KEY}\n}}"
        ),
        "azurerm_databricks_workspace.w",
        "managed services",
        "the workspace's other parts, and data in other storage accounts",
        "the key of each",
    ),
]


@pytest.mark.parametrize(("page", "text", "store", "part", "what", "under"), CASES)
def test_what_is_beside_the_key(
    page: str, text: str, store: str, part: str, what: str, under: str, tmp_path: Path
) -> None:
    found = asked(terraform(tmp_path, VAULT + text), store, part)
    mine = {(b.what, b.under): (b.verdict.outcome, b.source) for b in found.beside}
    assert mine.get((what, under)) == ("pass", page)


# (Terraform, store, part, what is covered after all)
COVERED: list[tuple[str, str, str, str]] = [
    (account('queue_encryption_key_type = "Account"'), "azurerm_storage_account.a", "", "queues"),
    (account('table_encryption_key_type = "Account"'), "azurerm_storage_account.a", "", "tables"),
    (database(""), "azurerm_mssql_server.s", "", "database d1"),
    (flexible("mysql", "false"), "azurerm_mysql_flexible_server.s", "", "geo-redundant backups"),
    (machine(""), "azurerm_linux_virtual_machine.m", "", "the ephemeral system disk, on the host"),
    (
        cluster("enable_host_encryption = true"),
        "azurerm_kubernetes_cluster.c",
        "disks",
        "temporary disks and disk caches of the default node pool",
    ),
]


@pytest.mark.parametrize(("text", "store", "part", "what"), COVERED)
def test_what_is_covered_is_not_called_beside(text: str, store: str, part: str, what: str, tmp_path: Path) -> None:
    found = asked(terraform(tmp_path, VAULT + text), store, part)
    assert found.customer_managed.outcome == "pass"
    assert [b.under for b in found.beside if b.what == what] == []


def test_what_depends_on_a_variable_is_not_told(tmp_path: Path) -> None:
    text = 'variable "how" {}\n' + account("queue_encryption_key_type = var.how")
    found = asked(terraform(tmp_path, VAULT + text), "azurerm_storage_account.a")
    assert [(b.what, b.verdict.outcome) for b in found.beside] == [("queues", "unknown"), ("tables", "pass")]


def test_under_microsofts_key_nothing_looks_covered(tmp_path: Path) -> None:
    found = asked(
        terraform(tmp_path, 'resource "azurerm_storage_account" "a" {\n  name = "a1"\n}'), "azurerm_storage_account.a"
    )
    assert (found.customer_managed.outcome, found.beside, found.seals) == ("fail", (), ())


def test_every_effect_names_a_store_and_a_page_of_microsofts() -> None:
    for name, effect in EFFECTS.items():
        assert name.removesuffix("/etcd") in PARTS
        assert name not in NOT_STORES
        assert effect.source.startswith(LEARN)
        assert effect.within


@pytest.mark.parametrize(
    ("store", "within", "page"),
    [
        ("Microsoft.DBforMySQL/servers", "10 minutes", "mysql/single-server/concepts-data-encryption-mysql"),
        ("Microsoft.Sql/servers", "10 minutes", "azure-sql/database/transparent-data-encryption-byok-overview"),
        ("Microsoft.OperationalInsights/workspaces", "1 hour or less", "azure-monitor/logs/customer-managed-keys"),
        ("Microsoft.Compute/disks", "about 1 hour", "virtual-machines/disk-encryption"),
        ("Microsoft.Storage/storageAccounts", "not documented", "storage/common/customer-managed-keys-overview"),
    ],
)
def test_how_soon_a_revocation_takes_effect(store: str, within: str, page: str) -> None:
    assert (EFFECTS[store].within, EFFECTS[store].source) == (within, LEARN + page)
