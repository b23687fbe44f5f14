"""Containers, container apps, pipelines and notebooks as workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Input, Ref
from ringfence.questions.workloads.every import workloads
from tests.support import declare, estate
from tests.workloads.support import internet, names, ref

if TYPE_CHECKING:
    from ringfence.questions.workloads.workload import Workload

UNKNOWN = Input(".", "x")
SUBNET = declare("azurerm_subnet.s", name="s", virtual_network_name="v")
IDENTITY = declare("azurerm_user_assigned_identity.i", name="i")
ATTACHED = [{"type": "UserAssigned", "identity_ids": (ref("azurerm_user_assigned_identity.i", "id"),)}]


def only(*declarations: Any) -> Workload:
    (found,) = workloads(estate(SUBNET, IDENTITY, *declarations))
    return found


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/resources/container_group: defaults to Public
        ({}, "pass"),
        ({"ip_address_type": "Public"}, "pass"),
        ({"ip_address_type": "Private"}, "fail"),
        ({"ip_address_type": "None"}, "fail"),
        ({"ip_address_type": UNKNOWN}, "unknown"),
    ],
)
def test_container_groups(arguments: Any, expected: str) -> None:
    container = {"name": "c", "environment_variables": {"A": "b"}, "secure_environment_variables": {"S": "t"}}
    found = only(
        declare(
            "azurerm_container_group.g",
            name="g",
            identity=ATTACHED,
            subnet_ids=(ref("azurerm_subnet.s", "id"),),
            container=[container],
            **arguments,
        )
    )
    assert internet(found) == expected
    assert names(found) == ["i"]
    assert [s.key for s in found.subnets] == [".#azurerm_subnet.s"]
    assert [h.name for h in found.secrets] == ["A", "S"]


@pytest.mark.parametrize(
    ("ingress", "internal", "expected"),
    [
        # learn.microsoft.com/azure/container-apps/networking (accessibility level)
        ([{"external_enabled": True}], False, "pass"),
        ([{"external_enabled": True}], True, "fail"),
        ([{"external_enabled": False}], False, "fail"),
        ([{}], False, "fail"),
        ([], False, "fail"),
        ([{"external_enabled": True}], UNKNOWN, "unknown"),
        ([{"external_enabled": UNKNOWN}], False, "unknown"),
        ([{"external_enabled": UNKNOWN}], True, "fail"),
    ],
)
def test_container_apps(ingress: Any, internal: Any, expected: str) -> None:
    vault = declare("azurerm_key_vault.kv", name="kv")
    secret = declare("azurerm_key_vault_secret.s", name="s", key_vault_id=ref("azurerm_key_vault.kv", "id"))
    found = only(
        vault,
        secret,
        declare(
            "azurerm_container_app_environment.e",
            name="e",
            infrastructure_subnet_id=ref("azurerm_subnet.s", "id"),
            internal_load_balancer_enabled=internal,
        ),
        declare(
            "azurerm_container_app.a",
            name="a",
            identity=ATTACHED,
            container_app_environment_id=ref("azurerm_container_app_environment.e", "id"),
            ingress=ingress,
            secret=[{"name": "db", "key_vault_secret_id": ref("azurerm_key_vault_secret.s", "versionless_id")}],
        ),
    )
    assert internet(found) == expected
    assert names(found) == ["i"]
    assert [s.key for s in found.subnets] == [".#azurerm_subnet.s"]
    assert [(h.how, getattr(h.item, "key", "")) for h in found.secrets] == [
        ("Key Vault reference", ".#azurerm_key_vault_secret.s")
    ]


@pytest.mark.parametrize(
    "address", ["azurerm_logic_app_workflow.a", "azurerm_automation_account.a", "azurerm_data_factory.a"]
)
def test_what_runs_workflows_and_scripts_has_its_identity(address: str) -> None:
    assert names(only(declare(address, name="a", identity=ATTACHED))) == ["i"]


def test_compute_of_machine_learning_stands_in_its_subnet() -> None:
    found = only(
        declare(
            "azurerm_machine_learning_compute_instance.c",
            name="c",
            identity=ATTACHED,
            subnet_resource_id=ref("azurerm_subnet.s", "id"),
        )
    )
    assert (names(found), [s.key for s in found.subnets]) == (["i"], [".#azurerm_subnet.s"])


def test_a_machine_connects_from_the_subnets_of_its_interfaces() -> None:
    found = only(
        declare(
            "azurerm_network_interface.n",
            name="n",
            ip_configuration=[{"name": "a", "subnet_id": ref("azurerm_subnet.s", "id")}],
        ),
        declare(
            "azurerm_linux_virtual_machine.m",
            name="m",
            network_interface_ids=(ref("azurerm_network_interface.n", "id"),),
        ),
    )
    assert [s.key for s in found.subnets] == [".#azurerm_subnet.s"]


def test_notebooks_read_the_secrets_of_their_workspace() -> None:
    found = only(
        declare("azurerm_databricks_workspace.w", name="w"),
        declare("databricks_secret.s", key="k", string_value=ref("azuread_application_password.p", "value")),
    )
    assert [(h.how, h.name, h.value) for h in found.secrets] == [
        ("Databricks secret", "k", Ref(".#azuread_application_password.p", ("value",)))
    ]


def test_key_vault_references_of_a_site() -> None:
    vault = declare("azurerm_key_vault.kv", name="kv")
    secret = declare("azurerm_key_vault_secret.s", name="db", key_vault_id=ref("azurerm_key_vault.kv", "id"))
    settings = {
        # learn.microsoft.com/azure/app-service/app-service-key-vault-references (both forms)
        "A": "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db/)",
        "B": "@Microsoft.KeyVault(VaultName=kv;SecretName=db)",
        "C": "@Microsoft.KeyVault(SecretUri=https://other.vault.azure.net/secrets/db)",
        "D": "plain",
        "E": 7,
    }
    found = only(vault, secret, declare("azurerm_linux_web_app.a", name="a", app_settings=settings))
    held = [(h.name, h.how, getattr(h.item, "key", getattr(h.item, "name", None))) for h in found.secrets]
    assert held == [
        ("A", "Key Vault reference", ".#azurerm_key_vault_secret.s"),
        ("B", "Key Vault reference", ".#azurerm_key_vault_secret.s"),
        ("C", "Key Vault reference", "other/secrets/db"),
        ("D", "app setting", None),
    ]
    assert found.entrance.kind == "https"
