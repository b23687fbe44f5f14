"""What somebody who has signed in may do in which database.

Source: dev.mysql.com/doc/refman/8.4/en/privileges-provided.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ringfence.record import record
from ringfence.twin.database.error import DATABASE_DENIED, TABLE_DENIED, SqlError

if TYPE_CHECKING:
    from collections.abc import Mapping

READS = frozenset(["SELECT", "SHOW VIEW"])
WRITES = frozenset(["INSERT", "UPDATE"])
DELETES = frozenset(["DELETE", "DROP"])
ADMINISTERS = frozenset(["CREATE", "ALTER", "INDEX", "REFERENCES", "CREATE VIEW", "TRIGGER", "LOCK TABLES"])
EVERYTHING = READS | WRITES | DELETES | ADMINISTERS
"""What can be granted on a database, as far as it is here."""
EVERYWHERE = "*"


@record(eq=False)
class Account:
    """A user of a server while he is connected."""

    user: str
    host: str
    """The address that he comes from."""
    rights: Mapping[str, frozenset[str]]
    """The privileges by database; under `EVERYWHERE` those on all."""
    by_token: bool = True
    """He has shown a token of the directory, not a password."""

    def may(self, privilege: str, database: str) -> bool:
        """Whether he has the privilege in the database."""
        return any(privilege in self.rights.get(name, ()) for name in (database, EVERYWHERE))

    def sees(self, database: str) -> bool:
        """Whether he has any privilege in the database."""
        return any(self.rights.get(name) for name in (database, EVERYWHERE))

    def enter(self, database: str) -> None:
        """He sees the database.

        Raises:
            SqlError: he does not.
        """
        if not self.sees(database):
            self.no_entry(database)

    def no_entry(self, database: str) -> NoReturn:
        """He is refused the database.

        Raises:
            SqlError: always.
        """
        who = f"'{self.user}'@'{self.host}'"
        raise SqlError(DATABASE_DENIED, f"Access denied for user {who} to database '{database}'")

    def use(self, privilege: str, database: str, table: str) -> None:
        """He has the privilege in the database.

        Raises:
            SqlError: he has not.
        """
        if not self.may(privilege, database):
            who = f"'{self.user}'@'{self.host}'"
            where = f"table '{table}' of database '{database}'"
            raise SqlError(TABLE_DENIED, f"{privilege} command denied to user {who} for {where}")
