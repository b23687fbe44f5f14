"""The tenants that have sign-in here: the platform's own, and those at home in which its guests have their accounts.

In Azure one set of keys signs for all tenants, and so it is here: a token of another tenant is told by its issuer and
tenant id, not by its signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.record import record
from ringfence.twin.entra.errors import RefusedError
from ringfence.twin.entra.tokens import HOST

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Directory

_ANY = ("common", "organizations")
"""Whoever signs in there does so in the tenant that he is at home in."""


@record(eq=False)
class Tenant:
    """One tenant, or, where it has no id, whichever somebody is at home in."""

    word: str
    """As it stands in a path."""
    id: str
    own: bool
    """It is the platform's."""

    @property
    def base(self) -> str:
        """What its endpoints begin with."""
        return f"https://{HOST}/{self.id or self.word}"

    @property
    def issuer(self) -> str:
        """Who signs its tokens of version 2; whoever reads that of no single tenant fills in which it is."""
        return f"https://{HOST}/{self.id or '{tenantid}'}/v2.0"


def tenant(directory: Directory, word: str) -> Tenant:
    """The tenant that a path names by its id or its domain.

    Raises:
        RefusedError: there is none.
    """
    wanted = word.casefold()
    if wanted in _ANY:
        return Tenant(wanted, "", False)
    if wanted == directory.tenant:
        return Tenant(wanted, directory.tenant, True)
    for home, domain in directory.homes().items():
        if wanted in (home, domain):
            return Tenant(wanted, home, False)
    raise RefusedError(90002, word, directory.tenant)


def at_home(directory: Directory, principal: Principal) -> Tenant:
    """The tenant that a person is at home in."""
    home = directory.home_tenant(principal)
    return Tenant(home, home, home == directory.tenant)


def claims_at(directory: Directory, where: Tenant, principal: Principal) -> dict[str, Any]:
    """What a guest's token says when he signs in at home: there he is no guest, and has another id."""
    if where.own:
        return {}
    who = directory.home_id(principal)
    issuer = f"https://sts.windows.net/{where.id}/"
    name = directory.name(principal)
    return {"tid": where.id, "iss": issuer, "idp": issuer, "oid": who, "sub": who, "groups": [], "upn": name}
