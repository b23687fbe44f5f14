"""Terraform resources that only configure another: each supplies fields of its target, keeping its own origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping.read import whole_or_field
from ringfence.model.resource import Resource
from ringfence.model.value import Known, Need, Unknown

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.mapping.resolve import Resolution
    from ringfence.mapping.table import AnyRow, Fold
    from ringfence.mapping.versions import Versions
    from ringfence.model.estate import Target

Entry = tuple["Declaration", "Fold", "Known[bool] | Unknown"]


class Folds:
    """All folding declarations of an estate, by the kind they configure."""

    def __init__(self, world: str, resolution: Resolution) -> None:
        self._world = world
        self._resolution = resolution
        self._supplies: dict[type, Supplies] = {}

    def add(self, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        """Keeps the declaration until a field of its target's kind is read."""
        self.supply(fold.into).entries.append((declaration, fold, presence))

    def supply(self, kind: type) -> Supplies:
        """What is folded into the resources of a kind."""
        if kind not in self._supplies:
            self._supplies[kind] = Supplies(self._world, self._resolution)
        return self._supplies[kind]


class Supplies:
    """What folding resources add to the resources of one kind; a `mapping.read.Supply`."""

    def __init__(self, world: str, resolution: Resolution) -> None:
        self.world = world
        self.entries: list[Entry] = []
        self._resolution = resolution
        self._by_target: dict[str, list[tuple[Declaration, Fold]]] = {}
        self._loose: list[tuple[Fold, Unknown]] = []

    def supplied(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:
        """Folded bodies with the row that supplies `field` of resource `key`, and why there may be more."""
        while self.entries:  # taken off first: finding a target may ask for a field of the same kind
            self._sort(*self.entries.pop(0))
        found = [
            (declaration.body, row, declaration.versions)
            for declaration, fold in self._by_target.get(key, ())
            for row in whole_or_field(fold, field)
        ]
        loose = [unknown for fold, unknown in self._loose if whole_or_field(fold, field)]
        return found, loose[0] if loose else None

    def _sort(self, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        found = self._resolution.reference(declaration, fold.target)
        if isinstance(found, Unknown):
            self._loose.append((fold, _may_configure(declaration, found)))
            return
        for target in found:
            if isinstance(target.resource, Resource):
                self._add(target, declaration, fold, presence)

    def _add(self, target: Target, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        """One that may not exist, or may refer elsewhere, leaves the fields open; it does not set them."""
        assert isinstance(target.resource, Resource)
        if isinstance(presence, Unknown):
            self._loose.append((fold, _may_configure(declaration, presence)))
        elif target.certainty == "possible":
            need = Need("reference", declaration.address, f"{declaration.address} may configure it")
            self._loose.append((fold, Unknown("", (need,), declaration.body.origin)))
        else:
            self._by_target.setdefault(target.resource.key, []).append((declaration, fold))


def _may_configure(declaration: Declaration, found: Unknown) -> Unknown:
    why = "; ".join(n.why for n in found.needs)
    need = Need("reference", declaration.address, f"{declaration.address} may configure it: {why}")
    return Unknown(found.field, (need, *found.needs), declaration.body.origin)
