"""What Azure refuses although the provider takes it: the same thing twice, names that it does not allow.

Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules for the names,
learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings and
learn.microsoft.com/azure/virtual-network/network-security-groups-overview for the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.declared import blueprint
from ringfence.model.blueprint import Block
from ringfence.platforms import NAMES, platform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.blueprint import Blueprint, Declared

WORLDS = [(name, world) for name in NAMES for world in platform(name).WORLDS]
PATTERNS = {
    "azurerm_container_registry": r"[A-Za-z0-9]{5,50}",
    "azurerm_cosmosdb_account": r"[a-z0-9][a-z0-9-]{1,42}[a-z0-9]",
    "azurerm_data_factory": r"[A-Za-z0-9]([A-Za-z0-9-]{1,61}[A-Za-z0-9])",
    "azurerm_databricks_workspace": r"[A-Za-z0-9_-]{3,64}",
    "azurerm_disk_encryption_set": r"[A-Za-z0-9_-]{1,80}",
    "azurerm_key_vault": r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]",
    "azurerm_key_vault_certificate": r"[A-Za-z0-9-]{1,127}",
    "azurerm_key_vault_key": r"[A-Za-z0-9-]{1,127}",
    "azurerm_key_vault_secret": r"[A-Za-z0-9-]{1,127}",
    "azurerm_kubernetes_cluster": r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?",
    "azurerm_linux_web_app": r"[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])",
    "azurerm_log_analytics_workspace": r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]",
    "azurerm_machine_learning_workspace": r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    "azurerm_mssql_server": r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    "azurerm_mysql_flexible_server": r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "azurerm_network_security_group": r"[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]",
    "azurerm_private_endpoint": r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9_]",
    "azurerm_resource_group": r"[\w().-]{0,89}[\w()-]",
    "azurerm_storage_account": r"[a-z0-9]{3,24}",
    "azurerm_storage_container": r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "azurerm_subnet": r"[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]",
    "azurerm_user_assigned_identity": r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
    "azurerm_virtual_network": r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9_]",
}
BESIDE = ("resource_group_name", "key_vault_id", "virtual_network_name", "storage_account_id")
"""What the name of a thing is unique in, besides its kind."""


@cache
def built(name: str, world: str) -> Blueprint:
    return blueprint(name, world)


def of_type(found: Blueprint, *types: str) -> Iterator[Declared]:
    return (one for one in found.declared.values() if one.mode == "managed" and one.type in types)


def twice(found: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [one for one, count in Counter(found).items() if count > 1]


def said(one: Declared, *names: str) -> tuple[str, ...]:
    values = (one.arguments.get(name) for name in names)
    return tuple("" if isinstance(value, (Block, list)) else repr(value) for value in values)


def blocks(one: Declared, name: str) -> list[Block]:
    value = one.arguments.get(name)
    return [value] if isinstance(value, Block) else value if isinstance(value, list) else []


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_nobody_is_given_a_role_twice(name: str, world: str) -> None:
    words = ("scope", "role_definition_name", "role_definition_id", "principal_id")
    assert twice(said(one, *words) for one in of_type(built(name, world), "azurerm_role_assignment")) == []


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_a_log_goes_to_a_place_once(name: str, world: str) -> None:
    settings = list(of_type(built(name, world), "azurerm_monitor_diagnostic_setting"))
    assert twice(said(one, "target_resource_id", "name") for one in settings) == []
    sent = [
        (*said(one, "target_resource_id", "log_analytics_workspace_id", "storage_account_id"), str(category))
        for one in settings
        for kind in ("enabled_log", "enabled_metric")
        for log in blocks(one, kind)
        for category in (kind, log.arguments.get("category") or log.arguments.get("category_group"))
        if category not in ("enabled_log", "enabled_metric")
    ]
    assert twice(sent) == []


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_the_rules_of_a_security_group_have_names_and_priorities_of_their_own(name: str, world: str) -> None:
    for group in of_type(built(name, world), "azurerm_network_security_group"):
        rules = [rule.arguments for rule in blocks(group, "security_rule")]
        assert twice((rule["name"],) for rule in rules) == [], group.address
        assert twice((rule["direction"], rule["priority"]) for rule in rules) == [], group.address
        assert all(100 <= int(str(rule["priority"])) <= 4096 for rule in rules), group.address


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_names_are_allowed_and_unique(name: str, world: str) -> None:
    found = built(name, world)
    for one in of_type(found, *PATTERNS):
        called = one.arguments.get("name")
        if isinstance(called, str):
            assert re.fullmatch(PATTERNS[one.type], called), f"{one.key} is called {called}"
    assert twice((one.type, *said(one, "name", *BESIDE)) for one in of_type(found, *PATTERNS)) == []


def test_what_is_said_twice_is_found() -> None:
    assert twice([("a", "b"), ("a", "c"), ("a", "b")]) == [("a", "b")]
