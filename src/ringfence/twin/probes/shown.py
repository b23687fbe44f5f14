"""Which statements a trial shows: by its platform, its family, and the resource that it is about."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def shown(platform: str, family: str, *about: str) -> tuple[str, ...]:
    """The ids: those of the whole family, and those of the resources with these keys."""
    table = _table().get(platform, {}).get(family, {})
    found = " ".join(str(table.get(word, "")) for word in ("*", *about))
    return tuple(dict.fromkeys(found.split()))


def every(platform: str) -> frozenset[str]:
    """The ids of all statements that some trial of the platform shows."""
    families = _table().get(platform, {}).values()
    return frozenset(one for family in families for ids in family.values() for one in str(ids).split())


@cache
def _table() -> dict[str, Any]:
    text = files("ringfence.twin.probes").joinpath("shown.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
