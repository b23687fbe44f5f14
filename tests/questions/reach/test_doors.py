"""The doors of each kind of resource: names, sub-resources, ports, host names."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.facts.private_link import groups
from ringfence.mapping import index
from ringfence.model.symbol import Input, Ref, Text
from ringfence.questions.reach.doors import data_planes, doors
from ringfence.questions.reach.kinds import KINDS, TYPES, of_kind, word
from tests.support import declare, estate


def listed(address: str, **content: Any) -> list[tuple[str, str, tuple[int, ...], tuple[str, ...]]]:
    found = estate(declare(address, **content))
    return [(d.name, d.group, d.ports, d.hosts) for d in doors(found.resources[f".#{address}"], found)]


CASES: list[tuple[str, dict[str, Any], list[tuple[str, str, tuple[int, ...], tuple[str, ...]]]]] = [
    ("azurerm_key_vault.v", {"name": "KV1"}, [("vault", "vault", (443,), ("kv1.vault.azure.net",))]),
    (
        "azurerm_mssql_server.s",
        {"name": "sql1"},
        [("sqlServer", "sqlServer", (1433,), ("sql1.database.windows.net",))],
    ),
    (
        "azurerm_mysql_flexible_server.s",
        {"name": "my1"},
        [("mysqlServer", "mysqlServer", (3306,), ("my1.mysql.database.azure.com",))],
    ),
    (
        "azurerm_postgresql_flexible_server.s",
        {"name": "pg1"},
        [("postgresqlServer", "postgresqlServer", (5432, 6432), ("pg1.postgres.database.azure.com",))],
    ),
    (
        "azurerm_storage_account.a",
        {"name": "files1", "account_kind": "FileStorage", "account_replication_type": "LRS"},
        [("file", "file", (445, 443), ("files1.file.core.windows.net",))],
    ),
    (
        "azurerm_storage_account.b",
        {"name": "blobs1", "account_kind": "BlobStorage", "account_replication_type": "RAGRS"},
        [
            ("blob", "blob", (443, 80), ("blobs1.blob.core.windows.net",)),
            ("blob_secondary", "blob_secondary", (443, 80), ("blobs1-secondary.blob.core.windows.net",)),
            ("dfs", "dfs", (443, 80), ("blobs1.dfs.core.windows.net",)),
            ("dfs_secondary", "dfs_secondary", (443, 80), ("blobs1-secondary.dfs.core.windows.net",)),
        ],
    ),
    (
        "azurerm_cosmosdb_account.c",
        {"name": "c1", "capabilities": [{"name": "EnableGremlin"}]},
        [
            ("Sql", "Sql", (443,), ("c1.documents.azure.com",)),
            ("Gremlin", "Gremlin", (443,), ("c1.gremlin.cosmos.azure.com",)),
        ],
    ),
    (
        "azurerm_container_registry.r",
        {"name": "acr1", "location": "UK South", "data_endpoint_enabled": True},
        [("registry", "registry", (443,), ("acr1.azurecr.io", "acr1.uksouth.data.azurecr.io"))],
    ),
    (
        "azurerm_linux_web_app.w",
        {"name": "web1"},
        [
            ("sites", "sites", (443, 80), ("web1.azurewebsites.net",)),
            ("scm", "sites", (443,), ("web1.scm.azurewebsites.net",)),
            ("ftp", "", (21, 990), ("${stamp}.ftp.azurewebsites.windows.net",)),
        ],
    ),
    (
        "azurerm_kubernetes_cluster.k",
        {"name": "k1", "dns_prefix": "kube", "location": "westeurope"},
        [("management", "management", (443,), ("kube-${hash}.hcp.westeurope.azmk8s.io",))],
    ),
    (
        "azurerm_kubernetes_cluster.p",
        {"name": "k1", "dns_prefix": "kube", "location": "westeurope", "private_cluster_enabled": True},
        [("management", "management", (443,), ("kube-${hash}.${zone}.privatelink.westeurope.azmk8s.io",))],
    ),
    ("azurerm_linux_virtual_machine.m", {"name": "vm1"}, [("ssh", "", (22,), ())]),
    ("azurerm_windows_virtual_machine.m", {"name": "vm1"}, [("rdp", "", (3389,), ())]),
    ("azurerm_api_management.r", {"name": "api1"}, [("service", "", (), ())]),
    (
        "azurerm_redis_cache.r",
        {"name": "redis1"},
        [("redisCache", "redisCache", (6380,), ("redis1.redis.cache.windows.net",))],
    ),
    (
        "azurerm_eventhub_namespace.n",
        {"name": "hub1"},
        [("namespace", "namespace", (443, 5671, 5672, 9093), ("hub1.servicebus.windows.net",))],
    ),
    (
        "azurerm_servicebus_namespace.n",
        {"name": "bus1"},
        [("namespace", "namespace", (443, 5671, 5672), ("bus1.servicebus.windows.net",))],
    ),
    (
        "azurerm_search_service.s",
        {"name": "search1"},
        [("searchService", "searchService", (443,), ("search1.search.windows.net",))],
    ),
    (
        "azurerm_cognitive_account.a",
        {"name": "ai1", "kind": "OpenAI", "custom_subdomain_name": "ai1"},
        [("account", "account", (443,), ("ai1.openai.azure.com",))],
    ),
    (
        "azurerm_cognitive_account.b",
        {"name": "ai1", "kind": "SpeechServices", "location": "UK South"},
        [("account", "account", (443,), ("uksouth.api.cognitive.microsoft.com",))],
    ),
    ("azurerm_subnet.s", {"name": "subnet1"}, []),
]


@pytest.mark.parametrize(("address", "content", "expected"), CASES, ids=[c[0] for c in CASES])
def test_doors(address: str, content: dict[str, Any], expected: list[Any]) -> None:
    assert listed(address, **content) == expected


def test_what_is_not_known_of_a_name_stays() -> None:
    suffix = Ref(".#random_string.suffix", ("result",))
    named = listed("azurerm_key_vault.v", name=Text(("kv-", suffix)))
    assert named[0][3] == ("kv-${random_string.suffix.result}.vault.azure.net",)
    whole = listed("azurerm_key_vault.v", name=Input(".", "vault_name"))
    assert whole[0][3] == ("${var.vault_name}.vault.azure.net",)


def test_a_slot_is_called_after_its_application() -> None:
    app = declare("azurerm_linux_web_app.app", name="web1")
    slot = declare(
        "azurerm_linux_web_app_slot.s", name="staging", app_service_id=Ref(".#azurerm_linux_web_app.app", ("id",))
    )
    found = estate(app, slot)
    assert [(d.name, d.group, d.hosts[0]) for d in doors(found.resources[".#azurerm_linux_web_app_slot.s"], found)][
        :2
    ] == [
        ("sites", "sites-staging", "web1-staging.azurewebsites.net"),
        ("scm", "sites-staging", "web1-staging.scm.azurewebsites.net"),
    ]


def test_data_planes_are_those_of_what_holds_data() -> None:
    found = estate(
        declare("azurerm_key_vault.v", name="kv1"),
        declare("azurerm_linux_virtual_machine.m", name="vm1"),
        declare("azurerm_private_endpoint.e", name="pe1"),
        declare("azurerm_api_management.r", name="api1"),
    )
    assert [d.key for d in data_planes(found)] == [".#azurerm_key_vault.v/vault", ".#azurerm_api_management.r/service"]


def test_every_sub_resource_is_one_of_azure() -> None:
    for address, content, _ in CASES:
        found = estate(declare(address, **content))
        resource = found.resources[f".#{address}"]
        for door in doors(resource, found):
            assert not door.group or door.group.casefold() in groups(resource.type)


def test_terraform_types_are_of_the_arm_type_that_their_kind_says() -> None:
    tables = {name: index.table(name) for name in TYPES}
    said = {name: table.arm or table.kind.arm_type for name, table in tables.items() if table is not None}
    assert {name: arm for name, arm in said.items() if arm.casefold() != TYPES[name].casefold()} == {}


def test_words_for_kinds() -> None:
    assert word("microsoft.keyvault/VAULTS") == "vault"
    assert of_kind("Microsoft.Sql/servers", "data-store")
    assert word("Microsoft.Network/virtualNetworks") == ""
    assert [arm for arm in TYPES.values() if not word(arm)] == []
    types = [arm for found in KINDS.values() for arm in found]
    assert len(types) == len(set(types))
