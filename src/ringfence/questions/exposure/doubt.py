"""What keeps exposure open: code that may act as another, and grants that may be given to anybody or hold anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder, UserAssignedIdentity
from ringfence.model.principal import principal_of
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Verdict
from ringfence.questions.access.authorities.databases import users
from ringfence.questions.access.grant import grants
from ringfence.questions.access.matter import unknown
from ringfence.questions.exposure.reading import by_grant
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.exposure.reading import Reading
    from ringfence.questions.workloads.workload import Workload

DIRECTORY = (
    "user",
    "guest",
    "group",
    "service principal",
    "system-assigned identity",
    "user-assigned identity",
    "deployer",
    "principal",
)
"""Those whom a role assignment can name; a key has no identity."""


FEW = 50
"""So many identities are tried for code of which it is not known as whom it acts; of more, that is told as it is."""


def untried(estate: Estate, workload: Workload) -> tuple[Need, ...]:
    """What would tell as whom the workload acts, where the identities that there are are too many to try."""
    unread = _unread(workload)
    return unread.needs if unread is not None and len(estate.of(UserAssignedIdentity)) > FEW else ()


def acting_as(estate: Estate, workload: Workload) -> Iterator[tuple[Principal, Verdict]]:
    """As whom code in the workload acts; where its identities are not known, as any that is declared, perhaps."""
    held = workload.identities
    listed = () if isinstance(held, Unknown) else held.items
    for principal in listed:
        yield principal, Verdict("pass")
    unread = _unread(workload)
    if unread is None:
        return
    perhaps = unknown("identity", unread)
    holder = workload.resource
    if isinstance(holder, IdentityHolder) and not isinstance(holder.identity_type, Known):
        yield principal_of(estate, holder), perhaps
    identities = estate.of(UserAssignedIdentity)
    for identity in identities if len(identities) <= FEW else ():
        principal = principal_of(estate, identity)
        if principal not in listed:
            yield principal, perhaps


def _unread(workload: Workload) -> Unknown | None:
    """Why the workload may have other identities than those listed."""
    held = workload.identities
    if isinstance(held, Unknown):
        return held
    anyone = tuple(p.anyone for p in held if p.anyone is not None)
    return held.open or (Unknown("identity", anyone, held.origin) if anyone else None)


@record(eq=False)
class Loose:
    """A grant that may name anybody in the directory."""

    grant: Grant
    verdict: Verdict
    """Whether one is meant."""
    readings: tuple[Reading, ...]

    def may_name(self, principal: Principal) -> bool:
        """The principal may be the one that it names."""
        named = self.grant.principals
        return isinstance(named, Unknown) or any(p.anyone is not None and p.may_be(principal) for p in named)


def loose(estate: Estate) -> tuple[Loose, ...]:
    """The grants that may name anybody, with what they let him read; users inside databases are such."""
    return estate.once(_loose)


def _loose(estate: Estate) -> tuple[Loose, ...]:
    found = ((grant, _whom(grant)) for grant in (*grants(estate).all, *users(estate)))
    return tuple(Loose(g, v, tuple(by_grant(estate, g, v))) for g, v in found if v is not None)


def _whom(grant: Grant) -> Verdict | None:
    """That it is not known whom the grant names; None where it is."""
    named = grant.principals
    if isinstance(named, Unknown):
        return unknown("principal", named)
    anyone = tuple(p.anyone for p in named if p.anyone is not None)
    return unknown("principal", Unknown("principal", anyone, grant.named or grant.origin)) if anyone else None


def missing(estate: Estate) -> tuple[Need, ...]:
    """What would tell whether there are more grants to principals of the directory."""
    given = grants(estate)
    opened = (given.open_to(operation) for operation in _GIVEN)
    return tuple(dict.fromkeys(n for u in opened if u is not None for n in u.needs))


_GIVEN = ("Microsoft.KeyVault/vaults/read", "Microsoft.DocumentDB/databaseAccounts/read", "databases/read")
"""An operation for each authority that gives them something to read."""
