"""What lies beside a build, so that it can be proven as it is: its settings, and the decisions of its platform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.config import FILE
from ringfence.platforms import folder, platform
from ringfence.yaml_lines import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.blueprint import Blueprint
    from ringfence.yaml_lines import Node

DECISIONS = "decisions.yaml"


def provable(declared: Blueprint, files: Mapping[str, str]) -> dict[str, str]:
    """The settings and the decisions, by file; `files` are the texts of the configuration."""
    return {FILE: _settings(declared), DECISIONS: _decisions(declared, files)}


def _settings(declared: Blueprint) -> str:
    roots = ", ".join(json.dumps(layer.name) for layer in declared.layers)
    return (
        f'[system]\nname = "{declared.name}"\nroots = [{roots}]\ndecisions = "{DECISIONS}"\n\n'
        f"[worlds.{json.dumps(declared.world)}]\n"
    )


def _decisions(declared: Blueprint, files: Mapping[str, str]) -> str:
    """Those that ship, whose last part is what the platform claims, and what it claims of this configuration."""
    shipped = (folder(declared.name) / DECISIONS).read_text(encoding="utf-8")
    more = platform(declared.name).claims(files)
    own = json.loads(more)["claims"] if more else []
    claims = "".join(f"  - {json.dumps(claim, ensure_ascii=False)}\n" for claim in own)
    return _of_world(shipped, declared.world) + claims


def _of_world(text: str, world: str) -> str:
    """The text without the entries that are about other worlds."""
    top = parse(text, DECISIONS)
    assert top is not None
    lines = text.splitlines(keepends=True)
    for part in top.entries.values():
        entries = part[1].items
        for entry, after in zip(entries, [*entries[1:], None], strict=True):
            if not _is_about(entry, world):
                end = after.line - 1 if after else _end(lines, entry.line)
                lines[entry.line - 1 : end] = [""] * (end - entry.line + 1)
    return "".join(lines)


def _is_about(entry: Node, world: str) -> bool:
    worlds = entry.get("worlds")
    names = [] if worlds is None else [worlds, *worlds.items]
    return worlds is None or any(one.text == world for one in names)


def _end(lines: list[str], line: int) -> int:
    """The last line of the entry that begins at `line`: what follows it is not indented, or nothing."""
    return next((n for n in range(line, len(lines)) if lines[n].strip() and not lines[n].startswith(" ")), len(lines))
