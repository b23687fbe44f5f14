"""Whether public front doors admit callers: Microsoft's documented cases, each with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.origin import Origin
from ringfence.model.symbol import Input, Ref
from ringfence.model.value import Known, Need, Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import segments
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.public import ANYBODY, AZURE, TRUSTED, Caller, closed, public
from ringfence.questions.reach.public.stores import off
from ringfence.record import replace
from tests import support
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.questions.reach.public.admission import Admission

KV = "https://learn.microsoft.com/azure/key-vault/general/network-security"
KV_ARM = "https://learn.microsoft.com/azure/templates/microsoft.keyvault/vaults"
STORAGE = "https://learn.microsoft.com/azure/storage/common/storage-network-security"
STORAGE_LIMITS = "https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations"
SQL = "https://learn.microsoft.com/azure/azure-sql/database/firewall-configure"
SQL_ACCESS = "https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings"
SQL_NET = "https://learn.microsoft.com/azure/azure-sql/database/vnet-service-endpoint-rule-overview"
MYSQL = "https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-public"
MYSQL_NET = "https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-vnet"
PG_NET = "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private"
COSMOS = "https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall"
COSMOS_NET = "https://learn.microsoft.com/azure/cosmos-db/how-to-configure-vnet-service-endpoint"
ACR = "https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks"
ACR_TRUST = "https://learn.microsoft.com/azure/container-registry/allow-access-trusted-services"
WEB = "https://learn.microsoft.com/azure/app-service/overview-access-restrictions"
AKS = "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges"
AKS_PRIVATE = "https://learn.microsoft.com/azure/aks/private-clusters"
DATABRICKS = "https://learn.microsoft.com/azure/databricks/security/network/front-end/front-end-private-connect"
MONITOR = "https://learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-configure"
HUBS = "https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering"
BUS = "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering"
REDIS = "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-network-isolation"
AI = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks"
SEARCH = "https://learn.microsoft.com/azure/search/service-configure-firewall"

OFFICE = Caller("203.0.113.7", cidr.of("203.0.113.7"), azure=False)
OTHER = Caller("198.51.100.1", cidr.of("198.51.100.1"), azure=False)
SOMEWHERE = Caller("20.50.1.1", cidr.of("20.50.1.1"))
NOT_KNOWN = Caller("a gateway", Unknown("addresses", (Need("apply", "pip", "the address is known after apply"),), None))  # type: ignore[arg-type]

VNET = declare("azurerm_virtual_network.net", name="net", location="uksouth", address_space=("10.0.0.0/16",))
_SERVICES = ("Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Sql", "Microsoft.AzureCosmosDB", "Microsoft.Web")
WITH = declare(
    "azurerm_subnet.with",
    name="with",
    virtual_network_name=Ref(".#azurerm_virtual_network.net", ("name",)),
    service_endpoints=_SERVICES,
)
WITHOUT = declare(
    "azurerm_subnet.without", name="without", virtual_network_name=Ref(".#azurerm_virtual_network.net", ("name",))
)
ID = Ref(".#azurerm_subnet.with", ("id",))
ID_WITHOUT = Ref(".#azurerm_subnet.without", ("id",))


def ask(
    caller: Caller | str, type_: str, *others: Any, door: str = "", version: str = "4.81.0", **content: Any
) -> Admission:
    """The admission to the first door of a resource; a caller of a subnet is called by the subnet's name."""
    content = {"name": "r1", "location": "uksouth", **content}
    found = estate(declare(f"{type_}.r", version=version, **content), VNET, WITH, WITHOUT, *others)
    if isinstance(caller, str):
        segment = next(s for s in segments(found) if s.title == caller)
        caller = Caller(caller, cidr.of("20.50.1.1"), azure=True, segment=segment, region="uksouth")
    all_doors = doors(found.resources[f".#{type_}.r"], found)
    return public(next(d for d in all_doors if door in ("", d.name)), caller, found)


def vault(**acls: Any) -> dict[str, Any]:
    return {"network_acls": [{"default_action": "Deny", "bypass": "None", **acls}]}


def account(**rules: Any) -> dict[str, Any]:
    return {"network_rules": [{"default_action": "Deny", "bypass": ("None",), **rules}]}


def restriction(priority: int = 100, action: str = "Allow", **rule: Any) -> dict[str, Any]:
    return {"name": f"rule{priority}", "priority": priority, "action": action, **rule}


