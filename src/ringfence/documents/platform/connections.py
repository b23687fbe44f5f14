"""Connections: what talks to what, and how each side knows who the other is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.principals import automation, principals
from ringfence.documents.platform.subject import head, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject

TITLE = "Connections"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    yield from head(
        subject,
        TITLE,
        "Between resources the directory decides who is who: by a managed identity (MSI), or by a service principal "
        "(SPN) where the caller cannot have one.",
    )
    yield from section("By identity")
    yield from table(("From", "To", "Authentication", "Role", "Why"), _edges(subject))
    yield from section(
        "By a secret",
        "What cannot be told apart by an identity has a secret, and every one of them is listed here and renewed; "
        "see [secrets](secrets.md).",
    )
    yield from table(
        ("Secret", "What it is", "Owner", "Renewed within", "How"), _secrets(subject), "No connection needs one."
    )


def _edges(subject: Subject) -> Iterator[tuple[str, ...]]:
    for principal in automation(subject):
        for use in principal.uses:
            who = subject.place(principal.declared, principal.name)
            yield who, code(use.what), principal.method, escaped(use.role), escaped(use.why)
    methods = {p.name: p.method for p in principals(subject)}
    for user in subject.blueprint.register.users:
        how = methods.get(user.name, "directory account")
        yield (
            escaped(user.name),
            subject.resource(user.database),
            how,
            escaped(", ".join(user.roles)),
            escaped(user.why),
        )


def _secrets(subject: Subject) -> Iterator[tuple[str, ...]]:
    about = {item.key: item.description for item in subject.blueprint.register.items}
    for one in subject.blueprint.register.rotations:
        name = subject.place(subject.declared(one.key), one.name)
        yield name, escaped(about.get(one.key, "")), escaped(one.owner), f"{one.days} days", escaped(one.how)
