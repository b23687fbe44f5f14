"""Who there is: every principal of the estate, with the ids that the directory of this run gives it.

An object id is known in Azure only after a principal is made. The twin makes one of the run's own for each key, always
the same; an id that is written down stays as it is. People who keep their accounts at home have one there too.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from ringfence.model.entra import Application, ServicePrincipal, User
from ringfence.model.identity import IdentityHolder, UserAssignedIdentity
from ringfence.model.keyvault import KeyVault
from ringfence.model.principal import Principal, identities, principal_of, principals
from ringfence.model.subscription import KEY as SUBSCRIPTION
from ringfence.model.value import Known, Unknown
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.people import everybody
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.register import Register
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.twin.present import Present

_NOBODY = ("key holder", "workload", "federated subject")
"""Kinds of principals that no directory has: what one becomes who holds something."""
_NO_CLIENTS = ("user", "guest", "principal", "group")
"""Kinds of principals that have no client id."""
PEOPLE = ("user", "guest", "deployer", "principal")
"""Kinds of those who may be a person. Of a "principal" only the id is known; whoever runs Terraform may be a person or
an application, and signs in as either."""

_GUEST = re.compile(r"(.+)_([^_]+)#EXT#@.+", re.IGNORECASE)


@record(eq=False)
class Caller:
    """Who a token says is asking."""

    principal: Principal
    object_id: str
    app_id: str
    """Client id of the application or identity; of a person, that of the program that was used."""
    tenant: str
    name: str
    """The name that a person signs in by, "" otherwise."""
    token: str
    """The token's own id (``uti``), by which a log can tell it from others; never the token."""
    claims: dict[str, object]


