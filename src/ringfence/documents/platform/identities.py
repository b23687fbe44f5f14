"""Identities and privileges: every principal, what it may do where, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.principals import AUTOMATION, GROUP, MANAGED, PERSON, SERVICE, named_in, principals
from ringfence.documents.platform.subject import head, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.principals import Principal
    from ringfence.documents.platform.subject import Subject

TITLE = "Identities and privileges"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    found = principals(subject)
    yield from head(
        subject,
        TITLE,
        f"Who acts in {subject.title} without a person, what each may do, and what for. Roles are given for a "
        "declared need and for nothing else: what is not listed here is not granted.",
    )
    yield from section("Automation", "Managed identities have no credential that anybody could keep or lose.")
    yield from _table(subject, [p for p in found if p.kind in AUTOMATION])
    yield from section("People", "People are given rights through groups; nobody has a role by himself.")
    yield from _table(subject, [p for p in found if p.kind not in AUTOMATION])
    yield from section("In other ways", "What a principal is given other than by a role in Azure.")
    yield from table(("Principal", "What", "Where"), _others(subject, found))
    yield from _users(subject)
    yield from _guests(subject)
    yield from _accounts(subject)


def _table(subject: Subject, found: list[Principal]) -> Iterator[str]:
    headers = ("Principal", "Kind", "Role", "On", "Purpose", "Granted in")
    yield from table(headers, (cells for p in found for cells in _rows(subject, p)))


def _rows(subject: Subject, principal: Principal) -> Iterator[tuple[str, ...]]:
    kind = f"{principal.kind}, {principal.detail}" if principal.detail else principal.kind
    name = subject.place(principal.declared, principal.name) if principal.declared else escaped(principal.name)
    told = [
        (escaped(u.role), code(u.what), escaped(u.why), subject.place(subject.declared(u.key))) for u in principal.uses
    ]
    for cells in told or [("none in Azure", "", "", "")]:
        yield name, kind, *cells
        name = kind = ""


_SERVER = "Administers the server, as the directory knows it"
_PEOPLE = {
    "azuread_app_role_assignment": "May sign in to the application",
    "azurerm_mssql_server": _SERVER,
}
WAYS: dict[str, dict[str, str]] = {
    MANAGED: {
        "azurerm_mysql_flexible_server_active_directory_administrator": (
            "Administers the server, or finds in the directory who signs in to it"
        )
    },
    SERVICE: {
        "azurerm_mssql_server": _SERVER,
        "azurerm_linux_web_app": "Signs people in to the app",
        "azurerm_linux_web_app_slot": "Signs people in to the version that is tried",
        "databricks_cluster": "Is what the cluster's jobs act as",
        "databricks_secret": "Its id is known to the cluster's jobs",
    },
    GROUP: _PEOPLE,
    PERSON: {"azuread_group_member": "Is a member"},
}
"""By kind of principal and type of the block that names it: what the principal has by it."""


def _others(subject: Subject, found: list[Principal]) -> Iterator[tuple[str, ...]]:
    for principal in found:
        for block in named_in(subject, principal):
            if block.type in WAYS.get(principal.kind, {}):
                yield escaped(principal.name), WAYS[principal.kind][block.type], subject.place(block, block.address)


def _users(subject: Subject) -> Iterator[str]:
    users = subject.blueprint.register.users
    if users:
        yield from section(
            "In databases", "Made in SQL, by whoever administers the server; no Terraform declares them."
        )
        rows = (
            (subject.resource(u.database), escaped(u.name), ", ".join(map(code, u.roles)), escaped(u.why))
            for u in users
        )
        yield from table(("Database", "Principal", "Roles", "Purpose"), rows)


def _guests(subject: Subject) -> Iterator[str]:
    guests = subject.blueprint.register.guests
    yield from section(
        "Guests", "Their accounts are kept, protected and ended by the organisation that they belong to."
    )
    rows = (
        (subject.place(subject.declared(g.group), _group(subject, g.group)), escaped(g.home), escaped(g.environment),
         escaped(g.purpose))
        for g in guests
    )  # fmt: skip
    yield from table(("Group", "Home of the accounts", "Environment", "Purpose"), rows, "Nobody is a guest.")


def _group(subject: Subject, key: str) -> str:
    declared = subject.declared(key)
    name = declared.arguments.get("display_name") if declared else None
    return name if isinstance(name, str) else key.partition("#")[2]


def _accounts(subject: Subject) -> Iterator[str]:
    accounts = subject.blueprint.register.accounts
    yield from section("Accounts of the platform's own tenant", "By exception only; each has an owner and an end.")
    rows = ((escaped(a.name), escaped(a.reason), escaped(a.owner), a.expires.isoformat()) for a in accounts)
    yield from table(("Account", "Reason", "Owner", "Ends"), rows, f"There is none in world {subject.world}.")
