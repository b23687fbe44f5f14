"""Who manages machines in the group of a cluster's nodes stands where the nodes stand.

Source: learn.microsoft.com/azure/aks/faq (two resource groups), learn.microsoft.com/azure/virtual-machines/run-command
"""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.ask import Question
from ringfence.model.symbol import Ref
from tests.support import declare, estate

CLUSTER = "azurerm_kubernetes_cluster.k"


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path)


BY_ATTRIBUTE, BY_NAME, BY_ID = ref(CLUSTER, "node_resource_group"), "rg-nodes", ref(CLUSTER, "node_resource_group_id")


def _read(role: str, scope: Any, name: str | None) -> set[str]:
    """The outcomes of reading a secret that only the nodes' subnet reaches, for who has a role on a scope."""
    group = ref("data.azurerm_resource_group.nodes", "id") if scope is not BY_ID else BY_ID
    me = ref("azurerm_user_assigned_identity.ops", "principal_id")
    found = estate(
        declare("azurerm_virtual_network.v", name="v", address_space=("10.0.0.0/16",)),
        declare(
            "azurerm_subnet.s",
            name="s",
            virtual_network_name=ref("azurerm_virtual_network.v", "name"),
            address_prefixes=("10.0.0.0/24",),
            service_endpoints=("Microsoft.KeyVault",),
        ),
        declare(
            CLUSTER,
            name="aks",
            default_node_pool=[{"name": "d", "vnet_subnet_id": ref("azurerm_subnet.s", "id")}],
            identity=[{"type": "SystemAssigned"}],
            **({"node_resource_group": name} if name else {}),
        ),
        *(() if scope is BY_ID else (declare("data.azurerm_resource_group.nodes", name=scope),)),
        declare("azurerm_user_assigned_identity.ops", name="ops"),
        declare("azurerm_role_assignment.m", scope=group, role_definition_name=role, principal_id=me),
        declare(
            "azurerm_key_vault.kv",
            name="kv",
            rbac_authorization_enabled=True,
            network_acls=[
                {
                    "default_action": "Deny",
                    "bypass": "None",
                    "virtual_network_subnet_ids": (ref("azurerm_subnet.s", "id"),),
                }
            ],
        ),
        declare("azurerm_key_vault_secret.x", name="x", value="v", key_vault_id=ref("azurerm_key_vault.kv", "id")),
        declare(
            "azurerm_role_assignment.r",
            scope=ref("azurerm_key_vault.kv", "id"),
            role_definition_name="Key Vault Secrets User",
            principal_id=me,
        ),
    )
    rows = Question("exposure", principal="ops").answer(found)
    return {r["outcome"] for r in rows if r["thing"]["name"] == "x" and r["can"] == "read"}


@pytest.mark.parametrize(
    ("role", "scope", "name", "expected"),
    [
        ("Virtual Machine Contributor", BY_ATTRIBUTE, None, {"exposed"}),
        ("Virtual Machine Contributor", BY_ID, None, {"exposed"}),
        ("Virtual Machine Contributor", BY_NAME, "rg-nodes", {"exposed"}),
        ("Virtual Machine Contributor", "rg-other", "rg-nodes", set()),
        ("Reader", BY_ATTRIBUTE, None, set()),
        ("Managed Identity Operator", BY_ATTRIBUTE, None, set()),
    ],
)
def test_commands_are_run_on_nodes_by_a_role_in_their_group(
    role: str, scope: Any, name: str | None, expected: set[str]
) -> None:
    assert _read(role, scope, name) == expected
