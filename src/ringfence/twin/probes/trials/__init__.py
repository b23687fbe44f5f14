"""The trials of a platform, family by family, each made from what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.probes.trials import export, items, keys, outside, recovery, tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.probes.subject import Subject
    from ringfence.twin.probes.trial import Trial

_FAMILIES = (outside.trials, items.trials, keys.trials, export.trials, recovery.trials, tls.trials)


def all_of(subject: Subject) -> Iterator[Trial]:
    """Every trial, in the order in which they are told."""
    for family in _FAMILIES:
        yield from family(subject)
