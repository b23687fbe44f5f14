"""The ways in through load balancers: which frontend and port lead to which port of an interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.model.network import (
    BackendAddressPool,
    BalancerNatRule,
    BalancingRule,
    InboundNatRule,
    LoadBalancer,
    OutboundRule,
)
from ringfence.model.resource import Implied, Resource
from ringfence.model.symbol import plain
from ringfence.model.value import Known, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.network import IpConfiguration, NetworkInterface
    from ringfence.model.value import Attr, Link

    Forwarding: TypeAlias = BalancingRule | BalancerNatRule | InboundNatRule


@record()
class Way:
    """A rule of a balancer by which packets to a port of a frontend come to an interface."""

    balancer: LoadBalancer
    rule: Forwarding
    frontend: IpConfiguration | None
    """None when the balancer has none of that name that is known."""
    sure: bool = True


@record()
class _Index:
    by_pool: dict[str, tuple[tuple[LoadBalancer, BalancingRule | BalancerNatRule | InboundNatRule], ...]]
    by_rule: dict[str, tuple[LoadBalancer, Forwarding]]
    outbound: dict[str, tuple[tuple[LoadBalancer, OutboundRule], ...]]
    by_address: dict[str, frozenset[str]]
    """The pools that name a machine by its address."""
    open: Unknown | None


def ways(estate: Estate, interface: NetworkInterface) -> tuple[tuple[Way, ...], Unknown | None]:
    """The rules that lead to an interface, and why there may be more."""
    index = estate.once(_index)
    pools, open_ = pools_of(estate, interface)
    found = [Way(b, r, _frontend(b, r.frontend)) for key in sorted(pools) for b, r in index.by_pool.get(key, ())]
    for link in _nat_links(interface):
        key = _key(estate, interface, link, "inboundnatrules")
        if isinstance(key, Unknown):
            open_ = open_ or key
        elif key in index.by_rule:
            balancer, rule = index.by_rule[key]
            found.append(Way(balancer, rule, _frontend(balancer, rule.frontend)))
    loose = interface.nat_memberships.open
    return tuple(found), open_ or loose or index.open


def pools_of(estate: Estate, interface: NetworkInterface) -> tuple[frozenset[str], Unknown | None]:
    """The keys of the backend pools that an interface is in, and why there may be more."""
    found: set[str] = set()
    open_ = interface.pool_memberships.open
    links = [m.backend_address_pool for m in interface.pool_memberships]
    by_address = estate.once(_index).by_address
    for configuration in interface.ip_configurations:
        links.extend(configuration.backend_address_pools)
        address = text(configuration.private_ip_address)
        found |= by_address.get(address, frozenset()) if address else frozenset()
    for link in links:
        key = _key(estate, interface, link, "backendaddresspools")
        if isinstance(key, Unknown):
            open_ = open_ or key
        else:
            found.add(key)
    return frozenset(found), open_


def outbound(estate: Estate, interface: NetworkInterface) -> tuple[tuple[LoadBalancer, OutboundRule], ...]:
    """The outbound rules of the pools that an interface is in."""
    index = estate.once(_index)
    return tuple(pair for key in sorted(pools_of(estate, interface)[0]) for pair in index.outbound.get(key, ()))


def text(attr: Attr[str]) -> str:
    """The field's text in lower case; "" when it is not known."""
    value = plain(attr.value) if isinstance(attr, Known) else ""
    return value.casefold() if isinstance(value, str) else ""


def _nat_links(interface: NetworkInterface) -> Iterator[Link]:
    for membership in interface.nat_memberships:
        yield membership.inbound_nat_rule
    for configuration in interface.ip_configurations:
        yield from configuration.inbound_nat_rules


def _frontend(balancer: LoadBalancer, name: Attr[str]) -> IpConfiguration | None:
    wanted = text(name)
    return next((f for f in balancer.frontends if wanted and text(f.name) == wanted), None)


def _key(estate: Estate, source: Resource, link: Link, part: str) -> str | Unknown:
    """What names a pool or a rule, whether it is a resource of its own or a part of its balancer."""
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return targets
    for target in targets:
        end = target.resource
        if isinstance(end, (BackendAddressPool, InboundNatRule)):
            return _child_key(estate, end)
        if isinstance(end, Implied) and part in end.path:
            return f"{end.parent.key}/{end.path[-1]}"
    return ""


def _child_key(estate: Estate, child: BackendAddressPool | InboundNatRule) -> str:
    balancer = estate.target(child, child.load_balancer)
    name = text(child.name)
    return f"{balancer.key}/{name}" if isinstance(balancer, LoadBalancer) and name else child.key


def _index(estate: Estate) -> _Index:
    by_pool: dict[str, list[tuple[LoadBalancer, Forwarding]]] = {}
    by_rule: dict[str, tuple[LoadBalancer, Forwarding]] = {}
    out: dict[str, list[tuple[LoadBalancer, OutboundRule]]] = {}
    open_: Unknown | None = None
    for balancer in estate.of(LoadBalancer):
        open_ = open_ or balancer.rules.open
        for rule in balancer.rules:
            for link in rule.backend_address_pools:
                _enter(by_pool, _key(estate, balancer, link, "backendaddresspools"), (balancer, rule))
        for outgoing in balancer.outbound_rules:
            key = _key(estate, balancer, outgoing.backend_address_pool, "backendaddresspools")
            if isinstance(key, str) and key:
                out.setdefault(key, []).append((balancer, outgoing))
        for nat in balancer.inbound_nat_rules:
            by_rule[f"{balancer.key}/{text(nat.name)}"] = balancer, nat
            _enter(by_pool, _key(estate, balancer, nat.backend_address_pool, "backendaddresspools"), (balancer, nat))
    for lone in estate.of(InboundNatRule):
        owner = estate.target(lone, lone.load_balancer)
        if isinstance(owner, LoadBalancer):
            by_rule[_child_key(estate, lone)] = owner, lone
            _enter(by_pool, _key(estate, lone, lone.backend_address_pool, "backendaddresspools"), (owner, lone))
    fixed = {k: tuple(v) for k, v in by_pool.items()}
    return _Index(fixed, by_rule, {k: tuple(v) for k, v in out.items()}, _addressed(estate), open_)


def _enter(
    index: dict[str, list[tuple[LoadBalancer, Forwarding]]],
    key: str | Unknown,
    entry: tuple[LoadBalancer, Forwarding],
) -> None:
    if isinstance(key, str) and key:
        index.setdefault(key, []).append(entry)


def _addressed(estate: Estate) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pool in estate.of(BackendAddressPool):
        for address in pool.addresses:
            fixed = text(address.ip_address)
            if fixed:
                found[fixed] = found.get(fixed, frozenset()) | {_child_key(estate, pool)}
    return found
