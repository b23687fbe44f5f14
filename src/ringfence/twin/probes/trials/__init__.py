"""The trials of a platform, family by family, each made from what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.probes.trials import (
    at_rest,
    databases,
    export,
    items,
    keys,
    locks,
    logged,
    outside,
    people,
    pipelines,
    pods,
    recovery,
    revoked,
    sites,
    storage,
    tls,
    tokens,
    trusted,
    unserved,
    zones,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.probes.subject import Subject
    from ringfence.twin.probes.trial import Trial

_FAMILIES = (
    logged, outside, trusted, zones, tls, sites, tokens, items, keys, export, recovery, pods, pipelines, people,
    databases, revoked, storage, at_rest, locks, unserved,
)  # fmt: skip


def all_of(subject: Subject) -> Iterator[Trial]:
    """Every trial, in the order in which they are told."""
    for family in _FAMILIES:
        yield from family.trials(subject)
