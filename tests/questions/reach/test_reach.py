"""Who can open a connection to what: both front doors, from each sort of place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.ask import Question
from ringfence.documents.ask.reach import rows, text
from ringfence.documents.text import Page
from ringfence.errors import UsageError
from ringfence.model.symbol import Input
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import places
from ringfence.questions.reach.reach import answers, asked, endpoints, reach
from tests.questions.reach.parts import UNSURE, endpoint, link, network, peering, ref, vault, zone
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate

LEARN = "https://learn.microsoft.com/azure/"
ENDPOINT = LEARN + "private-link/private-endpoint-overview"
FIREWALL = LEARN + "key-vault/general/network-security"
SCENARIOS = LEARN + "private-link/private-endpoint-dns-integration"
SERVICE = LEARN + "key-vault/general/overview-vnet-service-endpoints"
POLICIES = LEARN + "private-link/disable-private-endpoint-network-policy"
PEERING = LEARN + "virtual-network/virtual-network-peering-overview"
SITES = LEARN + "app-service/overview-vnet-integration"
CLUSTERS = LEARN + "aks/private-clusters"

CLOSED = vault(public_network_access_enabled=False)
OPEN = vault()
RULES = vault(network_acls=[{"default_action": "Deny", "bypass": "None", "ip_rules": ("203.0.113.7",)}])
TRUSTING = vault(network_acls=[{"default_action": "Deny", "bypass": "AzureServices"}])
NAMED = vault(
    network_acls=[
        {"default_action": "Deny", "bypass": "None", "virtual_network_subnet_ids": (ref("azurerm_subnet.b"),)}
    ]
)
NET = (*network("a"), *network("b"))
LINKED = (zone(), link("a"), endpoint())
SERVED = (*network("a"), *network("b", {"service_endpoints": ("Microsoft.KeyVault",)}))


def group(*rules: dict[str, Any], on: str = "a") -> tuple[Declaration, ...]:
    return (
        declare("azurerm_network_security_group.g", name="g", resource_group_name="rg", security_rule=list(rules)),
        declare(
            "azurerm_subnet_network_security_group_association.g",
            subnet_id=ref(f"azurerm_subnet.{on}"),
            network_security_group_id=ref("azurerm_network_security_group.g"),
        ),
    )


def rule(direction: str, access: str = "Deny", **more: Any) -> dict[str, Any]:
    return {
        "name": f"{direction}-{access}",
        "priority": 100,
        "direction": direction,
        "access": access,
        "protocol": "*",
        "source_port_range": "*",
        "destination_port_range": "*",
        "source_address_prefix": "*",
        "destination_address_prefix": "*",
        **more,
    }


def outcome(made: Estate, place: str, resource: str = "azurerm_key_vault.kv1", door: str = "", by: Any = "name") -> str:
    """The outcome and the front door, such as "pass private"."""
    found = [
        asked(made, where, one, by=by)
        for where in places(made, place)
        for one in doors(made.resources[f".#{resource}"], made)
        if door in ("", one.name)
    ]
    return " ".join((found[0].answer.outcome, found[0].front))


A, B = "azurerm_subnet.a", "azurerm_subnet.b"

CASES: list[tuple[str, tuple[Any, ...], str, str]] = [
    (ENDPOINT, (*NET, CLOSED, *LINKED), "internet", "fail public"),
    (ENDPOINT, (*NET, CLOSED, *LINKED), A, "pass private"),
    (SCENARIOS, (*NET, CLOSED, *LINKED), B, "fail public"),
    (PEERING, (*NET, CLOSED, *LINKED, *peering("a", "b"), link("b", address="l2")), B, "pass private"),
    (PEERING, (*NET, CLOSED, *LINKED, *peering("a", "b")), B, "fail public"),
    (PEERING, (*NET, CLOSED, *LINKED, link("b", address="l2")), B, "fail private"),
    (ENDPOINT, (*NET, OPEN, *LINKED), "internet", "pass public"),
    (ENDPOINT, (*NET, OPEN, *LINKED), A, "pass private"),
    (ENDPOINT, (*NET, OPEN, *LINKED), B, "pass public"),
    (ENDPOINT, (*NET, CLOSED, zone(), link("a"), endpoint(manual=True)), A, "fail unknown"),
    (ENDPOINT, (*NET, OPEN, zone(), link("a"), endpoint(manual=True)), A, "unknown unknown"),
    (FIREWALL, (*NET, RULES), "internet", "fail public"),
    (FIREWALL, (*NET, RULES), "203.0.113.7", "pass public"),
    (FIREWALL, (*NET, RULES), "203.0.113.8", "fail public"),
    (SERVICE, (*SERVED, NAMED), B, "pass public"),
    (SERVICE, (*SERVED, NAMED), A, "fail public"),
    (SERVICE, (*SERVED, NAMED), "internet", "fail public"),
    (SERVICE, (*NET, TRUSTING), "trusted", "pass public"),
    (SERVICE, (*NET, TRUSTING), "azure", "fail public"),
    (SCENARIOS, (*NET, CLOSED, zone(), link("a"), endpoint(zones=())), A, "fail none"),
    (SCENARIOS, (*NET, OPEN, zone(), link("a"), endpoint(zones=())), A, "fail none"),
    (POLICIES, (*NET, CLOSED, *LINKED, *group(rule("Inbound"))), A, "pass private"),
    (POLICIES, (*network("a", {"private_endpoint_network_policies": "Enabled"}), CLOSED, *LINKED,
                *group(rule("Inbound"))), A, "fail private"),
    (POLICIES, (*NET, CLOSED, *LINKED, *group(rule("Outbound"))), A, "fail private"),
    (POLICIES, (*NET, OPEN, *group(rule("Outbound", destination_address_prefix="Internet"))), A, "fail public"),
    (SCENARIOS, (*network("a", dns_servers=("10.0.0.4",)), CLOSED, *LINKED), A, "unknown unknown"),
    (SCENARIOS, (*network("a", dns_servers=("10.0.0.4",)), *network("b"), CLOSED), A, "fail unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "content", "place", "expected"), CASES)
def test_documented_cases(url: str, content: tuple[Any, ...], place: str, expected: str) -> None:
    assert url.startswith(LEARN)
    assert outcome(estate(*content), place) == expected


@pytest.mark.parametrize(
    ("content", "place", "expected"),
    [
        ((*NET, CLOSED, *LINKED, *peering("a", "b")), B, "pass private"),
        ((*NET, CLOSED, *LINKED), B, "fail none"),
        ((*NET, OPEN, *LINKED), B, "pass public"),
        ((*NET, CLOSED, *LINKED), "internet", "fail none"),
        ((*NET, CLOSED, zone(), link("a"), endpoint(zones=())), A, "pass private"),
        ((*NET, OPEN, zone(), link("a"), endpoint(zones=())), A, "pass public"),
        ((*NET, CLOSED, zone(), link("a"), endpoint(manual=True)), A, "fail none"),
    ],
)
def test_whoever_writes_the_address_down_needs_no_name(content: tuple[Any, ...], place: str, expected: str) -> None:
    assert outcome(estate(*content), place, by="any") == expected


def test_an_operators_address_is_named() -> None:
    made = estate(*NET, RULES)
    (found,) = answers(made, places(made, "internet"), [made.resources[".#azurerm_key_vault.kv1"]])
    assert found.answer.outcome == "fail"
    assert "203.0.113.7" in found.answer.verdict.why


# -- resources as places


def site(**more: Any) -> Declaration:
    config = more.pop("site_config", [{}])
    return declare("azurerm_linux_web_app.w", name="w", resource_group_name="rg", location="uksouth",
                   site_config=config, **more)  # fmt: skip


INTEGRATED = site(virtual_network_subnet_id=ref("azurerm_subnet.b"))
ALL = site(virtual_network_subnet_id=ref("azurerm_subnet.b"), site_config=[{"vnet_route_all_enabled": True}])
SITE = "azurerm_linux_web_app.w"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ((*NET, CLOSED, *LINKED, site()), "fail public"),
        ((*NET, CLOSED, *LINKED, *peering("a", "b"), link("b", address="l2"), INTEGRATED), "pass private"),
        ((*SERVED, NAMED, INTEGRATED), "pass public"),
        ((*SERVED, NAMED, ALL), "pass public"),
        ((*SERVED, NAMED, site()), "fail public"),
        ((*NET, OPEN, INTEGRATED, *group(rule("Outbound"), on="b")), "pass public"),
        ((*NET, OPEN, ALL, *group(rule("Outbound"), on="b")), "fail public"),
        ((*NET, TRUSTING, INTEGRATED), "fail public"),
    ],
)
def test_a_site_connects_from_its_subnet_and_beside_it(content: tuple[Any, ...], expected: str) -> None:
    """Source: the page in `SITES`; App Service is not among the services that a vault trusts (`SERVICE`)."""
    assert outcome(estate(*content), SITE) == expected


def factory(**more: Any) -> Declaration:
    return declare("azurerm_data_factory.f", name="f", resource_group_name="rg", location="uksouth", **more)


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ([{"type": "SystemAssigned"}], "pass public"),
        ([], "fail public"),
        ([{"type": UNSURE}], "unknown public"),
    ],
)
def test_a_trusted_service_needs_an_identity(identity: Any, expected: str) -> None:
    assert outcome(estate(*NET, TRUSTING, factory(identity=identity)), "azurerm_data_factory.f") == expected


def machine(**interface: Any) -> tuple[Declaration, ...]:
    return (
        declare(
            "azurerm_network_interface.n", name="n", resource_group_name="rg",
            ip_configuration=[{"name": "i", "subnet_id": ref("azurerm_subnet.a"), **interface}],
        ),
        declare(
            "azurerm_linux_virtual_machine.m", name="m", resource_group_name="rg",
            network_interface_ids=(ref("azurerm_network_interface.n"),),
        ),
        declare(
            "azurerm_public_ip.p", name="p", resource_group_name="rg", sku="Standard", allocation_method="Static",
            ip_address="198.51.100.4",
        ),
    )  # fmt: skip


PUBLIC = machine(public_ip_address_id=ref("azurerm_public_ip.p"))
MACHINE = "azurerm_linux_virtual_machine.m"
SSH = rule("Inbound", "Allow", destination_port_range="22")


@pytest.mark.parametrize(
    ("content", "place", "expected"),
    [
        ((*NET, *PUBLIC, *group(SSH)), "internet", "pass"),
        ((*NET, *PUBLIC, *group({**SSH, "source_address_prefix": "203.0.113.7"})), "internet", "fail"),
        ((*NET, *PUBLIC, *group({**SSH, "source_address_prefix": "203.0.113.7"})), "203.0.113.7", "pass"),
        ((*NET, *PUBLIC, *group()), "internet", "fail"),
        ((*NET, *machine(), *group(SSH)), "internet", "fail"),
        ((*NET, *machine(), *group()), A, "pass"),
        ((*NET, *machine(), *group()), B, "fail"),
        ((*NET, *machine(), *peering("a", "b")), B, "pass"),
    ],
)
def test_machines_are_asked_for_by_address(content: tuple[Any, ...], place: str, expected: str) -> None:
    assert outcome(estate(*content), place, MACHINE, "ssh").split()[0] == expected


CLUSTER = declare(
    "azurerm_kubernetes_cluster.c", name="c", resource_group_name="rg", location="uksouth",
    private_cluster_enabled=True,
    default_node_pool=[{"name": "d", "vnet_subnet_id": ref("azurerm_subnet.a")}],
)  # fmt: skip
FQDN = declare(
    "azurerm_kubernetes_cluster.c", name="c", resource_group_name="rg", location="uksouth",
    private_cluster_enabled=True, private_cluster_public_fqdn_enabled=True,
    default_node_pool=[{"name": "d", "vnet_subnet_id": ref("azurerm_subnet.a")}],
)  # fmt: skip


@pytest.mark.parametrize(
    ("cluster", "others", "place", "expected"),
    [
        (CLUSTER, (), "internet", "fail none"),
        (CLUSTER, (), A, "pass private"),
        (CLUSTER, (), "azurerm_kubernetes_cluster.c", "pass private"),
        (CLUSTER, peering("a", "b"), B, "fail none"),
        (FQDN, peering("a", "b"), B, "pass private"),
        (FQDN, (), B, "fail private"),
        (FQDN, (), "internet", "fail private"),
        (CLUSTER, group(rule("Inbound")), A, "pass private"),
    ],
)
def test_private_clusters(cluster: Declaration, others: tuple[Any, ...], place: str, expected: str) -> None:
    """Source: the page in `CLUSTERS`."""
    assert outcome(estate(*NET, cluster, *others), place, "azurerm_kubernetes_cluster.c") == expected


# -- what is asked for


def test_by_default_the_internet_is_asked_about_every_data_plane() -> None:
    storage = declare("azurerm_storage_account.s", name="s", resource_group_name="rg", account_kind="FileStorage")
    made = estate(*NET, CLOSED, storage, *machine())
    found = answers(made, [], [])
    assert sorted({(r.place.key, r.door.resource.title, r.door.name) for r in found}) == [
        ("internet", "kv1", "vault"),
        ("internet", "s", "file"),
    ]


def test_what_nothing_connects_to_has_no_answer_and_the_error_says_so() -> None:
    address = declare("azurerm_public_ip.p", name="pip", resource_group_name="rg")
    made = estate(*NET, CLOSED, address)
    assert answers(made, [], [made.resources[".#azurerm_public_ip.p"]]) == []
    with pytest.raises(UsageError, match="nothing connects to pip"):
        Question("reach", to=("pip",)).answer(made)
    assert [r["to"]["name"] for r in Question("reach", to=("pip", "kv1")).answer(made)] == ["kv1"]


def test_a_secret_is_behind_the_door_of_its_vault() -> None:
    secret = declare("azurerm_key_vault_secret.x", name="x", key_vault_id=ref("azurerm_key_vault.kv1"), value="v")
    made = estate(*NET, CLOSED, secret)
    (found,) = answers(made, [], [made.resources[".#azurerm_key_vault_secret.x"]])
    assert (found.door.key, found.answer.outcome) == (".#azurerm_key_vault.kv1/vault", "fail")


def test_each_subnet_is_told_of_each_endpoint() -> None:
    made = estate(*NET, *network("c"), CLOSED, *LINKED, *peering("a", "b"))
    found = endpoints(made, made.resources[".#azurerm_key_vault.kv1"])
    assert [(r.endpoint.title, r.place.title, r.answer.outcome, r.resolves.outcome) for r in found] == [
        ("pe", "a/s-a", "pass", "pass"),
        ("pe", "b/s-b", "pass", "fail"),
        ("pe", "c/s-c", "fail", "fail"),
    ]


def test_a_network_that_is_not_declared_is_unknown_and_says_so() -> None:
    there = "/subscriptions/x/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
    peer = declare(
        "azurerm_virtual_network_peering.p", name="p", resource_group_name="rg", virtual_network_name="a",
        remote_virtual_network_id=there,
    )  # fmt: skip
    made = estate(*NET, CLOSED, *LINKED, peer)
    (place,) = places(made, "peered a")
    answer = reach(made, place, doors(made.resources[".#azurerm_key_vault.kv1"], made)[0])
    assert (place.title, answer.outcome) == ("hub", "unknown")
    assert "hub" in {n.subject.rpartition("/")[2] for n in answer.needs}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("s-a", ["a/s-a"]),
        ("a/s-a", ["a/s-a"]),
        ("azurerm_virtual_network.b", ["b/s-b"]),
        ("10.11.1.9", ["10.11.1.9 in b/s-b"]),
        ("10.0.0.0/8", ["10.0.0.0/8 in a/s-a", "10.0.0.0/8 in b/s-b"]),
        ("peered a", ["b/s-b"]),
        ("the internet", ["the internet"]),
        ("203.0.113.0/24", ["203.0.113.0/24 on the internet"]),
        (SITE, ["w in b/s-b"]),
        (MACHINE, ["m in a/s-a"]),
    ],
)
def test_words_for_places(word: str, expected: list[str]) -> None:
    made = estate(*NET, *peering("a", "b"), INTEGRATED, *machine())
    assert [p.title for p in places(made, word)] == expected


@pytest.mark.parametrize("word", ["10.99.0.1", "nothing", "peered kv1", "azurerm_private_dns_zone.zone", "peered b"])
def test_words_that_mean_no_place(word: str) -> None:
    with pytest.raises(UsageError):
        places(estate(*NET, vault(), zone()), word)


def test_the_error_names_what_is_nearly_so() -> None:
    with pytest.raises(UsageError) as raised:
        places(estate(*network("subneta")), "s-subnetb")
    assert "s-subneta" in str(raised.value)


def test_names_of_azure_monitor_behind_a_private_link_scope_are_unknown() -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security."""
    name = "privatelink.monitor.azure.com"
    logs = declare("azurerm_log_analytics_workspace.l", name="l", resource_group_name="rg")
    made = estate(*NET, logs, zone(name), link("a", name))
    found = [outcome(made, place, "azurerm_log_analytics_workspace.l") for place in (A, B, "internet")]
    assert found == ["unknown unknown", "pass public", "pass public"]


