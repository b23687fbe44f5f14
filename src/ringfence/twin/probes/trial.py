"""A trial: what is tried, which statements it shows, and whether what happened is what was expected.

Each has a positive control: what it claims to be refused is accepted where it should be, by the same client with the
same credentials. A refusal without that shows nothing, so a control that fails turns a trial red too.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from ringfence.twin.probes.hands import Done, Hands
    from ringfence.twin.probes.subject import Subject
    from ringfence.twin.probes.who import Who

Disturbance: TypeAlias = Literal["", "its own", "all"]
Verdict: TypeAlias = Literal["green", "red", "not tried"]


class ExpectedError(Exception):
    """Something else happened than was expected."""

    def __init__(self, expected: str, happened: str) -> None:
        super().__init__(f"expected {expected}; {happened}")
        self.expected, self.happened = expected, happened


class Trying:
    """What a trial acts by; all that it sees is kept."""

    def __init__(self, hands: Hands, subject: Subject) -> None:
        self.hands = hands
        self.subject = subject
        self.done: list[Done] = []
        self.controls: list[Done] = []
        """Those that had to be accepted, and were."""

    async def tries(self, who: Who, job: str, *, again: bool = True, **words: Any) -> Done:
        """What came of it, whatever it is; not `again` where another trial of the same run has tried the same."""
        done = await (self.hands.do if again else self.hands.once)(who, job, **words)
        self.done.append(done)
        return done

    async def accepted(self, who: Who, job: str, *, again: bool = True, **words: Any) -> dict[str, Any]:
        """What the service answered.

        Raises:
            ExpectedError: it was refused.
        """
        done = await self.tries(who, job, again=again, **words)
        if done.value is None:
            raise ExpectedError("it to be accepted", str(done))
        self.controls.append(done)
        return done.value

    async def refused(self, who: Who, job: str, *by: str, again: bool = True, **words: Any) -> dict[str, Any]:
        """How it was refused; `by` says what may have refused it: "network", "service", "access" …

        Raises:
            ExpectedError: it was not, or by something else.
        """
        done = await self.tries(who, job, again=again, **words)
        if done.value is not None or (by and done.by not in by):
            raise ExpectedError(f"a refusal by {' or '.join(by) or 'anything'}", str(done))
        return done.refused

    @asynccontextmanager
    async def put_back(self) -> AsyncIterator[None]:
        """What the estate becomes inside is undone at the end, whatever happens."""
        before = await self.hands.order("changed")
        try:
            yield
        finally:
            if await self.hands.order("changed") != before:
                await self.hands.order("change", change=before)

    def expect(self, expected: str, holds: bool, happened: str) -> None:
        """Holds.

        Raises:
            ExpectedError: it does not.
        """
        if not holds:
            raise ExpectedError(expected, happened)


async def together(*acts: Awaitable[Any]) -> list[Any]:
    """All of them, at once; the first that fails is told when all have ended, so that nothing goes on behind it."""
    found = await asyncio.gather(*acts, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return list(found)


@record(eq=False)
class Trial:
    """One trial of one claim."""

    id: str
    """Its family, a stroke, and what it is tried on; it never changes its meaning."""
    shows: tuple[str, ...]
    """Ids of the statements that it shows."""
    says: str
    """What holds when it is green."""
    act: Callable[[Trying], Awaitable[None]] | None
    """None where the twin cannot try it."""
    why: str = ""
    """Then: why not."""
    disturbs: Disturbance = ""
    """It changes the estate for a while, and puts everything back: something of "its own", at once with others that do
    the same, or what "all" stand on, when nothing else is tried."""


@record(eq=False)
class Result:
    """What came of a trial."""

    trial: Trial
    verdict: Verdict
    expected: str = ""
    happened: str = ""
    ms: float = 0.0
    done: list[Done] = field(default_factory=list)
    controls: list[Done] = field(default_factory=list)


async def tried(trial: Trial, hands: Hands, subject: Subject) -> Result:
    """The trial, carried out."""
    if trial.act is None:
        return Result(trial, "not tried", happened=trial.why)
    trying, loop = Trying(hands, subject), asyncio.get_running_loop()
    began = loop.time()
    try:
        await trial.act(trying)
        missing = not trying.controls
        found = ("a positive control", "nothing was accepted, so that a refusal shows nothing") if missing else ("", "")
    except ExpectedError as error:
        found = (error.expected, error.happened)
    except Exception as error:  # one that cannot be carried out shows nothing, and keeps no other from being tried
        found = ("the trial to be carried out", " ".join(f"it broke: {type(error).__name__} {error}".split()))
    ms = round((loop.time() - began) * 1000, 1)
    return Result(trial, "red" if found[0] else "green", *found, ms, trying.done, trying.controls)
