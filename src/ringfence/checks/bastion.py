"""How machines are administered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.compute import Machine
from ringfence.model.network import BastionHost
from ringfence.model.subscription import Subscription
from ringfence.model.verdict import Evidence, Verdict, not_applicable, some, when_present
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


@check(
    "subscription-bastion",
    Subscription,
    severity="medium",
    fix="Declare an azurerm_bastion_host in the network of the machines, or in one that is peered with it.",
)
def bastion(_: Subscription, estate: Estate) -> Verdict:
    """Machines are administered through a Bastion host and not over public addresses.

    An estate without machines needs none.

    Source: learn.microsoft.com/azure/bastion/bastion-overview
    """
    hosts = estate.all_of(BastionHost)
    verdict = some(hosts, [_exists(host) for host in hosts])
    machines = estate.all_of(Machine)
    if verdict.outcome == "fail" and not machines.items and machines.open is None:
        return not_applicable("no machine is declared")
    if verdict.outcome != "fail":
        return verdict
    first = machines.items[0] if machines.items else None
    origin = first.origin if first else machines.origin
    evidence = Evidence("Bastion host", "declared", None, origin, "fail")
    return Verdict("fail", (evidence,), "machines are declared, and no Bastion host")


def _exists(host: BastionHost) -> Verdict:
    evidence = Evidence("presence", True, True, host.origin, "pass")
    return of(host, when_present(Verdict("pass", (evidence,)), host.presence))