def site(*rules: dict[str, Any], **config: Any) -> dict[str, Any]:
    return {"site_config": [{"ip_restriction": list(rules), **config}]}


def firewall(type_: str, start: Any, end: Any, server: str) -> Any:
    """A firewall rule of server "r"."""
    by_id = "mssql" in type_ or "postgresql_flexible" in type_
    named = {"server_id": Ref(server, ("id",))} if by_id else {"server_name": Ref(server, ("name",))}
    return declare(f"{type_}.rule", name="rule", start_ip_address=start, end_ip_address=end, **named)


_V, _A, _W = "azurerm_key_vault", "azurerm_storage_account", "azurerm_linux_web_app"
_S, _C, _R, _K = (
    "azurerm_mssql_server",
    "azurerm_cosmosdb_account",
    "azurerm_container_registry",
    "azurerm_kubernetes_cluster",
)
_MY, _PG = "azurerm_mysql_flexible_server", "azurerm_postgresql_flexible_server"
SQL_AZURE = firewall("azurerm_mssql_firewall_rule", "0.0.0.0", "0.0.0.0", f".#{_S}.r")
SQL_OFFICE = firewall("azurerm_mssql_firewall_rule", "203.0.113.0", "203.0.113.255", f".#{_S}.r")
SQL_ALL = firewall("azurerm_mssql_firewall_rule", "0.0.0.0", "255.255.255.255", f".#{_S}.r")
SQL_SUBNET = declare(
    "azurerm_mssql_virtual_network_rule.n", name="n", server_id=Ref(f".#{_S}.r", ("id",)), subnet_id=ID
)
MY_AZURE = firewall("azurerm_mysql_flexible_server_firewall_rule", "0.0.0.0", "0.0.0.0", f".#{_MY}.r")
MY_ALL = firewall("azurerm_mysql_flexible_server_firewall_rule", "0.0.0.0", "255.255.255.255", f".#{_MY}.r")
PG_ALL = firewall("azurerm_postgresql_flexible_server_firewall_rule", "0.0.0.0", "255.255.255.255", f".#{_PG}.r")
ENDPOINT = declare(
    "azurerm_private_endpoint.e",
    name="e",
    subnet_id=ID,
    private_service_connection=[
        {
            "name": "c",
            "private_connection_resource_id": Ref(f".#{_W}.r", ("id",)),
            "subresource_names": ("sites",),
            "is_manual_connection": False,
        }
    ],
)

_H, _B, _X = "azurerm_eventhub_namespace", "azurerm_servicebus_namespace", "azurerm_redis_cache"
_I, _F = "azurerm_cognitive_account", "azurerm_search_service"


def hub(**rules: Any) -> dict[str, Any]:
    return {"network_rulesets": [{"default_action": "Deny", **rules}]}


def bus(**rules: Any) -> dict[str, Any]:
    return {"sku": "Premium", "network_rule_set": [{"default_action": "Deny", **rules}]}


def ai(**rules: Any) -> dict[str, Any]:
    return {"kind": "OpenAI", "network_acls": [{"default_action": "Deny", **rules}]}


REDIS_RULE = declare(
    "azurerm_redis_firewall_rule.f",
    name="f",
    redis_cache_name=Ref(f".#{_X}.r", ("name",)),
    start_ip="203.0.113.0",
    end_ip="203.0.113.9",
)

