"""Small networks for the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.network import NetworkInterface, Subnet
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.symbol import Ref
from ringfence.questions.network import cidr
from ringfence.questions.network.destination import Destination, at_endpoint, at_interface
from ringfence.questions.network.segment import Segment, prefixes, segments
from ringfence.questions.place import Place
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate


def ref(address: str, *path: str) -> Ref:
    """A reference to an attribute, the id by default."""
    return Ref(f".#{address}", path or ("id",))


def network(name: str, *space: str, **content: Any) -> Declaration:
    return declare(f"azurerm_virtual_network.{name}", name=name, address_space=space, **content)


def subnet(name: str, of: str, *prefixes: str, **content: Any) -> Declaration:
    return declare(f"azurerm_subnet.{name}", name=name, virtual_network_name=of, address_prefixes=prefixes, **content)


def interface(name: str, subnet_: str, address: str | None = None, **content: Any) -> Declaration:
    configuration = {"name": "first", "subnet_id": ref(f"azurerm_subnet.{subnet_}"), "private_ip_address": address}
    configuration |= content.pop("configuration", {})
    return declare(f"azurerm_network_interface.{name}", name=name, ip_configuration=[configuration], **content)


def endpoint(name: str, subnet_: str, **content: Any) -> Declaration:
    return declare(f"azurerm_private_endpoint.{name}", name=name, subnet_id=ref(f"azurerm_subnet.{subnet_}"), **content)


def group(name: str, *rules: dict[str, Any]) -> Declaration:
    return declare(f"azurerm_network_security_group.{name}", name=name, security_rule=list(rules))


def rule(name: str, priority: Any, direction: Any, access: Any, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "priority": priority,
        "direction": direction,
        "access": access,
        "protocol": "*",
        "source_address_prefix": "*",
        "source_port_range": "*",
        "destination_address_prefix": "*",
        "destination_port_range": "*",
        **changes,
    }


def attach(group_: str, to: str, *, to_interface: bool = False) -> Declaration:
    """The association of a security group with a subnet or an interface."""
    if to_interface:
        return declare(
            f"azurerm_network_interface_security_group_association.{group_}_{to}",
            network_interface_id=ref(f"azurerm_network_interface.{to}"),
            network_security_group_id=ref(f"azurerm_network_security_group.{group_}"),
        )
    return declare(
        f"azurerm_subnet_network_security_group_association.{group_}_{to}",
        subnet_id=ref(f"azurerm_subnet.{to}"),
        network_security_group_id=ref(f"azurerm_network_security_group.{group_}"),
    )


def peering(name: str, local: str, remote: str, **content: Any) -> Declaration:
    return declare(
        f"azurerm_virtual_network_peering.{name}",
        name=name,
        virtual_network_name=local,
        remote_virtual_network_id=ref(f"azurerm_virtual_network.{remote}"),
        **content,
    )


def peered(a: str, b: str, **content: Any) -> tuple[Declaration, Declaration]:
    return peering(f"{a}-{b}", a, b, **content), peering(f"{b}-{a}", b, a, **content)


def routes(name: str, subnet_: str, *entries: tuple[Any, ...], **content: Any) -> tuple[Declaration, Declaration]:
    """A route table with (prefix, next hop type, address) entries, and its association with a subnet."""
    blocks = [
        {
            "name": f"r{n}",
            "address_prefix": e[0],
            "next_hop_type": e[1],
            "next_hop_in_ip_address": e[2] if len(e) > 2 else None,
        }
        for n, e in enumerate(entries)
    ]
    return (
        declare(f"azurerm_route_table.{name}", name=name, route=blocks, **content),
        declare(
            f"azurerm_subnet_route_table_association.{name}",
            subnet_id=ref(f"azurerm_subnet.{subnet_}"),
            route_table_id=ref(f"azurerm_route_table.{name}"),
        ),
    )


def public_ip(name: str, **content: Any) -> Declaration:
    return declare(f"azurerm_public_ip.{name}", name=name, **content)


def made(*declarations: Declaration | tuple[Declaration, ...]) -> Estate:
    flat: list[Declaration] = []
    for one in declarations:
        flat.extend(one if isinstance(one, tuple) else (one,))
    return estate(*flat)


def at(found: Estate, name: str) -> Place:
    """The subnet of that name as a place."""
    segment = segment_named(found, name)
    return Place(segment.key, "subnet", segment.title, segment=segment)


def machine_at(found: Estate, name: str) -> Place:
    """The interface of that name as a place."""
    resource = nic(found, name)
    destination = at_interface(found, resource)
    assert isinstance(destination.segment, Segment)
    return Place(resource.key, "subnet", resource.title, segment=destination.segment, resource=resource)


def segment_named(found: Estate, name: str) -> Segment:
    return next(s for s in segments(found) if s.title == name)


def nic(found: Estate, name: str) -> NetworkInterface:
    return next(i for i in found.of(NetworkInterface) if i.title == name)


def to_nic(found: Estate, name: str) -> Destination:
    return at_interface(found, nic(found, name))


def to_endpoint(found: Estate, name: str) -> Destination:
    return at_endpoint(found, next(e for e in found.of(PrivateEndpoint) if e.title == name))


def subnet_named(found: Estate, name: str) -> Subnet:
    return next(s for s in found.of(Subnet) if s.title == name)


def at_segment(segment: Segment) -> Destination:
    """Any address of a subnet; what stands there has no security group of its own that is known."""
    return Destination(segment.key, segment.title, segment, prefixes(segment))


def at_addresses(*texts: str) -> Destination:
    """Any of these addresses on the internet, such as ``203.0.113.0/24``."""
    return Destination(" ".join(texts), ", ".join(texts), addresses=cidr.of(*texts))
