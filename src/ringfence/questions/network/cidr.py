"""Sets of addresses: IPv4 and IPv6 together, exact, made of ranges.

Set operations agree with `ipaddress`; a property test holds them together.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

Range = tuple[int, int]
"""First and last number, both inside."""


def normal(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same numbers as sorted ranges that neither overlap nor touch."""
    merged: list[Range] = []
    for first, last in sorted(r for r in ranges if r[0] <= r[1]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return tuple(merged)


def common(a: tuple[Range, ...], b: tuple[Range, ...]) -> tuple[Range, ...]:
    """The numbers in both; both are normal."""
    if not a or not b:
        return ()
    if a is b:
        return a
    found: list[Range] = []
    i = j = 0
    while i < len(a) and j < len(b):
        first, last = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if first <= last:
            found.append((first, last))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def without(a: tuple[Range, ...], b: tuple[Range, ...]) -> tuple[Range, ...]:
    """The numbers of `a` that are not in `b`; both are normal."""
    found: list[Range] = []
    j = 0
    for first, last in a:
        while j < len(b) and b[j][1] < first:
            j += 1
        at = j
        while at < len(b) and b[at][0] <= last and first <= last:
            if b[at][0] > first:
                found.append((first, b[at][0] - 1))
            first = b[at][1] + 1
            at += 1
        if first <= last:
            found.append((first, last))
    return tuple(found)


def size(ranges: tuple[Range, ...]) -> int:
    """How many numbers are in normal ranges."""
    return sum(last - first + 1 for first, last in ranges)


@record()
class Addresses:
    """A set of IPv4 and IPv6 addresses."""

    v4: tuple[Range, ...] = ()
    v6: tuple[Range, ...] = ()

    def __or__(self, other: Addresses) -> Addresses:
        if not (self and other):
            return self or other
        return Addresses(normal(self.v4 + other.v4), normal(self.v6 + other.v6))

    def __and__(self, other: Addresses) -> Addresses:
        return Addresses(common(self.v4, other.v4), common(self.v6, other.v6))

    def __sub__(self, other: Addresses) -> Addresses:
        return Addresses(without(self.v4, other.v4), without(self.v6, other.v6))

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def __le__(self, other: Addresses) -> bool:
        return not self - other


NOBODY = Addresses()
EVERYBODY = Addresses(((0, 2**32 - 1),), ((0, 2**128 - 1),))


@cache
def parse(text: str) -> Addresses | None:
    """The addresses of ``10.0.0.0/8``, ``1.2.3.4``, ``10.0.0.1-10.0.0.9`` or ``::/0``; None when it is none of these.

    Host bits may be set, as Azure allows: ``10.0.0.1/0`` is every IPv4 address.
    """
    text = text.strip()
    if "-" in text:
        first, last = (_address(part) for part in text.split("-", 1))
        if first is None or last is None or first[0] != last[0]:
            return None
        return _made(first[0], first[1], last[1])
    address, _, length = text.partition("/")
    found = _address(address)
    if found is None or (length and not length.isdigit()):
        return None
    version, value = found
    bits = 32 if version == 4 else 128
    prefix = int(length) if length else bits
    if prefix > bits:
        return None
    host = (1 << (bits - prefix)) - 1
    return _made(version, value & ~host, value | host)


def _made(version: int, first: int, last: int) -> Addresses:
    ranges = normal(((first, last),))
    return Addresses(v4=ranges) if version == 4 else Addresses(v6=ranges)


def _address(text: str) -> tuple[int, int] | None:
    """(version, number) of an address; IPv4 is read here because importing `ipaddress` costs a cold start."""
    parts = text.strip().split(".")
    if len(parts) == 4 and all(p.isdigit() and p.isascii() and int(p) < 256 for p in parts):
        a, b, c, d = map(int, parts)
        return 4, a << 24 | b << 16 | c << 8 | d
    if ":" not in text:
        return None
    from ipaddress import IPv6Address

    try:
        return 6, int(IPv6Address(text.strip()))
    except ValueError:
        return None


def union(sets: Iterable[Addresses]) -> Addresses:
    """All of them."""
    found = NOBODY
    for addresses in sets:
        found |= addresses
    return found


def of(*texts: str) -> Addresses:
    """The union of texts that are known to be well written."""
    return union(found for text in texts if (found := parse(text)) is not None)


PRIVATE = of(
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "168.63.129.16/32",
    "::/3", "4000::/2", "8000::/1",
)  # fmt: skip
"""Addresses that no packet from the internet has: RFC 6890, multicast, reserved; of IPv6 all but 2000::/3 (RFC 4291).

168.63.129.16 is Azure's own (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
"""

INTERNET = EVERYBODY - PRIVATE

BLOCK_V4 = 2**24
BLOCK_V6 = 2**112
"""The largest block that counts as somebody's: a /8 of IPv4, a /16 of IPv6.

Source: the largest that IANA ever gave to one holder is a /8 (IANA IPv4 Address Space Registry); registries as a
whole get a /12 of IPv6, holders a /19 or less.
"""


@lru_cache(maxsize=4096)
def is_wide(addresses: Addresses) -> bool:
    """More public addresses than one holder could have: the internet, whatever small holes were cut into it."""
    public = addresses & INTERNET
    return size(public.v4) > BLOCK_V4 or size(public.v6) > BLOCK_V6
