"""What a storage account refuses whoever asks: its own keys, nobody in particular, plain HTTP; and what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.room import WRITE, Room
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Act = Callable[[Trying, StorageAccount, Room], Awaitable[None]]

_SCOPE = "https://storage.azure.com/.default"
_HEADERS = {"x-ms-version": "2023-11-03"}
"""From some version on, storage takes tokens: it has to be told."""


def trials(subject: Subject) -> Iterator[Trial]:
    """Those of each account that can be met from inside and in which somebody may write."""
    for account in subject.estate.of(StorageAccount):
        door = subject.door(account, "blob")
        if door is None or not subject.has_way_in(door) or not _is_written(subject, account):
            continue
        name = name_of(account)
        for family, (says, act) in _FAMILIES.items():
            if family != "soft-delete" or isinstance(account.blob_delete_retention_days, Known):
                shows = shown(subject.platform, family, account.key)
                yield Trial(f"{family}/{name}", shows, f"{name} {says}", _in_room(account, act))


def _is_written(subject: Subject, account: StorageAccount) -> bool:
    places = (account, *subject.containers(account))
    return any(subject.one_who_may(WRITE, place, "") is not None for place in places)


def _in_room(account: StorageAccount, act: Act) -> Any:
    async def acted(trying: Trying) -> None:
        async with Room(trying, account) as room:
            await act(trying, account, room)

    return acted


async def _control(trying: Trying, room: Room, name: str) -> dict[str, Any]:
    """A blob that one with a role and a token has written, and reads again."""
    words = {**room.words, "name": name}
    await trying.accepted(room.who, "put_blob", content=fresh(), **words)
    return await trying.accepted(room.who, "get_blob", **words)


async def _shared_key(trying: Trying, account: StorageAccount, room: Room) -> None:
    name = fresh()
    await _control(trying, room, name)
    key = (await trying.hands.order("account-key", account=account.key))["key"]
    who = Who(room.who.at)
    await trying.refused(who, "get_blob", "access", "service", how="shared key", key=key, name=name, **room.words)
    await trying.accepted(room.who, "delete_blob", name=name, **room.words)


async def _anonymous(trying: Trying, _: StorageAccount, room: Room) -> None:
    name = fresh()
    await _control(trying, room, name)
    who = Who(room.who.at)
    for job in ("get_blob", "list_blobs"):
        words = {"name": name, **room.words} if job == "get_blob" else room.words
        await trying.refused(who, job, "access", "service", how="anonymous", **words)
    await trying.accepted(room.who, "delete_blob", name=name, **room.words)


async def _https_only(trying: Trying, _: StorageAccount, room: Room) -> None:
    name = fresh()
    await _control(trying, room, name)
    path = f"/{room.words['container']}/{name}"
    words: dict[str, Any] = {"host": room.words["host"], "path": path, "scope": _SCOPE, "headers": _HEADERS}
    await trying.accepted(room.who, "fetch", scheme="https", **words)
    await trying.refused(room.who, "fetch", scheme="http", **words)
    await trying.accepted(room.who, "delete_blob", name=name, **room.words)


async def _soft_delete(trying: Trying, _: StorageAccount, room: Room) -> None:
    name = fresh()
    before = await _control(trying, room, name)
    words = {**room.words, "name": name}
    await trying.accepted(room.who, "delete_blob", **words)
    await trying.refused(room.who, "get_blob", "service", **words)
    await trying.accepted(room.who, "restore_blob", **words)
    after = await trying.accepted(room.who, "get_blob", **words)
    trying.expect("the blob as it was", before == after, "it came back as something else")
    await trying.accepted(room.who, "delete_blob", **words)


_FAMILIES: dict[str, tuple[str, Act]] = {
    "shared-key": ("refuses a request that its own key has signed, and takes one with a token", _shared_key),
    "anonymous": ("refuses whoever shows nothing, and takes one with a token", _anonymous),
    "https-only": ("serves nothing over plain HTTP, and the same over HTTPS", _https_only),
    "soft-delete": ("gives back a blob that was deleted", _soft_delete),
}
