"""Conditions on firewall rules that the checks of the database servers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import holds
from ringfence.model.value import Known
from ringfence.model.verdict import Evidence, Verdict, all_of, every

if TYPE_CHECKING:
    from ringfence.model.database import FirewallRule
    from ringfence.model.value import Many
    from ringfence.model.verdict import Outcome

EVERY_ADDRESS = 2**32
AZURE = "0.0.0.0"
"""A rule from this address to itself lets in all of Azure, whoever's subscription it is.

Source: learn.microsoft.com/azure/azure-sql/database/firewall-configure
"""


def no_open_rule(rules: Many[FirewallRule], widest: int) -> Verdict:
    """No firewall rule starts at 0.0.0.0 or ends at 255.255.255.255, nor do all together let in too many.

    `widest` is how many addresses the rules may let in.
    """
    if not rules.items and rules.open is None:
        return none_there(rules)
    return every(rules, (*(_closed(rule) for rule in rules), _narrow(rules, widest)))


def no_azure_rule(rules: Many[FirewallRule]) -> Verdict:
    """No firewall rule starts at 0.0.0.0: alone it lets in all of Azure, as the start of a range much more."""
    if not rules.items and rules.open is None:
        return none_there(rules)
    return every(rules, (_starts_above_zero(rule) for rule in rules))


def none_there(many: Many[Any]) -> Verdict:
    """The evidence that there is none, which is as it should be."""
    return Verdict("pass", (Evidence(many.field, "none", "none", many.origin, "pass"),))


def _closed(rule: FirewallRule) -> Verdict:
    return all_of(
        _starts_above_zero(rule),
        holds(rule.end_ip_address, lambda v: _number(v) != EVERY_ADDRESS - 1, "not 255.255.255.255"),
    )


def _starts_above_zero(rule: FirewallRule) -> Verdict:
    return holds(rule.start_ip_address, lambda v: _number(v) != 0, f"not {AZURE}")


def _narrow(rules: Many[FirewallRule], widest: int) -> Verdict:
    """The ranges that are known, counted once where they overlap, let in no more than `widest` addresses."""
    total, reached = 0, -1
    for start, end in sorted(_ranges(rules)):
        total += max(0, end - max(start, reached + 1) + 1)
        reached = max(reached, end)
    outcome: Outcome = "pass" if total <= widest else "fail"
    return Verdict(
        outcome,
        (Evidence(rules.field, f"at most {widest} addresses", f"{total} addresses", rules.origin, outcome),),
    )


def _ranges(rules: Many[FirewallRule]) -> list[tuple[int, int]]:
    ends = [(rule.start_ip_address, rule.end_ip_address) for rule in rules]
    known = [(a.value, b.value) for a, b in ends if isinstance(a, Known) and isinstance(b, Known)]
    return [(_number(a), _number(b)) for a, b in known if _is_address(a) and _is_address(b)]


def _is_address(value: Any) -> bool:
    try:
        _number(value)
    except (ValueError, TypeError):
        return False
    return True


def _number(address: Any) -> int:
    """The address as a number.

    Raises:
        ValueError: it is no IPv4 address.
    """
    parts = [int(part) for part in str(address).split(".")]
    if len(parts) != 4 or any(part not in range(256) for part in parts):
        raise ValueError(f"{address} is no IPv4 address")
    return int.from_bytes(bytes(parts), "big")
