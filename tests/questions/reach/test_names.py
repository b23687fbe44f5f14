"""What a name resolves to from a place: Microsoft's private endpoint scenarios, each with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Choice, Ref, Text
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.fronts import fronts
from ringfence.questions.reach.names import leads, resolves
from ringfence.questions.reach.places import AZURE, INTERNET, places
from tests.questions.reach.parts import UNSURE, ZONE, endpoint, link, network, record, ref, vault, zone
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate

LEARN = "https://learn.microsoft.com/azure/"
SCENARIOS = LEARN + "private-link/private-endpoint-dns-integration"
FALLBACK = LEARN + "dns/private-dns-fallback"
LINKS = LEARN + "dns/private-dns-virtual-network-links"
DIAGNOSE = LEARN + "key-vault/general/private-link-diagnostics"
SERVERS = LEARN + "virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances"
AKS = LEARN + "aks/private-clusters"
FLEXIBLE = LEARN + "postgresql/flexible-server/concepts-networking-private"
STORAGE = LEARN + "storage/common/storage-private-endpoints"


def found(estate_: Estate, place: str = "azurerm_subnet.a", resource: str = "azurerm_key_vault.kv1") -> list[str]:
    """What the name of the resource's first door leads to, each as its kind, what has the address, and the outcome."""
    (where,) = places(estate_, place)
    door = doors(estate_.resources[f".#{resource}"], estate_)[0]
    named = leads(where, door, fronts(door, estate_), estate_)
    return sorted(
        lead.kind
        + (f" {lead.front.resource.title}" if lead.front else "")
        + ("" if lead.verdict.outcome == "pass" else "?")
        for lead in named
    )


A, B = network("a"), network("b")
NET = (*A, *B)
OTHER = declare("azurerm_private_dns_zone.other", name=ZONE, resource_group_name="rg2")
PUBLIC = declare("azurerm_private_dns_zone.public", name="vault.azure.net", resource_group_name="rg")
BLOB = "privatelink.blob.core.windows.net"
PARTLY = Text(("privatelink.", UNSURE, ".azmk8s.io"))

