"""Which addresses a firewall admits: rules by priority over sets of addresses, with what is not known kept apart.

A rule names a set for sure and a larger one possibly. What an address meets is decided as Azure does, by the first
rule that names it; rules without a priority are a list of permissions, and their order does not matter.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ringfence.model.judge import missing
from ringfence.model.symbol import Ref, Text, is_symbol, plain, render
from ringfence.model.value import Known, Need, Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.cidr import Addresses, normal
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr, Link
    from ringfence.model.verdict import Evidence

SMALL = 16
"""A block with this prefix length or a longer one is somebody's, wherever it is."""


@record()
class Match:
    """Whom a rule names."""

    sure: Addresses = cidr.NOBODY
    possible: Addresses = cidr.NOBODY
    """Whom it may name, those that it names for sure among them."""
    tags: tuple[str, ...] = ()
    """Sets that are known by name only and that no one holder has: "AzureFrontDoor.Backend"."""
    small: tuple[Value, ...] = ()
    """Expressions that stand for addresses which are not known: one holder's, whichever they are."""
    azure: bool | None = False
    """All of Azure's addresses, whoever's subscription has them; None when that cannot be told."""
    subnets: tuple[Link, ...] = ()
    """Subnets, which the service sees where they have its service endpoint."""
    every_subnet: bool = False
    """Every subnet that has its service endpoint."""
    more: bool = False
    """Subnets that are not known besides."""
    needs: tuple[Need, ...] = ()
    """What would settle whom it names."""

    @property
    def named(self) -> tuple[str, ...]:
        """What it names that is no set of addresses."""
        return (*self.tags, *(render(v).strip('"') for v in self.small), *(("all of Azure",) if self.azure else ()))


EVERYBODY = Match(cidr.EVERYBODY, cidr.EVERYBODY)


@record()
class Rule:
    """One rule of a firewall."""

    title: str
    match: Match
    evidence: Evidence
    allows: bool | None = True
    """None when that is not known."""
    priority: int | None = 0
    """The lowest number decides first; None when it is not known."""


@record()
class Admitted:
    """Whom a firewall admits."""

    sure: Addresses
    """Those that are admitted, but for a few that a rule may name by other words than addresses."""
    certain: Addresses
    """Those of them that are admitted whatever such rules mean."""
    possible: Addresses
    rules: tuple[Rule, ...]
    """The rules that may admit somebody, in order."""
    refusing: tuple[Rule, ...]
    """The rules that may refuse somebody before they are admitted."""


def named_by(attr: Attr[Any]) -> Match:
    """Whom a field names that holds an address, or a list of them."""
    if isinstance(attr, Unknown):
        return _unknown(attr)
    value = plain(attr.value) if isinstance(attr, Known) else attr.default
    entries = value if isinstance(value, tuple) else (value,)
    return together(entry(v, attr.field) for v in entries if v is not None)


def entry(value: Value, field: str = "") -> Match:
    """Whom one written address, block or range names."""
    value = plain(value)
    if isinstance(value, str):
        return _text(value, field)
    if is_symbol(value) and is_small(value):
        return Match(small=(address_of(value),), needs=_missing(value))
    return Match(possible=cidr.EVERYBODY, needs=_missing(value))


def _text(text: str, field: str) -> Match:
    if text.strip().casefold() in ("any", "*"):
        return EVERYBODY
    if text.strip().casefold() == "anyvnets":
        return Match(every_subnet=True)
    sets = [cidr.parse(part) for part in text.split(",") if part.strip()]
    known = union(s for s in sets if s is not None)
    if None in sets:
        why = f"{field or 'an entry'} holds {text}, which is no address"
        return Match(known, cidr.EVERYBODY, needs=(Need("error", field, why),))
    return Match(known, known)


def _unknown(attr: Unknown) -> Match:
    """By the values that are still possible; a name of an address is one holder's."""
    if attr.value is not None and is_small(attr.value):
        return Match(small=(address_of(attr.value),), needs=attr.needs)
    texts = [v for bound in attr.bounds or () for v in (bound if isinstance(bound, tuple) else (bound,))]
    if attr.bounds is None or not all(isinstance(t, str) or t is None for t in texts):
        return Match(possible=cidr.EVERYBODY, needs=attr.needs)
    found = together(entry(t, attr.field) for t in texts if t is not None)
    return Match(cidr.NOBODY, found.possible, found.tags, found.small, found.azure, needs=attr.needs)


