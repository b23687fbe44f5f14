"""Requests to an ingress get past the security groups of the nodes' subnets, or they do not come in.

Source: learn.microsoft.com/azure/aks/concepts-network, "Network security groups": the group of a subnet of one's own is
opened by whoever made it.
"""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Input
from ringfence.questions.exposure.exposure import entrance
from ringfence.questions.workloads.every import workloads
from tests.support import declare, estate
from tests.workloads.support import CLUSTER, PUBLIC_IP, ref, release

OURS = ref("azurerm_public_ip.in", "ip_address")
CONTROLLER = release("ingress-nginx", {"controller": {"service": {"loadBalancerIP": OURS}}})
BY_AZURE = release("ingress-nginx", {})
SHOP = release("shop", {"ingress": {"enabled": True, "className": "nginx", "hosts": ({"host": "a.example.org"},)}})


def rule(**more: Any) -> dict[str, Any]:
    return {
        "name": "https",
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_port_range": "*",
        "source_address_prefix": "Internet",
        "destination_port_range": "443",
        "destination_address_prefix": "*",
        **more,
    }


def entered(*rules: dict[str, Any], controller: Any = CONTROLLER, guarded: bool = True) -> str:
    """What is known of the entrance of the shop: "" when nothing comes in."""
    group = declare("azurerm_network_security_group.g", name="g", security_rule=list(rules))
    attached = declare(
        "azurerm_subnet_network_security_group_association.g",
        subnet_id=ref("azurerm_subnet.nodes", "id"),
        network_security_group_id=ref("azurerm_network_security_group.g", "id"),
    )
    other = declare("azurerm_public_ip.other", name="other")
    found = estate(*CLUSTER, PUBLIC_IP, other, controller, SHOP, *((group, attached) if guarded else ()))
    shop = next(w for w in workloads(found) if w.title == "shop")
    step = entrance(found, shop)
    return "" if step is None else step.verdict.outcome


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((rule(),), "pass"),
        ((rule(destination_port_range="80"),), "pass"),
        ((rule(destination_address_prefix=OURS),), "pass"),
        ((rule(destination_address_prefix=ref("azurerm_public_ip.other", "ip_address")),), ""),
        ((rule(destination_port_range="22"),), ""),
        ((rule(source_address_prefix="203.0.113.7"),), ""),
        ((rule(access="Deny"), rule(name="more", priority=200)), ""),
        ((rule(source_address_prefix=Input(".", "from", "variable")),), "unknown"),
        ((), ""),
    ],
)
def test_the_group_of_the_nodes_subnet_decides(rules: tuple[dict[str, Any], ...], expected: str) -> None:
    assert entered(*rules) == expected


def test_a_subnet_without_a_group_lets_in_what_the_cluster_opens() -> None:
    assert entered(guarded=False) == "pass"
    assert entered(guarded=False, controller=BY_AZURE) == "pass"


def test_an_address_that_azure_gives_meets_the_same_rules() -> None:
    assert entered(rule(), controller=BY_AZURE) == "pass"
    assert entered(controller=BY_AZURE) == ""


def test_a_rule_never_opens_what_the_controller_keeps_inside() -> None:
    inside = {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}
    controller = release("ingress-nginx", {"controller": {"service": {"annotations": inside}}})
    assert entered(rule(), controller=controller) == ""
