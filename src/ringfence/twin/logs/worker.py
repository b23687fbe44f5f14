"""The process that runs queries: it has the rows that it is sent, a bounded amount of memory, and may write nothing.

A query comes from a client, and some make any database take all the memory and time that there is. This process may
be stopped at any moment; nothing is kept in it.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.duck import Duck
from ringfence.twin.logs.frames import SIZE, frame, length
from ringfence.twin.logs.kql import QueryError

if TYPE_CHECKING:
    from typing import BinaryIO

_MORE = 1 << 30
"""Bytes of memory that queries may take beyond what the libraries do."""


def main() -> None:
    """Answers messages until there are none. What takes longer than it may ends the process (``SIGALRM``)."""
    inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    duck = Duck()
    _bound()
    while len(head := inward.read(SIZE)) == SIZE:
        message = _json(inward, length(head))
        signal.setitimer(signal.ITIMER_REAL, message["seconds"])
        content = frame(_answered(duck, message))
        signal.setitimer(signal.ITIMER_REAL, 0)
        outward.write(content)
        outward.flush()


def _json(inward: BinaryIO, size: int) -> dict[str, Any]:
    import json

    content: dict[str, Any] = json.loads(inward.read(size))
    return content


def _bound() -> None:
    """No file can be written, and memory has an end (where the system knows one)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + _MORE, now + _MORE))


def _answered(duck: Duck, message: dict[str, Any]) -> dict[str, Any]:
    try:
        return _plan(duck, message) if message["do"] == "plan" else _run(duck, message)
    except QueryError as error:
        return {"error": [error.kind, error.code, error.message, error.line, error.pos]}
    except MemoryError:
        return {"error": ["SemanticError", "SEM0001", "the query takes more memory than it may", None, None]}


def _plan(duck: Duck, message: dict[str, Any]) -> dict[str, Any]:
    return {"tables": duck.plan(message["query"], message["known"], datetime.fromisoformat(message["now"]))}


def _run(duck: Duck, message: dict[str, Any]) -> dict[str, Any]:
    tables = {name: (columns, rows) for name, (columns, rows) in message["tables"].items()}
    found = duck.run(tables, message["most"])
    return {"columns": found.columns, "rows": list(found.rows), "whole": found.whole}


if __name__ == "__main__":
    main()
