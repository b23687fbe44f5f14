"""What a client of MySQL is told when something is not done: a number, a state of five letters, a sentence.

Source: dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
"""

from __future__ import annotations


class SqlError(Exception):
    """One error as MySQL says it; the sentence holds no value of a row, no password and no token."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number
        self.message = message

    @property
    def state(self) -> str:
        """The SQLSTATE of the number."""
        return _STATES.get(self.number, "HY000")


TOO_MANY = 1040
BAD_HANDSHAKE = 1043
DATABASE_DENIED = 1044
SIGN_IN_DENIED = 1045
NO_DATABASE = 1046
UNKNOWN_COMMAND = 1047
UNKNOWN_DATABASE = 1049
TABLE_EXISTS = 1050
UNKNOWN_TABLE = 1051
SHUTDOWN = 1053
UNKNOWN_COLUMN = 1054
DUPLICATE = 1062
SYNTAX = 1064
EMPTY = 1065
UNKNOWN = 1105
TABLE_DENIED = 1142
NO_TABLE = 1146
PACKET_TOO_LARGE = 1153
LOCKED = 1205
DENIED_PRIVILEGE = 1227
UNSUPPORTED = 1235
UNKNOWN_STATEMENT = 1243
UNKNOWN_FUNCTION = 1305
NOT_NULL = 1048
CHILD_ROW = 1452
PARENT_ROW = 1451
CHECK_FAILED = 3819
INSECURE = 3159
KEY_NOT_FOUND = 3185

_STATES = {
    TOO_MANY: "08004",
    BAD_HANDSHAKE: "08S01",
    DATABASE_DENIED: "42000",
    SIGN_IN_DENIED: "28000",
    NO_DATABASE: "3D000",
    UNKNOWN_COMMAND: "08S01",
    UNKNOWN_DATABASE: "42000",
    TABLE_EXISTS: "42S01",
    UNKNOWN_TABLE: "42S02",
    SHUTDOWN: "08S01",
    UNKNOWN_COLUMN: "42S22",
    DUPLICATE: "23000",
    SYNTAX: "42000",
    EMPTY: "42000",
    TABLE_DENIED: "42000",
    NO_TABLE: "42S02",
    PACKET_TOO_LARGE: "08S01",
    DENIED_PRIVILEGE: "42000",
    UNSUPPORTED: "42000",
    UNKNOWN_FUNCTION: "42000",
    NOT_NULL: "23000",
    CHILD_ROW: "23000",
    PARENT_ROW: "23000",
}