class Directory:
    """The principals of the newest estate by their ids."""

    def __init__(self, present: Present, run: str) -> None:
        self._present = present
        self._run = uuid.UUID(run)

    @property
    def estate(self) -> Estate:
        """The newest estate."""
        return self._present.estate

    @property
    def register(self) -> Register:
        """What the platform says of its people."""
        return self._present.source.register

    @property
    def tenant(self) -> str:
        """The id of the platform's tenant: the one that is written down, else one of the run's own."""
        return self.estate.once(self._tenant)

    @property
    def subscription(self) -> str:
        """The id of the platform's subscription: the one that was read, else one of the run's own."""
        read = self.estate.resources[SUBSCRIPTION].title
        return read if _is_id(read) else self.id_of("subscription")

    def id_of(self, what: str) -> str:
        """An id of the run's own for a thing, always the same."""
        return str(uuid.uuid5(self._run, what))

    # -- ids

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
        return self.estate.once(self._apps).get(app_id.casefold())

    def by_name(self, name: str) -> Principal | None:
        """The person who signs in by that name."""
        wanted = name.strip().casefold()
        return next((p for p in self.people() if self.name(p).casefold() == wanted), None)

    def name(self, person: Principal) -> str:
        """The name that a person signs in by; a guest's is that of his account at home.

        Source: learn.microsoft.com/entra/external-id/user-properties (``name_domain#EXT#@tenant`` is a guest's here)
        """
        user = person.resource
        written = user.user_principal_name if isinstance(user, User) else None
        name = str(written.value) if isinstance(written, Known) else person.name
        found = _GUEST.fullmatch(name)
        return f"{found[1]}@{found[2]}" if found else name

    # -- who there is

    def everybody(self) -> tuple[Principal, ...]:
        """All whom the directory has: people, groups, applications and managed identities."""
        return tuple(self._by_object().values())

    def people(self) -> tuple[Principal, ...]:
        """All who may sign in as a person, guests among them."""
        return tuple(p for p in self.everybody() if p.kind in PEOPLE)

    def groups(self, principal: Principal) -> tuple[Principal, ...]:
        """The groups that a principal is in for sure, through others too."""
        acting = memberships(self.estate).acting(principal)
        return tuple(p for p in acting.sure if p != principal and p.kind == "group")

    def of(self, resource: Resource) -> tuple[Principal, ...]:
        """The managed identities that a resource has for sure."""
        if isinstance(resource, UserAssignedIdentity):
            return (principal_of(self.estate, resource),)
        if not isinstance(resource, IdentityHolder):
            return ()
        found = identities(self.estate, resource)
        return () if isinstance(found, Unknown) else tuple(found)

    def of_application(self, application: Application) -> Principal:
        """The service principal of an application."""
        return principal_of(self.estate, application)

    def owner(self, source: Resource, link: Link) -> Principal | None:
        """Whose credential it is: the service principal or identity that a credential's link leads to."""
        target = self.estate.target(source, link)
        if isinstance(target, (Application, ServicePrincipal, UserAssignedIdentity)):
            return principal_of(self.estate, target)
        found = principals(self.estate, source, link)
        return found[0] if not isinstance(found, Unknown) and len(found) == 1 else None

    # -- who may sign in

    def barred(self, principal: Principal, now: datetime) -> str:
        """Why a principal may not sign in at all, "" when it may: disabled, or an account whose last day has come."""
        ended = self._ended(principal)
        if ended is not None and now >= ended:
            return f"the account {self.name(principal)} was to last until {ended.date().isoformat()}"
        resource = principal.resource
        if not isinstance(resource, (User, ServicePrincipal)):
            return ""
        enabled = resource.account_enabled
        if isinstance(enabled, Unknown):
            return f"whether {resource.address} is enabled cannot be told: {enabled.why}"
        return f"{resource.address} says so" if isinstance(enabled, Known) and enabled.value is False else ""

    def lasts(self, principal: Principal) -> datetime | None:
        """When a person's account ends; None when it does not."""
        return self._ended(principal)

    def _ended(self, principal: Principal) -> datetime | None:
        for account in self.register.accounts if principal.kind in ("user", "principal") else ():
            if account.name.casefold() == self.name(principal).casefold():
                return datetime.combine(account.expires, time(), UTC)
        return None

    # -- where people are at home

    def home(self, principal: Principal) -> str:
        """The domain of the tenant that keeps a guest's account, "" for those who are at home here."""
        if principal.kind != "guest":
            return ""
        domain = self.name(principal).rpartition("@")[2].casefold()
        homes = {guest.home.casefold() for guest in self.register.guests}
        return max((h for h in homes if domain == h or domain.endswith(f".{h}")), key=len, default=domain)

    def home_tenant(self, principal: Principal) -> str:
        """The id of the tenant that keeps a person's account."""
        home = self.home(principal)
        return self.id_of(f"tenant/{home}") if home else self.tenant

    def home_id(self, principal: Principal) -> str:
        """The object id of a person in that tenant."""
        return self.id_of(f"home/{principal.key}") if self.home(principal) else self.object_id(principal)

    def homes(self) -> dict[str, str]:
        """The domains of the tenants that keep guests' accounts, by the tenants' ids."""
        found = {self.home_tenant(p): self.home(p) for p in self.people()}
        return {tenant: home for tenant, home in found.items() if home}

    # -- indexes

    def _by_object(self) -> dict[str, Principal]:
        return self.estate.once(self._objects)

    def _objects(self, estate: Estate) -> dict[str, Principal]:
        found = {self.object_id(p).casefold(): p for p in everybody(estate) if p.kind not in _NOBODY}
        known = {self.name(p).casefold() for p in found.values()}
        for account in self.register.accounts:  # a person who holds nothing is in no grant
            if account.name.casefold() not in known:
                person = Principal(f"external:{account.name.casefold()}", "user", account.name)
                found[self.object_id(person).casefold()] = person
        return found

    def _apps(self, estate: Estate) -> dict[str, Principal]:
        found = (p for p in self._objects(estate).values() if p.kind not in _NO_CLIENTS)
        return {self.app_id(p).casefold(): p for p in found}

    def _tenant(self, estate: Estate) -> str:
        for vault in estate.of(KeyVault):
            if isinstance(vault.tenant_id, Known) and _is_id(str(vault.tenant_id.value)):
                return str(vault.tenant_id.value)
        return self.id_of("tenant")


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.casefold()
    except ValueError:
        return False
