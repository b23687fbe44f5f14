"""Operations: what may be done, in the names that Azure's roles use.

Most are operations of Azure's resource providers: of the control plane, matched with a role's actions, or of the data
plane, matched with its data actions. Directory operations have Entra's own names. For what neither has a name for,
a sign-in to a database or acting as an identity, there is one of our own; it has no provider, and no role assignment
gives it, not even ``*``.

Source: learn.microsoft.com/azure/role-based-access-control/permissions-reference,
learn.microsoft.com/entra/identity/role-based-access-control/custom-available-permissions
"""

from __future__ import annotations

from ringfence.record import record


@record()
class Operation:
    """One operation and its plane."""

    name: str
    data: bool = False

    def __str__(self) -> str:
        return self.name


ACT_AS = Operation("identities/act-as", data=True)
"""Have tokens of an identity: run code where it is attached, bring a credential or a federated token of it."""

SIGN_IN = Operation("databases/sign-in", data=True)
DATABASE_READ = Operation("databases/read", data=True)
DATABASE_WRITE = Operation("databases/write", data=True)
DATABASE_DELETE = Operation("databases/delete", data=True)
DATABASE_ADMINISTER = Operation("databases/administer", data=True)
"""What the administrator of a server may do: everything inside, grants to others included. ``databases/*`` is all."""

ADD_CREDENTIAL = Operation("microsoft.directory/applications/credentials/update")
ADD_MEMBER = Operation("microsoft.directory/groups/members/update")


def is_azure(operation: str) -> bool:
    """True of an operation that Azure's roles speak of."""
    provider = operation.partition("/")[0].casefold()
    return "." in provider and provider != "microsoft.directory"
