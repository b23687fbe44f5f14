"""A container is opened to nobody in particular, and comes back when it was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.owner import OWNER
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Act = Callable[[Trying, Who, dict[str, Any]], Awaitable[None]]


def trials(subject: Subject) -> Iterator[Trial]:
    """Those of each account whose blobs are met from inside."""
    for account in subject.estate.of(StorageAccount):
        door = subject.door(account, "blob")
        if door is None or not subject.has_way_in(door):
            continue
        for family, (says, act) in _FAMILIES.items():
            if family != "deleted-container" or isinstance(account.container_delete_retention_days, Known):
                shows = shown(subject.platform, family, account.key)
                at, host = subject.inside(door), subject.host(door)
                yield Trial(f"{family}/{name_of(account)}", shows, f"{name_of(account)} {says}", _made(act, at, host))


def _made(act: Act, at: str, host: str) -> Any:
    """In a container of its own, made by whoever owns the subscription, who reads no blob."""

    async def acted(trying: Trying) -> None:
        who = OWNER.there(at)
        words: dict[str, Any] = {"host": host, "container": fresh()}
        await trying.accepted(who, "make_container", **words)
        try:
            await act(trying, who, words)
        finally:
            await trying.hands.do(who, "delete_container", **words)

    return acted


async def _opened(trying: Trying, who: Who, words: dict[str, Any]) -> None:
    other = {**words, "container": fresh()}
    done = await trying.tries(who, "make_container", public="container", **other)
    if done.value is not None:
        await trying.hands.do(who, "delete_container", **other)
    trying.expect("nobody to open a container to all", done.value is None and done.by == "service", str(done))
    await trying.refused(Who(who.at), "list_blobs", "access", "service", how="anonymous", **words)


async def _restored(trying: Trying, who: Who, words: dict[str, Any]) -> None:
    name = words["container"]
    host: dict[str, Any] = {"host": words["host"]}
    await trying.accepted(who, "delete_container", **words)
    gone = await trying.accepted(who, "list_containers", **host)
    trying.expect("the container to be gone", name not in gone["names"], "it is there")
    await trying.accepted(who, "restore_container", **words)
    back = await trying.accepted(who, "list_containers", **host)
    trying.expect("the container to be there again", name in back["names"], "it is not")


_FAMILIES: dict[str, tuple[str, Act]] = {
    "public-container": ("opens no container to whoever asks", _opened),
    "deleted-container": ("gives back a container that was deleted", _restored),
}
