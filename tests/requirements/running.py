"""Platforms that run while they are tested: one twin of each in this process, and real clients at it.

From one test to the next only the estate is exchanged that the twin stands on. The trials are those of the platform as
it ships: what a broken one no longer declares is missed by them.
"""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from ringfence.model.world import Change
from tests.requirements.bench import sound
from tests.requirements.binding import Case

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from ringfence.model.estate import Estate
    from ringfence.model.register import Register
    from ringfence.twin.probes.run import Runner
    from ringfence.twin.probes.trial import Result, Trial
    from ringfence.twin.supervisor import Twin
    from tests.requirements.bench import Bench
    from tests.requirements.mutation import Mutation

T = TypeVar("T")
_UP: list[Running] = []


def tried(ids: str, breaks: Mutation, world: str = "", *, anew: bool = False) -> Case:
    """A case of the way "run": what the trials of these statements find, in the production world when none is named.

    `anew`: what breaks it changes what code is given where it runs, so that every hand has to begin anew.
    """
    return Case(ids, "run", breaks, ids.split(), world, anew)


def holds(bench: Bench, ids: Iterable[str], world: str = "", anew: bool = False) -> None:
    """Every trial that shows one of the statements is green on the platform.

    Raises:
        AssertionError: one is red, or there is none.
    """
    results = running(bench.name, world).results(bench, ids, anew=anew)
    red = [f"{r.trial.id}: expected {r.expected}; {r.happened}" for r in results if r.verdict == "red"]
    assert not red, "\n".join(red)
    assert all(r.verdict == "green" for r in results)
    assert all(any(one in r.trial.shows for r in results) for one in ids), f"no trial shows all of {' '.join(ids)}"


class Ground:
    """What the twin stands on: the estate of a bench in a world."""

    def __init__(self, bench: Bench, world: str) -> None:
        self.name = bench.name
        self.register: Register = bench.register(world)
        self._bench, self._world = bench, world

    def estate(self, change: Change) -> Estate:
        """The estate with the change."""
        return self._bench.changed(change, self._world)


class Running:
    """A platform that is up in one world."""

    _twin: Twin
    _runner: Runner
    _odd = False
    """What hands have been given is not what the platform as it ships gives."""

    def __init__(self, platform: str, world: str) -> None:
        self._platform, self._world = platform, world
        self._folder = TemporaryDirectory(prefix="ringfence-requirements-")
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, daemon=True).start()
        self._sound: dict[str, Result] = {}
        self._does(self._begin())

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Those of the platform as it ships."""
        return self._runner.trials

    def results(self, bench: Bench, ids: Iterable[str], *, anew: bool = False) -> list[Result]:
        """What came of each trial that shows one of the statements; on the sound platform each is made once."""
        wanted = [t for t in self.trials if set(ids) & set(t.shows)]
        if bench is not sound(bench.name):
            return self._does(self._tried(bench, wanted, anew=anew))
        new = [t for t in wanted if t.id not in self._sound]
        if new:
            self._sound |= {r.trial.id: r for r in self._does(self._tried(bench, new))}
        return [self._sound[t.id] for t in wanted]

    def end(self) -> None:
        """Nothing is up, and nothing of it is left."""
        self._does(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._folder.cleanup()

    async def _begin(self) -> None:
        from ringfence.twin.folder import Folder
        from ringfence.twin.probes.run import Runner
        from ringfence.twin.supervisor import Twin

        folder, whole = Folder(Path(self._folder.name) / "state"), sound(self._platform)
        self._twin = Twin(Ground(whole, self._world), folder)
        await self._twin.begin()
        self._runner = Runner(folder)
        await self._runner.begin(self._platform, whole.estate(self._world), whole.register(self._world))

    async def _ended(self) -> None:
        await self._runner.end()
        await self._twin.end()

    async def _tried(self, bench: Bench, trials: Iterable[Trial], *, anew: bool = False) -> list[Result]:
        self._twin.present.source = Ground(bench, self._world)
        await self._runner.become(Change())
        if anew or self._odd:
            await self._runner.hands.leave()
        self._odd = anew
        return list((await self._runner.run(trials)).results)

    def _does(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()


@cache
def running(platform: str, world: str = "") -> Running:
    """The platform, up since it was first asked for."""
    _UP.append(Running(platform, world))
    return _UP[-1]


def over() -> None:
    """None is up any more. It has to be said: when the interpreter ends by itself, nothing can be ended in order."""
    for one in _UP:
        one.end()
    _UP.clear()
    running.cache_clear()