CASES: list[tuple[str, str, tuple[Any, ...], str, list[str]]] = [
    ("a linked zone with a record", SCENARIOS, (vault(), zone(), link("a"), endpoint()), "a", ["private pe"]),
    ("a network that is not linked", SCENARIOS, (vault(), zone(), link("a"), endpoint()), "b", ["public"]),
    ("one zone for hub and spoke", SCENARIOS,
     (vault(), zone(), link("a"), link("b", address="l2"), endpoint()), "b", ["private pe"]),
    ("no zone at all", SCENARIOS, (vault(), endpoint(zones=())), "a", ["public"]),
    ("no zone group, no record", SCENARIOS, (vault(), zone(), link("a"), endpoint(zones=())), "a", ["nowhere"]),
    ("a record by hand", SCENARIOS, (vault(), zone(), link("a"), endpoint(zones=()), record()), "a", ["private pe"]),
    ("a record of another name", SCENARIOS,
     (vault(), zone(), link("a"), endpoint(zones=()), record("kv2")), "a", ["nowhere"]),
    ("a wildcard record", SCENARIOS,
     (vault(), zone(), link("a"), endpoint(zones=()), record("*")), "a", ["private pe"]),
    ("another vault's endpoint alone", DIAGNOSE,
     (vault(), vault("kv2"), zone(), link("a"), endpoint(ref("azurerm_key_vault.kv2"))), "a", ["public"]),
    ("an endpoint elsewhere, and an empty zone here", FALLBACK,
     (vault(), zone(), OTHER, link("a"), endpoint(zones=(ref("azurerm_private_dns_zone.other"),))), "a", ["nowhere"]),
    ("… that falls back to the internet", FALLBACK,
     (vault(), zone(), link("a", resolution_policy="NxDomainRedirect"), endpoint(zones=())), "a", ["public"]),
    ("… of which it is not known", FALLBACK,
     (vault(), zone(), link("a", resolution_policy=UNSURE), endpoint(zones=())), "a", ["nowhere?", "public?"]),
    ("a pending connection", DIAGNOSE,
     (vault(), zone(), link("a"), endpoint(manual=True)), "a", ["private pe?", "public?"]),
    ("a pending connection from a network without the zone", DIAGNOSE,
     (vault(), zone(), link("a"), endpoint(manual=True)), "b", ["public"]),
    ("a zone with the public name", SCENARIOS,
     (vault(), zone("vault.azure.net"), link("a", "vault.azure.net")), "a", ["nowhere"]),
    ("… that holds a record", SCENARIOS,
     (vault(), zone("vault.azure.net"), link("a", "vault.azure.net"), endpoint(zones=()),
      record(zone_name="vault.azure.net")), "a", ["private pe"]),
    ("… and does not fall back", FALLBACK,
     (vault(), zone("vault.azure.net"), link("a", "vault.azure.net", resolution_policy="NxDomainRedirect")), "a",
     ["nowhere"]),
    ("a zone of another service", LINKS,
     (vault(), zone(BLOB), link("a", BLOB), endpoint(zones=())),
     "a", ["public"]),
    ("a zone of which a part of the name is known", LINKS,
     (vault(), zone(PARTLY), link("a", PARTLY),
      endpoint(zones=())), "a", ["public"]),
    ("a zone whose name is not known", LINKS,
     (vault(), zone(UNSURE), link("a", UNSURE), endpoint(zones=())), "a", ["nowhere?", "public?"]),
    ("a link to a network that is not known", LINKS,
     (vault(), zone(), link(UNSURE), endpoint()), "a", ["private pe?", "public?"]),
    ("a link that may not be made", LINKS,
     (vault(), zone(), link("a", presence=UNSURE), endpoint()), "a", ["private pe?", "public?"]),
    ("an endpoint that may not be made", DIAGNOSE,
     (vault(), zone(), link("a"), endpoint(presence=UNSURE)), "a", ["nowhere?", "private pe?", "public?"]),
    ("an endpoint to another sub-resource", STORAGE,
     (vault(), zone(), link("a"), endpoint(group=("managedhsm",))), "a", ["public"]),
    ("two endpoints in one zone", SCENARIOS,
     (vault(), zone(), link("a"), endpoint(), endpoint(address="pe2")), "a", ["private pe2?", "private pe?"]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "url", "content", "place", "expected"), CASES, ids=[f"{c[0]} {c[3]}" for c in CASES])
def test_documented_scenarios(title: str, url: str, content: tuple[Any, ...], place: str, expected: list[str]) -> None:
    assert title
    assert url.startswith(LEARN)
    assert found(estate(*NET, *content), f"azurerm_subnet.{place}") == expected


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        ((), ["private pe"]),
        (("168.63.129.16",), ["private pe"]),
        (("10.0.0.4",), ["nowhere?", "private pe?", "public?"]),
        (UNSURE, ["nowhere?", "private pe?", "public?"]),
    ],
)
def test_name_servers_of_ones_own_may_answer_anything(servers: Any, expected: list[str]) -> None:
    """Source: the page in `SERVERS`."""
    made = estate(*network("a", dns_servers=servers), vault(), zone(), link("a"), endpoint())
    assert found(made) == expected


@pytest.mark.parametrize(("servers", "expected"), [(("10.0.0.4",), "private pe?"), (("168.63.129.16",), "private pe")])
def test_the_name_servers_of_an_interface_come_first(servers: Any, expected: str) -> None:
    nic = declare(
        "azurerm_network_interface.n",
        name="n",
        resource_group_name="rg",
        dns_servers=servers,
        ip_configuration=[{"name": "i", "subnet_id": ref("azurerm_subnet.a")}],
    )
    machine = declare(
        "azurerm_linux_virtual_machine.m",
        name="m",
        resource_group_name="rg",
        network_interface_ids=(ref("azurerm_network_interface.n"),),
    )
    made = estate(*A, vault(), zone(), link("a"), endpoint(), nic, machine)
    assert expected in found(made, "azurerm_linux_virtual_machine.m")


