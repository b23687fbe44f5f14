"""Fields that no single path gives: each is worked out from several parts of the JSON, or of other objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.path import find, member, parse
from ringfence.mapping.arm.record import group
from ringfence.mapping.needs import needs
from ringfence.mapping.table import Reference
from ringfence.model.network import Attachment
from ringfence.model.symbol import is_symbol
from ringfence.model.value import Absent, Known, Many, Need, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.mapping.arm.read import Reading

_AUTOMATIC = "properties.privateLinkServiceConnections[0].properties.privateLinkServiceConnectionState.status"
_MANUAL = "properties.manualPrivateLinkServiceConnections[0]"
_STATE = parse(f"{_AUTOMATIC}|{_MANUAL}.properties.privateLinkServiceConnectionState.status")

_ATTACHMENT = (Reference("subnet", "subnet", ""), Reference("network_interface", "network_interface", ""))

DEPLOYED_TO = "/subscriptions/subscription()/resourcegroups/resourcegroup()"
"""Where a template's resources are, in lower case: whoever deploys it decides."""


def _manual(reading: Reading, field: str) -> Any:
    """Whether the owner of the target has yet to approve: what Azure says of the connection decides, when it does.

    Until it is approved, and after it was refused, a connection carries nothing, whichever way it was asked for.
    Source: learn.microsoft.com/azure/private-link/manage-private-endpoint, "Private endpoint connections"
    """
    found = reading.look(_STATE)
    if is_symbol(found.value):
        return Unknown(field, needs(found.value, reading.item.source.world), found.origin, (True, False), found.value)
    if isinstance(found.value, str):
        return Known(field, found.value.casefold() != "approved", found.origin)
    asked = reading.look(parse(_MANUAL)).value
    if is_symbol(asked):
        return Unknown(field, needs(asked, reading.item.source.world), found.origin, (True, False), asked)
    if asked is not None:
        return Known(field, True, found.origin)
    return Known(field, False, found.origin)


def _attachments(reading: Reading, field: str) -> Many[Attachment]:
    """The subnets and interfaces that name the group."""
    index = reading.index
    blocks = []
    for word, item in index.attached(reading.item.key):
        made = type(reading)(item.like({word: item.path}), _ATTACHMENT, Attachment, index)
        made.resource = Attachment(made, item.origin)
        blocks.append(made.resource)
    return Many(field, tuple(blocks), reading.origin, index.loose)


def _outbound(reading: Reading, field: str) -> Many[Any]:
    """The names that a server may connect to; each is a resource's name."""
    index, item = reading.index, reading.item
    found = index.children(item.key, "outboundfirewallrules")
    why = index.unread(f"{item.type}/outboundfirewallrules") if item.source.export else ""
    names = tuple(Known(field, rule.id.rpartition("/")[2], rule.origin) for rule in found)
    open_ = Unknown(field, (Need("module", why, why),), item.origin) if why else None
    return Many(field, names, item.origin, open_)


def _no_subnets(reading: Reading, field: str) -> Many[Any]:
    """In ARM every subnet is a resource of its own, wherever it is written."""
    return Many(field, (), reading.origin)


def _resource_group(reading: Reading, field: str) -> Any:
    """The name of the group; of a template, whoever deploys it decides."""
    item = reading.item
    found = group(item.path)
    if not found:
        return Absent(field, item.origin)
    if found == DEPLOYED_TO:
        need = Need("apply", "resourceGroup()", "the resource group is chosen when the template is deployed")
        return Unknown(field, (need,), item.origin)
    return Known(field, found.rpartition("/")[2], item.origin)


def _address(reading: Reading, field: str) -> Any:
    """The addresses of an access restriction; "Any" stands for all, and a tag stands in the same place."""
    value, tagged = _restriction(reading)
    if is_symbol(value):
        return Unknown(field, needs(value, reading.item.source.world), reading.origin, None, value)
    if value is None or tagged:
        return Absent(field, reading.origin)
    return Known(field, "0.0.0.0/0" if value.casefold() == "any" else value, reading.origin)


def _tag(reading: Reading, field: str) -> Any:
    value, tagged = _restriction(reading)
    if not tagged or value is None:
        return Absent(field, reading.origin)
    if is_symbol(value):
        return Unknown(field, needs(value, reading.item.source.world), reading.origin, None, value)
    return Known(field, value, reading.origin)


def _restriction(reading: Reading) -> tuple[Any, bool]:
    content = reading.item.content
    return member(content, "ipAddress"), str(member(content, "tag")).casefold() == "servicetag"


FIELDS: dict[tuple[str, str], Callable[[Any, str], Any]] = {
    ("PrivateEndpoint", "manual"): _manual,
    ("NetworkSecurityGroup", "attachments"): _attachments,
    ("SqlServer", "outbound_firewall_rules"): _outbound,
    ("VirtualNetwork", "subnets"): _no_subnets,
    ("IpSecurityRestriction", "ip_address"): _address,
    ("IpSecurityRestriction", "service_tag"): _tag,
}
"""By kind and field."""

EVERYWHERE: dict[str, Callable[[Any, str], Any]] = {"resource_group": _resource_group}
"""By field, of every kind."""

_GROUP_OF = parse("properties.networkSecurityGroup.id")


def attached_group(content: Any) -> Any:
    """The id of the security group that a subnet or an interface names."""
    return find(content, _GROUP_OF[0].steps)