CASES: list[tuple[str, Any, str, dict[str, Any], tuple[Any, ...], str]] = [
    # page, caller, type, content, other declarations, outcome
    (KV, ANYBODY, _V, {}, (), "pass"),
    (KV, ANYBODY, _V, vault(), (), "fail"),
    (KV, OFFICE, _V, vault(ip_rules=("203.0.113.0/24",)), (), "pass"),
    (KV, ANYBODY, _V, vault(ip_rules=("203.0.113.0/24",)), (), "fail"),
    (KV, OTHER, _V, vault(ip_rules=("203.0.113.0/24",)), (), "fail"),
    (KV, TRUSTED, _V, vault(bypass="AzureServices"), (), "pass"),
    (KV, TRUSTED, _V, vault(), (), "fail"),
    (KV_ARM, TRUSTED, _V, {**vault(bypass="AzureServices"), "public_network_access_enabled": False}, (), "pass"),
    (KV_ARM, OFFICE, _V, {**vault(ip_rules=("203.0.113.7",)), "public_network_access_enabled": False}, (), "fail"),
    (KV_ARM, ANYBODY, _V, {"public_network_access_enabled": False}, (), "fail"),
    (KV, "with", _V, vault(virtual_network_subnet_ids=(ID,)), (), "pass"),
    (KV, "without", _V, vault(virtual_network_subnet_ids=(ID_WITHOUT,)), (), "fail"),
    (KV, "with", _V, vault(ip_rules=("20.50.1.1",)), (), "fail"),
    (KV, "without", _V, vault(ip_rules=("20.50.1.1",)), (), "pass"),
    (STORAGE, ANYBODY, _A, {}, (), "pass"),
    (STORAGE, ANYBODY, _A, account(), (), "fail"),
    (STORAGE, OFFICE, _A, account(ip_rules=("203.0.113.7",)), (), "pass"),
    (STORAGE_LIMITS, "without", _A, account(ip_rules=("20.50.1.1",)), (), "fail"),
    (STORAGE_LIMITS, "without", _A, {**account(ip_rules=("20.50.1.1",)), "location": "westus"}, (), "pass"),
    (STORAGE, "with", _A, account(virtual_network_subnet_ids=(ID,)), (), "pass"),
    (STORAGE, "with", _A, {**account(virtual_network_subnet_ids=(ID,)), "location": "westus"}, (), "unknown"),
    (STORAGE, TRUSTED, _A, account(bypass=("AzureServices",)), (), "pass"),
    (STORAGE, TRUSTED, _A, account(bypass=("Logging", "Metrics")), (), "fail"),
    (
        STORAGE_LIMITS,
        TRUSTED,
        _A,
        {**account(bypass=("AzureServices",)), "public_network_access_enabled": False},
        (),
        "pass",
    ),
    (
        STORAGE,
        "with",
        _A,
        {**account(virtual_network_subnet_ids=(ID,)), "public_network_access_enabled": False},
        (),
        "fail",
    ),
    (SQL, ANYBODY, _S, {}, (), "fail"),
    (SQL, ANYBODY, _S, {}, (SQL_AZURE,), "fail"),
    (SQL, AZURE, _S, {}, (SQL_AZURE,), "pass"),
    (SQL, SOMEWHERE, _S, {}, (SQL_AZURE,), "unknown"),
    (SQL, OFFICE, _S, {}, (SQL_OFFICE,), "pass"),
    (SQL, ANYBODY, _S, {}, (SQL_OFFICE,), "fail"),
    (SQL, ANYBODY, _S, {}, (SQL_ALL,), "pass"),
    (SQL, NOT_KNOWN, _S, {}, (SQL_ALL,), "pass"),
    (SQL, NOT_KNOWN, _S, {}, (SQL_OFFICE,), "unknown"),
    (SQL, NOT_KNOWN, _S, {}, (), "fail"),
    (SQL_ACCESS, ANYBODY, _S, {"public_network_access_enabled": False}, (SQL_ALL,), "fail"),
    (SQL_ACCESS, "with", _S, {"public_network_access_enabled": False}, (SQL_SUBNET,), "fail"),
    (SQL_NET, "with", _S, {}, (SQL_SUBNET,), "pass"),
    (SQL_NET, "with", _S, {}, (SQL_AZURE,), "fail"),
    (SQL_NET, "without", _S, {}, (SQL_AZURE,), "pass"),
    (SQL_NET, "with", _S, {"location": "westus"}, (SQL_SUBNET,), "fail"),
    (MYSQL, AZURE, _MY, {}, (MY_AZURE,), "pass"),
    (MYSQL, ANYBODY, _MY, {}, (MY_ALL,), "pass"),
    (MYSQL, ANYBODY, _MY, {}, (), "fail"),
    (MYSQL_NET, ANYBODY, _MY, {"delegated_subnet_id": ID_WITHOUT}, (MY_ALL,), "fail"),
    (PG_NET, ANYBODY, _PG, {"delegated_subnet_id": ID_WITHOUT}, (PG_ALL,), "fail"),
    (PG_NET, ANYBODY, _PG, {"public_network_access_enabled": False}, (PG_ALL,), "fail"),
    (COSMOS, ANYBODY, _C, {}, (), "pass"),
    (COSMOS, ANYBODY, _C, {"ip_range_filter": ("203.0.113.7",)}, (), "fail"),
    (COSMOS, OFFICE, _C, {"ip_range_filter": ("203.0.113.7",)}, (), "pass"),
    (COSMOS, AZURE, _C, {"ip_range_filter": ("0.0.0.0",)}, (), "pass"),
    (COSMOS, ANYBODY, _C, {"ip_range_filter": ("0.0.0.0",)}, (), "fail"),
    (
        COSMOS_NET,
        "with",
        _C,
        {"is_virtual_network_filter_enabled": True, "virtual_network_rule": [{"id": ID}]},
        (),
        "pass",
    ),
    (
        COSMOS_NET,
        ANYBODY,
        _C,
        {"is_virtual_network_filter_enabled": True, "virtual_network_rule": [{"id": ID}]},
        (),
        "fail",
    ),
    (COSMOS_NET, "with", _C, {"virtual_network_rule": [{"id": ID}], "ip_range_filter": ("203.0.113.7",)}, (), "fail"),
    (COSMOS, ANYBODY, _C, {"public_network_access_enabled": False}, (), "fail"),
    (ACR, ANYBODY, _R, {"sku": "Premium"}, (), "pass"),
    (ACR, ANYBODY, _R, {"sku": "Premium", "network_rule_set": [{"default_action": "Deny"}]}, (), "fail"),
    (
        ACR,
        OFFICE,
        _R,
        {
            "sku": "Premium",
            "network_rule_set": [
                {"default_action": "Deny", "ip_rule": [{"action": "Allow", "ip_range": "203.0.113.0/24"}]}
            ],
        },
        (),
        "pass",
    ),
    (ACR_TRUST, TRUSTED, _R, {"sku": "Premium", "public_network_access_enabled": False}, (), "pass"),
    (
        ACR_TRUST,
        TRUSTED,
        _R,
        {"sku": "Premium", "public_network_access_enabled": False, "network_rule_bypass_option": "None"},
        (),
        "fail",
    ),
    (WEB, ANYBODY, _W, {"site_config": [{}]}, (), "pass"),
    (WEB, ANYBODY, _W, {"site_config": [{}], "public_network_access_enabled": False}, (), "fail"),
    (WEB, ANYBODY, _W, {"site_config": [{}], "enabled": False}, (), "fail"),
    (WEB, ANYBODY, _W, site(restriction(ip_address="203.0.113.7/32")), (), "pass"),
    (
        WEB,
        ANYBODY,
        _W,
        site(restriction(ip_address="203.0.113.7/32"), ip_restriction_default_action="Deny"),
        (),
        "fail",
    ),
    (WEB, OFFICE, _W, site(restriction(ip_address="203.0.113.7/32"), ip_restriction_default_action="Deny"), (), "pass"),
    (WEB, OFFICE, _W, site(restriction(action="Deny", ip_address="203.0.113.7/32")), (), "fail"),
    (WEB, ANYBODY, _W, site(restriction(action="Deny", ip_address="203.0.113.7/32")), (), "pass"),
    (
        WEB,
        OFFICE,
        _W,
        site(restriction(100, "Deny", ip_address="203.0.113.0/24"), restriction(200, ip_address="203.0.113.7/32")),
        (),
        "fail",
    ),
    (
        WEB,
        OFFICE,
        _W,
        site(restriction(300, "Deny", ip_address="203.0.113.0/24"), restriction(200, ip_address="203.0.113.7/32")),
        (),
        "pass",
    ),
    (
        WEB,
        ANYBODY,
        _W,
        site(restriction(service_tag="AzureFrontDoor.Backend"), ip_restriction_default_action="Deny"),
        (),
        "fail",
    ),
    (
        WEB,
        SOMEWHERE,
        _W,
        site(restriction(service_tag="AzureFrontDoor.Backend"), ip_restriction_default_action="Deny"),
        (),
        "unknown",
    ),
    (WEB, AZURE, _W, site(restriction(service_tag="AzureCloud"), ip_restriction_default_action="Deny"), (), "pass"),
    (
        WEB,
        "with",
        _W,
        site(restriction(virtual_network_subnet_id=ID), ip_restriction_default_action="Deny"),
        (),
        "pass",
    ),
    (
        WEB,
        "without",
        _W,
        site(restriction(virtual_network_subnet_id=ID_WITHOUT), ip_restriction_default_action="Deny"),
        (),
        "fail",
    ),
    (WEB, "with", _W, site(restriction(action="Deny", virtual_network_subnet_id=ID)), (), "fail"),
    (WEB, "with", _W, site(restriction(ip_address="AnyVnets"), ip_restriction_default_action="Deny"), (), "pass"),
    (
        WEB,
        ANYBODY,
        _W,
        site(
            restriction(ip_address="0.0.0.0/0", headers=[{"x_azure_fdid": ("id",)}]),
            ip_restriction_default_action="Deny",
        ),
        (),
        "unknown",
    ),
    (WEB, ANYBODY, _W, {"site_config": [{}]}, (ENDPOINT,), "pass"),  # azurerm says "Enabled" since 3.65
    (AKS, ANYBODY, _K, {}, (), "pass"),
    (AKS, ANYBODY, _K, {"api_server_access_profile": [{"authorized_ip_ranges": ("203.0.113.0/24",)}]}, (), "fail"),
    (AKS, OFFICE, _K, {"api_server_access_profile": [{"authorized_ip_ranges": ("203.0.113.0/24",)}]}, (), "pass"),
    (AKS_PRIVATE, ANYBODY, _K, {"private_cluster_enabled": True}, (), "fail"),
    (DATABRICKS, ANYBODY, "azurerm_databricks_workspace", {}, (), "pass"),
    (DATABRICKS, ANYBODY, "azurerm_databricks_workspace", {"public_network_access_enabled": False}, (), "fail"),
    (HUBS, ANYBODY, _H, {}, (), "pass"),
    (HUBS, ANYBODY, _H, hub(), (), "pass"),
    (HUBS, ANYBODY, _H, hub(ip_rule=[{"ip_mask": "203.0.113.0/24"}]), (), "fail"),
    (HUBS, OFFICE, _H, hub(ip_rule=[{"ip_mask": "203.0.113.0/24"}]), (), "pass"),
    (HUBS, TRUSTED, _H, hub(ip_rule=[{"ip_mask": "203.0.113.0/24"}], trusted_service_access_enabled=True), (), "pass"),
    (HUBS, ANYBODY, _H, {"public_network_access_enabled": False}, (), "fail"),
    (BUS, ANYBODY, _B, bus(), (), "pass"),
    (BUS, ANYBODY, _B, bus(ip_rules=("203.0.113.7",)), (), "fail"),
    (BUS, OFFICE, _B, bus(ip_rules=("203.0.113.7",)), (), "pass"),
    (BUS, ANYBODY, _B, bus(network_rules=[{"subnet_id": ID}]), (), "fail"),
    (REDIS, ANYBODY, _X, {}, (), "pass"),
    (REDIS, ANYBODY, _X, {}, (REDIS_RULE,), "fail"),
    (REDIS, OFFICE, _X, {}, (REDIS_RULE,), "pass"),
    (REDIS, ANYBODY, _X, {"subnet_id": ID}, (), "fail"),
    (REDIS, ANYBODY, _X, {"public_network_access_enabled": False}, (), "fail"),
    (AI, ANYBODY, _I, {"kind": "OpenAI"}, (), "pass"),
    (AI, ANYBODY, _I, ai(), (), "fail"),
    (AI, OFFICE, _I, ai(ip_rules=("203.0.113.7",)), (), "pass"),
    (AI, TRUSTED, _I, ai(bypass="AzureServices"), (), "pass"),
    (SEARCH, ANYBODY, _F, {}, (), "pass"),
    (SEARCH, ANYBODY, _F, {"allowed_ips": ("203.0.113.7",)}, (), "fail"),
    (SEARCH, OFFICE, _F, {"allowed_ips": ("203.0.113.7",)}, (), "pass"),
    (MONITOR, ANYBODY, "azurerm_log_analytics_workspace", {"internet_query_enabled": False}, (), "fail"),
]


