"""Which private DNS zones a private endpoint's names resolve in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


@cache
def _zones() -> dict[tuple[str, str], tuple[str, ...]]:
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in lines:
        if not line.startswith("#"):
            arm, group, zones = line.split("\t")
            key = arm.casefold(), group.casefold()
            found[key] = found.get(key, ()) + tuple(z for z in zones.split() if not z.startswith("("))
    return found


def zones(arm: str, group: str) -> tuple[str, ...]:
    """The zones of a resource type's sub-resource, without case; braces stand for a region or an id.

    The sub-resource of a web app's slot is ``sites-<slot>`` and has the zone of the site.
    """
    folded = "sites" if group.casefold().startswith("sites-") else group.casefold()
    return _zones().get((arm.casefold().removesuffix("/slots"), folded), ())


def groups(arm: str) -> tuple[str, ...]:
    """The sub-resources of a resource type, in lower case; () when it has no private endpoints."""
    return tuple(group for kind, group in _zones() if kind == arm.casefold())


def is_zone(name: str, expected: str) -> bool:
    """True when a zone's name is the expected one, with any region or id for its braces."""
    pattern = re.sub(r"\\\{\w+\\\}", "[^.]+", re.escape(expected.casefold()))
    return re.fullmatch(pattern, name.casefold().rstrip(".")) is not None
