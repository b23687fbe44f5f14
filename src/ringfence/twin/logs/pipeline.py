"""The steps of a query, found without reading them: what stands in quotes, brackets and comments divides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN, _CLOSE = "([{", ")]}"


def split(query: str) -> tuple[str, list[str]]:
    """The statements before the last, and the steps of the last."""
    text = query.strip().rstrip(";")
    cut = max((at for at, mark in _marks(text) if mark == ";"), default=-1)
    head, last = text[: cut + 1], text[cut + 1 :]
    ends = [at for at, mark in _marks(last) if mark == "|"]
    steps = [last[a + 1 : b] for a, b in zip((-1, *ends), (*ends, len(last)), strict=True)]
    return head, [_uncommented(step) for step in steps]


def joined(head: str, steps: list[str]) -> str:
    """The query of these statements and steps."""
    return f"{head} " + "\n| ".join(steps)


def arguments(text: str) -> list[str]:
    """What stands between the commas of a list."""
    ends = [at for at, mark in _marks(text) if mark == ","]
    return [text[a + 1 : b].strip() for a, b in zip((-1, *ends), (*ends, len(text)), strict=True)]


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """The places of ``|``, ``;`` and ``,`` that divide."""
    depth = at = 0
    while at < len(text):
        after = _passed(text, at)
        if after > at:
            at = after
            continue
        mark = text[at]
        depth += (mark in _OPEN) - (mark in _CLOSE)
        if depth == 0 and mark in "|;,":
            yield at, mark
        at += 1


def _passed(text: str, at: int) -> int:
    """The place behind a text or a comment that begins here; the same place where none does."""
    if text.startswith("//", at):
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    if text.startswith("```", at):
        end = text.find("```", at + 3)
        return len(text) if end < 0 else end + 3
    verbatim = text.startswith(('@"', "@'"), at)
    quote = text[at + verbatim]
    if quote not in "\"'":
        return at
    at += verbatim + 1
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" and not verbatim else 1
    return min(at + 1, len(text))


def _uncommented(step: str) -> str:
    kept, at = [], 0
    while at < len(step):
        after = _passed(step, at)
        if after > at and step.startswith("//", at):
            at = after
            continue
        kept.append(step[at : max(after, at + 1)])
        at = max(after, at + 1)
    return "".join(kept).strip()
