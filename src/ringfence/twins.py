"""The front of the twin: what `up` was asked for becomes the estate that it stands on, again with every change.

Run as ``python -m ringfence.twins FOLDER`` it is the supervisor's process.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError
from ringfence.model.register import Register
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate
    from ringfence.model.world import Change
    from ringfence.twin.present import Source


@dataclass(frozen=True)
class Asked:
    """What a twin is made of; kept in its folder, so that it can start again."""

    platform: str = ""
    path: str = ""
    """Of an estate that is read, absolute."""
    world: str = ""
    config: tuple[str, ...] = ()
    settings: str = ""
    started: float = 0.0
    """When `up` was called, as `time.monotonic` counts."""

    @property
    def name(self) -> str:
        """What the twin is called unless somebody says otherwise."""
        return self.platform or Path(self.path).name


class Platform:
    """A platform that ships, in one world."""

    def __init__(self, asked: Asked) -> None:
        from ringfence.builders.terraform import build
        from ringfence.builders.terraform.providers import VERSIONS
        from ringfence.declared import blueprint
        from ringfence.mapping.blueprint import declarations

        made = blueprint(asked.platform, asked.world, asked.config)
        self.name = asked.platform
        self.register: Register = made.register
        self._world = made.world
        self._declarations: list[Declaration] = list(declarations(made, build(made).where, VERSIONS))

    def estate(self, change: Change) -> Estate:
        """The estate with the change."""
        from ringfence.mapping.link import link
        from ringfence.model.world import Ledger, World

        return link(World(self._world, change=change), self._declarations, Ledger())


class Read:
    """An estate that somebody wrote, in one world."""

    def __init__(self, asked: Asked) -> None:
        from ringfence.prove import Request, settings_of

        self.name = Path(asked.path).name
        self.register = Register()
        self._request = Request(Path(asked.path), (asked.world,) if asked.world else (), settings=asked.settings)
        self._settings = settings_of(self._request)

    def estate(self, change: Change) -> Estate:
        """The estate with the change, read anew.

        Raises:
            RingfenceError: it cannot be read.
        """
        from ringfence.prove import estates, worlds_of

        world = replace(worlds_of(self._request, self._settings)[0], change=change)
        return next(iter(estates(replace(self._request, worlds=()), replace(self._settings, worlds=(world,)))))


def source(asked: Asked) -> Source:
    """What the twin stands on.

    Raises:
        RingfenceError: there is no such platform, or the folder cannot be read.
    """
    return Platform(asked) if asked.platform else Read(asked)


def kept(asked: Asked) -> dict[str, Any]:
    """What was asked for, as JSON."""
    return asdict(asked)


def asked_in(content: dict[str, Any]) -> Asked:
    """The same from JSON."""
    return Asked(**{**content, "config": tuple(content["config"])})


def main(folder: str) -> int:
    """The supervisor: up until it is told to end."""
    import asyncio
    import fcntl
    import os

    from ringfence.twin.folder import Folder
    from ringfence.twin.supervisor import log_to, stand_up

    os.umask(0o077)
    home = Folder(Path(folder))
    with home.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with the process, however that ends
        log_to(home)
        asked = asked_in(home.read(home.asked))
        asyncio.run(stand_up(source(asked), home, asked.started))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise UsageError("the supervisor is started by ringfence up")
    raise SystemExit(main(sys.argv[1]))
