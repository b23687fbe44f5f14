"""What a role permits: Azure's built-in roles and the custom ones of an estate.

An operation is allowed by a permission when a pattern of its actions matches it and none of its notActions does;
permissions add up. ``*`` stands for any characters, and case does not count.

Source: learn.microsoft.com/azure/role-based-access-control/role-definitions
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ringfence.facts import roles
from ringfence.model.authorization import RoleDefinition
from ringfence.model.judge import missing
from ringfence.model.resource import External, Implied
from ringfence.model.symbol import Ref, Text, plain
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from ringfence.model.authorization import RoleGiving, RolePermission
    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr, Link


@record()
class Permission:
    """One set of what a role permits."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str = ""

    def allows(self, operation: str, *, data: bool = False) -> bool:
        """True when the operation is permitted; its condition, if any, is not looked at."""
        granted, excepted = (self.data_actions, self.not_data_actions) if data else (self.actions, self.not_actions)
        return any(_grants(p, operation) for p in granted) and not any(matches(p, operation) for p in excepted)


@record()
class Role:
    """A role with its permissions."""

    name: str
    id: str
    permissions: tuple[Permission, ...]
    custom: RoleDefinition | None = None
    """Where it is declared; None for a built-in one."""
    _allowing: dict[tuple[str, bool], tuple[Permission, ...]] = field(default_factory=dict, compare=False)
    """What was asked before: thousands of assignments give one role."""

    def allows(self, operation: str, *, data: bool = False) -> bool:
        """True when one of its permissions allows the operation."""
        return bool(self.allowing(operation, data=data))

    def allowing(self, operation: str, *, data: bool = False) -> tuple[Permission, ...]:
        """The permissions that allow the operation. One that excepts it takes nothing from another that allows it."""
        asked = (operation, data)
        if asked not in self._allowing:
            self._allowing[asked] = tuple(p for p in self.permissions if p.allows(operation, data=data))
        return self._allowing[asked]

    def conditional(self, operation: str, *, data: bool = False) -> bool:
        """True when only permissions with a condition allow the operation."""
        allowing = self.allowing(operation, data=data)
        return bool(allowing) and all(p.condition for p in allowing)

    def patterns(self) -> tuple[str, ...]:
        """All actions and data actions that it grants, before what is excepted."""
        return tuple(a for p in self.permissions for a in (*p.actions, *p.data_actions))


def _grants(pattern: str, operation: str) -> bool:
    """`matches`; between two slashes a wildcard also stands for nothing.

    The role Managed Identity Operator has ``userAssignedIdentities/*/assign/action``, and by it one may do
    ``userAssignedIdentities/assign/action``, which is what Azure asks for when an identity is attached.

    Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-configure-managed-identities
    (Managed Identity Operator), learn.microsoft.com/azure/role-based-access-control/permissions/identity
    """
    return matches(pattern, operation) or ("/*/" in pattern and matches(pattern.replace("/*/", "/", 1), operation))


def matches(pattern: str, operation: str) -> bool:
    """True when the operation is one that the pattern stands for."""
    pieces = pattern.casefold().split("*")
    text = operation.casefold()
    if len(pieces) == 1:
        return pieces[0] == text
    if not text.startswith(pieces[0]) or not text.endswith(pieces[-1]):
        return False
    at, end = len(pieces[0]), len(text) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


@cache
def built_in(name_or_id: str) -> Role | None:
    """The built-in role of that name or id; None when Azure has none."""
    line = roles.line(name_or_id)
    if not line:
        return None
    from json import loads

    name, number, permissions = line.split("\t", 2)
    return Role(name, number, tuple(_built_in_permission(*p) for p in loads(permissions)))


@cache
def is_data_operation(operation: str) -> bool:
    """True when built-in roles give the operation by data actions, and by actions only through wider wildcards."""
    data, control = _specific(operation)
    return data > control


def _specific(operation: str) -> tuple[int, int]:
    """The length of the longest pattern that matches, of all data actions and of all actions."""
    from json import loads

    longest = [0, 0]
    for line in roles.table().decode().splitlines()[1:]:
        for actions, _, data, _, _ in loads(line.split("\t", 2)[2]):
            for plane, patterns in enumerate((data, actions)):
                for pattern in patterns:
                    if len(pattern) > longest[plane] and matches(pattern, operation):
                        longest[plane] = len(pattern)
    return longest[0], longest[1]