@pytest.mark.parametrize(
    ("domain", "enabled", "place", "expected"),
    [
        ("vault.azure.net.", True, "a", ["nowhere?", "private pe?", "public?"]),
        (".", True, "a", ["nowhere?", "private pe?", "public?"]),
        (ZONE + ".", True, "a", ["nowhere?", "private pe?", "public?"]),
        ("kv1.vault.azure.net.", True, "a", ["nowhere?", "private pe?", "public?"]),
        ("kv2.vault.azure.net.", True, "a", ["private pe"]),
        ("vault.azure.net.", False, "a", ["private pe"]),
        ("hospital.example.", True, "a", ["private pe"]),
        ("vault.azure.net.", True, "b", ["public"]),
    ],
)
def test_a_forwarding_rule_sends_names_elsewhere(domain: str, enabled: bool, place: str, expected: list[str]) -> None:
    """Source: learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets."""
    ruleset = "azurerm_private_dns_resolver_dns_forwarding_ruleset.r"
    made = estate(
        *NET,
        vault(),
        zone(),
        link("a"),
        endpoint(),
        declare(ruleset, name="r", resource_group_name="rg"),
        declare(
            "azurerm_private_dns_resolver_virtual_network_link.l",
            name="l",
            dns_forwarding_ruleset_id=ref(ruleset),
            virtual_network_id=ref("azurerm_virtual_network.a"),
        ),
        declare(
            "azurerm_private_dns_resolver_forwarding_rule.f",
            name="f",
            dns_forwarding_ruleset_id=ref(ruleset),
            domain_name=domain,
            enabled=enabled,
        ),
    )
    assert found(made, f"azurerm_subnet.{place}") == expected


@pytest.mark.parametrize("word", ["internet", "azure", "203.0.113.7"])
def test_outside_of_networks_a_name_is_public(word: str) -> None:
    assert found(estate(*A, vault(), zone(), link("a"), endpoint()), word) == ["public"]


def test_a_zone_of_elsewhere_may_be_linked_by_links_of_elsewhere() -> None:
    hub = "/subscriptions/x/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/" + ZONE
    made = (*NET, vault(), endpoint(zones=(hub,)))
    assert found(estate(*made)) == ["private pe?", "public?"]
    data = declare("data.azurerm_private_dns_zone.zone", name=ZONE, resource_group_name="hub")
    linked = declare(
        "azurerm_private_dns_zone_virtual_network_link.l",
        name="l",
        resource_group_name="hub",
        private_dns_zone_name=Ref(".#data.azurerm_private_dns_zone.zone", ("name",)),
        virtual_network_id=ref("azurerm_virtual_network.a"),
    )
    group = (Ref(".#data.azurerm_private_dns_zone.zone", ("id",)),)
    assert found(estate(*NET, vault(), data, linked, endpoint(zones=group))) == ["private pe"]


def test_resolves_says_whether_a_name_leads_to_one_endpoint() -> None:
    made = estate(*NET, vault(), zone(), link("a"), endpoint())
    door = doors(made.resources[".#azurerm_key_vault.kv1"], made)[0]
    (front,) = fronts(door, made)
    outcomes = {}
    for word in ("azurerm_subnet.a", "azurerm_subnet.b", "internet"):
        (place,) = places(made, word)
        verdict = resolves(leads(place, door, fronts(door, made), made), front)
        outcomes[word] = verdict.outcome, verdict.why
    assert outcomes == {
        "azurerm_subnet.a": ("pass", ""),
        "azurerm_subnet.b": (
            "fail",
            "kv1.vault.azure.net resolves to its public address: no private zone of its name is linked to b",
        ),
        "internet": (
            "fail",
            "kv1.vault.azure.net resolves to its public address",
        ),
    }


