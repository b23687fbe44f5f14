"""What the switches of a platform do: which rows each turns from pass to fail, and that none is on in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.finding import Row
    from ringfence.documents.switches import Effect
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.register import Relaxation

Rows = dict[tuple[str, str], "Row"]


def refuse_relaxed(blueprint: Blueprint, config: tuple[str, ...] = ()) -> None:
    """Nothing is relaxed, or this is not production.

    Raises:
        ConstructError: with each switch, resource, item, and the row of the document that would become false.
    """
    relaxed = blueprint.register.relaxations if blueprint.production else []
    if not relaxed:
        return
    from pathlib import Path

    from ringfence.platforms import folder
    from ringfence.prove import Request, prove

    worlds = () if config else (blueprint.world,)
    found = prove(Request(Path(folder(blueprint.name)), worlds, platform=blueprint.name, config=config))
    told = "\n".join(line for one in relaxed for line in _told(one, found))
    hint = "Take the switches out of the configuration; they are for copies without real data."
    raise ConstructError(f"production relaxes nothing, and this would:\n{told}", hint=hint)


def _told(relaxation: Relaxation, found: Assessment) -> Iterator[str]:
    estate = next(iter(found.estates.values()))
    resource = estate.resources[relaxation.key]
    yield f"  {relaxation.switch}: {resource.title}, {relaxation.argument} ({resource.origin}): {relaxation.why}"
    judged = _by_control(found.rows)
    for item in relaxation.items:
        row = judged.get((item, relaxation.key))
        fails = f"{item} would fail" if row is not None and row.outcome == "fail" else f"{item} would hold in part"
        rows = ", ".join(_rows_made_false(relaxation.key, item, found))
        yield f"    {fails}{f'; {rows} would be false' if rows else ''}"


def _rows_made_false(key: str, item: str, found: Assessment) -> Iterator[str]:
    """The places of the claims that the relaxed resource does not keep."""
    places = (
        f"{c.claim.source}:{c.claim.line}"
        for c in found.claims
        if c.item == item and c.claim.status == "Y" and any(row.resource.key == key for row in c.rows)
    )
    yield from dict.fromkeys(places)


def effects(name: str) -> Iterator[Effect]:
    """What each switch of a platform does alone, in each of its worlds; measured, not declared."""
    from ringfence.declared import blueprint
    from ringfence.platforms import platform

    for world in platform(name).WORLDS:
        off = _rows(blueprint(name, world, switches=""))
        for switch in platform(name).SWITCHES:
            declared = blueprint(name, world, switches=switch.sample)
            mine = [r for r in declared.register.relaxations if r.switch.endswith(f".{switch.name}")]
            yield from _changed(switch.name, world, off, _rows(declared), mine)


def _changed(switch: str, world: str, off: Rows, on: Rows, mine: Iterable[Relaxation]) -> Iterator[Effect]:
    from ringfence.documents.switches import Effect

    arguments: dict[str, list[str]] = {}
    for relaxation in mine:
        arguments.setdefault(relaxation.key, []).append(relaxation.argument)
    for at in sorted(off.keys() | on.keys()):
        before, after = (rows[at].outcome if at in rows else "" for rows in (off, on))
        if before != after:
            row = on.get(at) or off[at]
            names = tuple(dict.fromkeys(arguments.get(row.resource.key, ())))
            yield Effect(switch, at[0], row.resource.address, names, world, before, after)


def _rows(declared: Blueprint) -> Rows:
    from ringfence.adherence.assessment import assess
    from ringfence.benchmarks.benchmark import load
    from ringfence.declared import estate
    from ringfence.prove import BENCHMARK, judge, today

    benchmark = load(BENCHMARK)
    found = assess([judge(estate(declared), benchmark)], benchmark, (), today(), system=declared.name)
    return _by_control(found.rows)


def _by_control(rows: Iterable[Row]) -> Rows:
    """The rows by their item, or their check where no item names it, and by the key of the resource."""
    return {(row.item or row.parts[0].check.id, row.resource.key): row for row in rows}
