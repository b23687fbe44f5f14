"""Which key protects a store."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Choice, Input, Ref, text
from ringfence.questions.custody.custody import custody
from tests.support import declare, estate

KEY = Ref(".#azurerm_key_vault_key.k", ("id",))
VAULT = Ref(".#azurerm_key_vault.kv", ("id",))
SERVER = Ref(".#azurerm_mssql_server.s", ("id",))


def keys(kind: str = "RSA") -> tuple[Any, ...]:
    return (
        declare("azurerm_key_vault.kv", name="kv"),
        declare("azurerm_key_vault_key.k", name="k", key_vault_id=VAULT, key_type=kind),
    )


def asked(address: str, *declarations: Any) -> tuple[str, str, str, str]:
    found = estate(*declarations)
    answer = custody(found.resources[f".#{address}"], found)
    return (
        answer.customer_managed.outcome,
        getattr(answer.key, "address", ""),
        getattr(answer.vault, "address", ""),
        answer.protection,
    )


CUSTOMER = ("pass", "azurerm_key_vault_key.k", "azurerm_key_vault.kv")
MICROSOFT = ("fail", "", "", "unknown")


@pytest.mark.parametrize(("kind", "protection"), [("RSA-HSM", "hsm"), ("EC", "software")])
def test_the_key_of_a_mysql_server_and_what_holds_it(kind: str, protection: str) -> None:
    server = declare("azurerm_mysql_server.m", name="m", version="2.71.0")
    at = Ref(".#azurerm_mysql_server.m", ("id",))
    joined = declare("azurerm_mysql_server_key.x", version="2.71.0", server_id=at, key_vault_key_id=KEY)
    assert asked("azurerm_mysql_server.m", server, joined, *keys(kind)) == (*CUSTOMER, protection)
    assert asked("azurerm_mysql_server.m", server, *keys(kind)) == MICROSOFT


def test_a_storage_account_names_its_key_inside_or_apart() -> None:
    inside = declare("azurerm_storage_account.a", name="a", customer_managed_key=[{"key_vault_key_id": KEY}])
    assert asked("azurerm_storage_account.a", inside, *keys()) == (*CUSTOMER, "software")
    plain = declare("azurerm_storage_account.a", name="a")
    apart = declare(
        "azurerm_storage_account_customer_managed_key.x",
        storage_account_id=Ref(".#azurerm_storage_account.a", ("id",)),
        key_vault_id=VAULT,
        key_name="k",
    )
    assert asked("azurerm_storage_account.a", plain, apart, *keys()) == (*CUSTOMER, "software")
    assert asked("azurerm_storage_account.a", plain) == MICROSOFT


def test_a_database_is_under_its_own_key_or_its_servers() -> None:
    server = declare("azurerm_mssql_server.s", name="s")
    protector = declare("azurerm_mssql_server_transparent_data_encryption.t", server_id=SERVER, key_vault_key_id=KEY)
    database = declare("azurerm_mssql_database.d", name="d", server_id=SERVER)
    assert asked("azurerm_mssql_database.d", server, database, protector, *keys()) == (*CUSTOMER, "software")
    assert asked("azurerm_mssql_database.d", server, database) == MICROSOFT
    own = declare(
        "azurerm_mssql_database.d", name="d", server_id=SERVER, transparent_data_encryption_key_vault_key_id=KEY
    )
    assert asked("azurerm_mssql_database.d", server, own, *keys()) == (*CUSTOMER, "software")
    elsewhere = declare("azurerm_mssql_database.d", name="d", server_id="/subscriptions/x")
    assert asked("azurerm_mssql_database.d", elsewhere)[0] == "unknown"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (KEY, "pass"),
        ("https://kv.vault.azure.net/keys/k", "pass"),
        (text("https://", Input(".", "vault"), ".vault.azure.net/keys/k"), "pass"),
        (None, "fail"),
        ("", "fail"),
        (Input(".", "key"), "unknown"),
        (Choice(Input(".", "own"), KEY, None), "unknown"),
        (Choice(Input(".", "own"), KEY, "https://kv.vault.azure.net/keys/other"), "pass"),
    ],
)
def test_an_id_is_never_null_and_an_input_may_be(value: Any, expected: str) -> None:
    account = declare("azurerm_cosmosdb_account.c", name="c", key_vault_key_id=value)
    assert asked("azurerm_cosmosdb_account.c", account, *keys())[0] == expected


def test_a_key_that_may_be_given_elsewhere_is_unknown() -> None:
    account = declare("azurerm_storage_account.a", name="a")
    somewhere = declare(
        "azurerm_storage_account_customer_managed_key.x",
        storage_account_id=Input(".", "account"),
        key_vault_id=VAULT,
        key_name="k",
    )
    assert asked("azurerm_storage_account.a", account, somewhere, *keys())[0] == "unknown"


def test_what_is_no_store_is_not_applicable() -> None:
    assert asked("azurerm_key_vault_key.k", *keys())[0] == "not applicable"


def test_a_managed_hsm_is_hardware() -> None:
    account = declare(
        "azurerm_cosmosdb_account.c", name="c", managed_hsm_key_id="https://h.managedhsm.azure.net/keys/k"
    )
    assert asked("azurerm_cosmosdb_account.c", account) == ("pass", "", "", "hsm")


def test_a_cluster_has_its_key_through_a_disk_encryption_set() -> None:
    encryption_set = declare("azurerm_disk_encryption_set.d", name="d", version="2.71.0", key_vault_key_id=KEY)
    by = Ref(".#azurerm_disk_encryption_set.d", ("id",))
    cluster = declare("azurerm_kubernetes_cluster.c", name="c", version="2.71.0", disk_encryption_set_id=by)
    assert asked("azurerm_kubernetes_cluster.c", cluster, encryption_set, *keys("RSA-HSM")) == (*CUSTOMER, "hsm")
    plain = declare("azurerm_kubernetes_cluster.c", name="c", version="2.71.0")
    assert asked("azurerm_kubernetes_cluster.c", plain) == MICROSOFT
