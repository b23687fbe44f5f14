"""What the providers of Terraform let one write: the arguments of each block, their types and their values.

The text files are called by their provider; the first lines say where one comes from. A block begins with ``@@``,
its mode and its type, such as ``@@ resource azurerm_key_vault``; what may be in it follows, one a line, indented by its
depth and separated by tabs:

- the name;
- a mark and the type: ``!`` it must be written, ``?`` it may be, ``=`` only the provider gives it. The type ``block``
  is a nested block, ``object`` one that may be written as a value too, ``any`` is not checked;
- what else is known: ``count`` of blocks and ``items`` of lists (``1..1``), ``values`` (apart by ``|``), a ``range`` of
  numbers (``7..90``), a ``format``, ``write_only``, ``sensitive``, and ``deprecated`` with what takes its place.

Last come rules about arguments by their paths: ``@one`` exactly one of them, ``@some`` at least one, ``@not`` the
first and any other are not written together, ``@with`` the first is written only with the others.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HERE = Path(__file__).parent
MODES = {"managed": "resource", "data": "data", "ephemeral": "ephemeral", "provider": "provider"}
"""What Terraform calls a block, by what a blueprint does."""
REQUIRED, OPTIONAL, COMPUTED = "!", "?", "="


@record(eq=False)
class Argument:
    """One argument, nested block or attribute."""

    mark: str
    type: str
    more: Mapping[str, str]
    inner: dict[str, Argument] = field(default_factory=dict)
    """What may be in it, when it is a block."""

    def bounds(self, name: str) -> tuple[float | None, float | None]:
        """The least and the most of a ``count``, ``items`` or ``range``; None where there is no such bound."""
        least, _, most = self.more.get(name, "..").partition("..")
        return (float(least) if least else None, float(most) if most else None)

    @property
    def values(self) -> tuple[str, ...]:
        """The only values that it takes; () when that is not known."""
        return tuple(self.more["values"].split("|")) if "values" in self.more else ()


@record(eq=False)
class Schema:
    """What may be written in a block of one type."""

    arguments: dict[str, Argument]
    rules: tuple[tuple[str, tuple[str, ...]], ...]
    """(``@one``, paths) and the like."""
    is_deprecated: bool = False


@cache
def schema(mode: str, type: str) -> Schema | None:
    """The schema of a ``resource``, ``data``, ``ephemeral`` or ``provider``; None when it is not among the facts."""
    provider = type if mode == "provider" else type.partition("_")[0]
    lines = _blocks(provider).get(f"{mode} {type}")
    return None if lines is None else _read(lines.split("\n"))


def attribute(mode: str, type: str, path: Sequence[str]) -> list[Argument]:
    """What leads to an attribute, itself last, by a path whose numbers do not count.

    It is shorter than the path where the schema ends before it, and empty where there is no such thing.
    """
    found: list[Argument] = []
    known = _schema_of(mode, type)
    for step in path:
        if not step.isdigit() and step in known:
            found.append(known[step])
            known = known[step].inner
        elif not step.isdigit():
            return found
    return found


def is_sensitive(mode: str, type: str, path: Sequence[str]) -> bool:
    """Terraform hides the attribute; an output of it must say so."""
    return any("sensitive" in argument.more for argument in attribute(mode, type, path))


def _schema_of(mode: str, type: str) -> dict[str, Argument]:
    found = schema(mode, type)
    return {} if found is None else found.arguments


def types(mode: str, provider: str) -> list[str]:
    """The types of blocks of a provider that the facts know."""
    return [head.partition(" ")[2] for head in _blocks(provider) if head.startswith(f"{mode} ")]


def files(provider: str = "") -> list[Path]:
    """The files of a provider, or all."""
    return sorted(_HERE.glob(f"{provider}*.txt"))


@cache
def _blocks(provider: str) -> dict[str, str]:
    """The lines of each block, by its mode and type: a block is read when it is first asked for."""
    found: dict[str, str] = {}
    for path in files(provider):
        for part in f"\n{path.read_text(encoding='utf-8')}".split("\n@@ ")[1:]:
            head, _, lines = part.partition("\n")
            found[head.partition("\t")[0]] = head + "\n" + lines
    return found


def _read(lines: list[str]) -> Schema:
    top: dict[str, Argument] = {}
    levels = [top]
    rules: list[tuple[str, tuple[str, ...]]] = []
    for line in lines[1:]:
        inside = line.lstrip(" ")
        depth = len(line) - len(inside)
        name, *rest = inside.split("\t")
        if name.startswith("@"):
            rules.append((name, tuple(rest)))
        elif name and depth:
            argument = Argument(rest[0][0], rest[0][1:], _more(rest[1:]))
            levels[depth - 1][name] = argument
            levels[depth:] = [argument.inner]
    return Schema(top, tuple(rules), "\tdeprecated" in lines[0])


def _more(parts: Iterable[str]) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in parts)}
