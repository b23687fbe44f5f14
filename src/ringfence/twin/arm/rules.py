"""What a rule of a security group, or of a server's firewall, may be.

Source: learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update,
learn.microsoft.com/azure/azure-sql/database/connectivity-settings (no rules without a public front door)
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.sql import SqlServer
from ringfence.model.value import Known
from ringfence.twin.arm.errors import wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ringfence.model.resource import Block, Resource
    from ringfence.model.symbol import Value

_WORDS = {
    "direction": ("Inbound", "Outbound"),
    "access": ("Allow", "Deny"),
    "protocol": ("*", "Tcp", "Udp", "Icmp", "Esp", "Ah"),
}
_SIDES = tuple(
    tuple(f"{side}_{one}" for one in forms)
    for side in ("source", "destination")
    for forms in (("address_prefix", "address_prefixes", "application_security_groups"), ("port_range", "port_ranges"))
)
"""Of the fields of each line, a rule has one."""
_PRIORITIES = range(100, 4097)


def check(over: Resource, values: Mapping[str, Value], others: Iterable[Block]) -> None:
    """A resource may have a rule with these values beside its others.

    Raises:
        RefusedError: it may not.
    """
    if isinstance(over, NetworkSecurityGroup):
        _check_rule(values)
        _check_priority(values, others)
    else:
        _check_range(values)
    public = over.public_network_access if isinstance(over, SqlServer) else None
    if isinstance(public, Known) and public.value == "Disabled":
        why = f"{over.title} has no public front door for a rule to open ({over.key})."
        raise wrong("DenyPublicEndpointEnabled", why)


def spelt(values: Mapping[str, Value]) -> dict[str, Value]:
    """The values, with Azure's spelling of the words among them."""
    return {field: _spelt(value, _WORDS.get(field, ())) for field, value in values.items()}


def _spelt(value: Value, words: tuple[str, ...]) -> Value:
    return next((word for word in words if isinstance(value, str) and word.casefold() == value.casefold()), value)


def _check_rule(values: Mapping[str, Value]) -> None:
    for field, words in _WORDS.items():
        if values.get(field) not in words:
            raise wrong("InvalidRequestFormat", f"{field} of a rule is {' or '.join(words)}.")
    missing = next((forms for forms in _SIDES if not any(values.get(one) for one in forms)), None)
    if missing is not None:
        raise wrong("InvalidRequestFormat", f"A rule has {' or '.join(missing)}.")
    if values.get("priority") not in _PRIORITIES:
        raise wrong("SecurityRuleInvalidPriority", "The priority of a rule is a number from 100 to 4096.")


def _check_priority(values: Mapping[str, Value], others: Iterable[Block]) -> None:
    """No two rules of a direction have one priority."""
    wanted = values["priority"], str(values["direction"]).casefold()
    for item in others:
        other: Any = item
        its = getattr(other.priority, "value", None), str(getattr(other.direction, "value", "")).casefold()
        if its == wanted:
            name = getattr(other.name, "value", "another")
            raise wrong("SecurityRuleConflict", f"The rule {name} has priority {wanted[0]} already.")


def _check_range(values: Mapping[str, Value]) -> None:
    try:
        first, last = (IPv4Address(str(values.get(f))) for f in ("start_ip_address", "end_ip_address"))
    except ValueError:
        raise wrong("InvalidFirewallRule", "A firewall rule has a first and a last IPv4 address.") from None
    if first > last:
        raise wrong("InvalidFirewallRule", "The first address of a rule is not behind its last.")
