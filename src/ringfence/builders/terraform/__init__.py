"""Terraform from a blueprint: one root for each layer, formatted as ``terraform fmt`` formats, the same every time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ringfence.builders.terraform.outputs import exported
from ringfence.builders.terraform.root import pages
from ringfence.model.origin import NOWHERE, Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.builders.terraform.page import Written
    from ringfence.model.blueprint import Blueprint

Places = dict[tuple[int, str], Origin]


class Built:
    """The files of a build, and where in them each block and argument is written."""

    def __init__(self, pages: Mapping[str, Written], places: Places) -> None:
        self._pages = pages
        self._places = places

    @cached_property
    def files(self) -> dict[str, str]:
        """The text of each file, by its path."""
        return {path: page.text for path, page in self._pages.items()}

    def where(self, node: object, name: str = "") -> Origin:
        """Where a block of the blueprint, or an argument of it, is written."""
        return self._places.get((id(node), name)) or self._places.get((id(node), ""), NOWHERE)


def build(blueprint: Blueprint) -> Built:
    """All files of the platform's Terraform: roots in folders that are called as its layers."""
    found: dict[str, Written] = {}
    places: Places = {}
    outputs = exported(blueprint)
    for layer in blueprint.layers:
        for name, page in pages(blueprint, layer, outputs).items():
            path = f"{layer.name}/{name}"
            found[path] = page
            places |= {at: Origin(path, line) for at, line in page.marks.items()}
    return Built(found, places)
