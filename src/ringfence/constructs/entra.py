"""Microsoft Entra: groups, guests and their home, accounts of one's own that end, applications and what proves them.

Nobody's password is kept here: people sign in at home, applications prove themselves by a token of a managed identity
or of a pipeline; where one needs a password it is in a vault, and renewed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.constructs.identity import EXCHANGE, Trust
from ringfence.constructs.secret import secret
from ringfence.errors import ConstructError
from ringfence.model.register import Account, Guest

if TYPE_CHECKING:
    from datetime import date

    from ringfence.constructs.secret import Renewal
    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Block, Declared, File
    from ringfence.model.symbol import Value

EVERYBODY_ASSIGNED = "00000000-0000-0000-0000-000000000000"
"""The role of an application that has no roles: to be let in.

Source: learn.microsoft.com/graph/api/resources/approleassignment
"""
_LONGEST_ACCOUNT = 366
"""Days that an account of one's own may be declared for."""


class Group:
    """A security group whose members are those that are declared, and no other group of its name exists."""

    def __init__(self, file: File, name: str, *, called: str, what: str) -> None:
        self.file, self.name, self.called = file, name, called
        self.group = file.resource(
            "azuread_group",
            name,
            display_name=called,
            description=what,
            security_enabled=True,
            prevent_duplicate_names=True,
        )

    @property
    def id(self) -> Value:
        """The object id that roles are given to."""
        return self.group.ref("object_id")

    def add(self, name: str, who: Value, *, comment: str = "", file: File | None = None) -> Declared:
        """The principal is a member; it is declared in `file`, where that is another than the group's."""
        return (file or self.file).resource(
            "azuread_group_member", name, comment=comment, group_object_id=self.id, member_object_id=who
        )

    def admit(self, *, home: str, people: tuple[str, ...], environment: str, purpose: str) -> None:
        """People of another tenant are guests of this environment and members; they keep their account at home.

        Raises:
            ConstructError: one of them has no account there.
        """
        for address in people:
            if not _is_of(address, home):
                hint = f"A guest of {home} has an address that ends in it."
                raise ConstructError(f"{address} has no account at {home}", hint=hint)
            word = f"{self.name}_{word_of(address)}"
            guest = self.file.resource(
                "azuread_invitation",
                word,
                user_email_address=address,
                redirect_url="https://myapplications.microsoft.com",
            )
            self.add(word, guest.ref("user_id"))
        self.file.layer.register.guests.append(Guest(self.group.key, home, environment, purpose))

    def admit_own(self, address: str, *, reason: str, owner: str, expires: date, today: date) -> None:
        """An account of the platform's own tenant is a member until a day; the directory itself then ends it.

        The account is made by hand by the tenant's administrators: making it here would put its password in a state.

        Raises:
            ConstructError: it says not why or whose it is, has ended, or would last longer than a year.
        """
        _check_account(address, reason, owner, expires, today)
        word = f"{self.name}_{word_of(address)}"
        user = self.file.data(
            "azuread_user", word, comment=f"{reason[:1].upper()}{reason[1:]}, for {owner}.", user_principal_name=address
        )
        self.file.resource(
            "azuread_privileged_access_group_assignment_schedule",
            word,
            group_id=self.id,
            principal_id=user.ref("object_id"),
            assignment_type="member",
            expiration_date=f"{expires.isoformat()}T00:00:00Z",
            justification=reason,
        )
        self.file.layer.register.accounts.append(Account(address, reason, owner, expires))


class Application:
    """A registration in the platform's tenant with its service principal, and no password."""

    def __init__(
        self,
        file: File,
        name: str,
        *,
        called: str,
        what: str,
        asks: list[Block] | None = None,
        web: Block | None = None,
        assigned_only: bool = False,
        groups: bool = False,
        owner: Value = None,
    ) -> None:
        """`asks` are ``required_resource_access`` blocks; with `assigned_only` nobody signs in unless he is let in.

        `owner` is the object id of who deploys: with the permission to look after its own applications it may change
        no other, and azuread leaves an application without an owner that is not named.
        Source: registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application (owners)

        With `groups` a token says which of the groups that are let in its owner belongs to, and of no others.
        """
        self.file, self.name, self.called = file, name, called
        owners = (owner,) if owner is not None else None
        self.application = file.resource(
            "azuread_application",
            name,
            comment=what,
            display_name=called,
            sign_in_audience="AzureADMyOrg",
            prevent_duplicate_names=True,
            group_membership_claims=("ApplicationGroup",) if groups else None,
            required_resource_access=asks,
            web=web,
            owners=owners,
        )
        self.principal = file.resource(
            "azuread_service_principal",
            name,
            client_id=self.client,
            app_role_assignment_required=assigned_only,
            owners=owners,
        )
        self._trust = Trust(called)

    @property
    def client(self) -> Value:
        """The client id."""
        return self.application.ref("client_id")

    @property
    def id(self) -> Value:
        """The object id of the service principal, which roles are given to."""
        return self.principal.ref("object_id")

    def let_in(self, name: str, who: Value, *, role: Value = EVERYBODY_ASSIGNED) -> Declared:
        """The principal, or every member of the group, may sign in to the application."""
        return self.file.resource(
            "azuread_app_role_assignment",
            name,
            app_role_id=role,
            principal_object_id=who,
            resource_object_id=self.id,
        )

    def trusts(self, name: str, *, called: str, issuer: Value, subject: Value, why: str = "") -> Declared:
        """Whoever has a token of the issuer for the subject acts as the application, without a secret.

        Raises:
            ConstructError: the issuer is not served over TLS, or the subject is no single one.
        """
        self._trust.take(issuer, subject)
        return self.file.resource(
            "azuread_application_federated_identity_credential",
            name,
            comment=why,
            application_id=self.application.id,
            display_name=called,
            issuer=issuer,
            subject=subject,
            audiences=(EXCHANGE,),
        )

    def password_in(self, vault: Vault, renewed: Renewal, *, called: str, among: File | None = None) -> Declared:
        """The application's password, for what takes no certificate: in the vault, and renewed by the clock.

        `among` is the file of the vault's secrets, where the layer has one.

        The provider has no write-only form of it, so the layer's state knows it too; prefer `trusts`.
        """
        password = self.file.resource(
            "azuread_application_password",
            self.name,
            application_id=self.application.id,
            display_name=called,
            rotate_when_changed={"renewed": renewed.version},
            end_date=renewed.expires,
        )
        return secret(
            among or self.file,
            self.name,
            vault,
            renewed,
            called=called,
            description=f"password of {self.called}",
            value=password.ref("value"),
        )


def word_of(text: str) -> str:
    """A name of a block made of an address or an id: ``a_steward_example_org``."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def _is_of(address: str, home: str) -> bool:
    name, at, domain = address.casefold().rpartition("@")
    return bool(name and at) and (domain == home.casefold() or domain.endswith(f".{home.casefold()}"))


def _check_account(address: str, reason: str, owner: str, expires: date, today: date) -> None:
    for what, told in (("reason", reason), ("owner", owner)):
        if not told:
            raise ConstructError(f"the account {address} has no {what}", hint=f"Say its {what}, or leave it out.")
    if expires <= today:
        hint = "Remove it, or have its owner ask for a later day."
        raise ConstructError(f"the account {address} ended on {expires.isoformat()}", hint=hint)
    if (expires - today).days > _LONGEST_ACCOUNT:
        hint = "An account of one's own is declared for a year at most."
        raise ConstructError(f"the account {address} would last until {expires.isoformat()}", hint=hint)
