"""Subnets by the links that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.network import NetworkInterface, VirtualNetwork
from ringfence.model.resource import External
from ringfence.model.symbol import Choice, Input, Text
from ringfence.model.value import Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import Segment, prefixes, segment_of, segments, segments_in, space
from tests.questions.network.support import made, network, ref, segment_named, subnet
from tests.support import declare

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


def with_link(value: Any) -> tuple[Estate, Any]:
    inside = {"name": "In", "address_prefixes": ("10.0.5.0/24",)}
    found = made(
        network("v", "10.0.0.0/16", subnet=[inside]),
        subnet("a", "v", "10.0.0.0/24"),
        subnet("b", "v", "10.0.1.0/24"),
        declare("azurerm_network_interface.i", name="i", ip_configuration=[{"subnet_id": value}]),
    )
    (interface,) = found.of(NetworkInterface)
    (configuration,) = interface.ip_configurations
    return found, segment_of(found, interface, configuration.subnet)


def test_a_subnet_by_its_reference() -> None:
    found, segment = with_link(ref("azurerm_subnet.a"))
    assert segment == segment_named(found, "a")
    assert prefixes(segment) == cidr.of("10.0.0.0/24")


def test_an_inline_subnet_by_its_path_and_by_its_network() -> None:
    for value in (Text((ref("azurerm_virtual_network.v"), "/subnets/in")),
                  ref("azurerm_virtual_network.v", "subnet", "0", "id")):  # fmt: skip
        found, segment = with_link(value)
        assert isinstance(segment, Segment)
        assert (segment.key, segment.title) == (".#azurerm_virtual_network.v/subnets/in", "In")
        assert segment.network is found.of(VirtualNetwork)[0]


def test_what_is_not_declared_not_set_or_not_known() -> None:
    full = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/far/subnets/x"
    assert isinstance(with_link(full)[1], External)
    assert with_link(None)[1] is None
    assert isinstance(with_link(Input(".", "id", "variable"))[1], Unknown)
    either = Choice(Input(".", "c", "variable"), ref("azurerm_subnet.a"), ref("azurerm_subnet.b"))
    assert isinstance(with_link(either)[1], Unknown)


def test_all_subnets_and_those_of_a_network() -> None:
    found, _ = with_link(None)
    (v,) = found.of(VirtualNetwork)
    assert [s.title for s in segments(found)] == ["a", "b", "In"]
    assert [s.title for s in segments_in(found, v)] == ["a", "b", "In"]
    assert space(v) == cidr.of("10.0.0.0/16")


def test_a_prefix_that_is_not_known() -> None:
    found = made(network("v", "10.0.0.0/16"), subnet("a", "v", Text(("10.", Input(".", "x", "variable"), ".0.0/24"))))  # type: ignore[arg-type]  # a symbol
    assert prefixes(segment_named(found, "a")) is None
