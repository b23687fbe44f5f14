"""How a platform is built as Terraform: layers, files, providers, what an operator sets, and what passes between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.principals import referred
from ringfence.documents.platform.subject import prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    yield from prose(
        f"{escaped(subject.title)} is declared once, in Python, for any configuration of it. A build prints what one "
        "configuration comes to as Terraform: the same bytes every time, formatted as `terraform fmt` formats, with a "
        "comment where the reason is not plain. What a switch would relax is not in it: a production build has no "
        f"variable that could open anything. [The one that this page points at]({subject.definition}) is of world "
        f"{escaped(subject.world)}."
    )
    yield from section("Layers", "Each is a root with a state of its own, deployed in this order.")
    yield from table(("Layer", "What it is", "Resources", "Reads the states of"), _layers(subject))
    yield from section("Files")
    yield from table(("File", "What is in it", "Resources"), _files(subject))
    yield from section("What an operator sets", "With the value of this build; the rest has been decided before it.")
    yield from table(("Layer", "Variable", "Type", "What it is", "Must hold"), _variables(subject))


def _layers(subject: Subject) -> Iterator[tuple[str, ...]]:
    for layer in subject.blueprint.layers:
        count = sum(d.mode == "managed" for d in layer)
        yield code(layer.name), escaped(layer.about), str(count), ", ".join(map(code, _read_by(subject, layer.name)))


def _read_by(subject: Subject, name: str) -> list[str]:
    layer = next(one for one in subject.blueprint.layers if one.name == name)
    read = {key.partition("#")[0] for declared in layer for key in referred(declared)}
    return sorted(read - {name})


def _files(subject: Subject) -> Iterator[tuple[str, ...]]:
    for layer in subject.blueprint.layers:
        for file in layer.files.values():
            if file.declared:
                path = f"{layer.name}/{file.name}"
                count = sum(d.mode == "managed" for d in file.declared)
                yield f"[{escaped(path)}]({subject.definition}/{path})", escaped(file.about), str(count)


def _variables(subject: Subject) -> Iterator[tuple[str, ...]]:
    for layer in subject.blueprint.layers:
        for one in layer.variables.values():
            condition = code(one.condition) if one.condition else ""
            yield code(layer.name), code(one.name), code(one.type), escaped(one.description), condition
