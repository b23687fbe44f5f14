"""Services of Azure's own that are trusted get through, where a firewall says so; anybody else in Azure does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

FAMILY = "trusted-services"
_STOPPED = ("network", "service", "name")


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each account whose firewall lets trusted services by and that is no declared exemption."""
    exempt = {exemption.key for exemption in subject.register.exemptions}
    for account in subject.estate.of(StorageAccount):
        door, bypass = subject.door(account, "blob"), account.network_acls_bypass
        lets = isinstance(bypass, Known) and "AzureServices" in str(bypass.value)
        if door is not None and lets and account.key not in exempt:
            says = f"{name_of(account)} lets trusted services of Azure by, and nobody else from Azure's addresses"
            shows = shown(subject.platform, FAMILY, account.key)
            yield Trial(f"{FAMILY}/{name_of(account)}", shows, says, _act(door))


def _act(door: Door) -> Any:
    async def act(trying: Trying) -> None:
        host = trying.subject.host(door)
        await trying.accepted(Who("trusted"), "knock", host=host)
        await trying.refused(Who("azure"), "knock", *_STOPPED, host=host)

    return act
