"""Holds two estates of one platform against each other, field by field: what was declared, and what was read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping import index
from ringfence.mapping.link import link
from ringfence.model.resource import Block, Resource, Untyped
from ringfence.model.symbol import plain, render
from ringfence.model.value import Absent, Known, Link, Many, Unknown
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.builders.terraform import Built
    from ringfence.model.estate import Estate


def read_back(built: Built, folder: Path, world: str) -> Estate:
    """The estate of the Terraform of a build, written into the folder and read by the Terraform reader."""
    for name, content in built.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    ledger, found = Ledger(), World(world)
    return link(found, Source(folder).declarations(found, ledger), ledger)


def differences(one: Estate, other: Estate) -> Iterator[str]:
    """Every field that is not the same in both, and every resource that only one of them has."""
    for key in sorted(one.resources.keys() ^ other.resources.keys()):
        yield f"{key} is only {'declared' if key in one.resources else 'read'}"
    for key in sorted(one.resources.keys() & other.resources.keys()):
        yield from _differing(one, one.resources[key], other, other.resources[key])


def _differing(one: Estate, mine: Resource, other: Estate, theirs: Resource) -> Iterator[str]:
    if type(mine) is not type(theirs):
        yield f"{mine.key}: {type(mine).__name__} is not {type(theirs).__name__}"
        return
    if isinstance(mine, Untyped):
        return
    for field in _fields(mine):
        a, b = shown(one, mine, getattr(mine, field)), shown(other, theirs, getattr(theirs, field))
        if a != b:
            yield f"{mine.key} {field}: {a} is not {b}"


def _fields(resource: Resource) -> Iterator[str]:
    table = index.table(resource.terraform_type)
    yield from index.rows(table) if table else ()


def shown(estate: Estate, owner: Resource, value: Any) -> Any:
    """A field as plain data: values rendered, links followed, places as file and line.

    What several blocks add to one list has no order: files are read by name, and written by layer.
    """
    if isinstance(value, Many):
        return sorted((shown(estate, owner, one) for one in value), key=repr), value.open is None
    if isinstance(value, Link):
        found = estate.resolve(owner, value)
        ends = found.why if isinstance(found, Unknown) else [(repr(t.resource), t.slot, t.certainty) for t in found]
        return ends, str(value.origin)
    if isinstance(value, Block):
        rows = getattr(value, "_reader")._rows  # noqa: B009  # the only list of its fields
        return {field: shown(estate, owner, getattr(value, field)) for field in rows}
    if isinstance(value, Known):
        return "known", render(plain(value.value)) if not isinstance(value.value, (list, set)) else value.value
    if isinstance(value, Absent):
        return "absent", value.default
    return "unknown", value.why if isinstance(value, Unknown) else repr(value)
