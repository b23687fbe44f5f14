"""The trials of a platform, family by family, each made from what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.probes.trials import (
    alerts,
    assigned,
    at_rest,
    containers,
    databases,
    expired,
    export,
    flows,
    items,
    keys,
    locks,
    logged,
    mounted,
    outside,
    people,
    pipelines,
    pods,
    policies,
    properties,
    recovery,
    relaxed,
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
    logged, outside, relaxed, trusted, zones, flows, tls, sites, tokens, items, policies, properties, mounted, keys,
    export, recovery, pods, pipelines, people, assigned, databases, expired, revoked, storage, containers,
    at_rest, alerts, locks, unserved,
)  # fmt: skip


def all_of(subject: Subject) -> Iterator[Trial]:
    """Every trial, in the order in which they are told."""
    for family in _FAMILIES:
        yield from family.trials(subject)
