"""Who knocks at a public front door, as the service sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE
from ringfence.model.value import Need, Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.cidr import Addresses
from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.model.symbol import Value
    from ringfence.questions.network.segment import Segment


@record()
class Caller:
    """One who opens a connection to a public endpoint."""

    title: str
    addresses: Addresses | Unknown = field(default=cidr.NOBODY)
    """The public addresses that the connection may come from: any of these. Unknown with the reason; NOBODY when it
    has no way to the internet."""
    azure: bool | None = field(default=None)
    """The address is one of Azure's, whoever's subscription has it; None when that cannot be told."""
    region: str = field(default="")
    """The Azure region that it stands in; "" when that is not known, and outside of Azure."""
    trusted: bool = field(default=False)
    """It is one of the services that "allow trusted Microsoft services" lets by."""
    segment: Segment | None = field(default=None, compare=False)
    """The subnet that it stands in: where that has the service's endpoint, the service sees the subnet instead of an
    address."""
    resource: Resource | None = field(default=None, compare=False)
    """The resource that calls: a firewall may name resources."""
    names: tuple[Value, ...] = field(default=())
    """Expressions that stand for its address, such as the attribute of a public IP that is known only after apply: a
    rule with the same expression names it."""

    @property
    def anybody(self) -> bool:
        """It may come from more addresses than one holder could have (`cidr.is_wide`)."""
        return isinstance(self.addresses, Addresses) and cidr.is_wide(self.addresses)


def unknown_address(why: str) -> Unknown:
    """The addresses of a caller of whom they cannot be told."""
    return Unknown("addresses", (Need("reference", "addresses", why),), NOWHERE)


ANYBODY = Caller("anybody on the internet", cidr.INTERNET, azure=False)
"""Outside of Azure: that anybody may rent a machine there is asked of `AZURE`."""

AZURE = Caller("anybody in Azure", cidr.INTERNET, azure=True)
"""Somebody's machine in Azure, in whichever subscription. It may have any of Azure's addresses."""

TRUSTED = Caller("trusted Azure services", cidr.INTERNET, azure=True, trusted=True)
"""A service that "allow trusted Microsoft services" lets by."""
