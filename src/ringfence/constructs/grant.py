"""Role assignments, each made of a declared need: the least role that will do, on the least thing that will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.facts import roles
from ringfence.model.blueprint import Life, block
from ringfence.model.register import Use
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

SERVICE, GROUP, USER = "ServicePrincipal", "Group", "User"


def grant(
    file: File,
    name: str,
    *,
    who: Value,
    called: str,
    may: str | Declared,
    on: Value,
    what: str,
    why: str,
    kind: str = SERVICE,
    life: Life | None = None,
) -> Declared:
    """The principal has the role on the thing, and the register says what it needs it for.

    `who` is an object id, `may` a built-in role or one that is declared; `called` and `what` are the words of the
    documents for the two. `kind` is "" where whoever deploys may be a person or an automation.

    Raises:
        ConstructError: Azure has no built-in role of that name.
    """
    role = _named(may)
    made = file.resource(
        "azurerm_role_assignment",
        name,
        comment=why,
        scope=on,
        role_definition_name=may if isinstance(may, str) else None,
        role_definition_id=None if isinstance(may, str) else may.ref("role_definition_resource_id"),
        principal_id=who,
        principal_type=kind or None,
        life=life or Life(),
    )
    file.layer.register.uses.append(Use(who, called, role, on, what, why, made.key))
    return made


def eligible(
    file: File,
    name: str,
    *,
    who: Value,
    called: str,
    may: str | Declared,
    on: Value,
    what: str,
    why: str,
    subscription: Value,
) -> Declared:
    """The principal may take the role for some hours, each time with a reason that is logged; it does not have it.

    Azure ends an eligibility after a year at most, as its settings are; the next apply renews it.
    Source: learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles

    Raises:
        ConstructError: Azure has no built-in role of that name.
    """
    role = _named(may)
    made = file.resource(
        "azurerm_pim_eligible_role_assignment",
        name,
        comment=why,
        scope=on,
        role_definition_id=text(subscription, _DEFINITIONS, roles.id_of(may))
        if isinstance(may, str)
        else may.ref("role_definition_resource_id"),
        principal_id=who,
        justification=why,
        schedule=block(expiration=block(duration_days=_LONGEST)),
    )
    file.layer.register.uses.append(Use(who, called, role, on, what, why, made.key))
    return made


_DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions/"
_LONGEST = 365


def _named(role: str | Declared) -> str:
    """What the role is called: one that is declared, or one that Azure has."""
    if not isinstance(role, str):
        return str(role.arguments["name"])
    if not roles.exists(role):
        near = roles.like(role)
        raise ConstructError(f"Azure has no role {role}", hint=f"Did you mean {near}?" if near else "")
    return role
