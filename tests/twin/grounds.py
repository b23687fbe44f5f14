"""Grounds for tests: a platform's estate, a folder of its own, a clock that is set by hand, a log that is a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from ringfence import declared
from ringfence.builders.terraform import build
from ringfence.builders.terraform.providers import VERSIONS
from ringfence.mapping.blueprint import declarations
from ringfence.mapping.link import link
from ringfence.model.register import Register
from ringfence.model.world import Change, Ledger, World
from ringfence.twin import authority, seal
from ringfence.twin.entra import tokens
from ringfence.twin.entra.directory import Directory
from ringfence.twin.folder import Folder
from ringfence.twin.ground import Ground
from ringfence.twin.present import Present
from ringfence.twin.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource

RUN = "7d3b5c1e-0c1a-4a3e-9a57-2f0a0b9f6a10"
START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Rows:
    """A journal that keeps everything: (key of the resource, "" for the directory; category, row, part)."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, dict[str, Any], tuple[str, ...]]] = []

    def write(
        self, resource: Resource | None, category: str, row: Mapping[str, Any], part: tuple[str, ...] = ()
    ) -> None:
        self.rows.append((resource.key if resource else "", category, dict(row), part))

    def flow(self, flow: Any) -> None:
        """Connections are not kept."""


class Platform:
    """One of the platforms that ship, with or without a change."""

    def __init__(self, name: str, world: str = "", config: tuple[str, ...] = ()) -> None:
        self.name = name
        self._named = name, world, config
        self.register = _blueprint(*self._named)[0].register

    def estate(self, change: Change) -> Estate:
        """The estate with the change; without one it is made once, and keeps what was computed of it."""
        return _unchanged(*self._named) if change == Change() else _estate(*self._named, change)


class Text:
    """An estate of a function that makes it of a change, such as one that reads Terraform."""

    def __init__(self, make: Callable[[Change], Estate], register: Register | None = None) -> None:
        self.name = "test"
        self.register = register or Register()
        self._make = make

    def estate(self, change: Change) -> Estate:
        """The estate with the change."""
        return self._make(change)


def ground(source: Any, folder: Path, *, now: Callable[[], datetime] | None = None, run: str = RUN) -> Ground:
    """A ground on a source; a folder that was used before has what was kept in it. Without a clock, time passes."""
    kept = Folder(folder)
    kept.make()
    present = Present(source, Change())
    directory = Directory(present, run)
    now = now or _now
    return Ground(
        present,
        kept,
        Store(kept.state, seal.kept(kept.seal)),
        directory,
        tokens.Tokens(directory, _key(), now),
        Rows(),
        _authority(),
        now,
    )


def rows(ground: Ground) -> list[tuple[str, str, dict[str, Any], tuple[str, ...]]]:
    """What has been written to the ground's log."""
    assert isinstance(ground.journal, Rows)
    return ground.journal.rows


def _now() -> datetime:
    return datetime.now(UTC)


@cache
def _unchanged(name: str, world: str, config: tuple[str, ...]) -> Estate:
    return _estate(name, world, config, Change())


def _estate(name: str, world: str, config: tuple[str, ...], change: Change) -> Estate:
    blueprint, built = _blueprint(name, world, config)
    found = declarations(blueprint, built.where, VERSIONS)
    return link(World(blueprint.world, change=change), found, Ledger())


@cache
def _blueprint(name: str, world: str, config: tuple[str, ...]) -> tuple[Any, Any]:
    found = declared.blueprint(name, world, config)
    return found, build(found)


@cache
def _key() -> Any:
    return tokens.new_key()


@cache
def _authority() -> authority.Authority:
    return authority.new(["vault.azure.net", "login.microsoftonline.com"])
