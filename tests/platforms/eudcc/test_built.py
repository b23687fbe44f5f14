"""EUDCC as Terraform: it reads back as it was declared, is formatted, and proves in both worlds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ringfence.builders.terraform import build
from ringfence.builders.terraform.outputs import references
from ringfence.constructs.naming import checked
from ringfence.declared import estate
from ringfence.platforms import folder
from ringfence.platforms.eudcc import WORLDS
from ringfence.prove import Request, prove
from tests.platforms.eudcc.configured import VARIANTS, blocks, declared
from tests.platforms.same import differences, read_back
from tests.platforms.test_blueprint import formatted

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.blueprint import Blueprint


@pytest.fixture(params=VARIANTS, scope="module")
def blueprint(request: pytest.FixtureRequest) -> Blueprint:
    return declared(*VARIANTS[request.param])


def test_it_reads_back_as_it_was_declared(blueprint: Blueprint, tmp_path: Path) -> None:
    built = build(blueprint)
    assert list(differences(estate(blueprint, built), read_back(built, tmp_path, blueprint.world))) == []


@pytest.mark.skipif(not shutil.which("terraform"), reason="there is no terraform here")
def test_terraform_finds_nothing_to_format(blueprint: Blueprint, tmp_path: Path) -> None:
    assert formatted(build(blueprint), tmp_path) == ""


def test_every_role_assignment_is_of_a_declared_need(blueprint: Blueprint) -> None:
    types = ("azurerm_role_assignment", "azurerm_key_vault_managed_hardware_security_module_role_assignment")
    assigned = {d.key for type_ in types for d in blocks(blueprint, type_)}
    uses = {use.key: use for use in blueprint.register.uses}
    assert assigned <= uses.keys()
    assert all(uses[key].why and uses[key].name for key in assigned)


def test_names_are_those_that_azure_allows(blueprint: Blueprint) -> None:
    checked(blueprint.declared.values())
    assert len(blocks(blueprint, "azurerm_key_vault")) == 2


def test_layers_are_in_the_order_of_their_deployment() -> None:
    seen: list[str] = []
    for layer in declared().layers:
        seen.append(layer.name)
        assert {ref.key.partition("#")[0] for ref in references(layer)} <= set(seen)
    assert seen == ["dev", "eu", "ie", "eu-workloads", "ie-workloads"]


def test_it_proves_in_both_worlds() -> None:
    found = prove(Request(folder("eudcc"), WORLDS, platform="eudcc"))
    assert [row for row in found.rows if row.outcome == "unknown"] == []
    assert [c.claim.text for c in found.claims if c.agrees is not True] == []
    assert found.exit == 0
