"""The parts that authorities without role definitions make their grants of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import holds, is_off, is_on
from ringfence.model.principal import Principal
from ringfence.questions.access.grant import Grant
from ringfence.questions.access.role import Permission, Role
from ringfence.questions.access.scope import Scope
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr, Known, Unknown
    from ringfence.model.verdict import Verdict


def role(name: str, *data_actions: str, actions: tuple[str, ...] = ()) -> Role:
    """What an authority permits, under a name of a few words."""
    return Role(name, "", (Permission(actions=actions, data_actions=data_actions),))


def whole(resource: Resource) -> tuple[Scope, ...]:
    """The resource with all that is in it."""
    return (Scope(resource.key, "resource", resource),)


def given(
    source: Resource,
    kind: str,
    principals: tuple[Principal, ...] | Unknown,
    what: Role | Unknown,
    *conditions: Verdict,
    scopes: tuple[Scope, ...] | Unknown | None = None,
    part: str = "",
    origin: Origin | None = None,
    presence: Known[bool] | Unknown | None = None,
) -> Grant:
    """A grant on a resource, declared by the source itself where nothing else is said."""
    return Grant(
        f"{source.key}/{part or kind}",
        source,
        kind,
        principals,
        whole(source) if scopes is None else scopes,
        what,
        conditions,
        source.presence if presence is None else presence,
        origin or source.origin,
    )


def on(resource: Resource, attr: Attr[bool]) -> Verdict:
    """The switch of a resource is on."""
    return of(resource, is_on(attr))


def off(resource: Resource, attr: Attr[bool]) -> Verdict:
    """The switch of a resource is off."""
    return of(resource, is_off(attr))


def not_disabled(resource: Resource, attr: Attr[str]) -> Verdict:
    """The switch is not ``Disabled``; Azure's default counts where nothing is written."""
    return of(resource, holds(attr, lambda v: str(v).casefold() != "disabled", "not Disabled"))


def password_holder(resource: Resource) -> Principal:
    """Anyone who has the administrator's password of a server: no directory knows who that is."""
    return Principal(
        f"{resource.key}/password",
        "key holder",
        f"anyone with the administrator's password of {resource.title}",
        resource,
    )