@pytest.mark.parametrize(("page", "caller", "type_", "content", "others", "outcome"), CASES)
def test_documented_cases(page: str, caller: Any, type_: str, content: Any, others: Any, outcome: str) -> None:
    assert ask(caller, type_, *others, **content).outcome == outcome, page


# -- what an answer says


def test_a_denial_names_the_one_rule_that_decided_and_where_it_is_written() -> None:
    answer = ask(ANYBODY, _V, public_network_access_enabled=False)
    assert answer.verdict.why == "public network access is off"
    assert [(e.field, e.actual, e.resource) for e in answer.evidence] == [
        ("public_network_access", "Disabled", f".#{_V}.r")
    ]
    assert [h.verdict.outcome for h in answer.hops] == ["fail"]
    rules = ask(ANYBODY, _V, **vault())
    assert rules.verdict.why == "the default action refuses anybody on the internet"
    assert [(h.text, h.verdict.outcome) for h in rules.hops] == [
        ("the public front door of r1 is open", "pass"),
        ("its firewall admits anybody on the internet", "fail"),
    ]


def test_a_denial_names_who_is_admitted_all_the_same() -> None:
    answer = ask(ANYBODY, _V, **vault(ip_rules=("203.0.113.7", "198.51.100.0/24")))
    assert answer.outcome == "fail"
    assert answer.admitted == cidr.of("203.0.113.7", "198.51.100.0/24")
    assert answer.exceptions == "198.51.100.0/24, 203.0.113.7"
    assert answer.verdict.why.endswith("admitted: 198.51.100.0/24, 203.0.113.7")
    assert ask(ANYBODY, _S, SQL_AZURE).exceptions == "all of Azure"
    assert ask(ANYBODY, _V, **vault()).exceptions == ""


