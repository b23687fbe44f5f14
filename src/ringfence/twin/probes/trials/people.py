"""People sign in where they are at home, are guests here, and are out when their invitation is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.world import Change
from ringfence.twin.arm import changes
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.twin.probes.subject import Subject

FAMILY = "guest"
_SCOPE = "https://management.azure.com/.default"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each guest who is declared."""
    for principal in subject.principals:
        if principal.kind == "guest" and principal.resource is not None:
            says = f"{principal.name} signs in with an account kept at home, and no more once the invitation is gone"
            shows = shown(subject.platform, FAMILY, principal.name)
            yield Trial(f"{FAMILY}/{principal.name}", shows, says, _act(principal), disturbs="all")


def _act(principal: Principal) -> Any:
    async def act(trying: Trying) -> None:
        who = Who("internet", "", "person", principal.name)
        told = await trying.accepted(who, "sign_in", scope=_SCOPE, new=True)
        mine, home = trying.subject.tenant, str(told.get("idp", ""))
        trying.expect("a token of this tenant", told["tid"] == mine, f"it is one of {told['tid']}")
        trying.expect("that it names the home tenant", bool(home) and mine not in home, f"it says {home or 'nothing'}")
        assert principal.resource is not None
        async with trying.put_back():
            gone = changes.as_row(Change((principal.resource.key,)))
            await trying.hands.order("change", change=gone, then=True)
            await trying.refused(who, "sign_in", "sign-in", scope=_SCOPE, new=True)
        await trying.accepted(who, "sign_in", scope=_SCOPE, new=True)

    return act
