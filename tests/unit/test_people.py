"""People who are invited, and members until a day, are principals like any other."""

from ringfence.model.authorization import RoleAssignment
from ringfence.model.entra import Group, User
from ringfence.model.principal import principals
from ringfence.model.symbol import Ref
from tests.support import declare, estate

GROUP = Ref(".#azuread_group.g", ("object_id",))


def test_who_is_invited_is_a_guest() -> None:
    found = estate(
        declare("azuread_invitation.i", user_email_address="someone@example.org", redirect_url="https://example.org"),
        declare("azurerm_role_assignment.a", scope="/", principal_id=Ref(".#azuread_invitation.i", ("user_id",))),
    )
    (assignment,) = found.of(RoleAssignment)
    whom = principals(found, assignment, assignment.principal)
    assert isinstance(whom, tuple)
    (principal,) = whom
    assert (principal.kind, principal.name) == ("guest", "someone@example.org")


def test_an_account_of_ones_own_is_no_guest() -> None:
    found = estate(declare("azuread_user.u", user_principal_name="u@example.org", display_name="u"))
    assert found.of(User)[0].user_type.default == "Member"  # type: ignore[union-attr]


def test_a_member_until_a_day_is_a_member() -> None:
    found = estate(
        declare("azuread_group.g", display_name="g"),
        declare("azuread_invitation.i", user_email_address="someone@example.org"),
        declare("azuread_user.u", user_principal_name="u@example.org"),
        declare(
            "azuread_group_member.m",
            group_object_id=GROUP,
            member_object_id=Ref(".#azuread_invitation.i", ("user_id",)),
        ),
        declare(
            "azuread_privileged_access_group_assignment_schedule.s",
            group_id=GROUP,
            principal_id=Ref(".#azuread_user.u", ("object_id",)),
            assignment_type="member",
            expiration_date="2027-01-01T00:00:00Z",
        ),
    )
    (group,) = found.of(Group)
    names = {found.target(group, link) for link in group.members}
    assert names == set(found.of(User))
