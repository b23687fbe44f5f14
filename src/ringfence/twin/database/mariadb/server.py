"""The MariaDB that is installed on this machine, and as whom it can be run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from ringfence.record import record

_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/mysql/bin")
_PLUGINS = ("lib/mysql/plugin", "lib/mariadb/plugin", "lib64/mariadb/plugin", "lib/plugin", "lib/*/mariadb*/plugin")
_KEYS = "file_key_management.so"
_SCRIPTS = ("share/mysql", "share/mariadb", "share")
SCRIPTS = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
_UNPRIVILEGED = ("mysql", "nobody")
_OLDEST = (10, 5)


@record()
class Installed:
    """Where its parts are."""

    daemon: Path
    base: Path
    plugins: Path
    scripts: Path
    version: str

    @property
    def name(self) -> str:
        """For a person."""
        return f"MariaDB {self.version} ({self.daemon})"


@cache
def installed() -> Installed | None:
    """MariaDB with what it takes to encrypt its files; None where that is not there.

    It reads the data key from memory that has no name, which Linux alone has.
    """
    found = shutil.which("mariadbd") or shutil.which("mariadbd", path=":".join(_PLACES))
    if found is None or not hasattr(os, "memfd_create"):
        return None
    daemon = Path(found)
    base = daemon.resolve().parent.parent
    plugins = next((p for form in _PLUGINS for p in base.glob(form) if (p / _KEYS).exists()), None)
    scripts = next((base / n for n in _SCRIPTS if all((base / n / script).exists() for script in SCRIPTS)), None)
    version = _version(daemon)
    if plugins is None or scripts is None or tuple(map(int, version.split(".")[:2])) < _OLDEST:
        return None
    return Installed(daemon, base, plugins, scripts, version)


def _version(daemon: Path) -> str:
    told = subprocess.run([daemon, "--no-defaults", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"Ver (\d+\.\d+\.\d+)", told.stdout)
    return found[1] if found else "0.0"


@record()
class Runner:
    """As whom it runs: as who runs the twin, or, where that is root, as somebody without rights."""

    user: int
    group: int


def runner(folder: Path) -> Runner | None:
    """As whom it can be run with its files in the folder; None where only root could get there."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid())
    import pwd

    if not all(path.stat().st_mode & 0o001 for path in _existing(folder)):
        return None
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(entry.pw_uid, entry.pw_gid)
    return None


def _existing(folder: Path) -> list[Path]:
    """The folder and those around it, as far as they are there."""
    return [path for path in (folder, *folder.parents) if path.exists()]