def test_an_address_that_a_rule_takes_from_the_callers_resource() -> None:
    pip = Ref(".#azurerm_public_ip.p", ("ip_address",))
    gateway = replace(NOT_KNOWN, names=(pip,))
    rules = vault(ip_rules=(pip,))
    assert ask(gateway, _V, **rules).outcome == "pass"
    assert ask(NOT_KNOWN, _V, **rules).outcome == "unknown"
    assert ask(ANYBODY, _V, **rules).outcome == "fail"
    assert ask(ANYBODY, _V, **rules).exceptions == "azurerm_public_ip.p.ip_address"


def test_an_unknown_rule_leaves_it_open_and_says_what_would_settle_it() -> None:
    answer = ask(ANYBODY, _V, **vault(ip_rules=(Input(".", "office"),)))
    assert answer.outcome == "unknown"
    assert [(n.kind, n.subject) for n in answer.needs] == [("variable", "office")]
    assert (
        ask(ANYBODY, _V, **vault(ip_rules=(Input(".", "office"),)), public_network_access_enabled=False).outcome
        == "fail"
    )


def test_a_firewall_rule_for_one_address_that_is_not_known() -> None:
    ip = Ref("data.http.ip", ("response_body",))
    rule = firewall("azurerm_mssql_firewall_rule", ip, ip, f".#{_S}.r")
    assert ask(ANYBODY, _S, rule).outcome == "fail"
    assert ask(OFFICE, _S, rule).outcome == "unknown"
    assert ask(AZURE, _S, rule).outcome == "unknown"


