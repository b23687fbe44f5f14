"""A database behind a loopback server of the test, a custodian that can be told to refuse, and real clients."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pymysql
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringfence.model.register import DatabaseUser
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import INTERNET
from ringfence.record import replace
from ringfence.twin import authority
from ringfence.twin.database.embedded import engine as _embedded  # noqa: F401  # imported before threads begin
from ringfence.twin.database.mariadb import engine as _mariadb  # noqa: F401
from ringfence.twin.database.service import Databases
from ringfence.twin.vault.custodian import RefusedWorkError, Worked
from ringfence.twin.visit import Visit

from .. import grounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.twin.ground import Ground

AUDIENCE = "https://ossrdbms-aad.database.windows.net"
HOST = "mysql-eudcc-ie-prod.mysql.database.azure.com"
SERVER = "ie#azurerm_mysql_flexible_server.mysql"
ISSUANCE = "dgca-issuance-service"
DATABASE = "issuance-service"
OTHER = "businessrule-service"
ADMINISTRATOR = "id-mysql-eudcc-ie-prod-admin"
READER = "dgca-issuance-web"
"""An identity of the platform that is made a user here, who may read."""
PLAIN = "Zebra-Quagga-7741"
"""A value that is looked for where it must not be."""


class Keeper:
    """A custodian as a vault is one: it wraps by keys with versions, and refuses when it is told to."""

    def __init__(self) -> None:
        self.refuses = ""
        self.asked: list[str] = []
        self._versions = {"1": AESGCM(bytes(32))}

    def rotate(self) -> None:
        """The key has a newer version."""
        number = str(len(self._versions) + 1)
        self._versions[number] = AESGCM(bytes([len(self._versions)]) * 32)

    def key_id(self, key: Any) -> str:
        return f"https://vault/{key.key}"

    async def operate(self, principal: Any, key_id: str, work: str, value: bytes) -> Worked:
        self.asked.append(f"{work} {principal.name}")
        if self.refuses:
            raise RefusedWorkError(403, "Forbidden", self.refuses)
        base, _, version = key_id.partition("|")
        version = version or max(self._versions)
        cipher = self._versions[version]
        done = cipher.encrypt(bytes(12), value, None) if work == "wrap" else cipher.decrypt(bytes(12), value, None)
        return Worked(done, f"{base}|{version}")


class Passwords:
    """What the administrator's password is."""

    async def password(self, server: Any) -> str | None:
        return "correct horse"


class Stand:
    """A running twin of the databases; the loop runs in a thread of its own, so that clients may block."""

    def __init__(
        self, ground: Ground, keeper: Any, *, embedded: bool, lifetime: float = 30.0, passwords: Any = None
    ) -> None:
        self.ground, self.keeper = ground, keeper
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.databases = Databases(ground, keeper, passwords or Passwords(), lifetime=lifetime, embedded=embedded)
        self.server = SERVER
        self.port = self.wait(self._begin())

    def wait(self, work: Any) -> Any:
        """What the work gives, done in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    async def _begin(self) -> int:
        await self.databases.begin()
        self._listening = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return int(self._listening.sockets[0].getsockname()[1])

    async def _end(self) -> None:
        self._listening.close()
        await self.databases.end()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        estate = self.ground.present.estate
        [door] = doors(estate.resources[self.server], estate)
        await self.databases.connected(reader, writer, Visit(INTERNET, HOST, door, "private", "10.1.2.3"))

    def close(self) -> None:
        """Nothing runs any more."""
        self.wait(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def settled(self, find: Callable[[], list[Any]], count: int) -> list[Any]:
        """What is found, once there is so much of it: a record may come after the client has gone."""
        assert eventually(lambda: len(find()) >= count)
        return find()

    def token(self, name: str, audience: str = AUDIENCE, **more: Any) -> str:
        """A token of the principal of that name."""
        [who] = [p for p in self.ground.directory.everybody() if p.name == name]
        return self.ground.tokens.issue(who, audience, **more).text

    def connect(
        self, user: str = ISSUANCE, secret: str | None = None, database: str | None = DATABASE, **more: Any
    ) -> Any:
        """A connection of PyMySQL, as an application opens one."""
        given = {"ssl": self.trust(), "autocommit": True, "connect_timeout": 10, "read_timeout": 20} | more
        given |= {"user": user, "password": self.token(user) if secret is None else secret, "database": database}
        return pymysql.connect(host="127.0.0.1", port=self.port, charset="utf8mb4", **given)

    def trust(self, host: str = HOST) -> ssl.SSLContext:
        """Trusts the twin's authority and nothing else, and asks for the server by that name."""
        context = _Named(ssl.PROTOCOL_TLS_CLIENT)
        context.host = host
        context.load_verify_locations(cadata=self.ground.authority.pem.decode())
        return context


class _Named(ssl.SSLContext):
    """A forwarded port is met at this machine's address; the certificate is asked for by the server's name."""

    host = ""

    def wrap_socket(self, *given: Any, **named: Any) -> ssl.SSLSocket:
        return super().wrap_socket(*given, **(named | {"server_hostname": self.host}))


def is_gone(connection: Any) -> bool:
    """Whether the server has sent it away."""
    try:
        connection.query("SELECT 1")
    except pymysql.MySQLError:
        return True
    return False


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it becomes so."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def connections(stand: Stand) -> list[dict[str, Any]]:
    """The records of who connected."""
    return [row for row in _audited(stand) if row["event_class_s"] == "connection_log"]


def statements(stand: Stand) -> list[dict[str, Any]]:
    """The records of what was done."""
    return [row for row in _audited(stand) if row["event_class_s"] == "general_log"]


def _audited(stand: Stand) -> list[dict[str, Any]]:
    return [row for _, category, row, _ in grounds.rows(stand.ground) if category == "MySqlAuditLogs"]


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """A folder that somebody without rights may pass through too, since MariaDB does not run as root."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o711)
        yield folder / "twin"


def ground(folder: Path, change: Any = None, **more: Any) -> Ground:
    """The platform with the MySQL servers, and an authority that may certify their names."""
    made = grounds.ground(_platform(), folder, **more)
    folder.chmod(0o711)
    if change is not None:
        made.present.become(change)
    return replace(made, authority=authority_of_servers())


@cache
def _platform() -> grounds.Platform:
    """The platform, with one more user than it makes."""
    found = grounds.Platform("eudcc")
    database = "ie-workloads#azurerm_mysql_flexible_database.issuance_service"
    reader = DatabaseUser(database, READER, ("SELECT",), "It reads.")
    found.register = replace(found.register, users=[*found.register.users, reader])
    return found


@cache
def authority_of_servers() -> Any:
    """One that may certify the names of MySQL servers."""
    return authority.new(["mysql.database.azure.com"])


def everything(folder: Path) -> bytes:
    """All bytes of all files of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@contextlib.contextmanager
def refused(number: int, *words: str) -> Any:
    """What is done inside is refused by the server with that number, for a reason with those words."""
    with pytest.raises(pymysql.MySQLError) as told:
        yield told
    assert told.value.args[0] == number, told.value
    for word in words:
        assert word in str(told.value.args[1])
