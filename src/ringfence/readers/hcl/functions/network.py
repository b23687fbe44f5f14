"""CIDR arithmetic, IPv4 and IPv6.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/cidr.go; github.com/apparentlymart/go-cidr v1.1.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, List
from ringfence.readers.hcl.functions.signature import Refused, Topic, numeric, string, whole

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.number import Number

FUNCTIONS = Topic()
_V4 = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)\Z")
_STEP = 32
"""How many bits one call may add."""


def _network(prefix: str) -> tuple[int, int, int]:
    """The first address as a number, the length of the prefix, and how many bits an address has."""
    address, slash, length = prefix.partition("/")
    number, bits = _address(address) if slash else (0, 0)
    if not bits or not re.fullmatch(r"[0-9]{1,3}", length) or int(length) > bits:
        raise Refused(f'"{prefix[:60]}" is no CIDR prefix')
    host = bits - int(length)
    return number >> host << host, int(length), bits


def _address(text: str) -> tuple[int, int]:
    """The address as a number, and how many bits it has: 32 or 128, 0 when it is none."""
    match = _V4.match(text)
    if match is not None:
        octets = [int(o[-9:]) for o in match.groups()]
        return (int.from_bytes(bytes(octets)), 32) if max(octets) < 256 else (0, 0)
    from ipaddress import AddressValueError, IPv6Address

    try:
        return (0, 0) if "%" in text else (int(IPv6Address(text)), 128)
    except AddressValueError:
        return 0, 0


def _written(number: int, bits: int) -> str:
    if bits == 32:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    from ipaddress import IPv6Address

    return str(IPv6Address(number))


def _is_mapped(number: int, bits: int) -> bool:
    """True for an IPv4 address in IPv6's form, for which Terraform's results are not to be relied on."""
    return bits == 128 and number >> 32 == 0xFFFF


@FUNCTIONS.plain(string("prefix"), numeric("hostnum"))
def cidrhost(prefix: str, host: Number) -> Value:
    """The address with the number in the network; a negative number counts from the end."""
    first, length, bits = _network(prefix)
    number = _any_whole(host)
    if _is_mapped(first, bits):
        return Apply("cidrhost", (prefix, host))
    size = 1 << bits - length
    if not -size <= number < size:
        raise Refused(f"{prefix} has no host number {number}")
    return _written(first + number % size, bits)


def _any_whole(value: Number) -> int:
    if not isinstance(value, int):
        raise Refused("a whole number is required")
    return value


@FUNCTIONS.plain(string("prefix"))
def cidrnetmask(prefix: str) -> Value:
    """The network mask of an IPv4 prefix."""
    _, length, bits = _network(prefix)
    if bits != 32:
        raise Refused("only IPv4 has network masks")
    return _written((1 << 32) - (1 << 32 - length), 32)


@FUNCTIONS.plain(string("prefix"), numeric("newbits"), numeric("netnum"))
def cidrsubnet(prefix: str, more: Number, which: Number) -> Value:
    """The subnet with the number among those whose prefix is so many bits longer; what makes no sense is kept."""
    first, length, bits = _network(prefix)
    extra, number = whole(more, "newbits"), _any_whole(which)
    if _is_mapped(first, bits) or extra < 0 or number < 0:
        return Apply("cidrsubnet", (prefix, more, which))
    if length + extra > bits:
        raise Refused(f"{prefix} cannot be extended by {extra} bits")
    if number >= 1 << extra:
        raise Refused(f"{extra} more bits do not hold the subnet number {number}")
    return f"{_written(first + (number << bits - length - extra), bits)}/{length + extra}"


@FUNCTIONS.plain(string("prefix"), rest=numeric("newbits"))
def cidrsubnets(prefix: str, *more: Number) -> Value:
    """Subnets in a row, each so many bits longer and as close to the one before as its size allows."""
    first, length, bits = _network(prefix)
    if _is_mapped(first, bits):
        return Apply("cidrsubnets", (prefix, *more))
    end, at, found = first + (1 << bits - length), first, []
    for extra in (whole(m, "newbits") for m in more):
        if not 1 <= extra <= _STEP:
            raise Refused(f"a prefix must be extended by 1 to {_STEP} bits, not {extra}")
        if length + extra > bits:
            raise Refused(f"{prefix} cannot be extended by {extra} bits")
        size = 1 << bits - length - extra
        at = -(-at // size) * size
        if at + size > end:
            raise Refused(f"{prefix} has no room for another subnet of {length + extra} bits")
        found.append(f"{_written(at, bits)}/{length + extra}")
        at += size
    return List(found)


@FUNCTIONS.plain(string("containing_prefix"), string("contained_ip_or_prefix"))
def cidrcontains(prefix: str, inner: str) -> Value:
    """Whether the network holds the address, or the whole of the other network. OpenTofu only."""
    first, length, bits = _network(prefix)
    if "/" in inner:
        number, inner_length, inner_bits = _network(inner)
    else:
        number, inner_bits = _address(inner)
        inner_length = inner_bits
    if inner_bits != bits:
        raise Refused("both must be IPv4, or both IPv6")
    return inner_length >= length and number >> bits - length == first >> bits - length
