"""All trials of a platform: those that disturb nothing at once, then those that change the estate, with care."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError
from ringfence.model.world import Change
from ringfence.record import record
from ringfence.twin.arm import changes
from ringfence.twin.arm.owner import OWNER
from ringfence.twin.probes import trials
from ringfence.twin.probes.hands import Hands
from ringfence.twin.probes.subject import Subject
from ringfence.twin.probes.trial import tried
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringfence.model.estate import Estate
    from ringfence.model.register import Register
    from ringfence.twin.folder import Folder
    from ringfence.twin.probes.trial import Result, Trial

AT_ONCE = 24
"""Trials that are under way at one time: the supervisor answers them all in one thread."""


@record(eq=False)
class Run:
    """What came of all of them."""

    subject: Subject
    results: tuple[Result, ...]
    versions: dict[str, str]
    began: datetime
    seconds: float


class Runner:
    """Hands at a twin that is up, for one or several runs."""

    def __init__(self, folder: Folder) -> None:
        self.hands = Hands(folder)
        self._found: Change | None = None
        """What the estate had become before."""

    async def begin(self, platform: str, estate: Estate, register: Register) -> None:
        """The clients are being imported, and the names of the run are known."""
        self.hands.begin()
        names: dict[str, Any] = await self.hands.order("names")
        self.subject = Subject(platform, estate, register, names)
        self.trials = tuple(trials.all_of(self.subject))
        self._found = changes.as_change(await self.hands.order("changed"))
        await self.become(Change())

    async def become(self, change: Change) -> None:
        """The estate that is tried is as it was found but for the change.

        Whoever applied it owns the subscription, so that somebody can act.
        """
        assert self._found is not None
        await self._is(self._found.then(OWNER).then(change))

    async def end(self) -> None:
        """The estate is as it was found, and no hand is left."""
        if self._found is not None:
            await self._is(self._found)
        await self.hands.end()

    async def _is(self, change: Change) -> None:
        await self.hands.order("change", change=changes.as_row(change))

    def chosen(self, only: Sequence[str]) -> tuple[Trial, ...]:
        """The trials that are called so, or that show one of these statements; all where nothing is named.

        Raises:
            UsageError: a name means none.
        """
        wrong = [word for word in only if not any(_is_meant(t, word) for t in self.trials)]
        if wrong:
            hint = "Name a trial, its family, or a statement, such as one-item, E-031."
            raise UsageError(f"no trial of {self.subject.platform} is {wrong[0]}", hint=hint)
        return tuple(t for t in self.trials if not only or any(_is_meant(t, word) for word in only))

    async def run(self, chosen: Iterable[Trial], tell: Callable[[str], None] = lambda _: None) -> Run:
        """The trials, carried out; `tell` hears how far they are."""
        began, loop = datetime.now(UTC), asyncio.get_running_loop()
        start, gate, mine = loop.time(), asyncio.Semaphore(AT_ONCE), tuple(chosen)
        done: list[Result] = []
        self.hands.anew()

        async def one(trial: Trial) -> None:
            async with gate:
                done.append(await tried(trial, self.hands, self.subject))
            tell(f"{len(done)} of {len(mine)} trials, {sum(r.verdict == 'red' for r in done)} red")

        await asyncio.gather(*(one(t) for t in mine if not t.disturbs))
        before = await self.hands.order("changed")
        await asyncio.gather(*(one(t) for t in mine if t.disturbs == "its own"))
        if await self.hands.order("changed") != before:  # what was put back has other names now
            await self.hands.order("change", change=before)
        for trial in (t for t in mine if t.disturbs == "all"):
            await one(trial)
        order = {trial.id: n for n, trial in enumerate(mine)}
        results = tuple(sorted(done, key=lambda r: order[r.trial.id]))
        return Run(self.subject, results, await self._versions(), began, round(loop.time() - start, 2))

    async def _versions(self) -> dict[str, str]:
        done = await self.hands.do(Who("internet"), "versions")
        return done.value or {}


def _is_meant(trial: Trial, word: str) -> bool:
    return word in (trial.id, trial.id.partition("/")[0], *trial.shows)
