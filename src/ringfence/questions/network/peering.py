"""Peerings of virtual networks: traffic flows when both directions are declared, and no further than one peering.

Source: learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import is_on
from ringfence.model.network import VirtualNetwork, VirtualNetworkPeering
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import render
from ringfence.model.value import Need, Unknown, reasons
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, when_present
from ringfence.questions.answer import certain, doubted, found, of, unresolved, unsettled
from ringfence.questions.network.segment import last, network_key, network_title, space
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Link
    from ringfence.questions.network.segment import Network

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
    index = estate.once(_peerings)
    back = index.by_pair.get((_key(remote), _key(local)), ())
    others = [p for p in (*(peer.peering for peer in back), *index.unresolved) if p is not peering]
    verdict = any_of(*(_is_reverse(p, local, remote, estate) for p in others))
    if verdict.outcome == "pass" or (verdict.outcome == "unknown" and verdict.evidence):
        return verdict
    why = f"no peering leads from {render(peering.remote_virtual_network.value)} back"
    evidence = Evidence("remote_virtual_network", "peered in both directions", None, peering.origin, "fail")
    if isinstance(remote, External):
        why = f"{why}; that network is not declared here"
        return unsettled(remote.name, why, (evidence,))
    return Verdict("fail", (evidence,), why)


@record()
class Peer:
    """One direction of a peering, from the network it is found under."""

    network: VirtualNetwork | External
    """The remote one."""
    peering: VirtualNetworkPeering
    certain: bool


@record()
class _Peerings:
    by_local: dict[str, tuple[Peer, ...]]
    by_pair: dict[tuple[str, str], tuple[Peer, ...]]
    unresolved: tuple[VirtualNetworkPeering, ...]
    """Those of which an end is not known."""
    loose: tuple[Unknown, ...]
    """Why there may be more."""


def peers(estate: Estate, network: Network) -> tuple[Peer, ...]:
    """The directions that lead from a network, whether or not they lead back."""
    return estate.once(_peerings).by_local.get(network_key(network), ())


def peer_of(estate: Estate, local: Network, remote: Network) -> Peer | None:
    """The direction that leads from one network to the other."""
    return next(iter(estate.once(_peerings).by_pair.get((network_key(local), network_key(remote)), ())), None)


def connected(estate: Estate, a: Network, b: Network) -> Verdict:
    """Traffic passes between two different networks: a peering leads each way, or something else may.

    `allow_virtual_network_access` is not asked for: without it the tag VirtualNetwork leaves the other network out
    (learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering), so security groups decide.
    """
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        needs = (*(a.needs if isinstance(a, Unknown) else ()), *(b.needs if isinstance(b, Unknown) else ()))
        return Verdict("unknown", (), reasons(needs), needs)
    there, back = _direction(estate, a, b), _direction(estate, b, a)
    if there.outcome == "fail" and back.outcome == "unknown" and not back.evidence:
        return _or_otherwise(estate, a, b, there)
    if back.outcome == "fail" and there.outcome == "unknown" and not there.evidence:
        return _or_otherwise(estate, a, b, back)
    return _or_otherwise(estate, a, b, all_of(there, back, _apart(a, b)))


def _or_otherwise(estate: Estate, a: Network, b: Network, verdict: Verdict) -> Verdict:
    """Networks that are not peered may be joined by gateways, hubs or a network manager, which are not modelled."""
    from ringfence.questions.network.beyond import joined

    by = joined(estate, a, b) if verdict.outcome == "fail" else ""
    if not by:
        return verdict
    why = f"{verdict.why}; but {by} may lead there, which is not modelled"
    return doubted(verdict, by, why)


def _direction(estate: Estate, a: VirtualNetwork | External, b: VirtualNetwork | External) -> Verdict:
    index = estate.once(_peerings)
    mine = index.by_pair.get((network_key(a), network_key(b)), ())
    verdict = any_of(*(_leads_there(p) for p in mine))
    if mine and verdict.outcome != "fail":
        return verdict
    why = f"no peering leads from {network_title(a)} to {network_title(b)}"
    if isinstance(a, External):
        why = f"{why}, as far as is declared here"
        return unsettled(a.name, why)
    needs = tuple(dict.fromkeys(n for u in index.loose for n in u.needs))
    if needs:
        return Verdict("unknown", (), f"{why}; but {needs[0].why}", needs)
    return Verdict("fail", (Evidence("peerings", network_title(b), None, a.origin, "fail", a.key),), why)


def _leads_there(peer: Peer) -> Verdict:
    peering = peer.peering
    verdict = of(peering, found(peering.remote_virtual_network, network_title(peer.network), "pass"))
    if not peer.certain:
        why = f"{peering.title} leads there only under a condition that is not known"
        verdict = unsettled(peering.address, why, verdict.evidence)
    return when_present(verdict, peering.presence)


def _apart(a: Network, b: Network) -> Verdict:
    """Azure refuses to peer networks whose spaces overlap."""
    one, other = space(a), space(b)
    if one is None or other is None or not one & other:
        return Verdict("pass")
    why = f"{network_title(a)} and {network_title(b)} have addresses in common; Azure refuses to peer them"
    return Verdict("unknown", (), why, (Need("error", network_title(a), why),))


def has_access(peer: Peer) -> Verdict:
    """The remote network is in the local network's tag VirtualNetwork."""
    return of(peer.peering, is_on(peer.peering.allow_virtual_network_access))


