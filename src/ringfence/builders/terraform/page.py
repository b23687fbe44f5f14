"""One file of Terraform as it grows: lines, and what stands on which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH = 116
"""A comment is wrapped at this many characters, its mark not counted."""


class Written(Protocol):
    """A file of a build. Its text is asked for when it is written: a proof needs only the places."""

    @property
    def text(self) -> str:
        """The whole file."""

    @property
    def marks(self) -> Mapping[tuple[int, str], int]:
        """The lines on which blocks and arguments begin."""


class Page:
    """Lines of a file, and the numbers of those where blocks and arguments begin."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.marks: dict[tuple[int, str], int] = {}

    @property
    def text(self) -> str:
        """The whole file; it ends with one line break."""
        return "\n".join(self._lines).rstrip("\n") + "\n"

    def mark(self, node: object, name: str = "") -> None:
        """The next line is where the node, or an argument of it, begins."""
        self.marks[id(node), name] = len(self._lines) + 1

    def line(self, text: str = "") -> None:
        self._lines.append(text)

    def lines(self, texts: Iterable[str]) -> None:
        self._lines.extend(texts)

    def gap(self) -> None:
        """An empty line, where there is something to be apart from."""
        if self._lines and self._lines[-1] and not self._lines[-1].endswith("{"):
            self._lines.append("")

    def comment(self, text: str, indent: str = "") -> None:
        """The text as comment lines, none when it is empty."""
        from textwrap import wrap

        for part in text.splitlines():
            self.lines(f"{indent}# {line}".rstrip() for line in wrap(part, WIDTH - len(indent)) or [""])