def test_resource_instances_pass_whatever_network_they_are_in() -> None:
    workspace = declare("azurerm_databricks_access_connector.c", name="c")
    rules = account(
        private_link_access=[{"endpoint_resource_id": Ref(".#azurerm_databricks_access_connector.c", ("id",))}]
    )
    found = estate(declare(f"{_A}.r", name="r1", public_network_access_enabled=False, **rules), workspace)
    caller = Caller("connector", resource=found.resources[".#azurerm_databricks_access_connector.c"])
    door = doors(found.resources[f".#{_A}.r"], found)[0]
    assert public(door, caller, found).outcome == "pass"
    assert public(door, OTHER, found).outcome == "fail"


def test_a_site_whose_access_nobody_set_is_closed_by_a_private_endpoint() -> None:
    content: dict[str, Any] = {"site_config": [{}]}
    assert ask(ANYBODY, _W, version="3.47.0", **content).outcome == "pass"
    closed = ask(ANYBODY, _W, ENDPOINT, version="3.47.0", **content)
    assert closed.outcome == "fail"
    assert closed.verdict.why == "a private endpoint leads to it, and public access is not set"


def test_without_a_default_action_rules_refuse_the_rest() -> None:
    """Source: learn.microsoft.com/azure/app-service/overview-access-restrictions ("Unmatched rule")"""
    rules = site(restriction(ip_address="203.0.113.7/32"))
    assert ask(ANYBODY, _W, version="3.47.0", **rules).outcome == "fail"
    assert ask(OFFICE, _W, version="3.47.0", **rules).outcome == "pass"
    assert ask(ANYBODY, _W, version="3.47.0", site_config=[{}]).outcome == "pass"


