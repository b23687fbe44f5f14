"""Breaks platforms that are up, as `make mutations`: what turns red must be what the table says, trial for trial.

One twin of each platform stays up with its hands; only the change differs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ringfence.model.world import Change
from ringfence.twin import seal
from ringfence.twin.arm import changes
from ringfence.twin.client.up import start, stop
from ringfence.twin.folder import Folder
from ringfence.twin.probes.mutations import mutations
from ringfence.twin.probes.run import Runner
from ringfence.twin.store import Store
from ringfence.twins import Asked, kept, source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ringfence.twin.probes.mutations import Mutation
    from ringfence.twin.probes.run import Run

PLATFORMS = ("eudcc", "flowehr")


def main(arguments: list[str] | None = None) -> int:
    """0 when the table and what happens are the same, for the sound platforms too; 1 when they are not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", action="append", choices=PLATFORMS, default=[])
    parser.add_argument("--only", default="", help="mutations whose names have these words")
    parser.add_argument("--why", action="store_true", help="what was expected and what happened, for each red trial")
    options = parser.parse_args(arguments)
    os.environ.setdefault("RINGFENCE_DATA_KEY_SECONDS", "1")
    began = time.monotonic()
    platforms = tuple(options.platform) or PLATFORMS
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is up goes down then too
    results = asyncio.run(_all(platforms, options.only, why=options.why))
    wrong = sum(not good for good in results)
    print(f"{len(results)} runs, {wrong} not as the table says  ({time.monotonic() - began:.0f} s)")
    return 1 if wrong else 0


async def _all(platforms: tuple[str, ...], only: str, *, why: bool) -> list[bool]:
    found = await asyncio.gather(*(_platform(name, only, why=why) for name in platforms))
    return [one for results in found for one in results]


async def _platform(name: str, only: str, *, why: bool) -> list[bool]:
    mine = [m for m in mutations() if m.platform == name and only in m.name]
    both = _standing(name, [m for m in mine if not m.anew], why=why), _anew([m for m in mine if m.anew], why=why)
    return [one for results in await asyncio.gather(*both) for one in results]


async def _standing(name: str, mine: list[Mutation], *, why: bool) -> list[bool]:
    """At one twin, which is sound at first."""
    async with _up(name, Change()) as runner:
        results = [_told(f"{name}, sound", await runner.run(runner.trials), set(), (), why=why)]
        for mutation in mine:
            await runner.become(mutation.change)
            results.append(await _compared(mutation, runner, why=why))
        return results


async def _anew(mine: list[Mutation], *, why: bool) -> list[bool]:
    """Each at a twin of its own."""
    results = []
    for mutation in mine:
        async with _up(mutation.platform, mutation.change) as runner:
            results.append(await _compared(mutation, runner, why=why))
    return results


@asynccontextmanager
async def _up(name: str, change: Change) -> AsyncIterator[Runner]:
    """Hands at a twin that began with the change; the trials are those of the platform without it."""
    with TemporaryDirectory(prefix="ringfence-mutations-") as there:
        folder, asked = Folder(Path(there) / name), Asked(platform=name, started=time.monotonic())
        begun_with(folder, change)
        await asyncio.to_thread(start, folder, kept(asked), "ringfence.twins")
        runner, made = Runner(folder), source(Asked(platform=name))
        try:
            await runner.begin(made.name, made.estate(Change()), made.register)
            yield runner
        finally:
            await runner.end()
            await asyncio.to_thread(stop, folder)


def begun_with(folder: Folder, change: Change) -> None:
    """A twin that starts there stands on the change from the first moment on."""
    folder.make()
    store = Store(folder.state, seal.kept(folder.seal))
    changes.keep(store, change)
    store.close()


async def _compared(mutation: Mutation, runner: Runner, *, why: bool) -> bool:
    ids = [trial.id for trial in runner.trials]
    run, name = await runner.run(runner.trials), f"{mutation.platform}, {mutation.name}"
    return _told(name, run, mutation.expected(ids), mutation.idle(ids), why=why)


def _told(name: str, run: Run, wanted: set[str], idle: tuple[str, ...], *, why: bool) -> bool:
    red = {result.trial.id: result for result in run.results if result.verdict == "red"}
    good = set(red) == wanted and not idle
    lines = [f"{'✓' if good else '✗'} {name}: {len(red)} red  ({run.seconds} s)"]
    lines += [f"    green, and the table says red: {one}" for one in sorted(wanted - set(red))]
    lines += [f"    red, and the table says green: {one}" for one in sorted(set(red) - wanted)]
    lines += [f"    the table means no trial by {pattern}" for pattern in idle]
    shown = (r for one, r in sorted(red.items()) if why or one not in wanted)
    lines += [f"      {r.trial.id}: expected {r.expected}; {r.happened}" for r in shown]
    print("\n".join(lines), flush=True)
    return good


if __name__ == "__main__":
    sys.exit(main())
