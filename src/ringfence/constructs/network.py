"""A virtual network: every subnet has a security group, and every flow in it is recorded.

Azure makes no new flow logs of security groups since 30 June 2025, so the network has one.
Source: learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview (retirement)
"""

from __future__ import annotations

from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING, Any

from ringfence.constructs.logged import logged
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Block, Declared, Life, block
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import File
    from ringfence.model.symbol import Input, Value

RESERVED = 5
"""Addresses that Azure keeps of every subnet."""
SMALLEST, LARGEST = 29, 2
"""The prefix lengths that a subnet may have."""


@record(eq=False)
class Rule:
    """One rule of a security group. Addresses are CIDR ranges, service tags or "*"."""

    name: str
    priority: int
    direction: str
    """"Inbound" or "Outbound"."""
    access: str
    """"Allow" or "Deny"."""
    protocol: str = "*"
    source: str | tuple[Value, ...] = "*"
    target: str | tuple[Value, ...] = "*"
    ports: str | tuple[str, ...] = "*"
    why: str = ""

    def block(self) -> Block:
        """The rule as a ``security_rule`` block."""
        return block(
            name=self.name,
            description=self.why or None,
            priority=self.priority,
            direction=self.direction,
            access=self.access,
            protocol=self.protocol,
            source_port_range="*",
            **_one_or_many("source_address_prefix", "source_address_prefixes", self.source),
            **_one_or_many("destination_address_prefix", "destination_address_prefixes", self.target),
            **_one_or_many("destination_port_range", "destination_port_ranges", self.ports),
        )


def _one_or_many(one: str, many: str, value: str | tuple[Value, ...]) -> dict[str, Value]:
    return {one: value} if isinstance(value, str) else {many: value}


@record(eq=False)
class Delegation:
    """The service that puts its machines into a subnet, and what it may do to the subnet."""

    service: str
    actions: tuple[str, ...] = ("Microsoft.Network/virtualNetworks/subnets/join/action",)


@record(eq=False)
class Subnet:
    """What a subnet is asked to be; the network says where it lies."""

    name: str
    """How its blocks are called."""
    called: str
    length: int
    """Its prefix length: 26 is 64 addresses."""
    delegation: Delegation | None = None
    rules: tuple[Rule, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    """Further arguments, as azurerm calls them."""


class Network:
    """A network with its subnets laid out in order, a security group on each."""

    def __init__(
        self,
        file: File,
        name: str,
        *,
        called: str,
        group: Value,
        location: Value,
        space: str,
        subnets: Sequence[Subnet],
        tags: Value = None,
        after: Sequence[Declared] = (),
    ) -> None:
        """`after` is what has to be there before the network is."""
        self.space = _space(space)
        self._file, self._group, self._location, self._tags = file, group, location, tags
        self.network = file.resource(
            "azurerm_virtual_network",
            name,
            name=called,
            resource_group_name=group,
            location=location,
            address_space=(space,),
            tags=tags,
            life=Life(depends_on=tuple(after)),
        )
        self.subnets: dict[str, Declared] = {}
        self.groups: dict[str, Declared] = {}
        """The security groups by the name of their subnet, and likewise what attaches them."""
        self.attached: dict[str, Declared] = {}
        self.ranges = dict(zip((s.name for s in subnets), laid_out(self.space, subnets), strict=True))
        for subnet in subnets:
            self._subnet(subnet)

    @property
    def id(self) -> Value:
        return self.network.id

    def _subnet(self, subnet: Subnet) -> None:
        delegated = subnet.delegation
        made = self._file.resource(
            "azurerm_subnet",
            subnet.name,
            name=subnet.called,
            resource_group_name=self._group,
            virtual_network_name=self.network.ref("name"),
            address_prefixes=(str(self.ranges[subnet.name]),),
            default_outbound_access_enabled=False,
            **subnet.more,
            delegation=block(
                name="delegated", service_delegation=block(name=delegated.service, actions=delegated.actions)
            )
            if delegated
            else None,
        )
        group = self._file.resource(
            "azurerm_network_security_group",
            subnet.name,
            name=f"nsg-{subnet.called}",
            resource_group_name=self._group,
            location=self._location,
            tags=self._tags,
            security_rule=[rule.block() for rule in subnet.rules] or None,
        )
        self.attached[subnet.name] = self._file.resource(
            "azurerm_subnet_network_security_group_association",
            subnet.name,
            subnet_id=made.id,
            network_security_group_id=group.id,
        )
        self.subnets[subnet.name], self.groups[subnet.name] = made, group

    def logged(self, home: Home) -> None:
        """The network and its security groups log what they do to the workspace."""
        logged(self._file, f"network_{self.network.name}", self.network, "Microsoft.Network/virtualNetworks", home)
        for name, group in self.groups.items():
            logged(self._file, f"nsg_{name}", group, "Microsoft.Network/networkSecurityGroups", home)

    def flows_logged(
        self,
        *,
        watcher: Value,
        watcher_group: Value,
        storage: Value,
        workspace: Declared,
        days: int = 90,
        file: File | None = None,
        when: Input | None = None,
    ) -> Declared:
        """Every flow in the network is kept in the storage account and analysed in the workspace.

        `file` is given where another layer records it, `when` where a variable decides whether anything is logged.
        """
        return (file or self._file).resource(
            "azurerm_network_watcher_flow_log",
            self.network.name,
            when=when,
            name=f"flows-{self.network.arguments['name']}",
            network_watcher_name=watcher,
            resource_group_name=watcher_group,
            target_resource_id=self.network.id,
            storage_account_id=storage,
            enabled=True,
            version=2,
            retention_policy=block(enabled=True, days=days),
            traffic_analytics=block(
                enabled=True,
                workspace_id=workspace.ref("workspace_id"),
                workspace_region=workspace.ref("location"),
                workspace_resource_id=workspace.id,
                interval_in_minutes=10,
            ),
        )


def _space(text: str) -> IPv4Network:
    try:
        found = ip_network(text)
    except ValueError as error:
        raise ConstructError(f"{text} is no address space: {error}", hint="Write one such as 10.0.0.0/24.") from None
    if not isinstance(found, IPv4Network) or not found.is_private:
        hint = "Use a range of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
        raise ConstructError(f"{text} is not a private range of IPv4", hint=hint)
    return found


def laid_out(space: IPv4Network, subnets: Sequence[Subnet]) -> list[IPv4Network]:
    """Where each subnet lies: one after another in the order given, each at a multiple of its size.

    Raises:
        ConstructError: they do not fit, or one has a size that Azure does not have.
    """
    found: list[IPv4Network] = []
    at = int(space.network_address)
    for subnet in subnets:
        if not LARGEST <= subnet.length <= SMALLEST:
            raise ConstructError(f"a subnet cannot be a /{subnet.length}", hint=f"The smallest is a /{SMALLEST}.")
        size = 2 ** (32 - subnet.length)
        at = -(-at // size) * size
        found.append(IPv4Network((at, subnet.length)))
        at += size
    if found and at - 1 > int(space.broadcast_address):
        sizes = ", ".join(f"{s.called} /{s.length}" for s in subnets)
        hint = f"They are {sizes}; give the network a larger space."
        raise ConstructError(f"{space} cannot hold its {len(subnets)} subnets", hint=hint)
    return found
