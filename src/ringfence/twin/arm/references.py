"""Ids that clients send, as values of a declaration: references to what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.entra import Application, Group, ServicePrincipal, User
from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.resource import Implied, Resource
from ringfence.model.subscription import Subscription
from ringfence.model.symbol import Ref, Text

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.model.symbol import Value
    from ringfence.twin.arm.ids import Thing

_SLOTS: tuple[tuple[type[Resource], tuple[str, ...]], ...] = (
    (UserAssignedIdentity, ("principal_id",)),
    (Group, ("object_id",)),
    (ServicePrincipal, ("object_id",)),
    (User, ("object_id",)),
    (Application, ("client_id",)),
)
"""The attribute of a resource by which it is given a role."""
SUBSCRIPTION = Ref("@client_config", ("subscription_id",))
"""The subscription that the estate is in; nothing declares it."""


def to(thing: Thing) -> Value:
    """A reference to what an id names."""
    if isinstance(thing, Implied):
        return Text((Ref(thing.parent.key, ("id",)), "/" + "/".join(thing.path)))
    return SUBSCRIPTION if isinstance(thing, Subscription) else Ref(thing.key, ("id",))


def principal(who: Principal) -> Value:
    """A reference to whom an object id belongs; the id itself where nothing declares him."""
    if who.key == "deployer":
        return Ref("@client_config", ("object_id",))
    if who.resource is None:
        return who.key.removeprefix("external:")
    slot = next((slot for kind, slot in _SLOTS if isinstance(who.resource, kind)), None)
    if slot is not None and who.key == who.resource.key:
        return Ref(who.key, slot)
    block = who.key.removeprefix(f"{who.resource.key}/")
    if block == "kubelet":
        return Ref(who.resource.key, ("kubelet_identity", "0", "object_id"))
    if block == "identity":
        return Ref(who.resource.key, ("identity", "0", "principal_id"))
    return Ref(who.resource.key, (block, "0", "object_id"))
