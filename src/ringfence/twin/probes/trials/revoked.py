"""A database whose identity loses its key: the data cannot be read within the data key's lifetime, and nothing is lost.

A lock on the vault holds its role assignments back too, so that whoever takes the key away has to lift it first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ringfence.model.authorization import ManagementLock, RoleAssignment
from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.keyvault import Key
from ringfence.model.principal import principal_of
from ringfence.questions.access.who import who as holders_of
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying, together
from ringfence.twin.probes.trials.databases import User, users
from ringfence.twin.probes.trials.owner import Taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.mysql import MySqlFlexibleServer
    from ringfence.model.resource import Resource

FAMILY = "revoked-key"
_UNWRAP = "Microsoft.KeyVault/vaults/keys/unwrap/action"
_ROWS = 50
_SLACK, _PATIENCE, _STEP = 8.0, 15.0, 0.3


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each server whose data key a key in a vault wraps."""
    told: set[str] = set()
    for user in users(subject):
        server = user.server
        taken = _grants(subject, server)
        if server.key in told or not taken:
            continue
        told.add(server.key)
        says = f"without its key the data of {name_of(server)} cannot be read, and with it they are whole again"
        shows = shown(subject.platform, FAMILY, server.key)
        yield Trial(f"{FAMILY}/{name_of(server)}", shows, says, _act(user, taken), disturbs="its own")


def _grants(subject: Subject, server: MySqlFlexibleServer) -> list[Resource]:
    """What gives the server's identity its key, behind the locks that hold that back: in the order to take it away."""
    estate = subject.estate
    key, identity = estate.target(server, server.encryption_key), estate.target(server, server.encryption_identity)
    if not isinstance(key, Key) or not isinstance(identity, UserAssignedIdentity):
        return []
    who = principal_of(estate, identity)
    holders = (h for h in holders_of(estate, _UNWRAP, key, data=True) if h.principal == who)
    given = {way.grant.source.key: way.grant.source for h in holders for way in h.ways}
    vault = estate.target(key, key.vault)
    locks = [lock for lock in estate.of(ManagementLock) if estate.target(lock, lock.scope) is vault]
    return [*locks, *(one for one in given.values() if isinstance(one, RoleAssignment))]


def _act(user: User, grants: list[Resource]) -> Any:
    async def act(trying: Trying) -> None:
        table = fresh()
        rows = [(n, fresh()) for n in range(_ROWS)]
        words: dict[str, Any] = {"host": user.host, "user": user.name, "database": user.database}
        values = ", ".join(f"({number}, '{text}')" for number, text in rows)
        made = [f"CREATE TABLE {table} (id INT PRIMARY KEY, value VARCHAR(64))", f"INSERT INTO {table} VALUES {values}"]
        read = [f"SELECT id, value FROM {table} ORDER BY id"]
        await trying.accepted(user.who, "query", statements=[*made, *read], **words)
        async with Taken(trying, grants) as taken:
            seconds = trying.subject.data_key_seconds + _SLACK
            held = asyncio.create_task(trying.tries(user.who, "hold", seconds=seconds, **words))
            await asyncio.sleep(_STEP)
            await taken.away()
            await together(_unreadable(trying, user, {**words, "statements": read}), _closed(trying, held))
        after = await _readable(trying, user, {**words, "statements": read})
        whole = [tuple(row) for row in after] == rows
        trying.expect("every row as it was", whole, f"{len(after)} of {_ROWS} rows came back, or others")
        await trying.accepted(user.who, "query", statements=[f"DROP TABLE {table}", "SELECT 1"], **words)

    return act


async def _unreadable(trying: Trying, user: User, words: dict[str, Any]) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while (done := await trying.tries(user.who, "query", **words)).value is not None and loop.time() < end:
        await asyncio.sleep(_STEP)
    trying.expect("no new connection to read anything", done.value is None, str(done))


async def _closed(trying: Trying, held: asyncio.Task[Any]) -> None:
    done = await held
    closed = done.value is not None and done.value["closed"] is not None
    trying.expect("an open connection to be closed within the lifetime of the data key", closed, str(done))


async def _readable(trying: Trying, user: User, words: dict[str, Any]) -> list[list[Any]]:
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while (done := await trying.tries(user.who, "query", **words)).value is None and loop.time() < end:
        await asyncio.sleep(_STEP)
    trying.expect("the data to be there again", done.value is not None, str(done))
    assert done.value is not None
    rows: list[list[Any]] = done.value["rows"]
    return rows
