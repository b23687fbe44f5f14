"""Alerts: people are told when somebody changes what protects the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Input, Value


@record(eq=False)
class Recipient:
    """Somebody who is told of alerts."""

    name: str
    email: str


OPERATIONS: dict[str, tuple[str, str, str]] = {
    "policy_assigned": ("Microsoft.Authorization/policyAssignments/write", "Administrative", "A policy was assigned."),
    "policy_removed": (
        "Microsoft.Authorization/policyAssignments/delete",
        "Administrative",
        "A policy assignment was removed.",
    ),
    "security_group_changed": (
        "Microsoft.Network/networkSecurityGroups/write",
        "Administrative",
        "A network security group was made or changed.",
    ),
    "security_group_deleted": (
        "Microsoft.Network/networkSecurityGroups/delete",
        "Administrative",
        "A network security group was deleted.",
    ),
    "security_solution_changed": (
        "Microsoft.Security/securitySolutions/write",
        "Administrative",
        "A security solution was made or changed.",
    ),
    "security_solution_deleted": (
        "Microsoft.Security/securitySolutions/delete",
        "Administrative",
        "A security solution was deleted.",
    ),
    "sql_firewall_changed": (
        "Microsoft.Sql/servers/firewallRules/write",
        "Administrative",
        "A firewall rule of a SQL server was made or changed.",
    ),
    "sql_firewall_deleted": (
        "Microsoft.Sql/servers/firewallRules/delete",
        "Administrative",
        "A firewall rule of a SQL server was deleted.",
    ),
    "public_address_changed": (
        "Microsoft.Network/publicIPAddresses/write",
        "Administrative",
        "A public address was made or changed.",
    ),
    "public_address_deleted": (
        "Microsoft.Network/publicIPAddresses/delete",
        "Administrative",
        "A public address was deleted.",
    ),
    "vault_changed": ("Microsoft.KeyVault/vaults/write", "Administrative", "A key vault was made or changed."),
}
"""By the name of the alert: the operation, its category in the activity log, and what has happened.

Source: CIS Microsoft Azure Foundations Benchmark 2.0.0, 5.2.1 to 5.2.10; a vault is among them since FlowEHR watches it
"""


def action_group(
    file: File,
    name: str,
    *,
    called: str,
    short: str,
    group: Value,
    recipients: Sequence[Recipient],
    when: Input | None = None,
    tags: Value = None,
) -> Declared:
    """Who is told, by mail.

    Raises:
        ConstructError: nobody would be.
    """
    if not recipients:
        raise ConstructError(f"{called} would tell nobody", hint="Name at least one recipient of alerts.")
    if not 1 <= len(short) <= 12:
        raise ConstructError(f"{short} cannot be the short name of {called}", hint="It has 1 to 12 characters.")
    receivers = [block(name=r.name, email_address=r.email, use_common_alert_schema=True) for r in recipients]
    return file.resource(
        "azurerm_monitor_action_group",
        name,
        when=when,
        name=called,
        resource_group_name=group,
        short_name=short,
        email_receiver=receivers,
        tags=tags,
    )


def activity_alerts(
    file: File,
    *,
    called: str,
    group: Value,
    scope: Value,
    tell: Declared,
    operations: Mapping[str, tuple[str, str, str]] = OPERATIONS,
    when: Input | None = None,
    tags: Value = None,
) -> None:
    """One alert for each operation, wherever in the scope it is done; `called` ends their names."""
    for name, (operation, category, what) in operations.items():
        file.resource(
            "azurerm_monitor_activity_log_alert",
            name,
            when=when,
            name=f"alert-{name.replace('_', '-')}-{called}",
            resource_group_name=group,
            location="global",
            scopes=(scope,),
            description=what,
            criteria=block(category=category, operation_name=operation),
            action=[block(action_group_id=tell.id)],
            tags=tags,
        )
