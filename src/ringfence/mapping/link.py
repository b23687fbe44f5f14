"""The one link step: declarations of all roots become an Estate.

Every managed declaration of an Azure provider becomes a resource of its kind, or an untyped one; a
folding declaration supplies fields of another (`mapping.fold`); references and data sources find
what they stand for (`mapping.resolve`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping import index
from ringfence.mapping.change import declared, enter
from ringfence.mapping.fold import Folds
from ringfence.mapping.needs import needs
from ringfence.mapping.read import Reading
from ringfence.mapping.resolve import Resolution
from ringfence.mapping.subscription import subscription
from ringfence.model.estate import Estate
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import Resource, Untyped
from ringfence.model.value import Known, Unknown
from ringfence.model.world import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.mapping.declaration import Declaration
    from ringfence.mapping.table import Table
    from ringfence.model.world import Ledger, World

CLOUD = ("azurerm_", "azuread_", "azapi_")
"""Terraform types of these providers become resources, as do those of others that have a kind; the rest is listed as
skipped."""


def link(world: World, declarations: Iterable[Declaration], ledger: Ledger) -> Estate:
    """The estate of one world, with its subscription. What is not an Azure resource is entered in the ledger."""
    found, gone = _supposed(world, _with_made(declarations), ledger)
    found += map(declared, world.change.added)
    resolution = Resolution(world.name, {d.key: d for d in found}, gone)
    folds = Folds(world.name, resolution, ledger)
    for declaration in found:
        if declaration.mode == "managed":
            _enter(declaration, world.name, resolution, folds, ledger)
    for declaration in found:
        _stand_alone(declaration, world.name, resolution, folds)
    enter(world.change, resolution.resources, ledger)
    resources = tuple(resolution.resources.values())
    ledger.read = len(resources)
    ledger.untyped = sum(isinstance(r, Untyped) for r in resources)
    return Estate(world, (*resources, subscription()), resolution, ledger)


def _with_made(declarations: Iterable[Declaration]) -> Iterator[Declaration]:
    """Every declaration, and what the cloud makes because of it."""
    for declaration in declarations:
        yield declaration
        if declaration.type == "azapi_resource":
            from ringfence.mapping.made import made

            yield from made(declaration)


def _supposed(world: World, declarations: Iterable[Declaration], ledger: Ledger) -> tuple[list[Declaration], set[str]]:
    """What a what-if leaves, and the keys of what it leaves out; what the cloud makes goes with its maker."""
    found: list[Declaration] = []
    gone: dict[str, str] = {}
    for declaration in declarations:
        entry = world.change.leaves_out(declaration.key) if world.change.without else ""
        entry = entry or gone.get(declaration.maker, "")
        if entry:
            gone[declaration.key] = entry
        else:
            found.append(declaration)
    for entry in world.change.without:
        if entry not in gone.values():
            message = f"{entry} is declared nowhere in world {world.name}, so nothing was left out"
            ledger.problems.append(Problem(message, NOWHERE))
    return found, set(gone)


def _enter(declaration: Declaration, world: str, resolution: Resolution, folds: Folds, ledger: Ledger) -> None:
    configures = index.folds(declaration.type)
    if not declaration.type.startswith(CLOUD) and index.table(declaration.type) is None:
        ledger.skipped.append((declaration.address, "not an Azure resource"))
    elif configures:
        for fold in configures:
            folds.add(declaration, fold, _presence(declaration, world))
    else:
        table = index.table_of(declaration)
        resolution.resources[declaration.key] = _resource(declaration, table, world, folds)


def _stand_alone(declaration: Declaration, world: str, resolution: Resolution, folds: Folds) -> None:
    """A folding declaration whose target was not read becomes a resource of its own, where its fold says so."""
    fold = index.fold(declaration.type) if declaration.mode == "managed" else None
    if fold is None or fold.alone is None:
        return
    found = resolution.reference(declaration, fold.target)
    if isinstance(found, Unknown) or not any(isinstance(t.resource, Resource) for t in found):
        resolution.resources[declaration.key] = _resource(declaration, fold.alone, world, folds)


def _resource(declaration: Declaration, table: Table | None, world: str, folds: Folds) -> Resource:
    kind = table.kind if table else Untyped
    rows = index.rows(table) if table else index.UNTYPED
    fixed = table.fixed.get(declaration.type) if table else None
    supply = folds.supply(kind)
    body = table.view(declaration.body, declaration.type) if table and table.view else declaration.body
    reading = Reading(body, rows, kind, declaration.versions, supply, declaration.key, fixed)
    resource = kind(
        reading,
        declaration.body.origin,
        key=declaration.key,
        terraform_type=declaration.type,
        presence=_presence(declaration, world),
        layer=declaration.root,
        plural=declaration.plural,
        arm_type=table.arm if table else _arm_type(declaration),
    )
    resource.maker = declaration.maker
    reading.resource = resource
    return resource


def _arm_type(declaration: Declaration) -> str:
    if declaration.type != "azapi_resource":
        return ""
    from ringfence.mapping import azapi

    return azapi.arm_type(declaration)


def _presence(declaration: Declaration, world: str) -> Known[bool] | Unknown:
    origin = declaration.body.origin
    if declaration.presence is True:
        return Known("presence", True, origin)
    why = needs(declaration.presence, world, declaration.inputs)
    return Unknown("presence", why, origin, (True, None))
