"""The rules of a schema that are about several arguments: which exclude one another, which need one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.model.blueprint import Argument


def broken(rules: Iterable[tuple[str, tuple[str, ...]]], given: Mapping[str, Argument]) -> Iterator[str]:
    """What is said of each rule that does not hold."""
    for kind, paths in rules:
        written = [path for path in paths if _is_written(given, path.split("."))]
        if kind in ("@one", "@some"):
            yield from _of_equals(kind, paths, written, given)
        elif paths[0] in written:
            yield from _of_one(kind, paths, written)


def _of_equals(kind: str, paths: tuple[str, ...], written: list[str], given: Mapping[str, Argument]) -> Iterator[str]:
    inside = paths[0].rpartition(".")[0]
    if inside and not _is_written(given, inside.split(".")):
        return
    if not written:
        yield f"one of {', '.join(paths)} is missing"
    elif kind == "@one" and len(written) > 1:
        yield f"only one of {', '.join(written)} can be written"


def _of_one(kind: str, paths: tuple[str, ...], written: list[str]) -> Iterator[str]:
    first, *others = paths
    for other in others:
        if kind == "@not" and other in written and other > first:
            yield f"{first} and {other} cannot both be written"
        elif kind == "@with" and other not in written:
            yield f"{first} needs {other} beside it"


def _is_written(given: Mapping[str, Argument], path: list[str]) -> bool:
    """Whether the argument is there, in any of the blocks that lead to it."""
    first, *rest = path
    argument = given.get(first)
    if argument is None or argument == []:
        return False
    if not rest:
        return True
    blocks = [argument] if isinstance(argument, Block) else argument if isinstance(argument, list) else []
    return any(_is_written(block.arguments, rest) for block in blocks)
