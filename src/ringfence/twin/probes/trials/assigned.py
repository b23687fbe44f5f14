"""Who is assigned to an application, or in a group that is, gets a token for it; other people get none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.entra import AppRoleAssignment, ServicePrincipal
from ringfence.model.judge import is_on
from ringfence.model.principal import principal_of, principals
from ringfence.model.value import Unknown
from ringfence.questions.access.membership import memberships
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import OUTSIDE, Subject
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal

FAMILY = "assigned"
_UNASSIGNED = "AADSTS50105"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each application that wants its users assigned and of whose users one is known."""
    people = [p for p in subject.principals if p.kind in ("user", "guest") and p.resource is not None]
    for service in subject.estate.of(ServicePrincipal):
        application = principal_of(subject.estate, service)
        yes = [p for p in people if _is_assigned(subject, service, p)]
        no = [p for p in people if p not in yes]
        if yes and no and is_on(service.app_role_assignment_required).outcome == "pass":
            says = f"{application.name} lets in {', '.join(p.name for p in yes)}, and not {no[0].name}"
            shows = shown(subject.platform, FAMILY, application.name)
            yield Trial(f"{FAMILY}/{application.name}", shows, says, _act(application, yes, no))


def _is_assigned(subject: Subject, service: ServicePrincipal, person: Principal) -> bool:
    estate, known = subject.estate, memberships(subject.estate)
    for one in estate.of(AppRoleAssignment):
        found = principals(estate, one, one.principal)
        if estate.target(one, one.target) is not service or isinstance(found, Unknown):
            continue
        if any(p == person or person in known.members.get(p.key, ()) for p in found):
            return True
    return False


def _act(application: Principal, yes: list[Principal], no: list[Principal]) -> Any:
    async def act(trying: Trying) -> None:
        scope = f"{trying.subject.client_id(application)}/.default"
        for person in yes:
            await trying.accepted(Who(OUTSIDE, "", "person", person.name), "sign_in", scope=scope, new=True)
        for person in no:
            who = Who(OUTSIDE, "", "person", person.name)
            refused = await trying.refused(who, "sign_in", "sign-in", scope=scope, new=True)
            code = refused["code"]
            trying.expect(f"that nobody assigned him ({_UNASSIGNED})", code == _UNASSIGNED, f"{code}")

    return act
