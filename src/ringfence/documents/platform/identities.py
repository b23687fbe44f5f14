"""Identities and privileges: every principal, what it may do where, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.principals import AUTOMATION, principals
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
    yield from _guests(subject)
    yield from _accounts(subject)


def _table(subject: Subject, found: list[Principal]) -> Iterator[str]:
    headers = ("Principal", "Kind", "Role", "On", "Purpose", "Granted in")
    yield from table(headers, (cells for p in found for cells in _rows(subject, p)))


def _rows(subject: Subject, principal: Principal) -> Iterator[tuple[str, ...]]:
    kind = f"{principal.kind}, {principal.detail}" if principal.detail else principal.kind
    name = subject.place(principal.declared, principal.name) if principal.declared else escaped(principal.name)
    if not principal.uses:
        yield name, kind, "none", "", "No role in Azure", ""
    for use in principal.uses:
        grant = subject.place(subject.declared(use.key))
        yield name, kind, escaped(use.role), code(use.what), escaped(use.why), grant
        name = kind = ""


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
