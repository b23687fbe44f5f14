"""The register of secrets: who renews which, how often, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.subject import CHAPTERS, head, prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.register import Item

TITLE = "Secrets and their rotation"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    register = subject.blueprint.register
    yield from head(
        subject,
        TITLE,
        "Nothing here has a value: values are made when the platform is deployed, go into a vault, and are in no file "
        "and no state.",
    )
    yield from section("Rotation")
    rows = (
        (subject.place(subject.declared(r.key), r.name), escaped(r.owner), f"{r.days} days", escaped(r.how),
         r.done.isoformat() if r.done else "never yet")
        for r in register.rotations
    )  # fmt: skip
    yield from table(("Secret", "Owner", "At least every", "How", "Last renewed"), rows, "There is nothing to renew.")
    if subject.name in CHAPTERS:
        yield from prose("What else the vaults hold is in the chapter on [Key Vault](2-key-vault.md).")
        return
    for vault in dict.fromkeys(i.vault for i in register.items):
        yield from section(f"In the vault {vault_name(subject, vault)}")
        yield from table(("Name", "Type", "Naming scheme", "Description"), items(subject, vault))


def items(subject: Subject, vault: str) -> Iterator[tuple[str, ...]]:
    """A row for each item of a vault."""
    for item in subject.blueprint.register.items:
        if item.vault == vault:
            yield (
                subject.place(subject.declared(item.key), item.name),
                item.type,
                scheme(item),
                escaped(item.description),
            )


def scheme(item: Item) -> str:
    """How the item got its name, with the property behind it."""
    return f"{escaped(item.scheme)}: {code(item.property)}" if item.property else escaped(item.scheme)


def vault_name(subject: Subject, key: str) -> str:
    """What Azure calls the vault."""
    resource = subject.estate.resources.get(key)
    return code(resource.title) if resource is not None else code(key)
