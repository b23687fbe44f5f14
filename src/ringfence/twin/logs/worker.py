"""The process that runs queries: it has the rows that it is sent, a bounded amount of memory, and may write nothing.

A query comes from a client, and some make any database take all the memory and time that there is. This process may
be stopped at any moment; nothing is kept in it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.duck import Duck
from ringfence.twin.logs.frames import SIZE, frame, length
from ringfence.twin.logs.kql import Batch, QueryError

if TYPE_CHECKING:
    from typing import BinaryIO

_MORE = 2 << 30
"""Bytes of memory that queries may take beyond what the libraries do."""


def main() -> None:
    """Answers messages until there are none. What takes longer than it may ends the process (``SIGALRM``)."""
    inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    duck = Duck()
    _bound()
    while (message := _message(inward)) is not None:
        signal.setitimer(signal.ITIMER_REAL, message["seconds"])
        content = frame(_answered(duck, message, inward))
        signal.setitimer(signal.ITIMER_REAL, 0)
        outward.write(content)
        outward.flush()


def _message(inward: BinaryIO) -> dict[str, Any] | None:
    content = _content(inward)
    return None if content is None else json.loads(content)


def _content(inward: BinaryIO) -> bytes | None:
    head = inward.read(SIZE)
    return inward.read(length(head)) if len(head) == SIZE else None


def _bound() -> None:
    """No file can be written, and memory has an end (where the system knows one)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + _MORE, now + _MORE))


def _answered(duck: Duck, message: dict[str, Any], inward: BinaryIO) -> dict[str, Any]:
    try:
        if message["do"] == "plan":
            now = datetime.fromisoformat(message["now"])
            return {"tables": duck.plan(message["query"], message["known"], now)}
        return _run(duck, message, inward)
    except QueryError as error:
        return {"error": [error.kind, error.code, error.message, error.line, error.pos]}
    except MemoryError:
        return {"error": ["SemanticError", "SEM0001", "the query takes more memory than it may", None, None]}


def _run(duck: Duck, message: dict[str, Any], inward: BinaryIO) -> dict[str, Any]:
    """All batches are read whatever becomes of them: what comes behind them is the next message."""
    wrong: QueryError | None = None
    duck.open(message["tables"])
    while (batch := _batch(inward)) is not None:
        try:
            if wrong is None:
                duck.add(batch)
        except QueryError as error:
            wrong = error
    if wrong is not None:
        raise wrong
    found = duck.answer(message["most"])
    return {"columns": found.columns, "rows": list(found.rows), "whole": found.whole, "counted": found.counted}


def _batch(inward: BinaryIO) -> Batch | None:
    """The next batch, None behind the last: what it is, and its rows."""
    about = _message(inward)
    if not about:
        return None
    since, until = (about[end] and datetime.fromisoformat(about[end]) for end in ("since", "until"))
    return Batch(about["table"], (_content(inward) or b"[]").decode(), since, until, about["over"])


if __name__ == "__main__":
    main()
