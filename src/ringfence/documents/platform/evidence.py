"""What was tried of a platform, as its documents need it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ringfence.record import record

Result: TypeAlias = Literal["green", "red", "not tried"]


@record()
class Trial:
    """One claim that was tried, with a positive control."""

    id: str
    says: str
    """What holds when it is green."""
    result: Result
    shows: tuple[str, ...]
    """The statements that it shows."""
    told: str
    """What happened instead, or why it was not tried."""


@record(eq=False)
class Tried:
    """One run of all trials."""

    time: str
    """When, in UTC (RFC 3339)."""
    clients: tuple[tuple[str, str], ...]
    """The clients by name, with their versions."""
    current: bool
    """The estate that was tried is the one that this document is about, field by field."""
    note: str
    trials: tuple[Trial, ...]

    def count(self, result: Result) -> int:
        """How many came out so."""
        return sum(trial.result == result for trial in self.trials)
