"""Switches by axis: automation closes what is open to the internet, and real data relaxes nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.builders.terraform.outputs import references_of
from ringfence.constructs.lock import LOCK
from ringfence.errors import ConstructError
from ringfence.platforms.flowehr.settings.switches import AUTOMATION, REAL_DATA, SWITCHES
from ringfence.switches import refuse_relaxed
from tests.platforms.flowehr.configured import declared

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from ringfence.platforms.switch import Switch

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
def test_a_switch_relaxes_a_developers_copy(switch: Switch) -> None:
    sample = f"switches:\n  {switch.sample}"
    name = f"switches.{switch.name}"
    assert {relaxation.switch for relaxation in declared("dev", sample).register.relaxations} == {name}


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_production_with_a_switch_is_refused_by_name(switch: Switch) -> None:
    found = declared("prod", f"switches:\n  {switch.sample}")
    assert {r.switch for r in found.register.relaxations} == {f"switches.{switch.name}"}
    with pytest.raises(ConstructError) as raised:
        refuse_relaxed(found)
    assert f"switches.{switch.name}" in raised.value.message


def test_a_copy_without_switches_is_production_to_the_letter() -> None:
    """Only who deploys, and from where, follows from the axes themselves, and whom synthetic data is given to."""
    mine, production = (declared("prod", cell(*axes, "switches: {}")) for axes in ((False, False), (True, True)))
    assert changed(mine, production) <= {
        "core#data.azurerm_virtual_network.ci",
        "core#azurerm_network_security_group.data",
        "core#azurerm_network_security_group.shared",
        "core#azurerm_virtual_network_peering.core_to_ci",
        "core#azurerm_virtual_network_peering.ci_to_core",
        "core#azurerm_role_assignment.deployer_writes_secrets",
        "serve#azurerm_role_assignment.deployer_writes_secrets",
        "core#azuread_group.developers",
        *(d.key for d in mine.declared.values() if d.type == "azurerm_cosmosdb_sql_role_assignment"),
        "serve#azuread_app_role_assignment.audit_explorer_developers",
        "serve#azuread_app_role_assignment.bed_forecast_developers",
        *(d.key for d in production.declared.values() if d.file.name == "automation.tf"),
        *(
            d.key
            for d in production.declared.values()
            if d.type.endswith("zone_virtual_network_link") and "_ci" in d.name
        ),
    }


def changed(one: Blueprint, other: Blueprint) -> set[str]:
    """The blocks that are in one of the two only, or have other arguments."""
    mine, theirs = (
        {k: (repr(d.arguments), d.life.prevent_destroy) for k, d in b.declared.items()} for b in (one, other)
    )
    return {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_a_switch_changes_what_it_enters_and_nothing_else(switch: Switch) -> None:
    """Beside that, whatever lets the same addresses in, and how Terraform destroys."""
    plain, open_ = declared("dev", "switches: {}"), declared("dev", f"switches:\n  {switch.sample}")
    entered = {r.key for r in open_.register.relaxations if r.argument != LOCK}
    beside = {k for k in changed(plain, open_) - entered if "firewall_rule" not in k and LOCK not in k}
    assert beside == set()
    locks = [d for d in plain.declared.values() if d.type == LOCK and d.key not in open_.declared]
    gone = {reference.key for lock in locks for reference in references_of(lock.arguments)}
    assert gone == {r.key for r in open_.register.relaxations if r.argument == LOCK}
    assert entered <= changed(plain, open_)


def test_axes_are_those_of_the_configuration() -> None:
    assert {switch.axis for switch in SWITCHES} == {AUTOMATION, REAL_DATA}
