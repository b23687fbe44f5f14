"""The platforms that ship: each declares one system completely, for any configuration of it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ringfence.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.blueprint import Blueprint
    from ringfence.platforms.switch import Switch

NAMES = ("flowehr", "eudcc")


class Platform(Protocol):
    """What the package of a platform has."""

    WORLDS: tuple[str, ...]
    """The worlds that it ships a configuration for, the production world first."""
    SWITCHES: tuple[Switch, ...]
    """What a configuration may relax."""

    def blueprint(self, files: Mapping[str, str]) -> Blueprint:
        """What the platform declares for a configuration: the texts of its files by name, later ones over earlier.

        Raises:
            InputError: a file says what it should not.
            ConstructError: what it asks for makes no sense on Azure.
        """

    def claims(self, files: Mapping[str, str]) -> str:
        """What the platform says of what only this configuration has, as a decisions file has it; "" for nothing."""


def platform(name: str) -> Platform:
    """The platform of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in NAMES:
        raise UsageError(f"there is no platform {name}", hint=f"The platforms are {' and '.join(NAMES)}.")
    return import_module(f"ringfence.platforms.{name}")


def folder(name: str) -> Path:
    """Where the files of a platform lie that are no code: configurations, decisions, claims."""
    return Path(__file__).parent / name


def shipped(name: str, world: str) -> dict[str, str]:
    """The configuration that ships for a world: what all worlds have, then what this one has."""
    names = ("config.yaml", f"config.{world}.yaml")
    return {file: (folder(name) / file).read_text(encoding="utf-8") for file in names}
