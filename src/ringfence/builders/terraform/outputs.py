"""What the layers tell one another: an output for each attribute that another layer refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.names import output_name
from ringfence.model.blueprint import Block
from ringfence.model.symbol import Ref, leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.model.blueprint import Argument, Blueprint, Layer

Outputs = dict[str, dict[Ref, str]]
"""By layer: the name of the output of each reference that leaves it."""


def exported(blueprint: Blueprint) -> Outputs:
    """The outputs of every layer, in the order in which the layers after it ask for them."""
    found: Outputs = {layer.name: {} for layer in blueprint.layers}
    for layer in blueprint.layers:
        for ref in references(layer):
            home = ref.key.partition("#")[0]
            if home != layer.name:
                found[home].setdefault(ref, output_name(ref))
    return found


def references(layer: Layer) -> Iterator[Ref]:
    """Every reference in a layer, in reading order."""
    for declared in layer:
        yield from references_of(declared.arguments)
    for provider in layer.providers.values():
        yield from references_of(provider.arguments)


def references_of(arguments: Mapping[str, Argument]) -> Iterator[Ref]:
    """Every reference in arguments and in the blocks among them."""
    for argument in arguments.values():
        yield from _of(argument)


def _of(argument: Argument) -> Iterable[Ref]:
    if isinstance(argument, Block):
        yield from references_of(argument.arguments)
    elif isinstance(argument, list):
        for one in argument:
            yield from references_of(one.arguments)
    else:
        yield from (leaf for leaf in leaves(argument) if isinstance(leaf, Ref))
