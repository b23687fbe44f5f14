"""Two roots may give two things one address: what is named by it in one is nothing of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Ref
from ringfence.questions.access.who import who
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

READ = "Microsoft.Network/publicIPAddresses/read"


def _root(root: str) -> tuple[Declaration, ...]:
    """A cluster whose nodes may read what is in the group that Azure makes for them."""

    def ref(address: str, *path: str) -> Ref:
        return Ref(f"{root}#{address}", path)

    def there(address: str, **content: Any) -> Declaration:
        return declare(address, root=root, **content)

    nodes = ref("azurerm_kubernetes_cluster.k", "node_resource_group")
    return (
        there("azurerm_kubernetes_cluster.k", name=f"aks-{root}", default_node_pool=[{"name": "d"}]),
        there("data.azurerm_resource_group.nodes", name=nodes),
        there("azurerm_public_ip.p", name=f"pip-{root}", resource_group_name=nodes),
        there("azurerm_user_assigned_identity.u", name=f"id-{root}"),
        there(
            "azurerm_role_assignment.a",
            scope=ref("data.azurerm_resource_group.nodes", "id"),
            role_definition_name="Reader",
            principal_id=ref("azurerm_user_assigned_identity.u", "principal_id"),
        ),
    )


@pytest.mark.parametrize("root", ["eu", "ie"])
def test_the_node_group_of_one_root_is_not_that_of_the_other(root: str) -> None:
    found = estate(*_root("eu"), *_root("ie"))
    holders = who(found, READ, found.resources[f"{root}#azurerm_public_ip.p"])
    assert [h.principal.name for h in holders] == [f"id-{root}"]
