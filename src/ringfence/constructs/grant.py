"""Role assignments, each made of a declared need: the least role that will do, on the least thing that will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.facts import roles
from ringfence.model.register import Use

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
) -> Declared:
    """The principal has the role on the thing, and the register says what it needs it for.

    `who` is an object id, `may` a built-in role or one that is declared; `called` and `what` are the words of the
    documents for the two.

    Raises:
        ConstructError: Azure has no built-in role of that name.
    """
    role = _known(may) if isinstance(may, str) else str(may.arguments["name"])
    made = file.resource(
        "azurerm_role_assignment",
        name,
        comment=why,
        scope=on,
        role_definition_name=may if isinstance(may, str) else None,
        role_definition_id=None if isinstance(may, str) else may.ref("role_definition_resource_id"),
        principal_id=who,
        principal_type=kind,
    )
    file.layer.register.uses.append(Use(who, called, role, on, what, why, made.key))
    return made


def _known(role: str) -> str:
    if not roles.exists(role):
        near = roles.like(role)
        raise ConstructError(f"Azure has no role {role}", hint=f"Did you mean {near}?" if near else "")
    return role
