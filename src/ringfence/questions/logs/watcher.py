"""Whether Network Watcher runs where a network is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import FlowLog, NetworkWatcher
from ringfence.model.resource import Resource
from ringfence.model.symbol import render
from ringfence.model.value import Absent, Known, Need, Unknown, reasons
from ringfence.model.verdict import Evidence, Verdict, any_of, when_present
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import VirtualNetwork
    from ringfence.model.value import Attr
    from ringfence.model.verdict import Outcome


def watched(network: VirtualNetwork, estate: Estate) -> Verdict:
    """A watcher of the network's region is declared, or a flow log proves one: Azure refuses one without a watcher.

    A flow log, its watcher and its target are in one region.

    Source: learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview
    """
    here = [_in_region(w, w.location, network) for w in estate.of(NetworkWatcher)]
    here += [_in_region(log, t.location, network) for log in estate.of(FlowLog) for t in _targets(log, estate)]
    verdict = any_of(*here)
    if verdict.outcome == "pass":
        return verdict
    why = (
        f"no Network Watcher of {_shown(network.location)} is declared; Azure makes one with the first network there, "
        "unless the subscription opted out"
    )
    need = Need("subscription", "Network Watcher", why)
    evidence = Evidence("network_watcher", _shown(network.location), None, network.location.origin, "unknown")
    whole = "; ".join(part for part in (verdict.why if verdict.outcome == "unknown" else "", why) if part)
    return Verdict("unknown", (*verdict.evidence, evidence), whole, (*verdict.needs, need))


def _targets(log: FlowLog, estate: Estate) -> list[Resource]:
    targets = estate.resolve(log, log.target)
    return [] if isinstance(targets, Unknown) else [t.resource for t in targets if isinstance(t.resource, Resource)]


def _in_region(declared: Resource, location: Attr[str], network: VirtualNetwork) -> Verdict:
    same = _region(location) is not None and _region(location) == _region(network.location)
    unknown = [attr for attr in (location, network.location) if isinstance(attr, Unknown)]
    outcome: Outcome = "pass" if same else "unknown" if unknown else "fail"
    needs = () if same else tuple(dict.fromkeys(n for attr in unknown for n in attr.needs))
    evidence = Evidence("location", _shown(network.location), _shown(location), location.origin, outcome)
    verdict = Verdict(outcome, (evidence,), reasons(needs), needs)
    return of(declared, when_present(verdict, declared.presence))


def _region(attr: Attr[str]) -> object:
    """Equal for equal regions: "UK South" is "uksouth", and a symbol is itself."""
    value = None if isinstance(attr, Absent) else attr.value
    return value.casefold().replace(" ", "") if isinstance(value, str) else value


def _shown(attr: Attr[str]) -> str:
    value = attr.value if isinstance(attr, (Known, Unknown)) else None
    return value if isinstance(value, str) else render(value)
