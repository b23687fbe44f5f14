"""Small estates written to disk by a test, and read back."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import plain, render
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.model.symbol import Value


class Read:
    """What a folder holds in one world."""

    def __init__(self, folder: Path, world: World | None = None, roots: tuple[str, ...] = ()) -> None:
        self.world = world or World("test")
        self.ledger = Ledger()
        self.source = Source(folder, roots)
        self.declarations = {d.key: d for d in self.source.declarations(self.world, self.ledger)}

    def addresses(self) -> list[str]:
        return sorted(key.removeprefix(".#") for key in self.declarations)

    def declaration(self, key: str) -> Declaration:
        return self.declarations[key if "#" in key else f".#{key}"]

    def value(self, key: str, *path: str) -> Value:
        """The value at ``resource, block, 0, argument``; () steps into the only block."""
        body: Body = self.declaration(key).body
        for step in path[:-1]:
            name, _, at = step.partition(":")
            body = body.blocks(name).items[int(at or 0)]
        written = body.attribute(path[-1])
        return plain(written.value) if written else None

    def shown(self, key: str, *path: str) -> str:
        return render(self.value(key, *path))

    def problems(self) -> list[str]:
        return [f"{p.severity} {p.origin}: {p.message}" for p in self.ledger.problems]

    def console(self, text: str, root: str = ".") -> Value:
        return plain(self.source.console(root, self.world)(text))


def write(folder: Path, files: dict[str, str]) -> Path:
    """The files below the folder; their text is dedented."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return folder


def read(folder: Path, files: dict[str, str], only: tuple[str, ...] = (), **world: Any) -> Read:
    """The files, read in a world."""
    return Read(write(folder, files), World("test", **world), only)
