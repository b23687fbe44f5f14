"""Switches by axis: automation closes what is open to the internet, and real data relaxes nothing at all."""

from __future__ import annotations

import pytest

from ringfence.errors import ConstructError
from ringfence.platforms.flowehr.switches import AUTOMATION, REAL_DATA, SWITCHES
from ringfence.switches import refuse_relaxed
from tests.platforms.flowehr.configured import declared

ALL = "switches:\n" + "".join(f"  {switch.sample}\n" for switch in SWITCHES)
CELLS = {
    (True, True): "prod",
    (True, False): "ci",
    (False, False): "dev",
    (False, True): "local-real",
}
OPEN = (
    "public_network_access_enabled",
    "public_network_enabled",
    "internet_query_enabled",
    "internet_ingestion_enabled",
)


def cell(automation: bool, real: bool, switches: str) -> str:
    return f"tf_in_automation: {str(automation).lower()}\naccesses_real_data: {str(real).lower()}\n{switches}"


@pytest.mark.parametrize("axes", CELLS)
def test_each_cell_of_the_two_axes_is_a_world(axes: tuple[bool, bool]) -> None:
    found = declared("prod", cell(*axes, "switches: {}"))
    assert (found.world, found.production) == (CELLS[axes], axes[1])
    assert found.register.relaxations == []


def test_automation_opens_nothing_whatever_the_switches_say() -> None:
    found = declared("ci", ALL)
    opened = [(d.key, a) for d in found.declared.values() for a in OPEN if d.arguments.get(a) is True]
    assert opened == []
    assert not any(d.type == "azurerm_mssql_firewall_rule" for d in found.declared.values())
    closed = {f"switches.{switch.name}" for switch in SWITCHES if switch.axis == AUTOMATION}
    assert closed.isdisjoint(relaxation.switch for relaxation in found.register.relaxations)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_a_switch_relaxes_a_developers_copy(switch: object) -> None:
    sample = f"switches:\n  {switch.sample}"  # type: ignore[attr-defined]
    name = f"switches.{switch.name}"  # type: ignore[attr-defined]
    assert {relaxation.switch for relaxation in declared("dev", sample).register.relaxations} == {name}


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_production_with_a_switch_is_refused_by_name(switch: object) -> None:
    found = declared("prod", f"switches:\n  {switch.sample}")  # type: ignore[attr-defined]
    assert {r.switch for r in found.register.relaxations} == {f"switches.{switch.name}"}  # type: ignore[attr-defined]
    with pytest.raises(ConstructError) as raised:
        refuse_relaxed(found)
    assert f"switches.{switch.name}" in raised.value.message  # type: ignore[attr-defined]


def test_a_copy_differs_from_production_in_what_switches_name_only() -> None:
    """Of two deployments that differ in the axes alone, apart from the peering of automation."""
    mine, production = (declared("prod", cell(*axes, "switches: {}")) for axes in ((False, False), (True, True)))
    ways = ("azurerm_virtual_network_peering", "azurerm_virtual_network")
    keys = {d.key for d in production.declared.values() if d.type not in ways and d.name not in ("ci", "deployment")}
    assert keys <= mine.declared.keys() | {k for k in keys if "automation" in production.declared[k].file.name}


def test_axes_are_those_of_the_configuration() -> None:
    assert {switch.axis for switch in SWITCHES} == {AUTOMATION, REAL_DATA}
