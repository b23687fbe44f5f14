"""Whether packets from the internet come to a machine: by a public address of its own or through a load balancer.

The source of a packet is preserved, and a security group sees the machine's private address and port.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview and
learn.microsoft.com/azure/load-balancer/load-balancer-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import VirtualMachine
from ringfence.model.network import (
    ApplicationGateway,
    AzureFirewall,
    BastionHost,
    NetworkInterface,
    PublicIpAddress,
)
from ringfence.model.resource import External, Resource
from ringfence.model.symbol import plain
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, undecided, when_present
from ringfence.questions.answer import Answer, Hop, certain, found, of, path, unresolved, unsettled
from ringfence.questions.network import cidr
from ringfence.questions.network.balancer import text, ways
from ringfence.questions.network.destination import Destination, at_interface
from ringfence.questions.network.end import End
from ringfence.questions.network.interface import end_at, grouped, interfaces
from ringfence.questions.network.packet import best, into
from ringfence.questions.network.packets import Packets, packets
from ringfence.questions.network.peering import connected
from ringfence.questions.network.segment import Segment, blocks, network_key, segment_of
from ringfence.questions.reference import is_written
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import IpConfiguration
    from ringfence.model.value import Attr
    from ringfence.questions.network.balancer import Way
    from ringfence.questions.network.cidr import Addresses


@record()
class _Sent:
    """What is sent, from which public addresses; `sources` is None for anybody in Azure."""

    sources: Addresses | None
    protocol: str
    port: int | None

    @property
    def source(self) -> End:
        """The end that the packets come from."""
        public = cidr.Addresses(v4=cidr.INTERNET.v4)
        return End(public if self.sources is None else self.sources, public, None, azure=self.sources is None)

    def to(self, end: End) -> Packets:
        """The packets on their way to an end."""
        return packets(self.source, end, self.protocol, self.port)


def ingress(
    estate: Estate,
    machine: Resource,
    sources: Addresses | None = cidr.INTERNET,
    protocol: str = "tcp",
    port: int | None = 22,
) -> Answer:
    """Whether packets from some public addresses come to a port of a machine or an interface.

    `port` is the machine's own; a balancer's frontend may have another. From the internet as a whole more than one
    holder's addresses have to come through; `sources` is None for anybody in Azure. What needs to sign in to
    Azure first is not here: see `bastions`.
    """
    mine = interfaces(estate, machine)
    if mine == () and not isinstance(machine, VirtualMachine):
        why = f"the interfaces of {machine.title} are not modelled"
        mine = Unknown("network_interfaces", (Need("reference", machine.address, why),), machine.origin)
    if isinstance(mine, Unknown):
        return path(Hop(machine.key, f"the interfaces of {machine.title}", undecided(mine)))
    sent = _Sent(sources, protocol.casefold(), port)
    answers = [a for one in mine for a in _to_interface(estate, one, sent)]
    if answers:
        return best(answers)
    why = f"{machine.title} has no public address, and no load balancer leads to it"
    evidence = Evidence("network_interfaces", "a public address", None, machine.origin, "fail", machine.key)
    return path(Hop(machine.key, f"from the internet to {machine.title}", Verdict("fail", (evidence,), why)))


def to_frontend(
    estate: Estate,
    segment: Segment,
    address: PublicIpAddress | None,
    sources: Addresses | None = cidr.INTERNET,
    protocol: str = "tcp",
    port: int | None = 443,
) -> Answer:
    """Whether packets to a public address of a cluster's load balancer come into a subnet; None is one of Azure's own.

    The packet keeps the public address as its destination, so that a rule for ``azurerm_public_ip.x.ip_address`` is the
    one that admits it. A subnet without a security group lets it in: the nodes have one that the cluster opens itself.

    Source: learn.microsoft.com/azure/aks/load-balancer-standard and cloud-provider-azure, "floating IP";
    learn.microsoft.com/azure/aks/concepts-network, "Network security groups"
    """
    fixed = cidr.parse(text(address.ip_address)) if address is not None and text(address.ip_address) else None
    keys = frozenset({address.key}) if address is not None else frozenset()
    end = End(fixed, cidr.Addresses(v4=cidr.INTERNET.v4), None, symbols=keys, azure=True)
    given = _Sent(sources, protocol.casefold(), port).to(end)
    key, title = (address.key, address.title) if address is not None else ("", "the cluster's public address")
    hops, _ = into(estate, segment, Destination(key, title, segment), given)
    return path(*([_existing(address)] if address is not None else ()), *hops)


def bastions(estate: Estate, segment: Segment) -> tuple[BastionHost, ...]:
    """The Bastion hosts through which somebody who signs in to Azure reaches machines of a subnet.

    Source: learn.microsoft.com/azure/bastion/vnet-peering: machines of the host's network and of peered ones; the
    Developer sku reaches its own network only.
    """
    near = []
    for host, at in estate.once(_bastions):
        same = network_key(at.network) == network_key(segment.network) != ""
        if same or (text(host.sku) != "developer" and connected(estate, at.network, segment.network).outcome == "pass"):
            near.append(host)
    return tuple(near)


def _bastions(estate: Estate) -> tuple[tuple[BastionHost, Segment], ...]:
    made = []
    for host in estate.of(BastionHost):
        for configuration in host.ip_configurations:
            segment = segment_of(estate, host, configuration.subnet)
            if isinstance(segment, Segment):
                made.append((host, segment))
    return tuple(made)


# -- one interface


def _to_interface(estate: Estate, interface: NetworkInterface, sent: _Sent) -> list[Answer]:
    answers = [
        _by_address(estate, interface, configuration, sent)
        for configuration in interface.ip_configurations
        if is_written(configuration.public_ip_address)
    ]
    leading, open_ = ways(estate, interface)
    answers += [a for way in leading if (a := _by_way(estate, interface, way, sent))]
    open_ = interface.ip_configurations.open or open_
    if open_ is not None:
        why = f"{interface.title} may have a further way in: {'; '.join(n.why for n in open_.needs)}"
        answers.append(path(Hop(interface.key, why, Verdict("unknown", (), why, open_.needs))))
    through = _proxy(estate, interface)
    if through is not None:
        answers.append(through)
    return answers


def _by_address(estate: Estate, interface: NetworkInterface, configuration: IpConfiguration, sent: _Sent) -> Answer:
    """By a public address of the interface."""
    link = configuration.public_ip_address
    targets = estate.resolve(interface, link)
    if isinstance(targets, Unknown):
        verdict = of(interface, unresolved(link, "a public address", targets))
        return path(Hop(interface.key, f"to {interface.title}", verdict))
    if not targets:
        verdict = found(link, "a public address", "fail", f"{interface.title} has no public address")
        return path(Hop(interface.key, f"to {interface.title}", of(interface, verdict)))
    address = targets[0].resource
    verdict = of(interface, certain(found(link, "a public address", "pass"), targets[0], link))
    if isinstance(address, PublicIpAddress):
        verdict = when_present(verdict, address.presence)
    name = address.title if isinstance(address, Resource) else getattr(address, "name", "a public address")
    first = Hop(interface.key, f"to the public address {name} of {interface.title}", verdict)
    own = replace(at_interface(estate, interface), addresses=blocks(configuration.private_ip_address))
    sku = address.sku if isinstance(address, PublicIpAddress) else None
    return path(first, *_arrived(estate, interface, sku, own, sent))


def _arrived(
    estate: Estate, interface: NetworkInterface, sku: Attr[str] | None, destination: Destination, sent: _Sent
) -> list[Hop]:
    """In through the security groups; without any a Standard address is closed and a Basic one open.

    Source: learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses, "SKU"
    """
    segment = destination.segment
    if not isinstance(segment, Segment) or segment.fields is None:
        why = f"the subnet of {interface.title} is not declared here"
        name = segment.name if isinstance(segment, External) else interface.title
        return [Hop(interface.key, why, unsettled(name, why))]
    given = sent.to(end_at(estate, segment, interface, destination.addresses))
    hops, _ = into(estate, segment, destination, given)
    first = next(iter(interface.ip_configurations))
    bare = grouped(estate, interface, first.subnet).outcome == "fail"
    return [*hops, *(_ungrouped(interface, sku) if bare else ())]


def _ungrouped(interface: NetworkInterface, sku: Attr[str] | None) -> tuple[Hop, ...]:
    """What becomes of packets that no security group filters; () where they come in."""
    value = text(sku) if sku is not None else ""
    if value == "basic":
        return ()
    if not value:
        why = "there is no security group, and the sku of the public address, which then decides, is not known"
        verdict = (
            Verdict("unknown", (), why, sku.needs) if isinstance(sku, Unknown) else unsettled(interface.address, why)
        )
        return (Hop(interface.key, "no security group", verdict),)
    origin = sku.origin if sku is not None else interface.origin
    why = "a Standard public address is closed where no security group opens it"
    evidence = Evidence("sku", "Basic, or a security group", value, origin, "fail", interface.key)
    return (Hop(interface.key, "no security group", Verdict("fail", (evidence,), why)),)


# -- through others


def _by_way(estate: Estate, interface: NetworkInterface, way: Way, sent: _Sent) -> Answer | None:
    """Through a rule of a load balancer; None when it leads to another port or from a private frontend."""
    rule = way.rule
    word, behind = text(rule.protocol), _number(rule.backend_port)
    if word and word not in ("all", "*", sent.protocol):
        return None
    if behind not in (None, 0, sent.port):
        return None
    name = getattr(getattr(rule, "name", None), "value", "")
    where = f"rule {name} of {way.balancer.title}, frontend port {_number(rule.frontend_port) or 'any'}"
    if way.frontend is None:
        why = f"the frontend of {where} is not known"
        return path(Hop(way.balancer.key, where, unsettled(name, why)))
    link = way.frontend.public_ip_address
    if not is_written(link):
        return None
    verdict = of(way.balancer, found(link, "a public address", "pass"))
    if behind is None or not word:
        why = f"the port or protocol of {where} is not known"
        verdict = unsettled(way.balancer.address, why, verdict.evidence)
    first = Hop(way.balancer.key, where, when_present(verdict, way.balancer.presence))
    return path(first, *_arrived(estate, interface, way.balancer.sku, at_interface(estate, interface), sent))


def _number(attr: Attr[int]) -> int | None:
    value = plain(attr.value) if isinstance(attr, Known) else None
    return value if isinstance(value, int) else None


def _proxy(estate: Estate, interface: NetworkInterface) -> Answer | None:
    """A gateway or firewall with a public address in the machine's network may lead to it; which is not modelled."""
    segment = at_interface(estate, interface).segment
    if not isinstance(segment, Segment):
        return None
    for proxy, at in estate.once(_proxies):
        same = network_key(at.network) == network_key(segment.network) != ""
        if same or connected(estate, at.network, segment.network).outcome == "pass":
            why = f"the path runs through {proxy.title}, which is not modelled"
            verdict = unsettled(proxy.address, why)
            return path(Hop(proxy.key, f"through {proxy.title} to {interface.title}", verdict))
    return None


def _proxies(estate: Estate) -> tuple[tuple[Resource, Segment], ...]:
    made: list[tuple[Resource, Segment]] = []
    gateways = ((g, g.gateways, g.frontends) for g in estate.of(ApplicationGateway))
    firewalls = ((f, f.ip_configurations, f.ip_configurations) for f in estate.of(AzureFirewall))
    for proxy, inner, outer in (*gateways, *firewalls):
        if not any(is_written(c.public_ip_address) for c in outer):
            continue
        segment = next((s for c in inner if isinstance(s := segment_of(estate, proxy, c.subnet), Segment)), None)
        if segment is not None:
            made.append((proxy, segment))
    return tuple(made)


def _existing(address: PublicIpAddress) -> Hop:
    evidence = Evidence("public_ip_address", "a public address", address.title, address.origin, "pass", address.key)
    verdict = when_present(Verdict("pass", (evidence,)), address.presence)
    return Hop(address.key, f"to the public address {address.title}", verdict)
