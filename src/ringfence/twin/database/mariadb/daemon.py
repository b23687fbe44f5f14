"""One process of MariaDB, with its files under the data key.

It gets the key, and what it has to do first, in memory that has no name; neither is ever in a file. Every table, the
logs and what is spilled to disk are encrypted; names of tables and columns, and their defaults, are not.

Source: mariadb.com/kb/en/file-key-management-encryption-plugin, mariadb.com/kb/en/innodb-enabling-encryption
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import signal
import subprocess
from typing import TYPE_CHECKING, Any

from ringfence.twin.database.error import KEY_NOT_FOUND, SqlError
from ringfence.twin.database.mariadb.server import SCRIPTS

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.database.mariadb.server import Installed, Runner

FRONT = "ringfence"
"""The account by which the front makes the others."""
_SETTINGS = (
    "plugin-load-add=file_key_management",
    "innodb-encrypt-tables=FORCE",
    "innodb-encrypt-log=ON",
    "innodb-encrypt-temporary-tables=ON",
    "innodb-encryption-threads=1",
    "aria-encrypt-tables=ON",
    "encrypt-tmp-disk-tables=ON",
    "encrypt-tmp-files=ON",
    "innodb-flush-log-at-trx-commit=1",
    "innodb-buffer-pool-size=32M",
    "innodb-buffer-pool-dump-at-shutdown=OFF",
    "innodb-buffer-pool-load-at-startup=OFF",
    "innodb-log-file-size=16M",
    "innodb-fast-shutdown=2",
    "performance-schema=OFF",
    "skip-log-bin",
    "character-set-server=utf8mb4",
    "collation-server=utf8mb4_unicode_ci",
    "max-allowed-packet=16M",
)
_ONCE = "bootstrap"
_RUNNING = (
    "skip-networking",
    "skip-name-resolve",
    "enforce-storage-engine=InnoDB",
    "local-infile=OFF",
    "symbolic-links=OFF",
    "socket=s",
)
_START, _STOP = 30.0, 5.0
_PAUSE = 0.02


class Daemon:
    """Started and stopped as the files are opened and sealed."""

    def __init__(self, folder: Path, found: Installed, runner: Runner) -> None:
        self._folder, self._found, self._runner = folder, found, runner
        self._process: subprocess.Popen[bytes] | None = None
        self._place = -1
        self.password = ""
        """That of all accounts of this start; nobody but the front connects."""

    @property
    def socket(self) -> str:
        """Where it listens; by way of a handle of the folder, since a socket's path may have a hundred characters."""
        return f"/proc/self/fd/{self._place}/s"

    @property
    def alive(self) -> bool:
        """It runs."""
        return self._process is not None and self._process.poll() is None

    async def start(self, key: bytes) -> None:
        """It answers.

        Raises:
            SqlError: it does not start; the data key is not that of its files, for one.
        """
        self.password = secrets.token_hex(24)
        if not (self._folder / "mysql").exists():
            await asyncio.to_thread(self._make, key)
        (self._folder / "s").unlink(missing_ok=True)
        first = _memory("first", "\n".join(self._first()).encode())
        try:
            self._process = self._started(key, (*_RUNNING, f"init-file=/proc/self/fd/{first}"), (first,))
        finally:
            os.close(first)
        self._place = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        await self._answers()

    def _first(self) -> tuple[str, ...]:
        """Nobody has an account but the front; each statement is a line."""
        return (
            "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';",
            "FLUSH PRIVILEGES;",
            f"CREATE OR REPLACE USER {FRONT}@localhost IDENTIFIED BY '{self.password}';",
            f"GRANT ALL PRIVILEGES ON *.* TO {FRONT}@localhost WITH GRANT OPTION;",
        )

    async def _answers(self) -> None:
        assert self._process is not None
        end = asyncio.get_running_loop().time() + _START
        while self._process.poll() is None and asyncio.get_running_loop().time() < end:
            try:
                _, writer = await asyncio.open_unix_connection(self.socket)
            except OSError:
                await asyncio.sleep(_PAUSE)
                continue
            writer.close()
            return
        await self.stop()
        raise SqlError(KEY_NOT_FOUND, "MariaDB does not open the files of this server.")

    def _make(self, key: bytes) -> None:
        """The files of an empty server are there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() != self._runner.user:
            os.chown(self._folder, self._runner.user, self._runner.group)
        scripts = (self._found.scripts / name for name in SCRIPTS)
        lines = [b"CREATE DATABASE mysql;\nUSE mysql;", *(script.read_bytes() for script in scripts)]
        process = self._started(key, (_ONCE,), (), subprocess.PIPE)
        process.communicate(b"\n".join(lines) + b"\n")
        if process.returncode:
            raise SqlError(KEY_NOT_FOUND, "MariaDB does not make the files of this server.")

    def _started(
        self, key: bytes, more: tuple[str, ...], kept: tuple[int, ...], given: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        keys = _memory("keys", f"1;{key.hex()}\n".encode())
        settings = (
            f"basedir={self._found.base}",
            f"datadir={self._folder}",
            f"tmpdir={self._folder}",
            f"plugin-dir={self._found.plugins}",
            f"file-key-management-filename=/proc/self/fd/{keys}",
            *_SETTINGS,
            *more,
        )
        try:
            return subprocess.Popen(
                [str(self._found.daemon), "--no-defaults", *(f"--{one}" for one in settings)],
                stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(keys, *kept),
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one call into the kernel, which takes no lock
                start_new_session=True, **self._identity(),
            )  # fmt: skip
        finally:
            os.close(keys)

    def _identity(self) -> dict[str, Any]:
        if os.geteuid() == self._runner.user:
            return {}
        return {"user": self._runner.user, "group": self._runner.group, "extra_groups": []}

    async def stop(self) -> None:
        """The process is gone, and with it the key; what it acknowledged is on disk."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(process.wait, _STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                await asyncio.to_thread(process.wait)
        if self._place >= 0:
            os.close(self._place)
            self._place = -1


_LIBC = ctypes.CDLL(None, use_errno=True)
_SET_DEATH_SIGNAL = 1


def _die_with_parent() -> None:
    """The process is killed when the twin is: nobody is left who would take its key away.

    Source: man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
    """
    _LIBC.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def _memory(name: str, content: bytes) -> int:
    """A file in memory only, for a process that is started with it."""
    handle = os.memfd_create(name, 0)
    os.write(handle, content)
    os.lseek(handle, 0, os.SEEK_SET)
    os.fchmod(handle, 0o444)
    return handle
