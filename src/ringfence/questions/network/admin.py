"""Security admin rules of a network manager, which are asked before the security groups of networks.

"Deny" ends the matter, "AlwaysAllow" too, past every security group; after "Allow" these decide. Which networks a rule
is deployed to, its manager's groups and policies decide, and they are not modelled.

Source: learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.connectivity import SecurityAdminRule
from ringfence.model.judge import equals
from ringfence.model.verdict import Verdict, all_of
from ringfence.questions.answer import doubted

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

_TURNS = {"pass": "Deny", "fail": "AlwaysAllow"}
"""The action that would turn what a security group says."""


def under_admin(estate: Estate, inbound: bool, verdict: Verdict) -> Verdict:
    """The verdict of a security group, unknown where a rule that comes before it may say otherwise."""
    rule = next((r for r in estate.of(SecurityAdminRule) if _may_turn(r, inbound, verdict)), None)
    if rule is None:
        return verdict
    why = f"the security admin rule {rule.title} comes before the security group; what it is deployed to is not known"
    return doubted(verdict, rule.address, why)


def _may_turn(rule: SecurityAdminRule, inbound: bool, verdict: Verdict) -> bool:
    action = _TURNS.get(verdict.outcome, "")
    way = equals(rule.direction, "Inbound" if inbound else "Outbound")
    return bool(action) and all_of(equals(rule.access, action), way).outcome != "fail"
