"""Terraform resources that only configure another: each supplies fields of its target, keeping its own origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping import index
from ringfence.mapping.read import whole_or_field
from ringfence.model.resource import Resource
from ringfence.model.value import Known, Need, Unknown
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.mapping.resolve import Resolution
    from ringfence.mapping.table import AnyRow, Fold
    from ringfence.mapping.versions import Versions
    from ringfence.model.estate import Target
    from ringfence.model.world import Ledger

Entry = tuple["Declaration", "Fold", "Known[bool] | Unknown"]


class Folds:
    """All folding declarations of an estate, by the kind they configure."""

    def __init__(self, world: str, resolution: Resolution, ledger: Ledger) -> None:
        self._world = world
        self._resolution = resolution
        self._ledger = ledger
        self._supplies: dict[type, Supplies] = {}

    def add(self, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        """Keeps the declaration until a field of its target's kind is read."""
        self.supply(fold.into).entries.append((declaration, fold, presence))

    def supply(self, kind: type) -> Supplies:
        """What is folded into the resources of a kind."""
        if kind not in self._supplies:
            self._supplies[kind] = Supplies(self._world, self._resolution, self._ledger)
        return self._supplies[kind]


class Supplies:
    """What folding resources add to the resources of one kind; a `mapping.read.Supply`."""

    def __init__(self, world: str, resolution: Resolution, ledger: Ledger) -> None:
        self.world = world
        self.entries: list[Entry] = []
        self._resolution = resolution
        self._ledger = ledger
        self._by_target: dict[str, list[tuple[Declaration, Fold]]] = {}
        self._loose: dict[str, list[tuple[Fold, Unknown]]] = {}
        """By the key of the resource that may be configured; "" when it may be any."""

    def supplied(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:
        """Folded bodies with the row that supplies `field` of resource `key`, and why there may be more."""
        while self.entries:  # taken off first: finding a target may ask for a field of the same kind
            self._sort(*self.entries.pop(0))
        found = [
            (declaration.body, row, declaration.versions)
            for declaration, fold in self._by_target.get(key, ())
            for row in whole_or_field(fold, field)
        ]
        loose = (u for at in (key, "") for fold, u in self._loose.get(at, ()) if whole_or_field(fold, field))
        return found, next(loose, None) or self._unread(key, field)

    def _unread(self, key: str, field: str) -> Unknown | None:
        """A module that was not read may configure any resource."""
        resource = self._resolution.resources.get(key) if self._ledger.unread else None
        if resource is None:
            return None
        folds = index.folds_into(resource.terraform_type)
        if not any(whole_or_field(fold, field) for fold in folds):
            return None
        needs = (Need("module", what, f"{what} was not read: {why}") for what, why in self._ledger.unread)
        return Unknown(field, tuple(needs), resource.origin)

    def _sort(self, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        found = self._resolution.reference(declaration, fold.target)
        if isinstance(found, Unknown):
            self._loose.setdefault("", []).append((fold, _may_configure(declaration, found)))
            return
        for target in found:
            if isinstance(target.resource, Resource):
                self._add(target, declaration, fold, presence)

    def _add(self, target: Target, declaration: Declaration, fold: Fold, presence: Known[bool] | Unknown) -> None:
        """One that may not exist, or may refer elsewhere, leaves the fields open; it does not set them."""
        assert isinstance(target.resource, Resource)
        loose = self._loose.setdefault(target.resource.key, [])
        if isinstance(presence, Unknown):
            loose.append((fold, _may_configure(declaration, presence)))
        elif target.certainty == "possible":
            need = Need("reference", declaration.address, f"{declaration.address} may configure it")
            loose.append((fold, Unknown("", (need,), declaration.body.origin)))
        else:
            self._by_target.setdefault(target.resource.key, []).append((declaration, fold))


def _may_configure(declaration: Declaration, found: Unknown) -> Unknown:
    first, *rest = found.needs
    needs = (replace(first, why=f"{declaration.address} may configure it: {first.why}"), *rest)
    return Unknown(found.field, needs, declaration.body.origin)
