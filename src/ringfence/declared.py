"""The front of the platforms: from a name and a configuration to blueprints, Terraform and estates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.errors import UsageError
from ringfence.platforms import folder, platform, shipped
from ringfence.yaml_lines import content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ringfence.builders.terraform import Built
    from ringfence.config import Settings
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.estate import Estate
    from ringfence.model.world import Problem


def blueprint(name: str, world: str = "", config: tuple[str, ...] = (), switches: str | None = None) -> Blueprint:
    """What a platform declares: in a world that it ships, or for a configuration of one's own.

    `switches` are other switches than those of the configuration, as lines of YAML: what if they were these?

    Raises:
        RingfenceError: the configuration cannot be used.
    """
    found = platform(name)
    files = texts(name, world, config)
    supposed = {} if switches is None else {"switches": f"switches:\n  {switches}\n"}
    return found.blueprint(files | supposed)


def texts(name: str, world: str = "", config: tuple[str, ...] = ()) -> dict[str, str]:
    """The texts of a platform's configuration, by file: one of one's own, or those that ship for a world.

    Raises:
        RingfenceError: there is none.
    """
    if world and config:
        hint = "A configuration of your own says its world itself; leave --world out."
        raise UsageError(f"world {world} and {config[0]} are two configurations", hint=hint)
    return {file: content(Path(file), file) for file in config} or shipped(name, _known(name, world))


def _known(name: str, world: str) -> str:
    """The world, production when none is named."""
    worlds = platform(name).WORLDS
    if world and world not in worlds:
        raise UsageError(f"{name} ships no world {world}", hint=f"Use one of {', '.join(worlds)}, or --config FILE.")
    return world or worlds[0]


def estate(blueprint: Blueprint, built: Built | None = None) -> Estate:
    """The estate that a blueprint declares; places are those of the Terraform that would be built."""
    from ringfence.builders.terraform import build
    from ringfence.builders.terraform.providers import VERSIONS
    from ringfence.mapping.blueprint import declarations
    from ringfence.mapping.link import link
    from ringfence.model.world import Ledger, World

    built = built or build(blueprint)
    return link(World(blueprint.world), declarations(blueprint, built.where, VERSIONS), Ledger())


def settings(name: str, config: tuple[str, ...] = ()) -> Settings:
    """The settings of a platform that ships: its worlds, its decisions, and the rows that its document claims.

    A document is about production; of what is made to be tried it says nothing.
    """
    from ringfence.config import Settings
    from ringfence.model.world import World

    own = blueprint(name, config=config) if config else None
    worlds = tuple(map(World, (own.world,) if own else platform(name).WORLDS))
    documented = (own.world,) if own and own.production else platform(name).WORLDS[:1]
    return Settings(
        folder(name), name, decisions="decisions.yaml", document="claims.md", documented=documented, worlds=worlds
    )


def estates(name: str, worlds: tuple[str, ...], config: tuple[str, ...], today: date) -> Iterator[Estate]:
    """One estate for each world, or the one that a configuration of one's own gives; with what is overdue."""
    for world in ("",) if config else worlds:
        declared = blueprint(name, world, config)
        found = estate(declared)
        found.ledger.problems += overdue(declared, found, today)
        yield found


def overdue(blueprint: Blueprint, estate: Estate, today: date) -> Iterator[Problem]:
    """A warning for each secret that was to be renewed before this day, since it last was."""
    from datetime import timedelta

    from ringfence.model.origin import NOWHERE
    from ringfence.model.world import Problem

    for rotation in blueprint.register.rotations:
        due = rotation.done + timedelta(days=rotation.days) if rotation.done else today
        if due < today:
            resource = estate.resources.get(rotation.key)
            message = f"{rotation.name} was to be renewed by {due.isoformat()} ({rotation.owner}): {rotation.how}"
            yield Problem(message, resource.origin if resource else NOWHERE, "warning")