def together(matches: Iterable[Match]) -> Match:
    """Whom any of them names."""
    found = tuple(matches)
    if len(found) == 1:
        return found[0]
    return Match(
        union(m.sure for m in found),
        union(m.possible for m in found),
        tuple(t for m in found for t in m.tags),
        tuple(v for m in found for v in m.small),
        any(m.azure for m in found),
        needs=tuple(dict.fromkeys(n for m in found for n in m.needs)),
    )


def _missing(value: Any) -> tuple[Need, ...]:
    why = f"{render(value)} is admitted, and is known only after apply; a plan tells it"
    return missing(value) or (Need("apply", render(value), why),)


def is_small(value: Value) -> bool:
    """Its length is known though its place is not (``"${data.http.ip.body}/32"``), or it is the address of a resource.

    The address attribute of a resource is one address, a public IP prefix is one holder's.
    """
    value = plain(value)
    if isinstance(value, Text):
        last = value.parts[-1]
        length = last.rpartition("/")[2] if isinstance(last, str) and "/" in last else ""
        return length.isdigit() and int(length) >= SMALL
    return (
        isinstance(value, Ref)
        and bool(value.path)
        and value.path[-1] in ("ip_address", "ip_prefix", "public_ip_address", "private_ip_address")
    )


def address_of(value: Value) -> Value:
    """The expression without the length that is written behind it."""
    value = plain(value)
    if isinstance(value, Text) and value.parts[-1] in ("/32", "/128"):
        rest = value.parts[:-1]
        return rest[0] if len(rest) == 1 else Text(rest)
    return value


def union(sets: Iterable[Addresses]) -> Addresses:
    """All of them, at once."""
    found = tuple(sets)
    if len(found) == 1:
        return found[0]
    return Addresses(normal(r for s in found for r in s.v4), normal(r for s in found for r in s.v6))


def admitted(rules: Iterable[Rule]) -> Admitted:
    """Whom the rules together admit: each address meets the first rule that names it, and without one is refused.

    Of two rules with the same priority either may come first, and one whose priority is not known may come anywhere.
    """
    found = tuple(rules)
    known = sorted((r for r in found if r.priority is not None), key=lambda r: r.priority or 0)
    loose = tuple(r for r in found if r.priority is None)
    ordered = (*loose, *known)
    groups = tuple(tuple(group) for _, group in groupby(known, key=lambda r: r.priority))
    sure = _surely(loose, groups, lambda m: m.possible)
    return Admitted(
        sure,
        _surely(loose, groups, lambda m: cidr.EVERYBODY if m.named else m.possible),
        _possibly(loose, groups) | sure,
        tuple(r for r in ordered if r.allows is not False),
        tuple(r for r in ordered if r.allows is not True),
    )


Groups = tuple[tuple[Rule, ...], ...]


def _surely(loose: tuple[Rule, ...], groups: Groups, refuses: Callable[[Match], Addresses]) -> Addresses:
    """Whom a rule admits before any other may refuse."""
    found = cidr.NOBODY
    doubtful = union(refuses(r.match) for r in loose if r.allows is not True)
    for group in groups:
        doubtful = union((doubtful, *(refuses(r.match) for r in group if r.allows is not True)))
        found |= union(r.match.sure for r in group if r.allows) - doubtful
    return found | (union(r.match.sure for r in loose if r.allows) - doubtful)


def _possibly(loose: tuple[Rule, ...], groups: Groups) -> Addresses:
    """Whom a rule may admit and none refuses before for sure."""
    found = union(r.match.possible for r in loose if r.allows is not False)
    refused = cidr.NOBODY
    for group in groups:
        found |= union(r.match.possible for r in group if r.allows is not False) - refused
        refused = union((refused, *(r.match.sure for r in group if r.allows is False)))
    return found


def shown(addresses: Addresses, most: int = 5) -> str:
    """The addresses as a person writes them: ``203.0.113.7``, ``10.0.0.0-10.0.0.9``; the rest is counted."""
    texts = [_range(r, 4) for r in addresses.v4] + [_range(r, 6) for r in addresses.v6]
    more = f" and {len(texts) - most} more ranges" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def _range(found: tuple[int, int], version: int) -> str:
    from ipaddress import IPv4Address, IPv6Address

    kind: Any = IPv4Address if version == 4 else IPv6Address
    first, last = found
    count, bits = last - first + 1, 32 if version == 4 else 128
    if count == 1:
        return str(kind(first))
    if count & (count - 1) == 0 and first % count == 0:
        return f"{kind(first)}/{bits - count.bit_length() + 1}"
    return f"{kind(first)}-{kind(last)}"
