"""Terraform from a blueprint: one root for each layer, formatted as ``terraform fmt`` formats, the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.terraform.outputs import exported
from ringfence.builders.terraform.root import pages
from ringfence.model.origin import NOWHERE, Origin
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.blueprint import Blueprint

Places = dict[tuple[int, str], Origin]


@record(eq=False)
class Built:
    """The files of a build, and where in them each block and argument is written."""

    files: Mapping[str, str]
    """The text of each file, by its path."""
    _places: Places

    def where(self, node: object, name: str = "") -> Origin:
        """Where a block of the blueprint, or an argument of it, is written."""
        return self._places.get((id(node), name)) or self._places.get((id(node), ""), NOWHERE)


def build(blueprint: Blueprint) -> Built:
    """All files of the platform's Terraform: roots in folders that are called as its layers."""
    files: dict[str, str] = {}
    places: Places = {}
    outputs = exported(blueprint)
    for layer in blueprint.layers:
        for name, page in pages(blueprint, layer, outputs).items():
            path = f"{layer.name}/{name}"
            files[path] = page.text
            places |= {at: Origin(path, line) for at, line in page.marks.items()}
    return Built(files, places)
