"""Whose name servers answer a network: Azure's own, which ask its private zones, or others, which ask whom they like.

Source: learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import VirtualMachine
from ringfence.model.judge import equals, holds
from ringfence.model.network import NetworkInterface, VirtualNetwork
from ringfence.model.resource import External
from ringfence.model.verdict import Evidence, Verdict, not_applicable
from ringfence.questions.answer import of, unsettled
from ringfence.questions.network.segment import network_title

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr
    from ringfence.questions.network.segment import Network
    from ringfence.questions.place import Place

AZURE_DNS = "168.63.129.16"
"""The address of Azure's own name server, which answers from the private zones linked to a network.

Source: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""


def servers(place: Place, network: Network, estate: Estate) -> Verdict:
    """Azure's own name server answers; the servers that an interface names come before those of its network.

    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances
    """
    interface = _interface(place, estate)
    if interface is not None and equals(interface.dns_servers, None).outcome != "pass":
        return azure_answers(interface, interface.dns_servers)
    if isinstance(network, External):
        why = (
            f"the name servers of {network_title(network)}, and all zones that are linked to it, are not declared here"
        )
        return unsettled(network.name, why)
    return asks_azure(network)


def asks_azure(network: Network) -> Verdict:
    """The network's names are answered by Azure DNS; whether other servers ask it cannot be read."""
    if not isinstance(network, VirtualNetwork):
        return not_applicable("")
    return azure_answers(network, network.dns_servers)


def azure_answers(holder: Resource, dns_servers: Attr[tuple[str, ...]]) -> Verdict:
    """The name servers that a network or an interface has are Azure's, or none, which means Azure's too."""
    verdict = holds(dns_servers, lambda v: all(s == AZURE_DNS for s in v or ()), "Azure DNS")
    if verdict.outcome != "fail":
        return of(holder, verdict)
    why = f"the {_word(holder)} has name servers of its own; whether they forward to Azure DNS cannot be read"
    evidence = tuple(Evidence(e.field, e.expected, e.actual, e.origin, "unknown", holder.key) for e in verdict.evidence)
    return unsettled(holder.address, why, evidence)


def _word(holder: Resource) -> str:
    return "network" if isinstance(holder, VirtualNetwork) else "interface"


def _interface(place: Place, estate: Estate) -> NetworkInterface | None:
    if isinstance(place.resource, NetworkInterface):
        return place.resource
    if not isinstance(place.resource, VirtualMachine):
        return None
    ends = (estate.target(place.resource, link) for link in place.resource.network_interfaces)
    return next((end for end in ends if isinstance(end, NetworkInterface)), None)
