"""What trials are made from, without a twin: names are those that a run would give, as far as a test needs them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.world import Change
from ringfence.questions.access.people import everybody
from ringfence.questions.reach.doors import data_planes
from ringfence.twin.probes import trials
from ringfence.twin.probes.subject import Subject
from ringfence.twins import Asked, source

if TYPE_CHECKING:
    from ringfence.twin.probes.trial import Trial

PLATFORMS = ("eudcc", "flowehr")


@cache
def subject(platform: str) -> Subject:
    """A platform in its production world."""
    made = source(Asked(platform=platform))
    estate = made.estate(Change())
    names: dict[str, Any] = {
        "tenant": "t",
        "data_key_seconds": 10.0,
        "subscription": "s",
        "hosts": {d.key: [h for h in d.hosts if not h.startswith("${azurerm")] for d in data_planes(estate)},
        "workspaces": {w.key: "w" for w in estate.of(LogAnalyticsWorkspace)},
        "ids": {key: f"/{key}" for key in estate.resources},
        "principals": {p.key: {"object": f"o/{p.key}", "client": f"c/{p.key}"} for p in everybody(estate)},
    }
    return Subject(platform, estate, made.register, names)


@cache
def made(platform: str) -> tuple[Trial, ...]:
    """Its trials."""
    return tuple(trials.all_of(subject(platform)))