@pytest.mark.parametrize(
    ("content", "place", "expected"),
    [
        ((*NET, CLOSED, *LINKED), A, "pass"),
        ((*NET, CLOSED, *LINKED), B, "fail"),
        ((*NET, CLOSED, *LINKED), "internet", "fail"),
        ((*NET, CLOSED, zone(), link("a"), endpoint(manual=True)), A, "fail"),
        ((*NET, CLOSED, *LINKED, *group(rule("Outbound", destination_port_range="443"))), A, "fail"),
        ((*NET, CLOSED, *LINKED, *group(rule("Outbound", destination_port_range="1433"))), A, "pass"),
    ],
)
def test_private_endpoints_themselves(content: tuple[Any, ...], place: str, expected: str) -> None:
    """On the ports of what they lead to, once they are approved. Source: the page in `ENDPOINT`."""
    assert outcome(estate(*content), place, "azurerm_private_endpoint.pe").split()[0] == expected


def test_a_service_that_is_not_modelled_is_unknown_and_says_so() -> None:
    made = estate(*NET, declare("azurerm_digital_twins_instance.s", name="s", resource_group_name="rg"))
    for place in ("internet", A):
        (found,) = answers(made, places(made, place), [made.resources[".#azurerm_digital_twins_instance.s"]])
        assert (found.answer.outcome, found.front) == ("unknown", "unknown")
        assert "is not modelled" in found.answer.verdict.why


