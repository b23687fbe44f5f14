"""A database lets people in by tokens, over TLS, into the one that is theirs; passwords are no way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.mysql import MySqlDatabase, MySqlFlexibleServer
from ringfence.model.value import Known
from ringfence.record import record
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.probes.who import Who

FAMILY = "database-user"
_SELECT = ["SELECT 1"]


@record(eq=False)
class User:
    """A user whom the register names."""

    name: str
    who: Who
    host: str
    server: MySqlFlexibleServer
    database: str
    others: tuple[str, ...]
    """Databases of the server that are not his."""


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each user of a database that the twin serves."""
    for user in users(subject):
        elsewhere = f", not into {', '.join(user.others)}" if user.others else ""
        says = f"{user.name} gets into {user.database} by a token over TLS{elsewhere}, and by no password"
        shows = shown(subject.platform, FAMILY, user.name)
        yield Trial(f"{FAMILY}/{user.name}", shows, says, _act(user))


def users(subject: Subject) -> Iterator[User]:
    """The users whom the register names, as they sign in."""
    for told in subject.register.users:
        database = subject.estate.resources.get(told.database)
        server = subject.estate.target(database, database.server) if isinstance(database, MySqlDatabase) else None
        door = subject.door(server, "mysqlServer") if isinstance(server, MySqlFlexibleServer) else None
        if database is None or door is None or not isinstance(server, MySqlFlexibleServer):
            continue
        principal = next((p for p in subject.principals if p.name == told.name), None)
        who = subject.acting(principal, subject.inside(door, principal)) if principal is not None else None
        if who is not None:
            mine = name_of(database)
            others = tuple(sorted(_databases(subject, server) - _of_user(subject, told.name)))
            yield User(told.name, who, subject.host(door), server, mine, others)


def _databases(subject: Subject, server: MySqlFlexibleServer) -> set[str]:
    return {name_of(d) for d in subject.estate.of(MySqlDatabase) if subject.estate.target(d, d.server) is server}


def _of_user(subject: Subject, name: str) -> set[str]:
    found = (subject.estate.resources.get(u.database) for u in subject.register.users if u.name == name)
    return {name_of(one) for one in found if one is not None}


def _act(user: User) -> Any:
    async def act(trying: Trying) -> None:
        words: dict[str, Any] = {"host": user.host, "user": user.name, "database": user.database}
        words["statements"] = _SELECT
        await trying.accepted(user.who, "query", **words)
        await trying.refused(user.who, "query", "access", password=fresh(), **words)
        await trying.refused(user.who, "query", "access", "service", plain=True, **words)
        for other in user.others:
            await trying.refused(user.who, "query", "access", **{**words, "database": other})
        administrator = user.server.administrator_login
        if isinstance(administrator, Known):
            told = {**words, "user": str(administrator.value)}
            await trying.refused(user.who, "query", "access", password=fresh(), **told)

    return act
