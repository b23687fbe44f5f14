"""Algebra that holds for any input, against other implementations where there are some."""

from __future__ import annotations

import ipaddress
import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Error, List, Set
from ringfence.readers.hcl import number
from ringfence.readers.hcl.functions import call
from ringfence.readers.hcl.functions.re2 import Pattern
from ringfence.readers.hcl.functions.re2.machine import Machine
from ringfence.readers.hcl.functions.re2.parse import parse
from ringfence.readers.hcl.types import ListOf, SetOf, convert, equal
from tests.functions.evaluating import CONTEXT

composed = st.text(max_size=8).map(lambda t: normalize("NFC", t))  # as Terraform has every string
data = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | composed,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(composed, inner, max_size=4),
    max_leaves=12,
)
texts = st.text(max_size=12).map(lambda t: str(call("chomp", (t + "x",), CONTEXT)))


def _networks(version: int) -> st.SearchStrategy[tuple[int, int]]:
    bits = 32 if version == 4 else 128
    return st.tuples(st.integers(0, 2**bits - 1), st.integers(0, bits))


@given(_networks(4) | _networks(6).filter(lambda n: n[0] >= 1 << 127), st.integers(0, 12), st.data())
def test_subnets_are_those_of_ipaddress(network: tuple[int, int], more: int, draw: st.DataObject) -> None:
    bits = 32 if network[0] < 1 << 32 else 128
    kind = ipaddress.IPv4Network if bits == 32 else ipaddress.IPv6Network
    base = kind((network[0], min(network[1], bits)), strict=False)
    which = draw.draw(st.integers(0, 2**more - 1))
    found = call("cidrsubnet", (str(base), more, which), CONTEXT)
    if base.prefixlen + more > bits:
        assert isinstance(found, Error)
    else:
        step = 1 << bits - base.prefixlen - more
        assert found == str(kind((int(base[0]) + which * step, base.prefixlen + more)))


@given(_networks(4), st.integers())
def test_hosts_are_those_of_ipaddress(network: tuple[int, int], host: int) -> None:
    base = ipaddress.ip_network(network, strict=False)
    host %= base.num_addresses
    assert call("cidrhost", (str(base), host), CONTEXT) == str(base[host])
    assert call("cidrhost", (str(base), host - base.num_addresses), CONTEXT) == str(base[host])


@given(data)
def test_json_comes_back(value: Any) -> None:
    written = call("jsonencode", (value,), CONTEXT)
    assert isinstance(written, str)
    again = call("jsonencode", (call("jsondecode", (written,), CONTEXT),), CONTEXT)
    assert again == call("jsonencode", (call("jsondecode", (again,), CONTEXT),), CONTEXT)
    assert json.loads(written) == json.loads(json.dumps(value))


@given(st.lists(texts | st.none(), max_size=8))
def test_sets_have_an_order_and_no_duplicates(values: list[str | None]) -> None:
    made = convert(tuple(values), SetOf("string"))
    assert isinstance(made, Set)
    assert set(made) == set(values)
    assert [v for v in made if v is not None] == sorted({v for v in values if v is not None})
    assert convert(made, ListOf("string")) == List(made)
    assert equal(made, convert(tuple(reversed(values)), SetOf("string"))) is True


numbers = st.integers(-(10**40), 10**40) | st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
)


@given(numbers, numbers)
def test_sums_and_products_are_exact_to_512_bits(a: int | Decimal, b: int | Decimal) -> None:
    one, other = (
        number.parse(format(a, "f") if isinstance(a, Decimal) else str(a)),
        number.parse(str(b) if isinstance(b, int) else format(b, "f")),
    )
    assert one is not None
    assert other is not None
    for found, exact in (
        (number.add(one, other), Fraction(a) + Fraction(b)),
        (number.multiply(one, other), Fraction(a) * Fraction(b)),
    ):
        assert abs(Fraction(found) - exact) <= (abs(exact) + abs(Fraction(a)) + abs(Fraction(b))) / 2**508
    assert number.parse(number.text_of(number.add(one, other))) == number.add(one, other)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_print_as_their_shortest_digits(value: float) -> None:
    found = number.from_float(value)
    assert float(found) == value or math.isclose(float(found), value, rel_tol=2**-53)


simple = st.text("ab", min_size=1, max_size=2)
patterns = st.recursive(
    simple | st.sampled_from([".", "[ab]", "[^a]", "^", "$", r"\b"]),
    lambda inner: (
        st.builds("({}|{})".format, inner, inner)
        | st.builds("(?:{}){}".format, inner, st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}"]))
        | st.builds("{}{}".format, inner, inner)
    ),
    max_leaves=5,
)


@settings(max_examples=300)
@given(patterns, st.text("abc \n", max_size=7))
def test_the_machine_finds_what_re_finds(source: str, text: str) -> None:
    tree, names = parse(source)
    fast, slow = Pattern(source), Machine(tree, len(names))
    match = re.compile(fast._re.pattern, re.ASCII).search(text)
    found = slow.search(text, 0)
    assert (match is None) == (found is None)
    if match is not None and found is not None:
        assert match.span() == found[0]