# -- rows


def test_rows_say_who_where_why_and_what_is_missing() -> None:
    made = estate(*NET, RULES)
    vault_ = made.resources[".#azurerm_key_vault.kv1"]
    (row,) = rows(answers(made, places(made, "internet"), [vault_]), made)
    assert {k: row[k] for k in ("outcome", "from", "to", "door", "front", "needs", "origin")} == {
        "outcome": "denied",
        "from": {"key": "internet", "name": "the internet", "kind": "internet"},
        "to": {
            "key": ".#azurerm_key_vault.kv1",
            "address": "azurerm_key_vault.kv1",
            "type": "Microsoft.KeyVault/vaults",
            "name": "kv1",
        },
        "door": "vault",
        "front": "public",
        "needs": [],
        "origin": {"file": "main.tf", "line": 1},
    }
    assert [h["outcome"] for h in row["hops"]] == ["allowed", "allowed", "denied"]


def test_text_tells_open_ways_first_and_one_reason_once() -> None:
    storage = declare(
        "azurerm_storage_account.s", name="s", resource_group_name="rg", public_network_access_enabled=False
    )
    made = estate(*NET, vault(), storage)
    told = text(rows(answers(made, [], []), made), Page(80))
    heads = [line.split()[0] for line in told.splitlines() if not line.startswith("   ")]
    assert heads == ["allowed", "denied"]
    assert "s/blob" in told


