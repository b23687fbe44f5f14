"""What is locked is not deleted, not even by whoever owns everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.authorization import ManagementLock
from ringfence.model.resource import Resource
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.owner import OWNER, words

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = "lock"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each thing that a declared lock is on."""
    told: set[str] = set()
    for lock in subject.estate.of(ManagementLock):
        target = subject.estate.target(lock, lock.scope)
        if isinstance(target, Resource) and target.key not in told and subject.arm_id(target):
            told.add(target.key)
            says = f"{name_of(target)} is locked: whoever owns the subscription reads it and cannot delete it"
            shows = shown(subject.platform, FAMILY, target.key)
            yield Trial(f"{FAMILY}/{name_of(target)}", shows, says, _act(target), disturbs="all")


def _act(target: Resource) -> Any:
    async def act(trying: Trying) -> None:
        async with trying.put_back():
            await trying.accepted(OWNER, "manage", **words(trying, "GET", target))
            refused = await trying.refused(OWNER, "manage", "service", **words(trying, "DELETE", target))
        code = refused["code"]
        trying.expect("the lock to refuse it (ScopeLocked)", code == "ScopeLocked", f"{code} refused it")

    return act
