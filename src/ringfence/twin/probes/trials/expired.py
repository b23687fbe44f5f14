"""A token that has expired lets nobody into a database any more; the same identity's next one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.databases import User, users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.probes.subject import Subject

FAMILY = "expired-token"
_AUDIENCE = "https://ossrdbms-aad.database.windows.net"
_SCOPE = f"{_AUDIENCE}/.default"
_LONGEST = 24 * 3600


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each user of a database that the twin serves."""
    for user in users(subject):
        shows = shown(subject.platform, FAMILY, user.name)
        says = f"{user.name} gets into {user.database} by a token of the hour, and by none that has expired"
        yield Trial(f"{FAMILY}/{user.name}", shows, says, _act(subject, user))


def _act(subject: Subject, user: User) -> Any:
    principal = next(p for p in subject.principals if p.name == user.name)

    async def act(trying: Trying) -> None:
        words: dict[str, Any] = {"host": user.host, "user": user.name, "database": user.database}
        words["statements"] = ["SELECT 1"]
        told = await trying.accepted(user.who, "sign_in", scope=_SCOPE)
        trying.expect("a token of a day at most", told["seconds"] <= _LONGEST, f"it holds for {told['seconds']} s")
        await trying.accepted(user.who, "query", **words)
        old = await trying.hands.order("token", who=principal.key, audience=_AUDIENCE, expired=True)
        await trying.refused(user.who, "query", "access", password=old["token"], **words)

    return act