# -- properties

PARTS: dict[str, tuple[Declaration, ...]] = {
    "link a": (link("a"),),
    "link b": (link("b", address="l2"),),
    "endpoint": (endpoint(),),
    "no record": (endpoint(zones=(), address="pe2"),),
    "pending": (endpoint(manual=True, address="pe3"),),
    "peering": peering("a", "b"),
    "deny": group(rule("Inbound")),
}
CHOSEN = st.lists(st.sampled_from(sorted(PARTS)), unique=True)
VAULTS = st.sampled_from([CLOSED, OPEN, RULES, NAMED])
PLACES = st.sampled_from([A, B, "internet", "azure", "203.0.113.7"])
BY = st.sampled_from(["name", "any"])


def ask(parts: list[str], kv: Declaration, place: str, by: str = "name") -> str:
    chosen = [d for p in parts for d in PARTS[p]]
    return outcome(estate(*NET, zone(), kv, *chosen), place, by=by).split()[0]


@given(CHOSEN, VAULTS, PLACES, BY, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_declarations_does_not_matter(
    parts: list[str], kv: Declaration, place: str, by: str, random: Any
) -> None:
    shuffled = sorted(parts)
    random.shuffle(shuffled)
    assert ask(parts, kv, place, by) == ask(shuffled, kv, place, by)


@given(CHOSEN, VAULTS, st.sampled_from(["internet", "azure", "203.0.113.7"]), BY)
@settings(max_examples=60, deadline=None)
def test_private_endpoints_never_open_a_door_to_the_outside(
    parts: list[str], kv: Declaration, place: str, by: str
) -> None:
    without = [p for p in parts if p not in ("endpoint", "no record", "pending")]
    assert ask(parts, kv, place, by) == ask(without, kv, place, by)


@given(CHOSEN, VAULTS, PLACES)
@settings(max_examples=60, deadline=None)
def test_whoever_needs_no_name_reaches_what_others_reach(parts: list[str], kv: Declaration, place: str) -> None:
    if ask(parts, kv, place) == "pass":
        assert ask(parts, kv, place, "any") == "pass"


@given(CHOSEN, VAULTS, PLACES, BY)
@settings(max_examples=60, deadline=None)
def test_a_rule_that_denies_never_opens(parts: list[str], kv: Declaration, place: str, by: str) -> None:
    others = [p for p in parts if p != "deny"]
    if ask(others, kv, place, by) == "fail":
        assert ask([*others, "deny"], kv, place, by) == "fail"


UNKNOWN: dict[str, Any] = {
    "access": vault(public_network_access_enabled=Input(".", "access", "variable")),
    "link a": link("a", presence=UNSURE),
    "link b": link("b", address="l2", presence=UNSURE),
    "endpoint": endpoint(presence=UNSURE),
}


@given(CHOSEN, st.sampled_from(["link a", "link b", "endpoint"]), VAULTS, PLACES, BY)
@settings(max_examples=120, deadline=None)
def test_an_answer_that_is_sure_holds_whether_what_is_unknown_is_there_or_not(
    parts: list[str], part: str, kv: Declaration, place: str, by: str
) -> None:
    others = [p for p in parts if p != part]
    chosen = [d for p in others for d in PARTS[p]]
    unsure = outcome(estate(*NET, zone(), kv, *chosen, UNKNOWN[part]), place, by=by).split()[0]
    if unsure != "unknown":
        assert {ask(others, kv, place, by), ask([*others, part], kv, place, by)} <= {unsure, "unknown"}


@given(CHOSEN, PLACES, BY)
@settings(max_examples=60, deadline=None)
def test_an_unknown_switch_never_turns_one_answer_into_the_other(parts: list[str], place: str, by: str) -> None:
    unsure = ask(parts, UNKNOWN["access"], place, by)
    if unsure != "unknown":
        assert {ask(parts, OPEN, place, by), ask(parts, CLOSED, place, by)} <= {unsure, "unknown"}


@pytest.mark.parametrize("more", [(), (endpoint(zones=()),)])
def test_an_endpoint_that_leads_to_what_is_not_known_may_lead_here(more: tuple[Declaration, ...]) -> None:
    """Source: the page in `SCENARIOS`: the linked zone answers for whichever endpoint is registered in it."""
    anything = Input(".", "target", "variable")
    content = (*NET, CLOSED, zone(), link("a"), endpoint(anything, address="elsewhere"), *more)
    assert [outcome(estate(*content), place).split()[0] for place in (A, B, "internet")] == ["unknown", "fail", "fail"]


@pytest.mark.parametrize(
    ("policies", "expected"),
    [(None, "pass"), ((), "pass"), (("/x/policy",), "unknown"), (Input(".", "p", "variable"), "unknown")],
)
def test_a_service_endpoint_policy_may_keep_a_subnet_from_an_account(policies: Any, expected: str) -> None:
    """Source: learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview."""
    inside = {"service_endpoints": ("Microsoft.Storage.Global",), "service_endpoint_policy_ids": policies}
    account = declare("azurerm_storage_account.s", name="s", resource_group_name="rg")
    found = estate(*network("a", inside), account, vault())
    assert outcome(found, A, "azurerm_storage_account.s", "blob").split()[0] == expected
    assert outcome(found, A) == "pass public"
