"""Address and port sets against `ipaddress` and plain sets."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.questions.network import cidr, ports

RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)
V4 = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32))
V6 = st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 128))


def numbers(ranges: tuple[cidr.Range, ...]) -> set[int]:
    return {n for first, last in ranges for n in range(first, last + 1)}


@given(RANGES, RANGES)
def test_range_algebra_is_set_algebra(a: list[cidr.Range], b: list[cidr.Range]) -> None:
    x, y = cidr.normal(a), cidr.normal(b)
    assert numbers(x) == {n for first, last in a for n in range(first, last + 1)}
    assert numbers(cidr.common(x, y)) == numbers(x) & numbers(y)
    assert numbers(cidr.without(x, y)) == numbers(x) - numbers(y)
    assert cidr.size(x) == len(numbers(x))
    assert all(p[1] + 1 < q[0] for p, q in pairwise(x))


@given(V4)
def test_ipv4_blocks(block: tuple[int, int]) -> None:
    network = ip_network(block, strict=False)
    found = cidr.parse(f"{ip_address(block[0])}/{block[1]}")
    assert found == cidr.Addresses(v4=((int(network[0]), int(network[-1])),))


@given(V6)
def test_ipv6_blocks(block: tuple[int, int]) -> None:
    network = IPv6Network(block, strict=False)
    found = cidr.parse(f"{IPv6Address(block[0])}/{block[1]}")
    assert found == cidr.Addresses(v6=((int(network[0]), int(network[-1])),))


@given(st.lists(V4, max_size=4), st.lists(V4, max_size=4), st.integers(0, 2**32 - 1))
def test_operators(a: list[tuple[int, int]], b: list[tuple[int, int]], probe: int) -> None:
    def made(blocks: list[tuple[int, int]]) -> cidr.Addresses:
        return cidr.of(*(f"{ip_address(n)}/{bits}" for n, bits in blocks))

    def holds(found: cidr.Addresses) -> bool:
        return any(first <= probe <= last for first, last in found.v4)

    x, y = made(a), made(b)
    assert holds(x | y) == (holds(x) or holds(y))
    assert holds(x & y) == (holds(x) and holds(y))
    assert holds(x - y) == (holds(x) and not holds(y))
    assert (x <= y) == (not x - y)
    assert x & y <= x <= x | y


@pytest.mark.parametrize("text", ["", "Internet", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/x", "::/129", ":::"])
def test_what_is_no_address(text: str) -> None:
    assert cidr.parse(text) is None


def test_a_range_of_addresses() -> None:
    assert cidr.parse("10.0.0.1-10.0.0.2") == cidr.of("10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize(
    ("texts", "internet"),
    [
        (("0.0.0.0/0",), True),
        (("10.9.8.7/0",), True),
        (("::/0",), True),
        (("0.0.0.0/1", "128.0.0.0/1"), True),
        (("128.0.0.0/1",), True),
        (("8.0.0.0/7",), True),
        (("8.0.0.0/8",), False),
        (("2001:db8::/32",), False),
        (("2000::/3",), True),
        (("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), False),
        (("1.2.3.4", "1.2.3.0/24"), False),
        ((), False),
    ],
)
def test_the_internet_as_a_whole(texts: tuple[str, ...], internet: bool) -> None:
    assert cidr.is_wide(cidr.of(*texts)) is internet


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("22", ((22, 22),)),
        ("20-25", ((20, 25),)),
        ("*", ((0, 65535),)),
        ("80,443, 20-21", ((20, 21), (80, 80), (443, 443))),
        ("25-20", None),
        ("70000", None),
        ("ssh", None),
        ("", None),
    ],
)
def test_ports(text: str, found: tuple[cidr.Range, ...] | None) -> None:
    assert ports.parse(text) == found