def test_the_deployment_site_has_rules_of_its_own_unless_it_uses_the_sites() -> None:
    closed = site(ip_restriction_default_action="Deny")
    assert ask(ANYBODY, _W, door="sites", **closed).outcome == "fail"
    assert ask(ANYBODY, _W, door="scm", **closed).outcome == "pass"
    shared = site(ip_restriction_default_action="Deny", scm_use_main_ip_restriction=True)
    assert ask(ANYBODY, _W, door="scm", **shared).outcome == "fail"
    own = site(scm_ip_restriction_default_action="Deny")
    assert ask(ANYBODY, _W, door="scm", **own).outcome == "fail"
    assert ask(ANYBODY, _W, door="sites", **own).outcome == "pass"
    unsure = Input(".", "shared")
    either = site(ip_restriction_default_action="Deny", scm_use_main_ip_restriction=unsure)
    assert ask(ANYBODY, _W, door="scm", **either).outcome == "unknown"
    assert [n.subject for n in ask(ANYBODY, _W, door="scm", **either).needs] == ["shared"]
    both = site(ip_restriction_default_action="Deny", scm_ip_restriction_default_action="Deny")
    both["site_config"][0]["scm_use_main_ip_restriction"] = unsure
    assert ask(ANYBODY, _W, door="scm", **both).outcome == "fail"
    assert ask(ANYBODY, _W, door="scm", **site(scm_use_main_ip_restriction=unsure)).outcome == "pass"


def test_ftp_is_off_by_default_and_else_not_known_to_be_bound_by_restrictions() -> None:
    assert ask(ANYBODY, _W, door="ftp", site_config=[{}]).outcome == "fail"
    assert ask(ANYBODY, _W, door="ftp", site_config=[{"ftps_state": "FtpsOnly"}]).outcome == "pass"
    narrowed = site(ftps_state="FtpsOnly", ip_restriction_default_action="Deny")
    assert ask(ANYBODY, _W, door="ftp", **narrowed).outcome == "unknown"
    hidden = {"site_config": [{"ftps_state": "FtpsOnly"}], "public_network_access_enabled": False}
    assert ask(ANYBODY, _W, door="ftp", **hidden).outcome == "unknown"


def test_an_access_list_of_a_databricks_workspace_is_not_modelled() -> None:
    lists = declare("databricks_ip_access_list.l", label="office", list_type="ALLOW", ip_addresses=("203.0.113.7",))
    assert ask(ANYBODY, "azurerm_databricks_workspace", lists).outcome == "unknown"


def test_what_is_not_modelled_is_unknown_and_machines_have_no_front_door() -> None:
    answer = ask(ANYBODY, "azurerm_api_management")
    assert answer.outcome == "unknown"
    assert answer.verdict.why == "who may reach Microsoft.ApiManagement/service over public networks is not modelled"
    assert ask(ANYBODY, "azurerm_linux_virtual_machine").outcome == "not applicable"


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_in_which_rules_are_written_does_not_matter(order: int) -> None:
    rules = [restriction(100, "Deny", ip_address="203.0.113.0/25"), restriction(200, ip_address="203.0.113.0/24")]
    answer = ask(ANYBODY, _W, **site(*rules[::order], ip_restriction_default_action="Deny"))
    assert answer.admitted == cidr.of("203.0.113.128/25")


UNSURE = Input(".", "unsure")


@pytest.mark.parametrize(
    ("public_access", "acls", "outcome"),
    [
        (False, {}, "pass"),
        (True, {}, "fail"),
        (True, {"default_action": "Deny"}, "pass"),
        (True, {"default_action": "Deny", "ip_rules": ("1.2.3.4",)}, "pass"),
        (True, {"default_action": "Deny", "ip_rules": ("0.0.0.0/1", "128.0.0.0/1")}, "fail"),
        (True, {"default_action": "Allow"}, "fail"),
        (UNSURE, {"default_action": "Deny"}, "pass"),
        (UNSURE, {"default_action": "Allow"}, "unknown"),
        (True, {"default_action": UNSURE}, "unknown"),
    ],
)
def test_closed_is_the_contrary_of_admitted(public_access: Any, acls: dict[str, Any], outcome: str) -> None:
    content = {"network_acls": [{"bypass": "None", **acls}]} if acls else {}
    found = estate(declare(f"{_V}.r", name="r1", public_network_access_enabled=public_access, **content))
    door = doors(found.resources[f".#{_V}.r"], found)[0]
    verdict = closed(door, found)
    assert verdict.outcome == outcome
    assert {"pass": "fail", "fail": "pass"}.get(outcome, outcome) == public(door, ANYBODY, found).outcome


