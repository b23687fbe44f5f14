"""MySQL, PostgreSQL and Cosmos DB."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Input, Ref
from tests.support import declare, estate, verdict

SINGLE = "azurerm_{}_server.s"
FLEXIBLE = "azurerm_{}_flexible_server.s"


def server(address: str, version: str = "3.117.1", **content: Any) -> Any:
    return declare(address, name="s", resource_group_name="rg", version=version, **content)


def setting(server_address: str, name: Any, value: Any, label: str = "c", **content: Any) -> Any:
    type_ = server_address.partition(".")[0]
    single = {"azurerm_mysql_server": "azurerm_mysql_configuration"}
    single["azurerm_postgresql_server"] = "azurerm_postgresql_configuration"
    target: dict[str, Any] = {"server_name": "s", "resource_group_name": "rg"}
    if type_ == "azurerm_postgresql_flexible_server":
        target = {"server_id": Ref(f".#{server_address}", ("id",))}
    address = f"{single.get(type_, type_ + '_configuration')}.{label}"
    return declare(address, version="3.117.1", name=name, value=value, **target, **content)


PARAMETERS = [
    ("postgresql-log-checkpoints", SINGLE, "log_checkpoints", "on", "off", "pass"),
    ("postgresql-log-connections", SINGLE, "log_connections", "ON", "off", "pass"),
    ("postgresql-log-disconnections", SINGLE, "log_disconnections", "on", "off", "fail"),
    ("postgresql-connection-throttling", SINGLE, "connection_throttling", "on", "off", "pass"),
    ("postgresql-log-retention", SINGLE, "log_retention_days", "4", "3", "fail"),
    ("postgresql-flexible-encrypted-connections", FLEXIBLE, "require_secure_transport", "on", "off", "pass"),
    ("postgresql-flexible-log-checkpoints", FLEXIBLE, "log_checkpoints", "on", "off", "pass"),
    ("postgresql-flexible-log-connections", FLEXIBLE, "log_connections", "on", "off", "pass"),
    ("postgresql-flexible-log-disconnections", FLEXIBLE, "log_disconnections", "on", "off", "pass"),
    ("postgresql-flexible-connection-throttling", FLEXIBLE, "connection_throttle.enable", "on", "off", "fail"),
    ("postgresql-flexible-log-retention", FLEXIBLE, "logfiles.retention_days", "7", "3", "fail"),
    ("mysql-flexible-tls-version", FLEXIBLE, "tls_version", "TLSv1.2", "TLSv1.1", "pass"),
    ("mysql-audit-log", SINGLE, "audit_log_enabled", "ON", "OFF", "fail"),
    ("mysql-flexible-audit-log", FLEXIBLE, "audit_log_enabled", "ON", "OFF", "fail"),
]


@pytest.mark.parametrize(
    ("check", "form", "name", "good", "bad", "default"), PARAMETERS, ids=[p[0] for p in PARAMETERS]
)
def test_server_parameters(check: str, form: str, name: str, good: str, bad: str, default: str) -> None:
    address = form.format(check.partition("-")[0])

    def outcome(*settings: Any) -> str:
        return str(verdict(check, estate(server(address), *settings), address).outcome)

    assert outcome() == default
    assert outcome(setting(address, name, good)) == "pass"
    assert outcome(setting(address, name, bad)) == "fail"
    assert outcome(setting(address, name, Input(".", "v"))) == "unknown"
    assert outcome(setting(address, "another", bad)) == default
    assert outcome(setting(address, name, good, presence=Input(".", "set"))) == "unknown"
    assert outcome(setting(address, Input(".", "which"), good)) == ("unknown" if default == "pass" else default)


def test_a_numeric_value_is_a_string_parameter() -> None:
    address = SINGLE.format("postgresql")
    found = estate(server(address), setting(address, "log_retention_days", 7))
    assert verdict("postgresql-log-retention", found, address).outcome == "pass"


@pytest.mark.parametrize("form", [SINGLE, FLEXIBLE])
def test_who_connects_is_logged_only_while_the_audit_log_is_on(form: str) -> None:
    address = form.format("mysql")
    check = "mysql-audit-log-connections" if form == SINGLE else "mysql-flexible-audit-log-connections"
    on = setting(address, "audit_log_enabled", "ON", "on")

    def outcome(*settings: Any) -> str:
        return str(verdict(check, estate(server(address), *settings), address).outcome)

    assert outcome(on, setting(address, "audit_log_events", "DDL, CONNECTION")) == "pass"
    assert outcome(on, setting(address, "audit_log_events", "DDL,CONNECTION_V2")) == "fail"
    assert outcome(setting(address, "audit_log_events", "CONNECTION")) == "fail"
    assert outcome(on) == "fail"


@pytest.mark.parametrize("kind", ["mysql", "postgresql"])
@pytest.mark.parametrize(
    ("version", "written", "expected"),
    [
        ("2.71.0", {"ssl_enforcement_enabled": True}, "pass"),
        ("2.71.0", {"ssl_enforcement": "Disabled"}, "fail"),
        ("2.71.0", {"ssl_enforcement": "Enabled"}, "pass"),
        ("3.47.0", {"ssl_enforcement_enabled": "false"}, "fail"),
        ("3.47.0", {"ssl_enforcement_enabled": Input(".", "tls")}, "unknown"),
    ],
)
def test_encrypted_connections(kind: str, version: str, written: dict[str, Any], expected: str) -> None:
    address = SINGLE.format(kind)
    found = estate(server(address, version, **written))
    assert verdict(f"{kind}-encrypted-connections", found, address).outcome == expected


def test_tls_of_the_single_server_by_version() -> None:
    address = SINGLE.format("mysql")
    assert verdict("mysql-minimum-tls", estate(server(address, "2.71.0")), address).outcome == "fail"
    assert verdict("mysql-minimum-tls", estate(server(address, "3.47.0")), address).outcome == "pass"


def test_an_azure_wide_rule_of_postgresql() -> None:
    address = SINGLE.format("postgresql")

    def outcome(start: Any, end: Any) -> str:
        rule = declare(
            "azurerm_postgresql_firewall_rule.r",
            name="r",
            server_name="s",
            resource_group_name="rg",
            start_ip_address=start,
            end_ip_address=end,
        )
        return str(verdict("postgresql-no-azure-firewall-rule", estate(server(address), rule), address).outcome)

    assert outcome("0.0.0.0", "0.0.0.0") == "fail"
    assert outcome("203.0.113.1", "203.0.113.9") == "pass"
    assert outcome("0.0.0.0", "255.255.255.255") == "fail"
    assert outcome(Input(".", "a"), "203.0.113.9") == "unknown"
    assert outcome("0.0.0.0", Input(".", "b")) == "fail"
    assert verdict("postgresql-no-azure-firewall-rule", estate(server(address)), address).outcome == "pass"


COSMOS = "azurerm_cosmosdb_account.c"


def cosmos(version: str = "3.47.0", **content: Any) -> Any:
    return declare(COSMOS, name="c", version=version, **content)


@pytest.mark.parametrize(
    ("version", "content", "expected"),
    [
        ("3.47.0", {}, "fail"),
        ("3.47.0", {"public_network_access_enabled": False}, "pass"),
        ("3.47.0", {"ip_range_filter": "203.0.113.8,203.0.113.9"}, "pass"),
        ("4.81.0", {"ip_range_filter": ("203.0.113.8",)}, "pass"),
        ("3.47.0", {"ip_range_filter": ""}, "fail"),
        ("3.47.0", {"ip_range_filter": "203.0.113.8,0.0.0.0/0"}, "fail"),
        ("3.47.0", {"is_virtual_network_filter_enabled": True}, "pass"),
        ("3.47.0", {"is_virtual_network_filter_enabled": True, "ip_range_filter": "0.0.0.0/0"}, "fail"),
        ("3.47.0", {"public_network_access_enabled": Input(".", "public")}, "unknown"),
        ("3.47.0", {"ip_range_filter": Input(".", "ranges")}, "unknown"),
    ],
)
def test_networks_of_cosmos(version: str, content: dict[str, Any], expected: str) -> None:
    found = estate(cosmos(version, **content))
    assert verdict("cosmos-selected-networks", found, COSMOS).outcome == expected


@pytest.mark.parametrize(
    ("version", "content", "expected"),
    [
        ("2.71.0", {}, "fail"),
        ("3.47.0", {"local_authentication_disabled": True}, "pass"),
        ("4.81.0", {"local_authentication_disabled": True}, "pass"),
        ("4.81.0", {"local_authentication_enabled": False}, "pass"),
        ("4.81.0", {"local_authentication_enabled": True}, "fail"),
        ("4.81.0", {}, "fail"),
        ("3.47.0", {"local_authentication_disabled": Input(".", "x")}, "unknown"),
    ],
)
def test_keys_of_cosmos(version: str, content: dict[str, Any], expected: str) -> None:
    found = estate(cosmos(version, **content))
    assert verdict("cosmos-directory-authentication", found, COSMOS).outcome == expected


def test_role_assignments_of_cosmos_point_at_account_role_and_principal() -> None:
    account = Ref(f".#{COSMOS}", ("id",))
    assignment = declare(
        "azurerm_cosmosdb_sql_role_assignment.a",
        account_name="c",
        resource_group_name="rg",
        role_definition_id=Ref(".#azurerm_cosmosdb_sql_role_definition.r", ("id",)),
        principal_id=Ref(".#azurerm_user_assigned_identity.i", ("principal_id",)),
        scope=account,
    )
    role = declare("azurerm_cosmosdb_sql_role_definition.r", name="r", account_name="c", resource_group_name="rg")
    identity = declare("azurerm_user_assigned_identity.i", name="i")
    found = estate(cosmos(resource_group_name="rg"), role, identity, assignment)
    source = found.resources[".#azurerm_cosmosdb_sql_role_assignment.a"]
    targets = [found.target(source, getattr(source, f)) for f in ("account", "role_definition", "principal", "scope")]
    assert [getattr(t, "address", None) for t in targets] == [
        COSMOS,
        "azurerm_cosmosdb_sql_role_definition.r",
        "azurerm_user_assigned_identity.i",
        COSMOS,
    ]
