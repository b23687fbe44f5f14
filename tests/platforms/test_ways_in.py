"""Ways into a network: jump box, peering, private link service; each refuses what would open more than is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question
from ringfence.constructs.jump_box import JumpBox, admitted
from ringfence.constructs.network import Network, Subnet
from ringfence.constructs.peering import peered
from ringfence.constructs.private_link_service import private_link_service
from ringfence.errors import ConstructError
from tests.platforms.ground import ground, stood

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.blueprint import File
    from ringfence.model.symbol import Value

OFFICES = ("203.0.113.0/28",)
PEOPLE = "11111111-1111-1111-1111-111111111111"
CUSTOMER = "22222222-2222-2222-2222-222222222222"


def network(file: File, name: str, space: str, **more: object) -> Network:
    group: Value = file.layer.file("main.tf").declared[1].ref("name")
    subnets = (Subnet(f"in_{name}", f"subnet-{name}", 28, **more),)  # type: ignore[arg-type]
    return Network(file, name, called=f"vnet-{name}", group=group, location="uksouth", space=space, subnets=subnets)


def test_a_jump_box_is_reached_from_listed_ranges_only(tmp_path: Path) -> None:
    file, home = ground()
    way_in = network(file, "jump", "10.1.0.0/26", rules=admitted(OFFICES))
    JumpBox(
        file,
        "jump",
        home,
        called="vm-jump",
        subnet=way_in.subnets["in_jump"].id,
        administrators=PEOPLE,
        key="ssh-rsa AAAA",
    )
    found = stood(file, tmp_path)
    outcomes = {
        source: {
            r["outcome"]
            for r in Question("reach", source=(source,), to=("vm-jump",)).answer(found)
            if r["door"] == "ssh"
        }
        for source in ("203.0.113.5", "198.51.100.1")
    }
    assert outcomes == {"203.0.113.5": {"allowed"}, "198.51.100.1": {"denied"}}
    assert [e.name for e in file.layer.register.exemptions] == ["jump box"]
    assert [(u.who, u.role) for u in file.layer.register.uses] == [(PEOPLE, "Virtual Machine Administrator Login")]


@pytest.mark.parametrize("prefix", ["*", "Internet", "0.0.0.0/0", "128.0.0.0/1", "::/0"])
def test_a_jump_box_is_never_open_to_everybody(prefix: str) -> None:
    with pytest.raises(ConstructError, match="cannot be open to"):
        admitted((prefix,))


def test_a_jump_box_that_nobody_may_reach_is_refused() -> None:
    with pytest.raises(ConstructError, match="nobody is listed"):
        admitted(())


def test_peers_see_one_another_and_forward_nothing(tmp_path: Path) -> None:
    file, _ = ground()
    ways = peered(file, one=network(file, "a", "10.1.0.0/24"), other=network(file, "b", "10.2.0.0/24"))
    found = stood(file, tmp_path)
    assert [w.name for w in ways] == ["a_to_b", "b_to_a"]
    assert {w.arguments["allow_forwarded_traffic"] for w in ways} == {False}
    assert all(w.key in found.resources for w in ways)


def test_peers_that_overlap_are_refused() -> None:
    file, _ = ground()
    with pytest.raises(ConstructError, match="they overlap"):
        peered(file, one=network(file, "a", "10.1.0.0/24"), other=network(file, "b", "10.1.0.0/26"))


def offered(**words: object) -> None:
    file, home = ground()
    given: dict[str, object] = {"visible_to": (CUSTOMER,), **words}
    private_link_service(file, "own", home, called="pls-own", frontend="f", subnet="s", **given)  # type: ignore[arg-type]


def test_a_service_of_ones_own_is_offered_to_listed_customers(tmp_path: Path) -> None:
    file, home = ground()
    made = private_link_service(
        file, "own", home, called="pls-own", frontend="f", subnet=home.endpoints, visible_to=(CUSTOMER,)
    )
    assert made.arguments["visibility_subscription_ids"] == (CUSTOMER,)
    assert "auto_approval_subscription_ids" not in made.arguments
    assert made.key in stood(file, tmp_path).resources


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"visible_to": ()}, "offered to nobody"),
        ({"visible_to": ("*",)}, "offered to everybody"),
        ({"approved": (PEOPLE,)}, "which does not see it"),
    ],
)
def test_a_service_that_is_offered_to_the_wrong_ones_is_refused(words: dict[str, object], message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        offered(**words)
