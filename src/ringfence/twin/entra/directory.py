"""Who there is: every principal of the estate, with the ids that the directory of this run gives it.

An object id is known in Azure only after a principal is made. The twin makes one of the run's own for each key, always
the same; an id that is written down stays as it is.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.principal import identities, principal_of
from ringfence.model.entra import Application, ServicePrincipal
from ringfence.model.value import Known, Unknown
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.people import everybody
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.twin.present import Present

_NOBODY = ("key holder", "workload", "federated subject")
"""Kinds of principals that no directory has: what one becomes who holds something."""


@record(eq=False)
class Caller:
    """Who a token says is asking."""

    principal: Principal
    object_id: str
    app_id: str
    """Client id of the application or identity; of a person, that of the program that was used."""
    tenant: str
    name: str
    """The user principal name of a person, "" otherwise."""
    token: str
    """The token's own id (``uti``), by which a log can tell it from others; never the token."""
    claims: dict[str, object]


class Directory:
    """The principals of the newest estate by their ids."""

    def __init__(self, present: Present, run: str) -> None:
        self._present = present
        self._run = uuid.UUID(run)

    @property
    def tenant(self) -> str:
        """The id of the platform's tenant: the one that is written down, else one of the run's own."""
        return self._present.estate.once(self._tenant)

    @property
    def subscription(self) -> str:
        """The id of the platform's subscription."""
        return self.id_of("subscription")

    def id_of(self, what: str) -> str:
        """An id of the run's own for a thing, always the same."""
        return str(uuid.uuid5(self._run, what))

    def object_id(self, principal: Principal) -> str:
        """The object id of a principal."""
        written = principal.key.removeprefix("external:")
        return written if _is_id(written) else self.id_of(f"object/{principal.key}")

    def app_id(self, principal: Principal) -> str:
        """The client id of an application or managed identity."""
        return self.id_of(f"client/{principal.key}")

    def by_object(self, object_id: str) -> Principal | None:
        """Whose object id it is."""
        return self._by_object().get(object_id.casefold())

    def by_app(self, app_id: str) -> Principal | None:
        """Whose client id it is."""
        found = self._present.estate.once(self._apps).get(app_id.casefold())
        return found

    def everybody(self) -> tuple[Principal, ...]:
        """All whom the directory has: people, groups, applications and managed identities."""
        return tuple(self._by_object().values())

    def groups(self, principal: Principal) -> tuple[Principal, ...]:
        """The groups that a principal is in for sure, through others too."""
        acting = memberships(self._present.estate).acting(principal)
        return tuple(p for p in acting.sure if p != principal and p.kind == "group")

    def of(self, resource: Resource) -> tuple[Principal, ...]:
        """The managed identities that a resource has for sure."""
        if isinstance(resource, UserAssignedIdentity):
            return (principal_of(self._present.estate, resource),)
        found = identities(self._present.estate, resource)  # type: ignore[arg-type]  # of what has no identity there are none
        return () if isinstance(found, Unknown) else tuple(found)

    def _by_object(self) -> dict[str, Principal]:
        return self._present.estate.once(self._objects)

    def _objects(self, estate: Estate) -> dict[str, Principal]:
        found = (p for p in everybody(estate) if p.kind not in _NOBODY)
        return {self.object_id(p).casefold(): p for p in found}

    def _apps(self, estate: Estate) -> dict[str, Principal]:
        found = {self.app_id(p).casefold(): p for p in self._objects(estate).values()}
        for service in estate.of(ServicePrincipal):
            application = estate.target(service, service.application)
            written = getattr(application, "client_id", None) if isinstance(application, Application) else None
            if isinstance(written, Known):
                found[str(written.value).casefold()] = principal_of(estate, service)
        return found

    def _tenant(self, estate: Estate) -> str:
        from ringfence.model.keyvault import KeyVault

        for vault in estate.of(KeyVault):
            if isinstance(vault.tenant_id, Known) and _is_id(str(vault.tenant_id.value)):
                return str(vault.tenant_id.value)
        return self.id_of("tenant")


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.casefold()
    except ValueError:
        return False
