"""Pictures: well-formed, the same each time, nothing escapes its box, and every service stands on one side."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from ringfence.ask import Question
from ringfence.documents.picture.box import Box
from ringfence.documents.picture.network import MOST, boxes
from ringfence.documents.picture.picture import entered, picture, services
from ringfence.documents.picture.sheet import Arrow, sheet
from ringfence.model.symbol import Input
from tests.questions.reach.parts import endpoint, link, network, peering, vault, zone
from tests.support import declare, estate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Estate

ODD = "Ünï-网络-🔒 <script>alert('1')</script> &amp; \"x\" ]]>"
WIDE = "WM" * 40
FAR = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub/subnets/s"
UNSURE = Input(".", "x", "variable")


def many(count: int) -> Estate:
    made = (declare(f"azurerm_virtual_network.n{i}", name=f"n{i}", resource_group_name="rg") for i in range(count))
    return estate(*made)


ESTATES: dict[str, Estate] = {
    "nothing": estate(),
    "no network": estate(vault(public_network_access_enabled=False)),
    "all sides": estate(
        *network("a"), *network("b"), *peering("a", "b"), zone(), link("a"), endpoint(), vault(),
        vault("kv2", public_network_access_enabled=False), vault("kv3", public_network_access_enabled=UNSURE),
    ),
    "odd names": estate(
        *network("a", {"name": ODD}), declare("azurerm_key_vault.v", name=ODD, resource_group_name="rg"),
        declare("azurerm_key_vault.w", name=WIDE, resource_group_name="rg"),
    ),
    "many": many(100),
    "elsewhere": estate(vault(), declare("azurerm_private_endpoint.pe", name="pe", subnet_id=FAR)),
}  # fmt: skip
each = pytest.mark.parametrize("name", ESTATES)


def drawn(made: Estate) -> list[Box]:
    reached = services(made)
    return boxes(made, reached, entered(made, reached))


def svg(made: Estate, question: str = "reach", **words: Any) -> str:
    rows = Question(question, **words).answer(made)
    return picture(question, ODD, "prod", made, rows, whole=not words)


@each
def test_it_is_well_formed_and_runs_nothing(name: str) -> None:
    for question in ("reach", "custody"):
        root = ElementTree.fromstring(svg(ESTATES[name], question))
        assert not [e for e in root.iter() if e.tag.endswith("script") or any(k.startswith("on") for k in e.attrib)]
        assert ODD in "".join(root.itertext())


@each
def test_it_is_the_same_each_time(name: str) -> None:
    assert svg(ESTATES[name]) == svg(ESTATES[name])


@each
def test_no_box_overlaps_another_and_children_are_inside(name: str) -> None:
    outer = drawn(ESTATES[name])
    _apart(outer)
    for box in (b for one in outer for b in one.all()):
        _apart(box.inside)
        for inner in box.inside:
            assert box.x < inner.x
            assert box.y < inner.y
            assert inner.x + inner.width < box.x + box.width
            assert inner.y + inner.height < box.y + box.height


def _apart(found: Iterable[Box]) -> None:
    for a, b in combinations(found, 2):
        beside = a.x + a.width <= b.x or b.x + b.width <= a.x
        assert beside or a.y + a.height <= b.y or b.y + b.height <= a.y


@each
def test_every_service_stands_on_one_side(name: str) -> None:
    made = ESTATES[name]
    sides = {
        box.key: (outer.style, box.style)
        for outer in drawn(made)
        for box in outer.all()
        if box.style.startswith("service ")
    }
    where = {"allowed": "internet", "unknown": "undecided", "denied": "boundary"}
    assert sides == {key: (where[word], f"service {word}") for key, word in services(made).items()}
    assert sum(box.style.startswith("service ") for outer in drawn(made) for box in outer.all()) == len(sides)


def test_networks_that_are_too_many_are_counted() -> None:
    titles = [box.title for outer in drawn(ESTATES["many"]) for box in outer.all()]
    assert f"and {100 - MOST} more networks" in titles


def test_what_stands_in_a_subnet_that_is_not_declared_is_drawn() -> None:
    (inside,) = (
        box.inside for outer in drawn(ESTATES["elsewhere"]) for box in outer.all() if "not declared" in box.title
    )
    assert [box.title for box in inside] == ["pe"]


def test_a_text_fits_into_its_box() -> None:
    """The widest letters of the widest fonts are about an em."""
    box = Box("", "WM" * 10, "")
    box.lay(100)
    assert box.width > 20 * 12


def test_arrows_are_drawn_once_and_never_into_what_they_begin_in() -> None:
    inner, other = Box("inner", "i", "service"), Box("other", "o", "service")
    outer = Box("outer", "o", "internet", (), [inner])
    for box in (outer, other):
        box.lay(500)
    other.move(0, 200)
    arrows = [Arrow(("outer", "inner", "other"), "allowed")] * 2
    assert sheet("h", [outer, other], arrows, []).count('class="go-allowed"') == 1


def test_a_path_is_drawn_over_its_endpoint() -> None:
    made = ESTATES["all sides"]
    told = svg(made, source=("azurerm_subnet.a",), to=("azurerm_key_vault.kv1",))
    assert told.count('class="go-allowed"') == 1  # from the endpoint on, which stands in the subnet
    assert "allowed: a/s-a → kv1/vault" in told
