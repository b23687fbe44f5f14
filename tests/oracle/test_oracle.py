"""Network decisions against the kernel of Linux: it decides packet by packet what `packet` decides by reading.

Each network is compiled to namespaces, routes and nftables from its resources' raw fields and Azure's documentation,
and first packets are sent through. Where the estate leaves something open (who is behind a peering, what is in a
service tag), it is built in several ways: what `packet` knows has to hold in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from ringfence.declared import blueprint, estate
from ringfence.platforms import platform
from tests.oracle.asked import Asked
from tests.oracle.flows import arrived, sampled, shots
from tests.oracle.kernel import Built, standing, unavailable
from tests.oracle.made import generated
from tests.oracle.plain import net as plain
from tests.oracle.supposed import WAYS

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.answer import Answer
    from tests.oracle.flows import Flow
    from tests.oracle.plain import Net

PLATFORMS = [(name, world) for name in ("flowehr", "eudcc") for world in platform(name).WORLDS]
SEEDS = range(6)
FLOWS = 1200
DECIDED = {"platform": 1000, "generated": 850}
"""So many of each estate at least; `test_ten_thousand` adds them up."""


@dataclass(frozen=True)
class Tried:
    """A flow, what is answered, and what the kernel did with it in each way in which it could be sent."""

    flow: Flow
    answer: Answer
    passed: dict[str, bool]

    @property
    def is_wrong(self) -> bool:
        """The kernel did otherwise at least once."""
        return {"pass": False, "fail": True}.get(self.answer.outcome) in self.passed.values()

    def __str__(self) -> str:
        hops = "; ".join(f"{hop.text}: {hop.verdict.outcome}" for hop in self.answer.hops)
        return f"{self.flow} is answered {self.answer.outcome} ({hops}), by the kernel {self.passed}"


@cache
def why_not() -> str:
    return unavailable()


@pytest.fixture(autouse=True)
def _permitted() -> None:
    if why_not():
        pytest.skip(why_not())


def tried(found: Estate, net: Net, random: Random, flows: int = FLOWS) -> tuple[Tried, ...]:
    """Every sampled flow that could be sent through a network, with what is answered about the estate."""
    asked = Asked(found, net)
    made = [Tried(flow, asked.answer(flow), {}) for flow in sampled(net, random, flows)]
    for built in _different(net):
        with standing(built):
            _send(built, made)
    return tuple(one for one in made if one.passed)


def _different(net: Net) -> list[Built]:
    """One network for each way in which it may be; ways that make no difference are one."""
    every = [Built(net, way) for way in WAYS]
    return [*{built.plan: built for built in reversed(every)}.values()][::-1]


def _send(built: Built, made: list[Tried]) -> None:
    sent = [(one, shot) for one in made for shot in shots(built, one.flow)]
    for (one, shot), zone in zip(sent, built.shoot([shot for _, shot in sent]), strict=True):
        before = one.passed.get(built.way.name, False)
        one.passed[built.way.name] = before or arrived(built, one.flow, shot, zone)


def _agreed(found: tuple[Tried, ...]) -> int:
    """How many flows were decided; all of them alike."""
    wrong = [str(one) for one in found if one.is_wrong]
    assert not wrong, f"{len(wrong)} flows are decided otherwise:\n" + "\n".join(wrong[:5])
    return sum(one.answer.outcome != "unknown" for one in found)


@pytest.mark.parametrize(("name", "world"), PLATFORMS)
def test_the_kernel_decides_alike_on_a_platform(name: str, world: str) -> None:
    declared = estate(blueprint(name, world))
    found = tried(declared, plain(declared), Random(name + world))
    assert _agreed(found) >= DECIDED["platform"]
    assert {one.answer.outcome for one in found} >= {"pass", "fail"}
    needless = [one for one in found if one.answer.outcome == "unknown" and len({*one.passed.values()}) < 2]
    assert len(needless) < 0.03 * len(found), "\n".join(map(str, needless[:5]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_kernel_decides_alike_on_any_network(seed: int) -> None:
    made = generated(Random(seed))
    found = tried(made, plain(made), Random(seed))
    assert _agreed(found) >= DECIDED["generated"]
    assert {one.answer.outcome for one in found} >= {"pass", "fail"}


def test_ten_thousand() -> None:
    assert len(PLATFORMS) * DECIDED["platform"] + len(SEEDS) * DECIDED["generated"] >= 10_000


def test_a_wrong_answer_is_noticed() -> None:
    """Of the same platform without security groups the answers are wrong, and of it without peerings."""
    declared = estate(blueprint("eudcc", "prod"))
    net = plain(declared)
    bare = replace(net, zones={key: replace(zone, rules=None) for key, zone in net.zones.items()})
    for other in (bare, replace(net, peerings={})):
        found = tried(declared, other, Random(1), 200)
        assert any(one.is_wrong for one in found)
