"""Reading a file of decisions and claims: texts and lists of texts, and a message with file and line for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ringfence.yaml_lines import Node

PARTS = ("decisions", "claims")
"""What a file may hold; one that is a list holds decisions."""


def load_file(path: Path, name: str) -> Node | None:
    """The content of the file, None when it is empty.

    Raises:
        InputError: it cannot be read, is no YAML, or has other parts.
    """
    from ringfence.yaml_lines import load

    top = load(path, name)
    if top is not None and top.is_mapping:
        refuse_keys(top, PARTS, name)
    return top


def text_of(node: Node, key: str, file: str) -> str:
    found = node.get(key)
    if found is None:
        return ""
    if found.text is None:
        raise InputError(f"{key} is one text", where=f"{file}:{found.line}", hint=f"Write {key}: and the text.")
    return found.text.strip()


def texts_of(node: Node, key: str, file: str) -> tuple[str, ...]:
    """One text or a list of texts."""
    found = node.get(key)
    if found is None or not found.is_list:
        one = text_of(node, key, file)
        return (one,) if one else ()
    for part in found.items:
        if not part.text:
            raise InputError(f"{key} is a text or a list of texts", where=f"{file}:{part.line}")
    return tuple(part.text.strip() for part in found.items if part.text)


def refuse_keys(node: Node, known: Iterable[str], file: str) -> None:
    for key in node.keys:
        if key not in known:
            from difflib import get_close_matches

            near = get_close_matches(key, tuple(known), 1)
            hint = f"Did you mean {near[0]}?" if near else f"The keys are {', '.join(known)}."
            raise InputError(f'unknown key "{key}"', where=f"{file}:{node.line_of(key)}", hint=hint)
