"""One subnet, however it is written: as a resource of its own or inside its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.network import InlineSubnet, Subnet, VirtualNetwork
    from ringfence.model.resource import External, Resource
    from ringfence.model.value import Unknown

    Network: TypeAlias = VirtualNetwork | External | Unknown


@record()
class Segment:
    """A subnet. Two are the same when their keys are."""

    key: str
    """The subnet's key; that of an inline one is its network's, "/subnets/" and its name."""
    title: str = field(compare=False)
    fields: Subnet | InlineSubnet = field(compare=False)
    resource: Resource = field(compare=False)
    """Where it is declared: the `Subnet`, or the network that an inline one is written in."""
    network: Network = field(compare=False)
