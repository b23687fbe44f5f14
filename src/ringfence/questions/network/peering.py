"""Peerings of virtual networks: traffic flows when both directions are declared.

Source: learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import VirtualNetworkPeering
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import render
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, when_present
from ringfence.questions.answer import certain, found, of, unresolved

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Link

End = Resource | External | Implied


def reverse(peering: VirtualNetworkPeering, estate: Estate) -> Verdict:
    """The peering of the other direction is declared and allows access."""
    local, remote = (
        _end(peering, peering.virtual_network, estate),
        _end(peering, peering.remote_virtual_network, estate),
    )
    if isinstance(local, Unknown):
        return unresolved(peering.virtual_network, "a virtual network", local)
    if isinstance(remote, Unknown):
        return unresolved(peering.remote_virtual_network, "a virtual network", remote)
    others = [p for p in estate.of(VirtualNetworkPeering) if p is not peering]
    verdict = any_of(*(_is_reverse(p, local, remote, estate) for p in others))
    if verdict.outcome == "pass" or (verdict.outcome == "unknown" and verdict.evidence):
        return verdict
    why = f"no peering leads from {render(peering.remote_virtual_network.value)} back"
    evidence = Evidence("remote_virtual_network", "peered in both directions", None, peering.origin, "fail")
    if isinstance(remote, External):
        why = f"{why}; that network is not declared here"
        return Verdict("unknown", (evidence,), why, (Need("reference", remote.name, why),))
    return Verdict("fail", (evidence,), why)


def _is_reverse(other: VirtualNetworkPeering, local: End, remote: End, estate: Estate) -> Verdict:
    there = _leads(other, other.virtual_network, remote, estate)
    back = _leads(other, other.remote_virtual_network, local, estate)
    return of(other, when_present(all_of(there, back), other.presence))


def _leads(source: VirtualNetworkPeering, link: Link, wanted: End, estate: Estate) -> Verdict:
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return unresolved(link, _title(wanted), targets)
    return any_of(*(certain(_same(link, t, wanted), t, link) for t in targets))


def _same(link: Link, target: Target, wanted: End) -> Verdict:
    end = target.resource
    same = end is wanted or (isinstance(end, External) and isinstance(wanted, External) and _last(end) == _last(wanted))
    return found(link, _title(wanted), "pass" if same else "fail")


def _end(peering: VirtualNetworkPeering, link: Link, estate: Estate) -> End | Unknown:
    targets = estate.resolve(peering, link)
    if isinstance(targets, Unknown):
        return targets
    if len(targets) == 1:
        return targets[0].resource
    need = Need("reference", link.field, f"{link.field} refers to {len(targets)} networks")
    return Unknown(link.field, (need,), link.origin)


def _last(external: External) -> str:
    return external.name.rstrip("/").rpartition("/")[2].casefold()


def _title(end: End) -> str:
    return end.address if isinstance(end, Resource) else end.name if isinstance(end, External) else repr(end)
