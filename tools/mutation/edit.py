"""Edits of source in a folder that is laid over the checkout, which itself is never touched."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.readers.hcl.parse import parse
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.origin import Origin

VARIABLE = "ringfence_mutant"
DECLARED = f'variable "{VARIABLE}" {{}}\n'


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Bytes of a file that are replaced; `file` is relative to the checkout."""

    file: str
    start: int
    end: int
    text: str


@dataclass(slots=True)
class Checkout:
    """The source, and where modules are called in it."""

    folder: Path
    overlay: str = ""
    """The world's own overlay, relative to the folder."""
    _sources: dict[str, bytes] = field(default_factory=dict)

    def source(self, file: str) -> bytes:
        """The content of a file, that of the overlay before that of the checkout."""
        if file not in self._sources:
            laid = self.folder / self.overlay / file if self.overlay else None
            self._sources[file] = (laid if laid and laid.is_file() else self.folder / file).read_bytes()
        return self._sources[file]

    def lay(self, edits: list[Edit], added: dict[str, str], into: Path) -> None:
        """Fills a folder with the edited files, the added ones, and those of the world's own overlay."""
        if self.overlay:
            shutil.copytree(self.folder / self.overlay, into, dirs_exist_ok=True)
        changed: dict[str, bytes] = {}
        for edit in sorted(edits, reverse=True):
            content = changed.get(edit.file, self.source(edit.file))
            changed[edit.file] = content[: edit.start] + edit.text.encode() + content[edit.end :]
        for file, content in {**changed, **{f: t.encode() for f, t in added.items()}}.items():
            (into / file).parent.mkdir(parents=True, exist_ok=True)
            (into / file).write_bytes(content)


def removed(source: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of the whole argument whose expression is at `start`; None when none is there."""
    name = re.search(rb"[A-Za-z_][\w-]*[ \t]*=[ \t]*$", source[:start])
    return (name.start(), end) if name else None


def inserted(source: bytes, line: int, text: str) -> tuple[int, str] | None:
    """Where to write an argument into the block that begins on a line, and the text for it."""
    start = 0
    for _ in range(line - 1):
        start = source.find(b"\n", start) + 1
    brace = source.find(b"{", start)
    if brace < 0 or b"\n" in source[start:brace].strip():
        return None
    return brace + 1, f"\n{text}\n"


def moved_back(origin: Origin, edits: list[Edit], source: bytes) -> Origin:
    """The place in the source of something that was found after the edits."""
    start, end, line = origin.start, origin.end, origin.line
    for edit in sorted(e for e in edits if e.file == origin.file):
        width, old = len(edit.text.encode()), source[edit.start : edit.end]
        grown, lines = width - len(old), edit.text.count("\n") - old.count(b"\n")
        if edit.start + width <= start:
            start, end = start - grown, end - grown
        elif edit.start < end:
            end -= grown
        if source.count(b"\n", 0, edit.start) + 1 < line:
            line -= lines
    return replace(origin, start=start, end=end, line=line)


def nested(path: str, value: str) -> str:
    """An argument at a dotted path as text: blocks around it, where the path has several steps."""
    *blocks, name = path.split(".")
    text = f"{name} = {value}"
    for block in reversed(blocks):
        text = f"{block} {{\n{text}\n}}"
    return text


class Calls:
    """Which module calls lead to a folder, so that a variable can be handed down to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _by_target(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for path in sorted(self._folder.rglob("*.tf")):
            if ".terraform" in path.parts or not path.is_file():
                continue
            for source, brace in _module_calls(path.read_bytes()):
                file = path.relative_to(self._folder)
                found.setdefault(_joined(file.parent.as_posix(), source), []).append((file.as_posix(), brace))
        return found

    def is_root(self, origin: Origin) -> bool:
        """True when no module call leads to the folder of the file."""
        return Path(origin.file).parent.as_posix() not in self._by_target

    def hand_down(self, folder: str) -> tuple[list[Edit], dict[str, str]]:
        """Edits that give the variable to every call of a folder, and the files that declare it on the way."""
        edits: list[Edit] = []
        added: dict[str, str] = {}
        waiting, seen = [folder], set[str]()
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            added[f"{here}/{VARIABLE}.tf" if here != "." else f"{VARIABLE}.tf"] = DECLARED
            for file, brace in self._by_target.get(here, ()):
                edits.append(Edit(file, brace, brace, f"\n{VARIABLE} = var.{VARIABLE}\n"))
                waiting.append(Path(file).parent.as_posix())
        return edits, added


def _joined(folder: str, source: str) -> str:
    parts: list[str] = [p for p in folder.split("/") if p not in ("", ".")]
    for part in source.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts) or "."


def _module_calls(source: bytes) -> Iterator[tuple[str, int]]:
    """(source, place after the brace) of each call of a local module in a file."""
    for block in parse(source, "").body.blocks:
        written = block.body.attributes.get("source")
        local = re.fullmatch(r'"(\.[^"$]*)"', written.origin().expression) if written else None
        if block.type == "module" and local:
            yield local[1], source.find(b"{", block.start) + 1
