"""Pipelines sign in by what their own issuer says of them: no secret is kept, and another branch is somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import OUTSIDE, Subject
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal

FAMILY = "pipeline"
_SCOPE = "https://management.azure.com/.default"
_STOPPED = ("network", "service", "name")


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each application that trusts an issuer that the twin stands for."""
    for principal in subject.principals:
        who = subject.acting(principal, OUTSIDE)
        if who is not None and who.acts == "pipeline":
            says = f"{principal.name} signs in by its issuer's word for its own job, and reaches no data from outside"
            shows = shown(subject.platform, FAMILY, principal.name)
            yield Trial(f"{FAMILY}/{principal.name}", shows, says, _act(principal, who))


def _act(principal: Principal, who: Who) -> Any:
    async def act(trying: Trying) -> None:
        told = await trying.accepted(who, "sign_in", scope=_SCOPE)
        own = told["oid"] == trying.subject.object_id(principal)
        trying.expect(f"a token of {principal.name}", own, f"it is one of {told['oid']}")
        other = Who(who.at, "", "forger", who.name)
        await trying.refused(other, "sign_in", "sign-in", scope=_SCOPE)
        for door in trying.subject.doors:
            if door.name in ("vault", "blob") and trying.subject.has_way_in(door):
                await trying.refused(who, "knock", *_STOPPED, host=trying.subject.host(door))

    return act