# -- clusters and servers in a subnet


def cluster(**more: Any) -> Declaration:
    return declare(
        "azurerm_kubernetes_cluster.c",
        name="c",
        resource_group_name="rg",
        location="uksouth",
        default_node_pool=[{"name": "d", "vnet_subnet_id": ref("azurerm_subnet.a")}],
        **{"private_cluster_enabled": True, **more},
    )


AKS_ZONE = "privatelink.uksouth.azmk8s.io"
OWN_ZONE = (zone(AKS_ZONE), link("b", AKS_ZONE))

CLUSTERS: list[tuple[dict[str, Any], tuple[Any, ...], str, list[str]]] = [
    ({}, (), "a", ["private c"]),
    ({}, (), "b", ["nowhere"]),
    ({"private_dns_zone_id": "System"}, (), "b", ["nowhere"]),
    ({"private_dns_zone_id": "None", "private_cluster_public_fqdn_enabled": True}, (), "b", ["private c"]),
    ({"private_cluster_public_fqdn_enabled": True}, (), "b", ["private c"]),
    ({"private_dns_zone_id": ref("azurerm_private_dns_zone.zone")}, OWN_ZONE, "b", ["private c"]),
    ({"private_dns_zone_id": ref("azurerm_private_dns_zone.zone")}, (zone(AKS_ZONE),), "b", ["nowhere"]),
    ({"private_dns_zone_id": ref("azurerm_private_dns_zone.zone")}, (zone(AKS_ZONE),), "a", ["private c"]),
    ({"private_cluster_enabled": False}, (), "b", ["public"]),
    ({"private_cluster_enabled": UNSURE}, (), "b", ["nowhere?", "public?"]),
]


@pytest.mark.parametrize(("arguments", "others", "place", "expected"), CLUSTERS)
def test_private_clusters(arguments: dict[str, Any], others: tuple[Any, ...], place: str, expected: list[str]) -> None:
    """Source: the page in `AKS`, "Configure a private DNS zone" and "Hub and spoke"."""
    made = estate(*NET, cluster(**arguments), *others)
    assert found(made, f"azurerm_subnet.{place}", "azurerm_kubernetes_cluster.c") == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [("azurerm_subnet.a", ["private p"]), ("azurerm_subnet.b", ["nowhere"]), ("internet", ["nowhere"])],
)
def test_servers_in_a_delegated_subnet(place: str, expected: list[str]) -> None:
    """Source: the page in `FLEXIBLE`, "Using a private DNS zone"."""
    name = "x.postgres.database.azure.com"
    server = declare(
        "azurerm_postgresql_flexible_server.p",
        name="p",
        resource_group_name="rg",
        delegated_subnet_id=ref("azurerm_subnet.a"),
        private_dns_zone_id=ref("azurerm_private_dns_zone.zone"),
    )
    made = estate(*NET, server, zone(name), link("a", name))
    assert found(made, place, "azurerm_postgresql_flexible_server.p") == expected


# -- properties

ZONES = (zone(), OTHER, PUBLIC)
PARTS: dict[str, Any] = {
    "link a": link("a"),
    "link b": link("b", address="l2"),
    "fallback": link("b", address="l2", resolution_policy="NxDomainRedirect"),
    "endpoint": endpoint(),
    "pending": endpoint(manual=True, address="pe3"),
    "elsewhere": endpoint(zones=(ref("azurerm_private_dns_zone.other"),), address="pe2"),
    "record": record(),
    "public link": link("a", "vault.azure.net", "l4"),
}
CHOSEN = st.lists(st.sampled_from(sorted(PARTS)), unique=True).filter(lambda p: not {"link b", "fallback"} <= set(p))


