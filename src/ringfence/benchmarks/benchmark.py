"""Benchmarks are data: numbered items that point at checks, with parameters and readings.

A benchmark is a TOML file beside this module. Checks keep their ids when a benchmark renumbers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from ringfence.benchmarks import plain
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Assessment: TypeAlias = Literal["manual", "automated"]
Needs: TypeAlias = Literal["", "signature", "subscription", "check"]


class BenchmarkError(Exception):
    """A benchmark's data is wrong; the message says which item and what to correct."""


@record()
class Item:
    """One numbered recommendation. Its title is ours, its number, level and assessment are the benchmark's."""

    id: str
    title: str
    section: str
    """The title of the chapter that its number begins with."""
    level: int
    assessment: Assessment
    checks: tuple[str, ...]
    """Ids of the checks that decide it; a row holds when all of them hold."""
    needs: Needs
    """What decides it where no check does: a person's signature, live data, a check that is not written yet."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Handed to the checks: approved lists, version tables."""
    reading: str = ""
    """How a boundary is read where tools disagree."""
    source: str = ""
    """On whose authority."""


@record()
class Benchmark:
    """One version of a benchmark; items in its own order."""

    id: str
    title: str
    items: Mapping[str, Item]

    def of(self, check: str) -> tuple[Item, ...]:
        """The items that a check decides, alone or with others."""
        return tuple(item for item in self.items.values() if check in item.checks)

    def checks(self) -> tuple[str, ...]:
        """The ids of all checks that an item names, in the items' order."""
        return tuple(dict.fromkeys(check for item in self.items.values() for check in item.checks))

    def parameters(self, check: str) -> dict[str, Any]:
        """What the items hand to a check."""
        return {name: value for item in self.of(check) for name, value in item.parameters.items()}

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Every check that an item names is among the known ones.

        Raises:
            BenchmarkError: an item names another.
        """
        names = set(known)
        for item in self.items.values():
            for check in item.checks:
                if check not in names:
                    raise BenchmarkError(f"{self.id} item {item.id} names the check {check}, which does not exist")


def names() -> tuple[str, ...]:
    """The ids of the benchmarks that ship."""
    return tuple(sorted(_id(path) for path in Path(__file__).parent.glob("*.toml")))


def load(name: str) -> Benchmark:
    """The benchmark of that id, such as ``cis-azure-2.0.0``.

    Raises:
        BenchmarkError: there is none of that name.
    """
    found = {_id(path): path for path in Path(__file__).parent.glob("*.toml")}
    if name not in found:
        raise BenchmarkError(f"there is no benchmark {name}; choose one of {', '.join(sorted(found))}")
    return read(found[name])


@cache
def read(path: Path) -> Benchmark:
    """The benchmark in a TOML file.

    Raises:
        BenchmarkError: an item's data is wrong.
    """
    data = _content(path.read_text(encoding="utf-8"))
    items = {number: _item(number, content, data["sections"]) for number, content in data["items"].items()}
    return Benchmark(data["id"], data["title"], items)


def _content(text: str) -> dict[str, Any]:
    found = plain.read(text)
    if found is None:
        import tomllib

        found = tomllib.loads(text)
    return found


def _id(path: Path) -> str:
    """``cis_azure_2_0_0`` is ``cis-azure-2.0.0``: publisher, subject, version."""
    publisher, subject, version = path.stem.split("_", 2)
    return f"{publisher}-{subject}-{version.replace('_', '.')}"


def _item(id: str, content: dict[str, Any], sections: dict[str, str]) -> Item:
    checks, needs = tuple(content["checks"]), content["needs"]
    if needs not in get_args(Needs):
        raise BenchmarkError(f'item {id}: needs = "{needs}" is none of {", ".join(map(repr, get_args(Needs)))}')
    if content["assessment"] not in get_args(Assessment):
        raise BenchmarkError(f'item {id}: assessment = "{content["assessment"]}" is neither manual nor automated')
    if not checks and not needs:
        raise BenchmarkError(f"item {id} has no check and needs nothing: say what would decide it")
    if checks and needs == "check":
        raise BenchmarkError(f'item {id} has a check, so it does not need one: set needs = ""')
    section = sections[id.partition(".")[0]]
    content = {**content, "checks": checks}
    return Item(id=id, section=section, **content)
