"""Parts that the database servers of Azure share: firewall rules, server parameters, directory administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link


class FirewallRule(Block):
    """A range of IPv4 addresses that may connect, both ends included.

    0.0.0.0 to 0.0.0.0 stands for all of Azure, whoever's subscription it is.
    """

    name: Attr[str]
    start_ip_address: Attr[str]
    end_ip_address: Attr[str]


class Configuration(Block):
    """One server parameter."""

    name: Attr[str]
    value: Attr[str]


class Administrator(Block):
    """A principal of the directory that administers the server."""

    login: Attr[str]
    sid: Link
    tenant_id: Attr[str]
