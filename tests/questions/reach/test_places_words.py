"""Words for many places at once."""

from __future__ import annotations

from ringfence.questions.reach.places import more, places
from ringfence.questions.reach.standing import every_place
from tests.support import declare, estate

SUBNETS = (
    declare("azurerm_virtual_network.v", name="v", resource_group_name="rg", address_space=("10.0.0.0/16",)),
    declare(
        "azurerm_subnet.a",
        name="a",
        resource_group_name="rg",
        virtual_network_name="v",
        address_prefixes=("10.0.0.0/24",),
    ),
    declare(
        "azurerm_subnet.b",
        name="b",
        resource_group_name="rg",
        virtual_network_name="v",
        address_prefixes=("10.0.1.0/24",),
    ),
)


def test_subnets_are_every_one_that_is_declared() -> None:
    made = estate(*SUBNETS)
    assert [place.title for place in places(made, "subnets")] == ["v/a", "v/b"]
    assert places(made, "Every subnet") == every_place(made)
    assert more(made, "subnets") == ()


def test_subnets_that_may_not_be_all_say_so() -> None:
    made = estate(*SUBNETS, declare("azurerm_subnet.c", name="c", plural=True, presence=True))
    made.ledger.unread.append(("module.network", "its source is not in the checkout"))
    assert [need.subject for need in more(made, "subnets")] == ["module.network"]
