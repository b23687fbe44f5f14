"""The principals of a platform as its blueprint declares them: what kind each is, and what it may do for which need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Block
from ringfence.model.symbol import Ref, leaves
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.blueprint import Argument, Declared
    from ringfence.model.register import Use
    from ringfence.model.symbol import Value

MANAGED, SERVICE, GROUP, PERSON = "managed identity", "service principal", "group", "person"

_OF_TYPE = {
    "azurerm_user_assigned_identity": (MANAGED, "user-assigned"),
    "azuread_service_principal": (SERVICE, ""),
    "azuread_application": (SERVICE, ""),
    "azuread_group": (GROUP, ""),
    "azuread_user": (PERSON, ""),
    "azuread_invitation": (PERSON, "guest"),
    "azurerm_client_config": (SERVICE, "whoever deploys"),
    "azuread_client_config": (SERVICE, "whoever deploys"),
}
AUTOMATION = (MANAGED, SERVICE)
"""The kinds that act without a person."""


@record(frozen=False)
class Principal:
    """Somebody who may do something, with every declared need of his."""

    kind: str
    detail: str
    """Such as "system-assigned"; "" where the kind says all."""
    name: str
    declared: Declared | None = None
    uses: list[Use] = field(default_factory=list)

    @property
    def method(self) -> str:
        """How it proves who it is: MSI or SPN, as the documents call the two."""
        if self.kind == MANAGED:
            return f"MSI, {self.detail}"
        return "SPN" if self.kind == SERVICE else "directory account"


def principals(subject: Subject) -> list[Principal]:
    """All principals that are declared or have a need, in the order of the definition."""
    found: dict[str, Principal] = {}
    for declared in subject.blueprint.declared.values():
        if declared.mode == "managed" and (kind := _kind(declared)):
            found[declared.key] = Principal(*kind, _called(declared, subject), declared)
    for use in subject.blueprint.register.uses:
        key = _holder(use.who)
        if key not in found:
            found[key] = Principal(*_supplied(use, subject), use.name, subject.declared(key))
        found[key].uses.append(use)
        found[key].name = use.name
    return [p for p in found.values() if not _is_shadow(p, found)]


def _is_shadow(principal: Principal, found: dict[str, Principal]) -> bool:
    """An application whose service principal is listed is not listed again."""
    declared = principal.declared
    if declared is None or declared.type != "azuread_application" or principal.uses:
        return False
    others = (p.declared for p in found.values() if p.declared is not None)
    return any(declared.key in referred(o) for o in others if o.type == "azuread_service_principal")


def referred(declared: Declared) -> set[str]:
    """The keys of the blocks that an argument of this one refers to."""
    return {
        leaf.key for value in _values(declared.arguments.values()) for leaf in leaves(value) if isinstance(leaf, Ref)
    }


def _values(arguments: Iterable[Argument]) -> Iterator[Value]:
    """Every value in the arguments, those of nested blocks included."""
    for argument in arguments:
        if isinstance(argument, Block):
            yield from _values(argument.arguments.values())
        elif isinstance(argument, list):
            yield from _values(argument)
        else:
            yield argument


def _kind(declared: Declared) -> tuple[str, str] | None:
    if declared.type in _OF_TYPE:
        return _OF_TYPE[declared.type]
    identity = declared.arguments.get("identity")
    if isinstance(identity, Block) and "SystemAssigned" in str(identity.arguments.get("type")):
        return MANAGED, "system-assigned"
    return None


def _holder(who: Value) -> str:
    """The key of the block that the object id belongs to; the id itself where it is no reference."""
    refs = [leaf for leaf in leaves(who) if isinstance(leaf, Ref)]
    return refs[0].key if refs else str(who)


def _supplied(use: Use, subject: Subject) -> tuple[str, str]:
    """The kind of a principal whose block declares no identity by itself, or that nothing here declares."""
    declared, grant = subject.declared(_holder(use.who)), subject.declared(use.key)
    if declared is not None:
        return _OF_TYPE.get(declared.type, (MANAGED, "of its machines"))
    if grant is not None and grant.arguments.get("principal_type") == "Group":
        return GROUP, "named by the operator"
    return SERVICE, "named by the operator"


def _called(declared: Declared, subject: Subject) -> str:
    """What it is called; a service principal is called like its application."""
    for argument in ("display_name", "name", "user_principal_name", "user_email_address"):
        found = declared.arguments.get(argument)
        if isinstance(found, str):
            return found
    applications = (subject.declared(key) for key in sorted(referred(declared)))
    named = (_called(a, subject) for a in applications if a is not None and a.type == "azuread_application")
    return next(named, declared.address)


def automation(subject: Subject) -> Iterator[Principal]:
    """The principals that act without a person."""
    return (p for p in principals(subject) if p.kind in AUTOMATION)


def named_in(subject: Subject, principal: Principal) -> list[Declared]:
    """The blocks that give a principal something in another way than by a role: a service's own administrator, say."""
    declared = principal.declared
    if declared is None or declared.mode != "managed":
        return []
    applications = {k for k in referred(declared) if k.partition("#")[2].startswith("azuread_application.")}
    mine = {declared.key, *applications}
    every = (d for d in subject.blueprint.declared.values() if d.mode == "managed" and d.key not in mine)
    return [d for d in every if mine & referred(d)]