def _peerings(estate: Estate) -> _Peerings:
    by_local: dict[str, list[Peer]] = {}
    loose: list[Unknown] = []
    unresolved_: list[VirtualNetworkPeering] = []
    for peering in estate.of(VirtualNetworkPeering):
        local = estate.resolve(peering, peering.virtual_network)
        remote = estate.resolve(peering, peering.remote_virtual_network)
        if isinstance(local, Unknown) or isinstance(remote, Unknown):
            unresolved_.append(peering)
            loose.append(local if isinstance(local, Unknown) else remote)  # type: ignore[arg-type]  # one of them is
            continue
        certain_ = all(t.certainty != "possible" for t in (*local, *remote)) and len(local) == len(remote) == 1
        for end in (t.resource for t in local):
            for other in (t.resource for t in remote):
                if isinstance(end, (VirtualNetwork, External)) and isinstance(other, (VirtualNetwork, External)):
                    by_local.setdefault(network_key(end), []).append(Peer(other, peering, certain_))
    open_ = estate.all_of(VirtualNetworkPeering).open
    by_pair: dict[tuple[str, str], tuple[Peer, ...]] = {}
    for key, found_ in by_local.items():
        for peer in found_:
            pair = key, network_key(peer.network)
            by_pair[pair] = (*by_pair.get(pair, ()), peer)
    fixed = {k: tuple(v) for k, v in by_local.items()}
    return _Peerings(fixed, by_pair, tuple(unresolved_), (*loose, *((open_,) if open_ else ())))


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
    same = end is wanted or (isinstance(end, External) and isinstance(wanted, External) and last(end) == last(wanted))
    return found(link, _title(wanted), "pass" if same else "fail")


def _end(peering: VirtualNetworkPeering, link: Link, estate: Estate) -> End | Unknown:
    targets = estate.resolve(peering, link)
    if isinstance(targets, Unknown):
        return targets
    if len(targets) == 1:
        return targets[0].resource
    need = Need("reference", link.field, f"{link.field} refers to {len(targets)} networks")
    return Unknown(link.field, (need,), link.origin)


def _key(end: End) -> str:
    return network_key(end) if isinstance(end, (VirtualNetwork, External)) else ""


def _title(end: End) -> str:
    return end.address if isinstance(end, Resource) else end.name if isinstance(end, External) else repr(end)
