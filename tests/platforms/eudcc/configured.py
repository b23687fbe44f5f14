"""Configurations for the tests: what ships, with other keys laid over it; and what their estates are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ringfence.ask import Question
from ringfence.declared import estate
from ringfence.platforms import shipped
from ringfence.platforms.eudcc import blueprint
from ringfence.platforms.eudcc.config import read

if TYPE_CHECKING:
    from typing import Any

    from ringfence.documents.ask.row import Row
    from ringfence.model.blueprint import Blueprint, Declared
    from ringfence.model.estate import Estate
    from ringfence.platforms.eudcc.config import Config

OVER = "mine.yaml"
CLUSTER = (
    "/subscriptions/5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01/resourceGroups/rg-logs"
    "/providers/Microsoft.OperationalInsights/clusters/central"
)
VARIANTS: dict[str, tuple[str, str]] = {
    "prod": ("prod", ""),
    "test": ("test", ""),
    "mounted": ("prod", "signing: mounted"),
    "mounted in a test": ("test", "signing: mounted"),
    "software keys": ("test", "key_store: standard"),
    "managed hsm": ("prod", "key_store: managed_hsm\nfips_level: 3"),
    "imported keys": ("prod", "key_origin: imported"),
    "imported into a managed hsm": ("prod", "key_store: managed_hsm\nkey_origin: imported"),
    "no logs": ("test", "enable_log_analytics_workspace: false"),
    "cluster": ("prod", f"log_analytics_cluster_id: {CLUSTER}"),
}
"""By name: a world that ships, and what is laid over it."""


def files(world: str = "prod", over: str = "") -> dict[str, str]:
    """What ships for the world, and a file of one's own over it."""
    return {**shipped("eudcc", world), OVER: over}


def configured(world: str = "prod", over: str = "") -> Config:
    """The configuration, typed."""
    return read(files(world, over))


@cache
def declared(world: str = "prod", over: str = "") -> Blueprint:
    """What the platform declares for it."""
    return blueprint(files(world, over))


@cache
def stood(world: str = "prod", over: str = "") -> Estate:
    """The estate of it."""
    return estate(declared(world, over))


def blocks(found: Blueprint, type: str, layer: str = "") -> list[Declared]:
    """The resources of a type, in a layer or in all."""
    wanted = (d for d in found.declared.values() if d.type == type and d.mode == "managed")
    return [d for d in wanted if layer in ("", d.file.layer.name)]


def inner(declared: Declared, path: str) -> Any:
    """What a block says at a path such as ``certificate_policy.key_properties.exportable``."""
    found: Any = declared
    for step in path.split("."):
        found = found.arguments.get(step)
    return found


def who_can(estate: Estate, can: str, on: str) -> set[str]:
    """Everybody who may do it, by name; nobody's right is a guess."""
    rows: list[Row] = Question("access", can=can, on=(on,)).answer(estate)
    return {row["principal"]["name"] for row in rows if row["outcome"] != "no"}
