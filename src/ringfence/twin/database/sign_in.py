"""Who signs in: by a token of the directory, under the name that the server knows its owner by.

A server knows two sorts of users of the directory. Its administrators are declared, and what they may is decided as
every other question of access. All others are made in SQL, which no Terraform declares: the platform's register names
them, and their database and privileges; an estate that was read from Terraform has none.

Source: learn.microsoft.com/azure/mysql/flexible-server/security-entra-authentication, …/security-how-to-entra
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Protocol

from ringfence.model.principal import principals
from ringfence.model.value import Known, Unknown
from ringfence.questions.access.operation import (
    DATABASE_ADMINISTER,
    DATABASE_DELETE,
    DATABASE_READ,
    DATABASE_WRITE,
    SIGN_IN,
)
from ringfence.twin.database.error import SIGN_IN_DENIED, SqlError
from ringfence.twin.database.rights import ADMINISTERS, DELETES, EVERYTHING, EVERYWHERE, READS, WRITES, Account
from ringfence.twin.database.settings import databases, login, settings
from ringfence.twin.entra.tokens import VoidTokenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.database import Administrator
    from ringfence.model.principal import Principal
    from ringfence.twin.database.settings import Server
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground

AUDIENCES = ("https://ossrdbms-aad.database.windows.net", "https://ossrdbms-aad.database.windows.net/")
_OPERATIONS = {
    DATABASE_READ.name: READS,
    DATABASE_WRITE.name: WRITES,
    DATABASE_DELETE.name: DELETES,
    DATABASE_ADMINISTER.name: ADMINISTERS,
}


class Passwords(Protocol):
    """Where the password of a server's administrator is kept."""

    async def password(self, server: Server) -> str | None:
        """The password; None where there is none."""


class SignIn:
    """Decides who gets in, and what he may do."""

    def __init__(self, ground: Ground, passwords: Passwords) -> None:
        self._ground, self._passwords = ground, passwords

    def native(self, server: Server, user: str) -> bool:
        """Whether the user signs in by a password: the administrator whom the server was made with."""
        return user != "" and user == login(server)

    async def account(self, server: Server, user: str, secret: str, host: str) -> Account:
        """The user with his rights.

        Raises:
            SqlError: he is refused, and why.
        """
        if self.native(server, user):
            return await self._by_password(server, user, secret, host)
        try:
            caller = self._ground.tokens.caller(secret, AUDIENCES)
        except VoidTokenError as error:
            raise _denied(user, host, f"what was shown is no access token that holds: {error}") from None
        return Account(user, host, self._rights(server, user, caller, host))

    async def _by_password(self, server: Server, user: str, secret: str, host: str) -> Account:
        """For whoever breaks the glass: his name and password, where the server takes passwords at all."""
        found = settings(server)
        if not found.passwords:
            why = f"this server takes no passwords, since {found.why}"
            raise _denied(user, host, why)
        kept = await self._passwords.password(server)
        if not kept or not hmac.compare_digest(kept.encode(), secret.encode()):
            raise _denied(user, host, "using password: YES" if kept else "no password has been set")
        return Account(user, host, {EVERYWHERE: EVERYTHING}, by_token=False)

    def _rights(self, server: Server, user: str, caller: Caller, host: str) -> dict[str, frozenset[str]]:
        named = [one for one in server.administrators if isinstance(one.login, Known) and one.login.value == user]
        if named:
            return self._administrator(server, named[0], caller, user, host)
        granted = dict(self._granted(server, user))
        if not granted:
            raise _denied(user, host, "the server has no such user")
        self._must_be(caller, user, host)
        return granted

    def _administrator(
        self, server: Server, named: Administrator, caller: Caller, user: str, host: str
    ) -> dict[str, frozenset[str]]:
        """What an administrator whom the estate declares may do, on every database."""
        meant = principals(self._ground.present.estate, server, named.sid)
        if isinstance(meant, Unknown):
            raise _denied(user, host, f"it cannot be told who that is: {meant.why}")
        if not any(self._acts_as(caller, one) for one in meant):
            raise _denied(user, host, f"the token is that of {caller.principal}")
        verdict = self._ground.present.may(caller.principal, SIGN_IN.name, server)
        if verdict.outcome != "pass":
            raise _denied(user, host, verdict.why)
        may = (rights for operation, rights in _OPERATIONS.items() if self._may(caller, operation, server))
        return {EVERYWHERE: frozenset().union(*may)}

    def _may(self, caller: Caller, operation: str, server: Server) -> bool:
        return self._ground.present.may(caller.principal, operation, server).outcome == "pass"

    def _granted(self, server: Server, user: str) -> Iterator[tuple[str, frozenset[str]]]:
        """What the register gives a user of that name, by database."""
        here = {database.key: name for name, database in databases(self._ground.present.estate, server).items()}
        for one in self._ground.present.source.register.users:
            if one.name == user and one.database in here:
                yield here[one.database], frozenset(one.roles)

    def _must_be(self, caller: Caller, user: str, host: str) -> None:
        """The caller is the one principal that the directory has under the name, or is in the one group."""
        named = [one for one in self._ground.directory.everybody() if one.name == user]
        if caller.name == user or any(self._acts_as(caller, one) for one in named[:1] if len(named) == 1):
            return
        if len(named) > 1:
            why = f"the directory has {len(named)} principals of that name, so that it cannot be told which is meant"
            raise _denied(user, host, why)
        raise _denied(user, host, f"the token is that of {caller.principal}")

    def _acts_as(self, caller: Caller, principal: Principal) -> bool:
        return principal == caller.principal or principal in self._ground.directory.groups(caller.principal)


def _denied(user: str, host: str, why: str) -> SqlError:
    return SqlError(SIGN_IN_DENIED, f"Access denied for user '{user}'@'{host}': {why}")
