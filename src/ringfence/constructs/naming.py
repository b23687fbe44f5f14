"""What Azure allows of a name, by type, and that no two resources have the same one.

Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.blueprint import Declared


@record()
class Rule:
    """The length and the form of a type's names, and how far they must be unique."""

    shortest: int
    longest: int
    form: str
    """A regular expression."""
    words: str
    """The same for a person."""
    unique: str = "group"
    """"world": nobody else on Azure may have it; "group": no other in the resource group."""


_LOWER = (r"[a-z0-9]*", "lower-case letters and digits only")
_HYPHENS = (r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", "letters, digits and hyphens, none at the ends")
_SMALL = (r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", "lower-case letters, digits and hyphens, none at the ends")
_WORDS = (r"[A-Za-z0-9]([\w.-]*\w)?", "letters, digits, hyphens, underscores and full stops")
_SINGLE = (r"[A-Za-z](-?[A-Za-z0-9])*", "letters, digits and single hyphens, a letter first")

RULES: dict[str, Rule] = {
    "azurerm_application_insights": Rule(1, 260, *_WORDS),
    "azurerm_container_registry": Rule(5, 50, r"[A-Za-z0-9]*", "letters and digits only", "world"),
    "azurerm_cosmosdb_account": Rule(3, 44, *_SMALL, "world"),
    "azurerm_data_factory": Rule(3, 63, *_HYPHENS, "world"),
    "azurerm_databricks_workspace": Rule(3, 64, r"[\w-]*", "letters, digits, hyphens and underscores"),
    "azurerm_key_vault": Rule(3, 24, *_SINGLE, "world"),
    "azurerm_kubernetes_cluster": Rule(1, 63, r"[A-Za-z0-9]([\w-]*[A-Za-z0-9])?", "letters, digits, - and _"),
    "azurerm_linux_web_app": Rule(2, 60, *_HYPHENS, "world"),
    "azurerm_log_analytics_workspace": Rule(4, 63, *_HYPHENS),
    "azurerm_monitor_action_group": Rule(1, 260, *_WORDS),
    "azurerm_mssql_server": Rule(1, 63, *_SMALL, "world"),
    "azurerm_mysql_flexible_server": Rule(3, 63, *_SMALL, "world"),
    "azurerm_network_security_group": Rule(1, 80, *_WORDS),
    "azurerm_private_endpoint": Rule(2, 64, *_WORDS),
    "azurerm_resource_group": Rule(1, 90, r"[\w.()-]*[\w()-]", "letters, digits and -_.(), no full stop last"),
    "azurerm_service_plan": Rule(1, 60, *_HYPHENS),
    "azurerm_storage_account": Rule(3, 24, *_LOWER, "world"),
    "azurerm_storage_container": Rule(3, 63, r"[a-z0-9](-?[a-z0-9])*", "lower-case letters, digits, single hyphens"),
    "azurerm_subnet": Rule(1, 80, *_WORDS),
    "azurerm_user_assigned_identity": Rule(3, 128, r"[A-Za-z0-9][\w-]*", "letters, digits, hyphens and underscores"),
    "azurerm_virtual_network": Rule(2, 64, *_WORDS),
}


def fault(type: str, name: str) -> str:
    """What is wrong with the name, "" when nothing is or the type is not known."""
    rule = RULES.get(type)
    if rule is None:
        return ""
    if len(name) > rule.longest:
        return f"it has {len(name)} characters, and Azure allows {rule.longest}"
    if len(name) < rule.shortest:
        return f"it has {len(name)} characters, and Azure wants {rule.shortest}"
    return "" if re.fullmatch(rule.form, name) else f"Azure allows {rule.words}"


def checked(declared: Iterable[Declared]) -> None:
    """Every name is one that Azure allows, and no two resources have the same.

    Raises:
        ConstructError: naming the resource.
    """
    seen: dict[tuple[str, str, object], Declared] = {}
    for one in declared:
        name = one.arguments.get("name")
        rule = RULES.get(one.type)
        if one.mode != "managed" or rule is None or not isinstance(name, str):
            continue
        wrong = fault(one.type, name)
        if wrong:
            raise ConstructError(f"{one.address} cannot be called {name}: {wrong}", hint="Give it another name.")
        at = one.type, name.casefold(), _home(one) if rule.unique == "group" else None
        if at in seen:
            hint = "Give one of the two another name."
            raise ConstructError(f"{one.address} and {seen[at].address} are both called {name}", hint=hint)
        seen[at] = one


def _home(declared: Declared) -> object:
    """Where a name must be unique: in what the resource is a part of."""
    parts = ("storage_account_id", "virtual_network_name", "resource_group_name")
    return next((str(declared.arguments[part]) for part in parts if part in declared.arguments), None)
