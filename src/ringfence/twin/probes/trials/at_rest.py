"""What is written cannot be found in the files of the state folder by whoever reads them, and is read by its client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.model.storage import StorageAccount
from ringfence.twin.probes.canary import NAME, fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.databases import User, users
from ringfence.twin.probes.trials.room import WRITE, Room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAMILY = "at-rest"
_SET = "Microsoft.KeyVault/vaults/secrets/setSecret/action"
_LONGEST = 64 << 20


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each store in which somebody may write."""
    for vault in subject.estate.of(KeyVault):
        if subject.one_who_may(_SET, vault, "") is not None:
            yield _trial(subject, vault, _secret(vault))
    for account in subject.estate.of(StorageAccount):
        places = (account, *subject.containers(account))
        door = subject.door(account, "blob")
        if door and subject.has_way_in(door) and any(subject.one_who_may(WRITE, p, "") for p in places):
            yield _trial(subject, account, _blob(account))
    servers = {user.server.key: user for user in users(subject)}
    yield from (_trial(subject, user.server, _row(user)) for user in servers.values())


def _trial(subject: Subject, store: Any, act: Any) -> Trial:
    says = f"what is written to {name_of(store)} is in no file of the state as it is, and its client reads it back"
    return Trial(f"{FAMILY}/{name_of(store)}", shown(subject.platform, FAMILY, store.key), says, act)


def _secret(vault: KeyVault) -> Any:
    async def act(trying: Trying) -> None:
        door = trying.subject.door(vault, "vault")
        assert door is not None
        who = trying.subject.one_who_may(_SET, vault, trying.subject.inside(door))
        assert who is not None
        words: dict[str, Any] = {"host": trying.subject.host(door), "name": f"{NAME}-at-rest"}
        await trying.hands.do(who, "recover_secret", **words)
        text = fresh()
        await trying.accepted(who, "set_secret", value=text, **words)
        await trying.accepted(who, "get_secret", **words)
        await _unfound(trying, text)
        await trying.hands.do(who, "delete_secret", **words)

    return act


def _blob(account: StorageAccount) -> Any:
    async def act(trying: Trying) -> None:
        async with Room(trying, account) as room:
            words, text = {**room.words, "name": fresh()}, fresh()
            await trying.accepted(room.who, "put_blob", content=text, **words)
            await trying.accepted(room.who, "get_blob", **words)
            await _unfound(trying, text)
            await trying.accepted(room.who, "delete_blob", **words)

    return act


def _row(user: User) -> Any:
    async def act(trying: Trying) -> None:
        table, text = fresh(), fresh()
        words: dict[str, Any] = {"host": user.host, "user": user.name, "database": user.database}
        made = [f"CREATE TABLE {table} (value VARCHAR(64))", f"INSERT INTO {table} VALUES ('{text}')"]
        told = await trying.accepted(user.who, "query", statements=[*made, f"SELECT value FROM {table}"], **words)
        trying.expect("the row", told["rows"] == [[text]], "another row came back")
        await _unfound(trying, text)
        await trying.accepted(user.who, "query", statements=[f"DROP TABLE {table}", "SELECT 1"], **words)

    return act


async def _unfound(trying: Trying, text: str) -> None:
    found = await asyncio.to_thread(_having, trying.hands.folder.path, text.encode())
    trying.expect("no file of the state to have the text", not found, f"{', '.join(found)} has it")


def _having(folder: Path, text: bytes) -> list[str]:
    """The files in which the text stands; those that others may not read do not count."""
    found = []
    for path in folder.rglob("*"):
        try:
            if path.is_file() and path.stat().st_size < _LONGEST and text in path.read_bytes():
                found.append(path.name)
        except OSError:
            continue
    return found