def ask(parts: list[str], place: str = "a") -> list[str]:
    return found(estate(*NET, *ZONES, vault(), *(PARTS[p] for p in parts)), f"azurerm_subnet.{place}")


@given(CHOSEN, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_declarations_does_not_matter(parts: list[str], random: Any) -> None:
    shuffled = sorted(parts)
    random.shuffle(shuffled)
    assert ask(parts) == ask(shuffled)


@given(CHOSEN, st.sampled_from(["a", "b"]))
@settings(max_examples=60, deadline=None)
def test_without_a_link_no_name_resolves_privately(parts: list[str], place: str) -> None:
    without = [p for p in parts if "link" not in p and p != "fallback"]
    assert ask(without, place) == ["public"]


@given(CHOSEN, st.sampled_from(["link a", "link b", "endpoint", "elsewhere"]), st.sampled_from(["a", "b"]))
@settings(max_examples=80, deadline=None)
def test_what_is_not_known_to_exist_leaves_both_answers_possible(parts: list[str], part: str, place: str) -> None:
    """An unknown presence widens what the name may lead to; it never changes one sure answer for another."""
    others = [p for p in parts if p not in (part, "fallback")]
    doubted = {
        "link a": link("a", presence=UNSURE),
        "link b": link("b", address="l2", presence=UNSURE),
        "endpoint": endpoint(presence=UNSURE),
        "elsewhere": endpoint(zones=(ref("azurerm_private_dns_zone.other"),), address="pe2", presence=UNSURE),
    }[part]
    declarations = (*NET, *ZONES, vault(), *(PARTS[p] for p in others))
    unsure = {x.rstrip("?") for x in found(estate(*declarations, doubted), f"azurerm_subnet.{place}")}
    for known in (ask(others, place), ask([*others, part], place)):
        assert {x.rstrip("?") for x in known} <= unsure


def test_a_choice_of_zones_is_unknown() -> None:
    either = Choice(UNSURE, ref("azurerm_private_dns_zone.zone"), ref("azurerm_private_dns_zone.other"))
    made = estate(*NET, vault(), zone(), OTHER, link("a"), endpoint(zones=(either,)))
    assert found(made) == ["nowhere?", "private pe?"]


def test_the_words_of_places_that_are_in_no_network() -> None:
    made = estate(*A, vault())
    assert places(made, "internet") == (INTERNET,)
    assert places(made, "azure") == (AZURE,)


TAKEN = ("custom_dns_configs", "0", "ip_addresses")
FIXED = endpoint(zones=(), ip_configuration=[{"private_ip_address": "10.10.1.9"}])
FREE = endpoint(zones=())


@pytest.mark.parametrize(
    ("pe", "records", "expected"),
    [
        (FREE, Ref(".#azurerm_private_endpoint.pe", TAKEN), ["private pe"]),
        (FREE, (Ref(".#azurerm_private_endpoint.pe2", ("x",)),), ["nowhere"]),
        (FREE, (UNSURE,), ["nowhere?", "private pe?"]),
        (FREE, UNSURE, ["nowhere?", "private pe?"]),
        (FREE, (Ref(".#data.azurerm_network_interface.n", ("private_ip_address",)),), ["nowhere?", "private pe?"]),
        (FREE, ("10.10.1.7",), ["nowhere?", "private pe?"]),
        (FREE, ("10.99.1.7",), ["nowhere"]),
        (FIXED, ("10.10.1.9",), ["private pe"]),
        (FIXED, ("10.10.1.7",), ["nowhere"]),
        (FIXED, (UNSURE,), ["nowhere?", "private pe?"]),
    ],
)
def test_an_address_that_is_not_known_may_be_the_endpoints(pe: Declaration, records: Any, expected: list[str]) -> None:
    """Azure chooses an endpoint's address within its subnet. Source: the page in `SCENARIOS`."""
    assert found(estate(*A, vault(), zone(), link("a"), pe, record(records=records))) == expected
