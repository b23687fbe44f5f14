"""Where a connection begins: on the internet, inside Azure, or in a subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.segment import Segment

PlaceKind: TypeAlias = Literal["internet", "azure", "subnet"]
""""azure" is another tenant's or one's own service inside Azure with an address of Azure's; whether it is one of the
"trusted Azure services" that firewalls may let by is `trusted`."""


@record()
class Place:
    """Somewhere a connection can begin. Two are the same when their keys are."""

    key: str
    kind: PlaceKind = field(compare=False)
    title: str = field(compare=False)
    addresses: Addresses | None = field(default=None, compare=False)
    """On the internet: the addresses it may come from. None in a subnet, whose prefixes say it."""
    segment: Segment | None = field(default=None, compare=False)
    """The subnet that it stands in."""
    resource: Resource | None = field(default=None, compare=False)
    """The machine, site or cluster that stands there; its own security group and addresses count then."""
    trusted: bool = field(default=False, compare=False)
    """It is one of the services that "allow trusted Microsoft services" lets by."""
