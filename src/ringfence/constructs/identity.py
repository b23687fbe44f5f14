"""Managed identities: who a workload is, without a secret, and whose tokens it may be known by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.model.blueprint import Block, block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

EXCHANGE = "api://AzureADTokenExchange"
"""The audience of a token that is given for one of Microsoft Entra."""
_MOST = 20
"""Federated credentials that one identity or application may have."""


class Identity:
    """A user-assigned identity: it is there before what runs under it, and its roles stay when that is made anew."""

    def __init__(self, file: File, name: str, home: Home, *, called: str, comment: str = "") -> None:
        _check(called)
        self.file, self.name, self.called = file, name, called
        self.identity = file.resource(
            "azurerm_user_assigned_identity", name, comment=comment, name=called, **home.placed
        )
        self._trust = Trust(called)

    @property
    def id(self) -> Value:
        return self.identity.id

    @property
    def principal(self) -> Value:
        """The object id that roles are given to."""
        return self.identity.ref("principal_id")

    @property
    def client(self) -> Value:
        """The client id by which code, or a service account, asks for it."""
        return self.identity.ref("client_id")

    @property
    def block(self) -> Block:
        """The ``identity`` block of a resource that has this identity and no other."""
        return block(type="UserAssigned", identity_ids=(self.id,))

    def trusts(
        self, name: str, *, called: str, issuer: Value, subject: Value, audience: str = EXCHANGE, why: str = ""
    ) -> Declared:
        """Whoever has a token of the issuer for the subject, such as one service account, acts as this identity.

        Raises:
            ConstructError: the issuer is not served over TLS, or the subject is no single one.
        """
        self._trust.take(issuer, subject)
        return self.file.resource(
            "azurerm_federated_identity_credential",
            name,
            comment=why,
            name=called,
            user_assigned_identity_id=self.id,
            issuer=issuer,
            subject=subject,
            audience=(audience,),
        )


class Trust:
    """The tokens that an identity or an application is known by; refuses what Entra would, or what is too wide.

    Source: learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._taken: list[tuple[Value, Value]] = []

    def take(self, issuer: Value, subject: Value) -> None:
        """Takes note of one more issuer and subject."""
        if isinstance(issuer, str) and not issuer.startswith("https://"):
            raise ConstructError(
                f"{self._owner} cannot trust {issuer}", hint="An issuer's address begins with https://."
            )
        if not subject or (isinstance(subject, str) and "*" in subject):
            raise ConstructError(
                f"{self._owner} would trust {issuer} for {subject or 'nobody'}",
                hint="Name one subject: one service account, or one environment of a repository.",
            )
        if (issuer, subject) in self._taken:
            raise ConstructError(f"{self._owner} trusts {subject} twice", hint="Leave one of the two out.")
        if len(self._taken) == _MOST:
            hint = "Give the workloads identities of their own."
            raise ConstructError(f"{self._owner} has more than {_MOST} federated credentials", hint=hint)
        self._taken.append((issuer, subject))


def _check(called: str) -> None:
    """Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}", called):
        hint = "3 to 128 letters, digits, hyphens and underscores, a letter or digit first."
        raise ConstructError(f"an identity cannot be called {called}", hint=hint)
