"""Who acts: people, groups, applications, managed identities, and anyone who holds a key.

An object id is known only after a principal is made; the reference to it says whose it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.containers import ManagedCluster
from ringfence.model.entra import Application, Group, ServicePrincipal, User
from ringfence.model.identity import IdentityHolder, UserAssignedIdentity
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import Input, plain
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Link

PrincipalKind: TypeAlias = Literal[
    "user",
    "guest",
    "group",
    "service principal",
    "system-assigned identity",
    "user-assigned identity",
    "deployer",
    "key holder",
    "workload",
    "federated subject",
    "principal",
]
""""deployer" is whoever runs Terraform, "workload" whoever controls the code that runs in a resource, "federated
subject" whoever another issuer calls so, "principal" one of which only the id is known."""

_EXTERNAL: dict[str, PrincipalKind] = {
    "azurerm_client_config": "deployer",
    "azuread_client_config": "deployer",
    "azuread_user": "user",
    "microsoft.graph/users": "user",
    "azuread_group": "group",
    "microsoft.graph/groups": "group",
    "azuread_service_principal": "service principal",
    "azuread_application": "service principal",
    "microsoft.graph/applications": "service principal",
    "microsoft.graph/serviceprincipals": "service principal",
    "azurerm_user_assigned_identity": "user-assigned identity",
    "microsoft.managedidentity/userassignedidentities": "user-assigned identity",
}


@record()
class Principal:
    """One who can be given a role. Two are the same when their keys are."""

    key: str
    """The resource's key, with "/" and the slot where a resource has several principals."""
    kind: PrincipalKind = field(compare=False)
    name: str = field(compare=False)
    resource: Resource | None = field(default=None, compare=False)
    """What it is declared as, or what has the identity; None when it is known by name only."""
    anyone: Need | None = field(default=None, compare=False)
    """What would tell who it is, where an input says so: until then it may be anybody in the directory."""

    def may_be(self, other: Principal) -> bool:
        """It is the other one, or an input that has no value yet may say so.

        An input of a root is given before the root makes anything: it is no principal that this root makes.
        """
        if self.anyone is None:
            return self == other
        return other.resource is None or other.resource.root != self.key.partition(":")[0]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


ANYBODY = Principal("anybody", "principal", "anybody, without signing in")
"""Whoever asks: nobody has to say who they are."""


def principals(estate: Estate, source: Resource, link: Link) -> tuple[Principal, ...] | Unknown:
    """Those to whom a ``principal_id``, ``object_id`` or ``client_id`` belongs: several when it depends."""
    value = plain(link.value)
    if isinstance(value, Input):
        need = Need(value.kind, value.name, f"it is not known whose id {value} is")
        return (Principal(f"{value.root}:{value}", "principal", str(value), anyone=need),)
    found = estate.resolve(source, link)
    if isinstance(found, Unknown):
        return found
    return tuple(_principal(estate, target) for target in found)


def identities(estate: Estate, holder: IdentityHolder) -> Many[Principal] | Unknown:
    """The managed identities of a resource; unknown when it is not known whether it has one of its own."""
    known = estate.once(_known)
    if holder.key not in known:
        known[holder.key] = _identities(estate, holder)
    return known[holder.key]


def _known(_: Estate) -> dict[str, Many[Principal] | Unknown]:
    """The identities by the key of their holder, once they are asked for."""
    return {}


def _identities(estate: Estate, holder: IdentityHolder) -> Many[Principal] | Unknown:
    kind = holder.identity_type
    if isinstance(kind, Unknown):
        return kind
    own = (_system(holder),) if isinstance(kind, Known) and "systemassigned" in str(kind.value).casefold() else ()
    assigned: list[Principal] = []
    unread = holder.user_assigned_identities.open
    for link in holder.user_assigned_identities:
        found = principals(estate, holder, link)
        if isinstance(found, Unknown):
            unread = unread or found
        else:
            assigned.extend(found)
    return Many("identity", (*own, *assigned), kind.origin, unread)


def principal_of(estate: Estate, resource: Resource) -> Principal:
    """The principal that a resource is, or whose identity of its own it has."""
    return _declared(estate, resource, ())


def key_holder(resource: Resource) -> Principal:
    """Anyone who has a key of the resource: no directory knows who that is."""
    return Principal(f"{resource.key}/keys", "key holder", f"anyone with a key of {resource.title}", resource)


def _principal(estate: Estate, target: Target) -> Principal:
    resource = target.resource
    if isinstance(resource, External):
        return _external(resource)
    if isinstance(resource, Implied):
        name = f"{resource.parent.title} {'.'.join(resource.path)}"
        return Principal(resource.key, "principal", name, resource.parent)
    return _declared(estate, resource, target.slot)


def _external(resource: External) -> Principal:
    kind = _EXTERNAL.get(resource.type.casefold(), "principal")
    if kind == "deployer":
        return Principal("deployer", kind, "whoever runs Terraform")
    return Principal(f"external:{resource.name.casefold()}", kind, resource.name)


def _declared(estate: Estate, resource: Resource, slot: tuple[str, ...]) -> Principal:
    if isinstance(resource, Application):
        return _of_application(estate, resource, slot)
    if isinstance(resource, ServicePrincipal):
        return Principal(resource.key, "service principal", _name(estate, resource), resource)
    if isinstance(resource, Group):
        return Principal(resource.key, "group", resource.title, resource)
    if isinstance(resource, User):
        return Principal(resource.key, _person(resource), resource.title, resource)
    if isinstance(resource, UserAssignedIdentity):
        return Principal(resource.key, "user-assigned identity", resource.title, resource)
    block = next((step for step in slot if step.endswith("_identity")), "")
    if isinstance(resource, ManagedCluster) and block == "kubelet_identity":
        return kubelet_of(estate, resource)
    return _of_block(resource, block) if block else _system(resource)


def _of_block(resource: Resource, block: str) -> Principal:
    """An identity that Azure makes for a part of the resource, such as an add-on of a cluster."""
    return Principal(f"{resource.key}/{block}", "user-assigned identity", f"{block} of {resource.title}", resource)


def _system(resource: Resource) -> Principal:
    return Principal(f"{resource.key}/identity", "system-assigned identity", resource.title, resource)


def kubelet_of(estate: Estate, cluster: ManagedCluster) -> Principal:
    """The identity of a cluster's nodes: one that is given, else one that Azure makes with the cluster."""
    given = estate.target(cluster, cluster.kubelet_identity)
    if isinstance(given, Resource):
        return _declared(estate, given, ())
    return Principal(f"{cluster.key}/kubelet", "user-assigned identity", f"kubelet of {cluster.title}", cluster)


def _of_application(estate: Estate, application: Application, slot: tuple[str, ...]) -> Principal:
    """An application's client id stands for its service principal; its object id for nobody who could act."""
    if slot[-1:] in (("object_id",), ("id",)):
        return Principal(f"{application.key}/object", "principal", f"object of application {application.title}")
    found = estate.referrers(application, ServicePrincipal, "application")
    if len(found) == 1:
        return _declared(estate, found.items[0].source, ())
    return Principal(application.key, "service principal", application.title, application)


def _name(estate: Estate, principal: ServicePrincipal) -> str:
    application = estate.target(principal, principal.application)
    return application.title if isinstance(application, Resource) else principal.title


def _person(user: User) -> PrincipalKind:
    name, type_ = user.user_principal_name, user.user_type
    if isinstance(type_, Known) and type_.value == "Guest":
        return "guest"
    return "guest" if isinstance(name, Known) and "#ext#" in str(name.value).casefold() else "user"
