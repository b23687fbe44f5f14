"""What the terminal can show."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from ringfence.documents.text import Page


def page(options: Any) -> Page:
    """The page for stdout: colour only on a terminal, unless NO_COLOR or --no-color refuses it."""
    tty = sys.stdout.isatty() and not getattr(options, "output", "")
    refused = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or options.no_color
    return Page(
        _width() if tty else 80, colour=tty and not refused, ascii=not _unicode(), all=getattr(options, "all", False)
    )


def put(printed: str) -> None:
    """Writes a result to stdout whatever the terminal's encoding."""
    try:
        sys.stdout.write(printed)
    except UnicodeEncodeError:
        sys.stdout.buffer.write(printed.encode())


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        return 80


def _unicode() -> bool:
    try:
        "✗…–".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Progress:
    """What goes on, on stderr, when it takes long and somebody is watching."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._shown = False
        self._watched = sys.stderr.isatty()

    def __call__(self, what: str) -> None:
        if self._watched and time.perf_counter() - self._start > 0.5:
            self._shown = True
            sys.stderr.write(f"\r\x1b[K{what} …")
            sys.stderr.flush()

    def end(self) -> None:
        """The line is gone."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
