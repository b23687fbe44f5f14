"""Private endpoints edge by edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Choice, Input, Ref, Text
from ringfence.questions.reach.private import private_endpoints, private_paths
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.verdict import Verdict


def ref(address: str, *path: str, root: str = ".") -> Ref:
    return Ref(f"{root}#{address}", path or ("id",))


def parts(**changes: dict[str, Any]) -> dict[str, Declaration]:
    """A vault with all it takes to reach it privately; `changes` replace arguments by resource name."""
    content: dict[str, tuple[str, dict[str, Any]]] = {
        "vault": ("azurerm_key_vault.vault", {"name": "kv"}),
        "network": ("azurerm_virtual_network.network", {"name": "vnet", "resource_group_name": "rg"}),
        "subnet": (
            "azurerm_subnet.subnet",
            {"name": "s", "resource_group_name": "rg", "virtual_network_name": "vnet"},
        ),
        "zone": ("azurerm_private_dns_zone.zone", {"name": "privatelink.vaultcore.azure.net"}),
        "link": (
            "azurerm_private_dns_zone_virtual_network_link.link",
            {
                "name": "l",
                "private_dns_zone_name": "privatelink.vaultcore.azure.net",
                "virtual_network_id": ref("azurerm_virtual_network.network"),
            },
        ),
        "endpoint": (
            "azurerm_private_endpoint.endpoint",
            {
                "subnet_id": ref("azurerm_subnet.subnet"),
                "private_service_connection": [connection()],
                "private_dns_zone_group": [{"private_dns_zone_ids": (ref("azurerm_private_dns_zone.zone"),)}],
            },
        ),
    }
    made = {}
    for name, (address, arguments) in content.items():
        change = dict(changes.get(name, {}))
        presence = change.pop("presence", True)
        made[name] = declare(address, presence=presence, **{**arguments, **change})
    return made


def connection(**changes: Any) -> dict[str, Any]:
    return {
        "private_connection_resource_id": ref("azurerm_key_vault.vault"),
        "subresource_names": ("Vault",),
        "is_manual_connection": False,
        **changes,
    }


def ask(*others: Declaration, without: str = "", **changes: dict[str, Any]) -> Verdict:
    found = estate(*(d for name, d in parts(**changes).items() if name != without), *others)
    return private_endpoints(found.resources[".#azurerm_key_vault.vault"], found, ("vault",))


def test_a_complete_path_passes_with_evidence_for_each_hop() -> None:
    verdict = ask()
    assert verdict.outcome == "pass"
    assert [(e.resource.rpartition(".")[2], e.field, e.expected, e.actual) for e in verdict.evidence] == [
        ("endpoint", "target", "azurerm_key_vault.vault", "azurerm_key_vault.vault.id"),
        ("endpoint", "group_ids", "vault", ("Vault",)),
        ("endpoint", "manual", False, False),
        ("endpoint", "dns_zones", "privatelink.vaultcore.azure.net", "azurerm_private_dns_zone.zone.id"),
        ("zone", "name", "privatelink.vaultcore.azure.net", "privatelink.vaultcore.azure.net"),
        ("link", "virtual_network", "vnet", "azurerm_virtual_network.network.id"),
        ("network", "dns_servers", "Azure DNS", None),
    ]  # fmt: skip


def test_the_path_names_its_hops() -> None:
    found = estate(*parts().values())
    (answer,) = private_paths(found.resources[".#azurerm_key_vault.vault"], found, ("vault",))
    assert [hop.text for hop in answer.hops] == [
        "azurerm_private_endpoint.endpoint leads to kv",
        "to its sub-resource vault",
        "the connection is approved",
        "the name resolves to it from its network",
    ]


NETWORKS = "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/"

BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"endpoint": {"private_service_connection": [connection(subresource_names=("managedhsm",))]}}, "fail"),
    ({"endpoint": {"private_service_connection": [connection(is_manual_connection=True)]}}, "fail"),
    ({"endpoint": {"private_service_connection": [connection(subresource_names=None)]}}, "fail"),
    ({"endpoint": {"private_dns_zone_group": []}}, "fail"),
    ({"endpoint": {"private_dns_zone_group": [{"private_dns_zone_ids": ()}]}}, "fail"),
    ({"zone": {"name": "privatelink.blob.core.windows.net"}}, "fail"),
    ({"zone": {"name": "vaultcore.azure.net"}, "link": {"private_dns_zone_name": "vaultcore.azure.net"}}, "fail"),
    ({"link": {"virtual_network_id": ref("azurerm_virtual_network.other")}}, "unknown"),
    ({"link": {"virtual_network_id": NETWORKS + "o"}},
     "fail"),
    ({"link": {"virtual_network_id": Input(".", "vnet", "variable")}}, "unknown"),
    ({"link": {"presence": Input(".", "on", "variable")}}, "unknown"),
    ({"endpoint": {"presence": Input(".", "on", "variable")}}, "unknown"),
    ({"zone": {"presence": Input(".", "on", "variable")}}, "unknown"),
    ({"network": {"dns_servers": ("10.0.0.4",)}}, "unknown"),
    ({"network": {"dns_servers": ("168.63.129.16",)}}, "pass"),
    ({"endpoint": {"private_service_connection": [connection(is_manual_connection=Input(".", "m", "variable"))]}},
     "unknown"),
    ({"endpoint": {"private_service_connection": [
        connection(private_connection_resource_id=Input(".", "t", "variable"))]}}, "unknown"),
    ({"endpoint": {"private_service_connection": [connection(
        private_connection_resource_id=Choice(Input(".", "t", "variable"), ref("azurerm_key_vault.vault"), None))]}},
     "unknown"),
    ({"endpoint": {"private_dns_zone_group": [{"private_dns_zone_ids": (Input(".", "z", "variable"),)}]}}, "unknown"),
    ({"endpoint": {"subnet_id": NETWORKS + "v/subnets/s"}},
     "unknown"),
    ({"endpoint": {"subnet_id": NETWORKS + "vnet/subnets/s"}}, "pass"),
    ({"endpoint": {"subnet_id": Text((ref("azurerm_virtual_network.network"), "/subnets/inline"))}}, "pass"),
    ({"endpoint": {"subnet_id": Ref(".#azurerm_virtual_network.network", ("subnet", "0", "id"))}}, "pass"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "outcome"), BROKEN)
def test_each_hop_decides(changes: dict[str, Any], outcome: str) -> None:
    verdict = ask(**changes)
    assert verdict.outcome == outcome
    assert verdict.needs if outcome == "unknown" else not verdict.needs


@pytest.mark.parametrize("missing", ["endpoint", "link"])
def test_a_missing_hop_fails(missing: str) -> None:
    assert ask(without=missing).outcome == "fail"


def test_a_link_to_another_network_fails() -> None:
    other = declare("azurerm_virtual_network.other", name="other", resource_group_name="rg")
    assert ask(other, link={"virtual_network_id": ref("azurerm_virtual_network.other")}).outcome == "fail"


def test_depends_on_and_tags_connect_nothing() -> None:
    endpoint = {
        "private_service_connection": [connection(private_connection_resource_id=ref("azurerm_key_vault.second"))],
        "depends_on": (ref("azurerm_key_vault.vault"),),
        "tags": {"for": ref("azurerm_key_vault.vault")},
    }
    assert ask(declare("azurerm_key_vault.second", name="second"), endpoint=endpoint).outcome == "fail"


def test_a_record_that_a_person_wrote_will_do() -> None:
    address = Ref(".#azurerm_private_endpoint.endpoint", ("private_service_connection", "0", "private_ip_address"))
    record = declare(
        "azurerm_private_dns_a_record.r", name="kv", zone_name="privatelink.vaultcore.azure.net", records=(address,)
    )
    assert ask(record, endpoint={"private_dns_zone_group": []}).outcome == "pass"


def test_a_zone_of_elsewhere_with_a_declared_link() -> None:
    data = declare("data.azurerm_private_dns_zone.zone", name="privatelink.vaultcore.azure.net")
    group = [{"private_dns_zone_ids": (ref("data.azurerm_private_dns_zone.zone"),)}]
    assert ask(data, without="zone", endpoint={"private_dns_zone_group": group}).outcome == "pass"


def test_a_zone_of_elsewhere_without_a_link_is_unknown() -> None:
    data = declare("data.azurerm_private_dns_zone.zone", name="privatelink.vaultcore.azure.net")
    group = [{"private_dns_zone_ids": (ref("data.azurerm_private_dns_zone.zone"),)}]
    changes: dict[str, Any] = {
        "endpoint": {"private_dns_zone_group": group},
        "link": {"private_dns_zone_name": "else.where"},
    }
    assert ask(data, without="zone", **changes).outcome == "unknown"
