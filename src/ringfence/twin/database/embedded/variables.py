"""What a session can set and ask for with ``@@``, and what each is when nobody has set it.

Source: dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ringfence.twin.database.error import SqlError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.database.wire.values import Plain

UNKNOWN_VARIABLE = 1193
VERSION = "8.4.0-ringfence"
_INITIAL: dict[str, Plain] = {
    "auto_increment_increment": 1,
    "autocommit": 1,
    "character_set_client": "utf8mb4",
    "character_set_connection": "utf8mb4",
    "character_set_database": "utf8mb4",
    "character_set_results": "utf8mb4",
    "character_set_server": "utf8mb4",
    "character_set_system": "utf8mb3",
    "collation_connection": "utf8mb4_unicode_ci",
    "collation_database": "utf8mb4_unicode_ci",
    "collation_server": "utf8mb4_unicode_ci",
    "default_storage_engine": "InnoDB",
    "foreign_key_checks": 1,
    "have_ssl": "YES",
    "init_connect": "",
    "innodb_lock_wait_timeout": 10,
    "interactive_timeout": 28800,
    "license": "Apache-2.0",
    "lower_case_table_names": 1,
    "max_allowed_packet": 16 * 2**20,
    "max_execution_time": 0,
    "net_buffer_length": 16384,
    "net_read_timeout": 30,
    "net_write_timeout": 60,
    "performance_schema": 0,
    "query_cache_size": 0,
    "query_cache_type": "OFF",
    "read_only": 0,
    "require_secure_transport": "ON",
    "sql_auto_is_null": 0,
    "sql_mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO",
    "sql_notes": 1,
    "sql_quote_show_create": 1,
    "sql_safe_updates": 0,
    "sql_select_limit": 2**64 - 1,
    "system_time_zone": "UTC",
    "time_zone": "SYSTEM",
    "transaction_isolation": "READ-COMMITTED",
    "transaction_read_only": 0,
    "tx_isolation": "READ-COMMITTED",
    "tx_read_only": 0,
    "unique_checks": 1,
    "version": VERSION,
    "version_comment": "ringfence twin: an embedded engine, not MySQL",
    "wait_timeout": 28800,
}
_FIXED = ("version", "version_comment", "license", "have_ssl", "require_secure_transport", "read_only")
_OF_TRANSACTION = {"READ ONLY": ("transaction_read_only", 1), "READ WRITE": ("transaction_read_only", 0)}
_SETS = ("character_set_client", "character_set_connection", "character_set_results")


class Variables:
    """The variables of one session."""

    def __init__(self) -> None:
        self._system = dict(_INITIAL)
        self._own: dict[str, Plain] = {}

    def __getitem__(self, name: str) -> Plain:
        """A system variable.

        Raises:
            SqlError: there is none of that name.
        """
        name = name.casefold()
        if name not in self._system:
            raise SqlError(UNKNOWN_VARIABLE, f"Unknown system variable '{name}'")
        return self._system[name]

    def own(self, name: str) -> Plain:
        """A variable of the client's own; NULL when it was never set."""
        return self._own.get(name.casefold())

    def all(self) -> Iterator[tuple[str, Plain]]:
        """The system variables."""
        yield from sorted(self._system.items())

    def set_own(self, name: str, value: Plain) -> None:
        """A variable of the client's own has the value."""
        self._own[name.casefold()] = value

    def set(self, name: str, value: Plain) -> None:
        """A system variable of the session has the value; words for yes and no are 1 and 0 where it has one of these.

        Raises:
            SqlError: there is none of that name, or none that a client sets.
        """
        before = self[name]
        if name.casefold() in _FIXED:
            raise SqlError(1238, f"Variable '{name}' is a read only variable")
        word = str(value).upper()
        if before in (0, 1) and word in ("ON", "OFF", "TRUE", "FALSE"):
            value = int(word in ("ON", "TRUE"))
        self._system[name.casefold()] = _INITIAL[name.casefold()] if word == "DEFAULT" else value

    def set_names(self, charset: str) -> None:
        """The client writes and reads that character set.

        Raises:
            SqlError: it is not one of Unicode.
        """
        if charset.casefold() not in ("utf8mb4", "utf8mb3", "utf8", "default", "ascii", "binary"):
            raise SqlError(1115, f"Unknown character set: '{charset}'")
        for name in _SETS:
            self._system[name] = "utf8mb4"

    def put_in(self, node: exp.Expr) -> exp.Expr:
        """The statement with the values of the variables that it asks for."""
        for one in list(node.find_all(exp.SessionParameter, exp.Parameter)):
            system = isinstance(one, exp.SessionParameter)
            value = self[one.name] if system else self.own(one.name)
            literal = exp.null() if value is None else exp.convert(value)
            asked = one.parent is not None and isinstance(one.parent, exp.Select)
            named = exp.alias_(literal, f"{'@@' if system else '@'}{one.name}", quoted=True)
            one.replace(named if asked else literal)
        return node
