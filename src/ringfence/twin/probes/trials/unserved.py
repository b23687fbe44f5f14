"""What the twin does not serve: whether one gets to it is tried elsewhere, what it then does is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.storage import StorageAccount
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = "inside"
_SERVED = ("microsoft.keyvault/vaults", "microsoft.dbformysql/flexibleservers", "microsoft.dbformysql/servers",
           "microsoft.operationalinsights/workspaces")  # fmt: skip
_WHY = "the twin serves none of its kind: whether a connection gets to it is tried, what it then does is not"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each resource with a data plane behind which nothing answers in the twin: none is tried."""
    told: set[str] = set()
    for door in subject.doors:
        resource = door.resource
        is_served = resource.type.casefold() in _SERVED or isinstance(resource, StorageAccount)
        if not is_served and resource.key not in told:
            told.add(resource.key)
            says = f"{name_of(resource)} does inside what its settings say"
            yield Trial(f"{FAMILY}/{name_of(resource)}", (), says, None, _WHY)