def _built_in_permission(
    actions: list[str], not_actions: list[str], data: list[str], not_data: list[str], condition: str
) -> Permission:
    return Permission(tuple(actions), tuple(not_actions), tuple(data), tuple(not_data), condition)


def role_of(estate: Estate, assignment: RoleGiving) -> Role | Unknown:
    """The role that an assignment gives."""
    name = assignment.role_name
    if isinstance(name, Known):
        return _by_name(estate, str(name.value), name)
    if isinstance(name, Unknown):
        return _by_same_name(estate, name)
    return _by_reference(estate, assignment)


def _by_same_name(estate: Estate, name: Unknown) -> Role | Unknown:
    """The custom role whose name is written alike, though a part of it is not known."""
    alike = [d for d in estate.of(RoleDefinition) if isinstance(d.name, Unknown) and d.name.value == name.value]
    return _custom(estate, alike[0]) if name.value is not None and len(alike) == 1 else name


def _by_name(estate: Estate, name: str, attr: Known[str]) -> Role | Unknown:
    role = built_in(name)
    if role is not None:
        return role
    custom = estate.once(_by_names).get(name.casefold(), ())
    if len(custom) == 1:
        return _custom(estate, custom[0])
    why = f'role "{name}" is neither built in nor declared here'
    return Unknown("role_name", (Need("reference", name, why),), attr.origin)


def _by_reference(estate: Estate, assignment: RoleGiving) -> Role | Unknown:
    link = _whole(assignment.role_definition)
    found = estate.resolve(assignment, link)
    if isinstance(found, Unknown):
        return found
    only = found[0].resource if len(found) == 1 else None
    if isinstance(only, Implied):  # a definition has its id under two names
        only = only.parent
    if isinstance(only, RoleDefinition):
        return _custom(estate, only)
    role = built_in(only.name.rpartition("/")[2]) if isinstance(only, External) else None
    if role is not None:
        return role
    why = f"{assignment.address} gives a role that is not declared here"
    return Unknown("role_definition", (Need("reference", assignment.address, why),), link.origin)


def _whole(link: Link) -> Link:
    """A definition's id written behind its subscription's, as Privileged Identity Management wants it, is enough."""
    value = plain(link.value)
    if isinstance(value, Text) and len(value.parts) == 2 and all(isinstance(p, Ref) for p in value.parts):
        return replace(link, value=value.parts[1])
    return link


def _by_names(estate: Estate) -> dict[str, list[RoleDefinition]]:
    """The custom roles by their names, in lower case."""
    found: dict[str, list[RoleDefinition]] = {}
    for definition in estate.of(RoleDefinition):
        if isinstance(definition.name, Known):
            found.setdefault(str(definition.name.value).casefold(), []).append(definition)
    return found


def _custom(estate: Estate, definition: RoleDefinition) -> Role | Unknown:
    """The role of a definition, made once."""
    made = estate.once(_made)
    if definition.key not in made:
        made[definition.key] = custom_role(definition)
    return made[definition.key]


def _made(_: Estate) -> dict[str, Role | Unknown]:
    return {}


def custom_role(definition: RoleDefinition) -> Role | Unknown:
    """The role that a definition declares; unknown when a part of its permissions is."""
    if definition.permissions.open:
        return definition.permissions.open
    permissions: list[Permission] = []
    for block in definition.permissions:
        read = _permission(block)
        if isinstance(read, Unknown):
            return read
        permissions.append(read)
    return Role(definition.title, definition.key, tuple(permissions), definition)


def _permission(block: RolePermission) -> Permission | Unknown:
    lists: list[tuple[str, ...]] = []
    for attr in (block.actions, block.not_actions, block.data_actions, block.not_data_actions):
        strings = _strings(attr)
        if isinstance(strings, Unknown):
            return strings
        lists.append(strings)
    actions, not_actions, data_actions, not_data_actions = lists
    return Permission(actions, not_actions, data_actions, not_data_actions)


def _strings(attr: Attr[tuple[str, ...]]) -> tuple[str, ...] | Unknown:
    if isinstance(attr, Unknown):
        return attr
    value = attr.default or () if isinstance(attr, Absent) else attr.value
    if all(isinstance(v, str) for v in value):
        return tuple(value)
    why = f"{attr.field} has an element that is not known"
    return Unknown(attr.field, missing(value) or (Need("apply", attr.field, why),), attr.origin)