def test_the_evidence_of_what_is_closed_says_what_closes_it() -> None:
    found = estate(declare(f"{_V}.r", name="r1", public_network_access_enabled=False))
    door = doors(found.resources[f".#{_V}.r"], found)[0]
    assert [(e.expected, e.actual, e.outcome) for e in closed(door, found).evidence] == [
        ("Disabled", "Disabled", "pass")
    ]
    admitted = public(door, ANYBODY, found).evidence
    assert [(e.expected, e.actual, e.outcome) for e in admitted] == [("not Disabled", "Disabled", "fail")]


@pytest.mark.parametrize(
    ("bypass", "public_access", "outcome"),
    [(True, True, "pass"), (False, True, "fail"), (UNSURE, True, "unknown"), (True, False, "unknown")],
)
def test_resources_that_a_cosmos_account_names(bypass: Any, public_access: bool, outcome: str) -> None:
    """Source: learn.microsoft.com/azure/cosmos-db/how-to-configure-private-endpoints"""
    found = estate(
        declare("azurerm_data_factory.f", name="f1"),
        declare(
            f"{_C}.r",
            name="c1",
            ip_range_filter=("203.0.113.7",),
            public_network_access_enabled=public_access,
            network_acl_bypass_for_azure_services=bypass,
            network_acl_bypass_ids=(Ref(".#azurerm_data_factory.f", ("id",)),),
        ),
    )
    door = doors(found.resources[f".#{_C}.r"], found)[0]
    caller = Caller("factory", resource=found.resources[".#azurerm_data_factory.f"])
    assert public(door, caller, found).outcome == outcome
    assert public(door, OTHER, found).outcome == "fail"


def test_a_network_security_perimeter_may_let_in() -> None:
    """Source: learn.microsoft.com/azure/private-link/network-security-perimeter-concepts"""
    verdict = off(Known("public_network_access", "SecuredByPerimeter", Origin("main.tf", 1)))
    assert (verdict.outcome, verdict.why) == (
        "unknown",
        "a network security perimeter decides; its rules are not modelled",
    )


@pytest.mark.parametrize(
    ("version", "rules", "outcome"),
    [
        (
            "3.47.0",
            {"namespace_id": Ref(f".#{_B}.r", ("id",)), "default_action": "Deny", "ip_rules": ("203.0.113.7",)},
            "fail",
        ),
        ("3.47.0", {"namespace_id": Ref(f".#{_B}.r", ("id",)), "ip_rules": ("203.0.113.7",)}, "pass"),
        ("2.71.0", {"namespace_name": Ref(f".#{_B}.r", ("name",)), "ip_rules": ("203.0.113.7",)}, "pass"),
    ],
)
def test_a_rule_set_of_a_service_bus_as_a_resource_of_its_own(
    version: str, rules: dict[str, Any], outcome: str
) -> None:
    """Source: v2.71.0 and v3.47.0 servicebus_namespace_network_rule_set_resource.go"""
    rule_set = declare("azurerm_servicebus_namespace_network_rule_set.s", version=version, **rules)
    assert ask(ANYBODY, _B, rule_set, version=version, sku="Premium").outcome == outcome


def test_a_range_of_every_address_is_no_list_of_authorized_ones() -> None:
    ranges = {"api_server_access_profile": [{"authorized_ip_ranges": ("0.0.0.0/0",)}]}
    found = estate(declare(f"{_K}.r", name="k1", **ranges))
    assert support.verdict("aks-api-server-ranges", found, f"{_K}.r").outcome == "fail"


def test_a_resource_that_may_not_be_made_is_not_known_to_admit_anybody() -> None:
    found = estate(
        declare(f"{_V}.r", name="r1", presence=UNSURE), declare(f"{_V}.s", name="s1", presence=UNSURE, **vault())
    )
    opened, shut = (public(doors(found.resources[f".#{_V}.{n}"], found)[0], ANYBODY, found) for n in ("r", "s"))
    assert (opened.outcome, shut.outcome) == ("unknown", "fail")
    assert [(n.kind, n.subject) for n in opened.needs] == [("variable", "unsure")]
