"""Estates with a cluster and what Terraform puts into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.link import link
from ringfence.model.symbol import Apply, Ref
from ringfence.model.value import Many
from ringfence.questions.workloads.every import workloads
from tests.roots.estate import read
from tests.support import DictBody, declare, estate

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate
    from ringfence.questions.workloads.workload import Workload


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path)


CLUSTER = (
    declare("azurerm_virtual_network.v", name="v"),
    declare("azurerm_subnet.nodes", name="nodes", virtual_network_name="v"),
    declare(
        "azurerm_kubernetes_cluster.aks",
        name="aks",
        default_node_pool=[{"name": "d", "vnet_subnet_id": ref("azurerm_subnet.nodes", "id")}],
        identity=[{"type": "SystemAssigned"}],
    ),
)
PUBLIC_IP = declare("azurerm_public_ip.in", name="in")
APP = declare("azurerm_user_assigned_identity.app", name="app")
OTHER = declare("azurerm_user_assigned_identity.other", name="other")


def release(name: str, values: Any = None, **more: Any) -> Declaration:
    """A release whose values are one object, not yet known as text."""
    documents = () if values is None else (Apply("jsonencode", (values,)),)
    found = declare(f"helm_release.{name}")
    found.body = DictBody({"name": name, "chart": name, "values": documents, **more})
    return found


def made(*declarations: Declaration) -> dict[str, Workload]:
    """The workloads by key."""
    return {w.key.removeprefix(".#"): w for w in workloads(estate(*CLUSTER, *declarations))}


def from_source(folder: Path, files: dict[str, str]) -> tuple[Estate, dict[str, Workload]]:
    """The estate that is written in files, with its workloads by key."""
    found = read(folder, files)
    assert found.problems() == []
    whole = link(found.world, found.declarations.values(), found.ledger)
    return whole, {w.key.removeprefix(".#"): w for w in workloads(whole)}


def names(workload: Workload) -> list[str]:
    """The identities that it has for sure."""
    assert isinstance(workload.identities, Many)
    return [p.name for p in workload.identities]


def internet(workload: Workload) -> str:
    assert workload.entrance.internet is not None
    return workload.entrance.internet.outcome
