"""Small networks made at random: security groups, peerings of all sorts, routes, interfaces, private endpoints."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import combinations
from typing import TYPE_CHECKING, Any

from tests.oracle.meaning import REGION, SERVICES
from tests.questions.network.support import (
    attach,
    endpoint,
    group,
    interface,
    made,
    network,
    peering,
    public_ip,
    ref,
    routes,
    rule,
    subnet,
)
from tests.support import declare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate

SPACES = ("10.1.0.0/16", "10.2.0.0/20", "172.20.0.0/24", "52.7.0.0/24", "192.168.4.0/22")
POLICIES = ("Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled")
PORTS = ("*", "*", "22", "443", "0-1023", "8080-8090", "65535")
TAGS = ("VirtualNetwork", "Internet", "AzureLoadBalancer", "AzureCloud", *SERVICES[:2], f"{SERVICES[1]}.{REGION}")


def generated(random: Random) -> Estate:
    """An estate of two or three networks with two subnets each."""
    spaces = random.sample(SPACES, random.choice((2, 3)))
    parts: list[Any] = [network(f"v{n}", space) for n, space in enumerate(spaces)]
    parts += [declare(f"azurerm_application_security_group.{n}", name=n) for n in ("web", "data")]
    subnets = {f"s{n}{m}": block for n, s in enumerate(spaces) for m, block in enumerate(_blocks(random, s))}
    prefixes = [*spaces, *map(str, subnets.values())]
    for name, block in subnets.items():
        parts += _subnet(random, name, str(block), prefixes)
    parts += _peerings(random, len(spaces))
    return made(*parts)


def _blocks(random: Random, space: str) -> list[Any]:
    """Two blocks of a network, with room between them."""
    return random.sample([*ip_network(space).subnets(new_prefix=random.choice((26, 27)))][:4], 2)


def _subnet(random: Random, name: str, block: str, prefixes: list[str]) -> Iterator[Any]:
    policies = random.choice(POLICIES)
    yield subnet(name, f"v{name[1]}", block, private_endpoint_network_policies=policies)
    if random.random() < 0.8:
        yield group(f"g{name}", *_rules(random, prefixes))
        yield attach(f"g{name}", name)
    if random.random() < 0.35:
        yield routes(f"t{name}", name, *_routes(random, name, prefixes))
    address = str(ip_network(block)[random.choice((4, 9))])
    if random.random() < 0.6:
        yield from _interface(random, name, address, prefixes)
    else:
        yield endpoint(f"e{name}", name, ip_configuration=[{"name": "c", "private_ip_address": address}])


def _interface(random: Random, name: str, address: str, prefixes: list[str]) -> Iterator[Any]:
    """An interface; three in five have a group of their own, half are in a group of applications, some are public."""
    configuration = {}
    if random.random() < 0.5:
        yield public_ip(f"p{name}", sku=random.choice(("Standard", "Basic")), allocation_method="Static")
        configuration = {"public_ip_address_id": ref(f"azurerm_public_ip.p{name}")}
    yield interface(f"i{name}", name, address, configuration=configuration)
    if random.random() < 0.6:
        yield group(f"gi{name}", *_rules(random, prefixes))
        yield attach(f"gi{name}", f"i{name}", to_interface=True)
    if random.random() < 0.5:
        yield declare(
            f"azurerm_network_interface_application_security_group_association.i{name}",
            network_interface_id=ref(f"azurerm_network_interface.i{name}"),
            application_security_group_id=ref(f"azurerm_application_security_group.{random.choice(('web', 'data'))}"),
        )


def _rules(random: Random, prefixes: list[str]) -> list[dict[str, Any]]:
    priorities = random.sample(range(100, 4097), random.randint(1, 6))
    return [
        rule(
            f"r{priority}", priority, random.choice(("Inbound", "Outbound")), random.choice(("Allow", "Allow", "Deny")),
            protocol=random.choice(("*", "*", "Tcp", "Tcp", "Udp", "Icmp")),
            **_side(random, "source", prefixes), **_side(random, "destination", prefixes),
            **_ports(random, "source", 0.1), **_ports(random, "destination", 0.7),
        )
        for priority in priorities
    ]  # fmt: skip


def _side(random: Random, side: str, prefixes: list[str]) -> dict[str, Any]:
    one, several = f"{side}_address_prefix", f"{side}_address_prefixes"
    kind = random.random()
    if kind < 0.35:
        return {one: "*"}
    if kind < 0.55:
        return {one: random.choice(TAGS)}
    if kind < 0.65:
        name = random.choice(("web", "data"))
        groups = (ref(f"azurerm_application_security_group.{name}"),)
        return {one: None, f"{side}_application_security_group_ids": groups}
    parts = tuple(_part(random, random.choice(prefixes)) for _ in range(random.randint(1, 3)))
    return {one: parts[0]} if len(parts) == 1 else {one: None, several: parts}


def _part(random: Random, prefix: str) -> str:
    """A prefix, half of it, one address of it, or all there is."""
    block = ip_network(prefix)
    halves = [str(half) for half in block.subnets(1)]
    return random.choice((prefix, prefix, random.choice(halves), str(block[9]), "0.0.0.0/0", "203.0.113.0/28"))


def _ports(random: Random, side: str, often: float) -> dict[str, Any]:
    if random.random() > often:
        return {}
    found = tuple({random.choice(PORTS) for _ in range(random.randint(1, 3))})
    if "*" in found or len(found) == 1:
        return {f"{side}_port_range": "*" if "*" in found else found[0]}
    return {f"{side}_port_range": None, f"{side}_port_ranges": found}


def _routes(random: Random, name: str, prefixes: list[str]) -> list[tuple[str, str]]:
    """Routes to nowhere for parts of networks and of the internet, and one back into the network."""
    dropped = {_part(random, random.choice(prefixes)): "None" for _ in range(random.randint(1, 3))}
    own = prefixes[int(name[1])]
    kept = {str(next(ip_network(own).subnets(2))): "VnetLocal"} if random.random() < 0.5 else {}
    public = {"203.0.113.0/29": "Internet"} if random.random() < 0.5 else {}
    return [*{**dropped, **kept, **public}.items()]


def _peerings(random: Random, count: int) -> Iterator[Declaration]:
    """Each pair: both directions, one, or none; with or without access."""
    for a, b in combinations(range(count), 2):
        kind = random.choice(("both", "both", "both", "one", "none"))
        for one, other in ((a, b), (b, a)) if kind == "both" else ((a, b),) if kind == "one" else ():
            access = random.random() < 0.75
            yield peering(f"p{one}{other}", f"v{one}", f"v{other}", allow_virtual_network_access=access)
