"""What trials are made from: the estate as it is declared, what its platform says of itself, and the names of the run.

Who needs what is taken from what runs (mounted items, settings) and from the platform's register, never from the
question who may: a role that was widened would be its own excuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.model.entra import (
    ApplicationFederatedCredential,
    ApplicationPassword,
    ServicePrincipal,
    ServicePrincipalPassword,
)
from ringfence.model.keyvault import Certificate, Key, Secret
from ringfence.model.storage import BlobContainer
from ringfence.model.value import Known
from ringfence.questions.access.people import everybody
from ringfence.questions.access.who import who as holders_of
from ringfence.questions.reach.doors import data_planes
from ringfence.questions.reach.places import places
from ringfence.questions.reach.reach import asked
from ringfence.questions.workloads.every import workloads
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.keyvault import KeyVault
    from ringfence.model.principal import Principal
    from ringfence.model.register import Register
    from ringfence.model.resource import Implied, Resource
    from ringfence.model.storage import StorageAccount
    from ringfence.model.value import Link
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.questions.workloads.workload import Workload

Credential: TypeAlias = ApplicationPassword | ServicePrincipalPassword | ApplicationFederatedCredential

OUTSIDE = "internet"
_OWN_ISSUER = "login.microsoftonline.com"


class Subject:
    """One platform in one world, as declared."""

    def __init__(self, platform: str, estate: Estate, register: Register, names: dict[str, Any]) -> None:
        self.platform = platform
        self.estate = estate
        self.register = register
        self._names = names
        self._ways: dict[str, tuple[Place, ...]] = {}
        self._acting: dict[str, Who | None] = {}

    # -- what the run has named

    @property
    def tenant(self) -> str:
        """The tenant's id."""
        return str(self._names["tenant"])

    @property
    def data_key_seconds(self) -> float:
        """For how long a database may hold its data key."""
        return float(self._names["data_key_seconds"])

    @property
    def subscription(self) -> str:
        """The subscription's id."""
        return str(self._names["subscription"])

    def host(self, door: Door) -> str:
        """The first host name of a door; "" when it has none."""
        return next(iter(self._names["hosts"].get(door.key, ())), "")

    def hosts(self, door: Door) -> tuple[str, ...]:
        """Every host name of a door."""
        return tuple(self._names["hosts"].get(door.key, ()))

    def workspace(self, key: str) -> str:
        """The id by which a workspace is queried."""
        return str(self._names["workspaces"][key])

    def arm_id(self, resource: Resource) -> str:
        """The resource's id in Resource Manager; "" when it has none."""
        return str(self._names["ids"].get(resource.key, ""))

    def object_id(self, principal: Principal) -> str:
        """The principal's object id."""
        return str(self._names["principals"][principal.key]["object"])

    def client_id(self, principal: Principal) -> str:
        """The client id of an application or identity."""
        return str(self._names["principals"][principal.key]["client"])

    # -- doors and places

    @property
    def doors(self) -> tuple[Door, ...]:
        """Every data plane that has a name of its own."""
        return tuple(d for d in data_planes(self.estate) if self.host(d))

    @property
    def every_door(self) -> tuple[Door, ...]:
        """Those too whose names all tenants share."""
        return data_planes(self.estate)

    def door(self, resource: Resource, name: str) -> Door | None:
        """One door of a resource."""
        return next((d for d in self.doors if d.resource.key == resource.key and d.name == name), None)

    def inside(self, door: Door, whose: Principal | None = None) -> str:
        """A subnet from which the declared estate lets one in by a private front; else the first there is.

        That of a workload with the identity, where one is asked for and it is such a place.
        """
        home = self._home(whose) if whose is not None else set()
        found = sorted(self._ways_in(door), key=lambda place: place.key not in home)
        return next((p.title for p in (*found, *self._inner)), "")

    def _home(self, principal: Principal) -> set[str]:
        return {subnet.key for w in self.workloads if self.own(w) == principal for subnet in w.subnets}

    def has_way_in(self, door: Door) -> bool:
        """Something was made for it to be met by from inside: not every door of a store is used."""
        return bool(self._ways_in(door))

    def _ways_in(self, door: Door) -> tuple[Place, ...]:
        if door.key not in self._ways:
            self._ways[door.key] = tuple(p for p in self._inner if self._private(p, door))
        return self._ways[door.key]

    @property
    def _inner(self) -> tuple[Place, ...]:
        """The subnets: first those in which something runs."""
        return self.estate.once(_subnets)

    def _private(self, place: Place, door: Door) -> bool:
        found = asked(self.estate, place, door)
        return found.front == "private" and found.answer.outcome == "pass"

    # -- what is in stores

    def secrets(self, vault: KeyVault) -> tuple[Secret, ...]:
        """The declared secrets of a vault whose names are known."""
        return tuple(s for s in self.estate.of(Secret) if self._in(s, s.vault, vault))

    def keys(self, vault: KeyVault) -> tuple[Key, ...]:
        """Its declared keys."""
        return tuple(k for k in self.estate.of(Key) if self._in(k, k.vault, vault))

    def certificates(self, vault: KeyVault) -> tuple[Certificate, ...]:
        """Its declared certificates."""
        return tuple(c for c in self.estate.of(Certificate) if self._in(c, c.vault, vault))

    def containers(self, account: StorageAccount) -> tuple[BlobContainer, ...]:
        """The declared containers of an account."""
        return tuple(c for c in self.estate.of(BlobContainer) if self._in(c, c.account, account))

    def _in(self, part: Resource, link: Link, whole: Resource) -> bool:
        return isinstance(part.name, Known) and self.estate.target(part, link) is whole

    # -- who

    @property
    def principals(self) -> tuple[Principal, ...]:
        """Everybody whom the estate declares or a grant names."""
        return everybody(self.estate)

    def named(self, name: str, at: str) -> Who | None:
        """How the principal of that name acts at a place; None when there is none, or nobody can."""
        found = [p for p in self.principals if p.name == name]
        return next((who for who in (self.acting(p, at) for p in found) if who is not None), None)

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """What runs somebody's code."""
        return tuple(workloads(self.estate))

    def own(self, workload: Workload) -> Principal | None:
        """The identity that is the workload's own: that of its node is every pod's."""
        return workload.own

    def runs_code(self, workload: Workload) -> bool:
        """A hand can stand in for it: it is a pod, a site or a machine."""
        return runs_code(workload)

    def as_workload(self, workload: Workload, at: str = "") -> Who:
        """The workload's own code."""
        return Who(at, workload.key)

    def acting(self, principal: Principal, at: str) -> Who | None:
        """How somebody acts as the principal at a place; None when nobody can.

        An identity acts where its workload runs; of one that no code has, Azure's own service does.
        """
        if principal.key not in self._acting:
            self._acting[principal.key] = self._acts(principal)
        found = self._acting[principal.key]
        return found.there(at) if found is not None else None

    def _acts(self, principal: Principal) -> Who | None:
        for workload in self.workloads:
            if self.own(workload) == principal and runs_code(workload):
                return Who("", workload.key)
        if principal.kind in ("user", "guest", "principal"):
            return Who("", "", "person", principal.name)
        if principal.kind == "deployer" or self._has(principal, ApplicationPassword, ServicePrincipalPassword):
            return Who("", "", "application", principal.key)
        if any(self._is_foreign(one) for one in self._credentials(principal, ApplicationFederatedCredential)):
            return Who("", "", "pipeline", principal.key)
        if principal.kind in ("system-assigned identity", "user-assigned identity"):
            return Who("", "", "identity", principal.key)
        return None

    def one_who_may(self, operation: str, on: Resource | Implied, at: str, *, data: bool = True) -> Who | None:
        """Somebody with the role, at a place: for a control, and for refusals that a role does not help against.

        Code of the platform's own rather than anybody else.
        """
        sure = (h.principal for h in holders_of(self.estate, operation, on, data=data) if h.outcome == "pass")
        found = [who for who in (self.acting(principal, at) for principal in sure) if who is not None]
        return min(found, key=lambda who: (not who.workload, who.acts == "identity"), default=None)

    def _has(self, principal: Principal, *kinds: type[Credential]) -> bool:
        """A credential of one of the kinds is declared for the application."""
        return bool(self._credentials(principal, *kinds))

    def _credentials(self, principal: Principal, *kinds: type[Credential]) -> list[Credential]:
        if not isinstance(principal.resource, ServicePrincipal):
            return []
        own = self.estate.target(principal.resource, principal.resource.application)
        mine = {principal.resource.key, getattr(own, "key", "")}
        found = (one for kind in kinds for one in self.estate.of(kind))
        return [one for one in found if getattr(self._owner(one), "key", None) in mine]

    def _is_foreign(self, one: Credential) -> bool:
        """The issuer is another company's: tokens of the directory itself are had where an identity's code runs."""
        issuer = getattr(one, "issuer", None)
        return isinstance(issuer, Known) and _OWN_ISSUER not in str(issuer.value)

    def _owner(self, one: Credential) -> object:
        link = one.service_principal if isinstance(one, ServicePrincipalPassword) else one.application
        return self.estate.target(one, link)


def name_of(resource: Resource) -> str:
    """The name in Azure as far as it is known, else the address: what a trial's id says."""
    name = resource.name
    return str(name.value) if isinstance(name, Known) else resource.address


def runs_code(workload: Workload) -> bool:
    """A hand can stand in for it: it is a pod, a site or a machine."""
    from ringfence.model.compute import VirtualMachine
    from ringfence.model.kubernetes import InCluster
    from ringfence.model.web import Site

    return isinstance(workload.resource, (InCluster, Site, VirtualMachine))


def _subnets(estate: Estate) -> tuple[Place, ...]:
    busy = {subnet.key for workload in workloads(estate) for subnet in workload.subnets}
    found = places(estate, "subnets")
    return tuple(sorted(found, key=lambda p: p.key not in busy))
