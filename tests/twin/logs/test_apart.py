"""The process that runs queries: stopped when it takes too long or too much, and there again for the next."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.logs.apart import Apart
from ringfence.twin.logs.kql import Batch, QueryError, SlowQueryError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringfence.twin.logs.kql import Answer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COLUMNS = {"T": {"TimeGenerated": "datetime", "A": "string"}}
ROWS = [{"TimeGenerated": "2026-11-22T11:30:00Z", "A": "x"}]


SLOW = "let t = range x from 1 to 200000 step 1 | extend k = 1; t | join kind=inner (t) on k | summarize sum(x * x1)"


async def answered(engine: Apart, query: str, seconds: float = 60) -> Answer:
    names = await engine.plan(query, COLUMNS, NOW, seconds)
    batches = (Batch(name, json.dumps(ROWS)) for name in names)
    return await engine.run({name: COLUMNS[name] for name in names}, batches, seconds, 100)


def tried(work: Callable[[Apart], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        engine = Apart()
        try:
            return await work(engine)
        finally:
            await engine.end()

    return asyncio.run(run())


def test_a_query_is_answered() -> None:
    found = tried(lambda engine: answered(engine, "T | where TimeGenerated > ago(1h) | project A, TimeGenerated"))
    assert found.columns == (("A", "string"), ("TimeGenerated", "datetime"))
    assert found.rows == [("x", "2026-11-22T11:30:00Z")]
    assert found.whole


def test_an_error_is_the_same_as_here() -> None:
    with pytest.raises(QueryError, match="'Nothing'") as error:
        tried(lambda engine: answered(engine, "Nothing"))
    assert (error.value.kind, error.value.code) == ("SemanticError", "SEM0100")


@pytest.mark.parametrize(
    "query",
    [
        "range x from 1 to 3000000000 step 1 | extend y = x % 7 | summarize sum(y)",
        "range x from 1 to 40000000 step 1 | summarize make_list(tostring(x))",
        SLOW,
        "print x = strrep(strrep('x', 1000000), 10000)",
        "print " + "(" * 400 + "1" + ")" * 400,
    ],
    ids=["rows", "list", "join", "text", "depth"],
)
def test_what_takes_too_much_is_stopped_and_the_next_is_answered(query: str) -> None:
    async def work(engine: Apart) -> float:
        await answered(engine, "T")
        start = time.monotonic()
        with pytest.raises((QueryError, SlowQueryError)):
            await answered(engine, query, seconds=0.5)
        took = time.monotonic() - start
        assert (await answered(engine, "T | count")).rows == [(1,)]
        return took

    assert tried(work) < 6


def test_nothing_is_left_running() -> None:
    async def work(engine: Apart) -> int:
        await answered(engine, "T")
        assert engine._process is not None
        return engine._process.pid

    process = tried(work)
    assert not runs(process)


def runs(process: int) -> bool:
    """It is there, and no mere entry that nobody has asked for."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii") if os.path.exists("/proc/self") else ""
    except (ProcessLookupError, FileNotFoundError):
        return False
    return ") Z " not in state


_PARENT = """
import asyncio, sys
from datetime import UTC, datetime
from ringfence.twin.logs.apart import Apart
async def begin():
    engine = Apart()
    await engine.plan("print 1", {}, datetime.now(UTC), 10)
    print(engine._process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(begin())
"""


def test_it_does_not_outlive_a_twin_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 10
    while runs(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert not runs(process)


def test_whoever_gives_up_waiting_leaves_no_answer_behind() -> None:
    async def work(engine: Apart) -> Answer:
        await answered(engine, "T")
        waiting = asyncio.create_task(answered(engine, SLOW))
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await answered(engine, "T | count")

    assert tried(work).rows == [(1,)]


def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "canary")

    async def work(engine: Apart) -> bytes:
        await answered(engine, "T")
        assert engine._process is not None
        with open(f"/proc/{engine._process.pid}/environ", "rb") as file:
            return file.read()

    if not os.path.exists("/proc/self/environ"):
        pytest.skip("this system does not show the variables of a process")
    assert b"canary" not in tried(work)
