"""Flow records: what the flow log of a network writes of a connection that was tried in it.

A connection is recorded where it begins, and at a machine where it ends. A private endpoint records nothing itself:
traffic to it is captured at the source alone. Of several flow logs around a place the nearest records it.

Source: learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview and …/traffic-analytics-schema
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.compute import VirtualMachine
from ringfence.model.network import FlowLog, NetworkSecurityGroup, Subnet, VirtualNetwork
from ringfence.questions.logs.sources import OF_GROUP, OF_NETWORK
from ringfence.questions.reach.standing import places_of
from ringfence.record import field, record
from ringfence.twin.logs.routes import routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.network.segment import Segment
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.twin.arm.ids import Ids

_SPOKEN = {22: "ssh", 80: "http", 443: "https", 1433: "ms-sql-s", 3306: "mysql", 3389: "ms-wbt-server"}
"""What ports are called (RFC 6335)."""

_TIMES = ("FlowStartTime", "FlowEndTime", "FlowIntervalStartTime", "FlowIntervalEndTime", "TimeProcessed")
_GROUP_TIMES = ("FlowStartTime_t", "FlowEndTime_t", "TimeProcessed_t")

Record = tuple["Resource", str, dict[str, Any]]
"""Whose flow log writes it, the category, the row."""


@record(eq=False)
class Flow:
    """A connection that was tried, as its first packet met the network."""

    place: Place
    door: Door | None
    """None for a service that all tenants share."""
    allowed: bool
    """The network let it through. Whether the service did is no matter of flow records."""
    port: int = 443
    host: str = ""
    source: str = field(default="")
    """The address of the client."""
    private: bool = False
    """The name led to a private address."""
    why: str = ""


def records(flow: Flow, estate: Estate, ids: Ids, now: str) -> Iterator[Record]:
    """What is written of the flow, by each flow log that sees it."""
    for writer, category, row in _records(flow, estate, ids):
        times = _TIMES if category == OF_NETWORK else _GROUP_TIMES
        log = next((edge.source for edge in estate.referrers(writer, FlowLog, "target")), None)
        own = {"FlowLogResourceId": ids.of(log)} if category == OF_NETWORK and log is not None else {}
        yield writer, category, {**row, **own, **dict.fromkeys(times, now)}


def _records(flow: Flow, estate: Estate, ids: Ids) -> Iterator[Record]:
    ends = [(flow.place.segment, "Outbound")]
    machine = flow.door.resource if flow.door is not None else None
    if isinstance(machine, VirtualMachine):
        ends += [(place.segment, "Inbound") for place in places_of(estate, machine)]
    for segment, direction in ends:
        if segment is not None:
            yield from _at(segment, direction, flow, estate, ids)


def _at(segment: Segment, direction: str, flow: Flow, estate: Estate, ids: Ids) -> Iterator[Record]:
    subnet, network = segment.resource, segment.network
    nearest = [one for one in (subnet, network) if isinstance(one, (Subnet, VirtualNetwork))]
    recording = next((one for one in nearest if routes(estate, one, OF_NETWORK)), None)
    if recording is not None:
        yield recording, OF_NETWORK, _of_network(segment, direction, flow, recording, ids)
    group = _group(segment, estate)
    if group is not None and routes(estate, group, OF_GROUP):
        yield group, OF_GROUP, _of_group(segment, direction, flow, group, ids)


def _group(segment: Segment, estate: Estate) -> NetworkSecurityGroup | None:
    if segment.fields is None or segment.resource is None:
        return None
    found = estate.target(segment.resource, segment.fields.network_security_group)
    return found if isinstance(found, NetworkSecurityGroup) else None


def _of_network(segment: Segment, direction: str, flow: Flow, recording: Resource, ids: Ids) -> dict[str, Any]:
    there = ids.of(flow.door.resource) if flow.door is not None else ""
    at = "Out" if direction == "Outbound" else "In"
    end = "Src" if direction == "Outbound" else "Dest"
    return {
        "SubType": "FlowLog",
        "FaSchemaVersion": "3",
        "FlowStatus": "Allowed" if flow.allowed else "Denied",
        "FlowDirection": direction,
        "FlowType": _kind(flow),
        "SrcIp": flow.source,
        "DestPort": flow.port,
        "L4Protocol": "T",
        "L7Protocol": _SPOKEN.get(flow.port, "Unknown"),
        f"{end}Subnet": _short(segment, ids),
        "DestServiceName": flow.host,
        "Description": flow.why,
        "PrivateLinkResourceId": there.casefold() if flow.private else "",
        f"Allowed{at}Flows": int(flow.allowed),
        f"Denied{at}Flows": int(not flow.allowed),
        "TargetResourceId": _of_three(ids.of(recording)),
        "TargetResourceType": "SUBNET" if isinstance(recording, Subnet) else "VNET",
    }


def _of_group(segment: Segment, direction: str, flow: Flow, group: NetworkSecurityGroup, ids: Ids) -> dict[str, Any]:
    at = "Out" if direction == "Outbound" else "In"
    return {
        "SubType_s": "FlowLog",
        "FASchemaVersion_s": "2",
        "FlowStatus_s": "A" if flow.allowed else "D",
        "FlowDirection_s": direction[0],
        "FlowType_s": _kind(flow),
        "SrcIP_s": flow.source,
        "DestPort_d": flow.port,
        "L4Protocol_s": "T",
        "L7Protocol_s": _SPOKEN.get(flow.port, "Unknown"),
        "Subnet1_s" if direction == "Outbound" else "Subnet2_s": _short(segment, ids),
        "NSGList_s": _of_three(ids.of(group)),
        f"Allowed{at}Flows_d": int(flow.allowed),
        f"Denied{at}Flows_d": int(not flow.allowed),
    }


def _kind(flow: Flow) -> str:
    if flow.private:
        return "IntraVNet"
    return "ExternalPublic" if flow.place.kind == "internet" else "AzurePublic"


def _short(segment: Segment, ids: Ids) -> str:
    """A subnet: group, network, name."""
    network = segment.network
    whole = ids.of(network) if isinstance(network, VirtualNetwork) else ""
    return "/".join((*_of_three(whole).split("/")[1:], segment.title)).casefold()


def _of_three(whole: str) -> str:
    """An id cut down to subscription, group and name."""
    parts = whole.split("/")
    return "/".join((parts[2], parts[4], parts[-1])).casefold() if len(parts) > 4 else ""
