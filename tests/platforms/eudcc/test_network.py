"""The networks: what lets the internet in, the private link table, and what is apart from what."""

from __future__ import annotations

import pytest

from ringfence.ask import Question
from tests.platforms.eudcc.configured import blocks, declared, inner, stood

PRIVATE_LINK = {
    "azurerm_container_registry": "privatelink.azurecr.io",
    "azurerm_key_vault": "privatelink.vaultcore.azure.net",
    "azurerm_mysql_flexible_server": "privatelink.mysql.database.azure.com",
}
"""The document's table, without the cluster, whose zone has the location in it."""
LOCATIONS = {"eu": "westeurope", "ie": "northeurope"}


@pytest.mark.parametrize("region", LOCATIONS)
def test_the_private_link_table_is_that_of_the_document(region: str) -> None:
    found = declared()
    zones = {d.id: d.arguments["name"] for d in blocks(found, "azurerm_private_dns_zone", region)}
    met = {}
    for endpoint in blocks(found, "azurerm_private_endpoint", region):
        target = found.declared[inner(endpoint, "private_service_connection.private_connection_resource_id").key]
        met[target.type] = [zones[z] for z in inner(endpoint, "private_dns_zone_group.private_dns_zone_ids")]
    assert {type_: met[type_] for type_ in PRIVATE_LINK} == {type_: [zone] for type_, zone in PRIVATE_LINK.items()}
    (cluster,) = blocks(found, "azurerm_kubernetes_cluster", region)
    assert zones[cluster.arguments["private_dns_zone_id"]] == f"privatelink.{LOCATIONS[region]}.azmk8s.io"


def test_every_zone_is_linked_to_its_region_and_to_the_jump_box_of_it() -> None:
    found = declared()
    for region in LOCATIONS:
        networks = {f"{region}#azurerm_virtual_network.{region}", f"dev#azurerm_virtual_network.dev_{region}"}
        linked: dict[object, set[str]] = {}
        for link in blocks(found, "azurerm_private_dns_zone_virtual_network_link", region):
            linked.setdefault(link.arguments["private_dns_zone_name"], set()).add(
                link.arguments["virtual_network_id"].key
            )
        assert len(linked) == len(blocks(found, "azurerm_private_dns_zone", region))
        assert set(map(frozenset, linked.values())) == {frozenset(networks)}


def test_the_only_ways_in_are_those_that_the_document_names() -> None:
    found = declared()
    excepted = {e.key: e.name for e in found.register.exemptions}
    assert set(excepted.values()) == {"jump box", "ingress"}
    assert all(e.why for e in found.register.exemptions)
    addresses = {d.key for d in blocks(found, "azurerm_public_ip")}
    assert addresses - excepted.keys() == {f"{region}#azurerm_public_ip.way_out" for region in LOCATIONS}


def test_what_nodes_leave_by_lets_nobody_in() -> None:
    found = declared()
    for region in LOCATIONS:
        out = found.declared[f"{region}#azurerm_public_ip.way_out"].id
        users = [d for d in found.declared.values() if out in d.arguments.values()]
        types = {d.type for d in users} - {"azurerm_monitor_diagnostic_setting"}
        assert types == {"azurerm_nat_gateway_public_ip_association"}


def test_a_jump_box_is_reached_from_listed_ranges_only() -> None:
    for group in blocks(declared(), "azurerm_network_security_group", "dev"):
        rules = [rule.arguments for rule in group.arguments["security_rule"]]
        assert [(r["access"], r["destination_port_range"]) for r in rules] == [("Allow", "22"), ("Deny", "*")]
        assert rules[0]["source_address_prefixes"] == ("203.0.113.0/28",)


def test_a_jump_box_knows_no_password_and_is_signed_in_to_by_administrators() -> None:
    found = declared()
    machines = blocks(found, "azurerm_linux_virtual_machine")
    assert [d.arguments["disable_password_authentication"] for d in machines] == [True, True]
    extensions = {d.arguments["type"] for d in blocks(found, "azurerm_virtual_machine_extension", "dev")}
    assert extensions == {"AADSSHLoginForLinux"}
    for machine in machines:
        given = [u for u in found.register.uses if u.scope == machine.id]
        assert [(u.name, u.role) for u in given] == [("administrators", "Virtual Machine Administrator Login")]


def test_the_internet_reaches_one_address_of_a_region_by_http_only() -> None:
    found = declared()
    for region in LOCATIONS:
        group = found.declared[f"{region}#azurerm_network_security_group.nodes"]
        address = found.declared[f"{region}#azurerm_public_ip.ingress"].ref("ip_address")
        open_ = [r.arguments for r in group.arguments["security_rule"]]
        admitted = [r for r in open_ if r.get("source_address_prefix") == "Internet"]
        assert [(r["destination_port_range"], r["destination_address_prefixes"]) for r in admitted] == [
            ("443", (address,)),
            ("80", (address,)),
        ]


def test_nothing_answers_the_internet_by_a_service_of_azure() -> None:
    rows = Question("reach", source=("internet",)).answer(stood())
    assert len(rows) >= 14
    assert {row["outcome"] for row in rows} == {"denied"}


@pytest.mark.parametrize("region", LOCATIONS)
def test_a_region_is_peered_with_its_own_jump_box_only(region: str) -> None:
    peerings = blocks(declared(), "azurerm_virtual_network_peering", region)
    ends = {p.arguments["remote_virtual_network_id"].key for p in peerings}
    assert ends == {f"{region}#azurerm_virtual_network.{region}", f"dev#azurerm_virtual_network.dev_{region}"}
    assert {p.arguments["allow_forwarded_traffic"] for p in peerings} == {False}
