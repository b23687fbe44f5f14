"""An engine in a process of its own: what a query does to it, it does not do to the twin."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.frames import SIZE, frame, length, raw
from ringfence.twin.logs.kql import Answer, QueryError, SlowQueryError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from ringfence.twin.logs.kql import Batch, Columns

_START = 10.0
"""Seconds that the process may take to begin."""
_GRACE = 1.0
"""Seconds after the time of a query at which the process is stopped."""
_ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}
"""What each thread sets aside of the address space would count against its bound (GNU C library)."""
_KEPT = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "PYTHONPATH", "HOME")
"""Variables that the process is given: none of them is a secret."""


class Apart:
    """Starts the process when it is needed first, and again after it had to be stopped."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def plan(self, query: str, known: Mapping[str, Columns], now: datetime, seconds: float) -> tuple[str, ...]:
        """The tables that the query needs."""
        message = {"do": "plan", "query": query, "known": known, "now": now.isoformat(), "seconds": seconds}
        return tuple((await self._ask(message))["tables"])

    async def run(self, tables: Mapping[str, Columns], batches: Iterable[Batch], seconds: float, most: int) -> Answer:
        """What the query that was read last makes of these rows."""
        found = await self._ask({"do": "run", "tables": tables, "seconds": seconds, "most": most}, _framed(batches))
        columns = tuple((name, kind) for name, kind in found["columns"])
        return Answer(columns, [tuple(row) for row in found["rows"]], found["whole"], found["counted"])

    async def end(self) -> None:
        """The process is gone."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._ended()

    async def _ended(self) -> int:
        """How the process ended."""
        process, self._process = self._process, None
        return await process.wait() if process is not None else 0

    async def _ask(self, message: dict[str, Any], more: Iterable[bytes] = ()) -> dict[str, Any]:
        began = self._process is None
        try:
            limit = message["seconds"] + _GRACE + (_START if began else 0.0)
            found = await asyncio.wait_for(self._exchanged(chain((frame(message),), more)), limit)
        except TimeoutError:
            await self.end()
            raise SlowQueryError from None
        except (EOFError, ConnectionError):
            if await self._ended() == -signal.SIGALRM:
                raise SlowQueryError from None
            why = "the query takes more memory than it may"
            raise QueryError("SemanticError", "SEM0001", why) from None
        except BaseException:
            await self.end()  # an answer that nobody takes would be taken for the next
            raise
        if "error" in found:
            raise QueryError(*found["error"])
        return found

    async def _exchanged(self, frames: Iterable[bytes]) -> dict[str, Any]:
        if self._process is None:
            self._process = await _started()
        inward, outward = self._process.stdin, self._process.stdout
        assert inward is not None
        assert outward is not None
        for content in frames:
            inward.write(content)
            await inward.drain()
        head = await outward.readexactly(SIZE)
        found: dict[str, Any] = json.loads(await outward.readexactly(length(head)))
        return found


def _framed(batches: Iterable[Batch]) -> Iterator[bytes]:
    """Each batch as two messages, what it is and its rows; an empty one behind the last."""
    for batch in batches:
        since, until = (end and end.isoformat() for end in (batch.since, batch.until))
        yield frame({"table": batch.table, "since": since, "until": until, "over": batch.over})
        yield raw(batch.rows)
    yield frame({})


async def _started() -> Process:
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    env = {name: os.environ[name] for name in _KEPT if name in os.environ} | _ONE_ARENA
    worker = (sys.executable, "-P", "-m", "ringfence.twin.logs.worker")  # nothing is imported from where one stands
    return await asyncio.create_subprocess_exec(*worker, stdin=pipe, stdout=pipe, stderr=nothing, env=env)
