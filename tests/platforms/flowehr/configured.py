"""Configurations for the tests: what ships, with other keys laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.platforms import shipped
from ringfence.platforms.flowehr import blueprint
from ringfence.platforms.flowehr.settings import read

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint, Declared
    from ringfence.platforms.flowehr.settings import Config

OVER = "mine.yaml"


def files(world: str = "prod", over: str = "") -> dict[str, str]:
    """What ships for the world, and a file of one's own over it."""
    return {**shipped("flowehr", world), OVER: over}


def configured(world: str = "prod", over: str = "") -> Config:
    """The configuration, typed."""
    return read(files(world, over))


def declared(world: str = "prod", over: str = "") -> Blueprint:
    """What the platform declares for it."""
    return blueprint(files(world, over))


def one(blueprint: Blueprint, address: str) -> Declared:
    """The block of that layer and address, such as ``core#azurerm_key_vault.core``."""
    return blueprint.declared[address]
