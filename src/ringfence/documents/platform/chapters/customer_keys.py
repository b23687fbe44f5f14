"""Chapter 3: the keys that close the databases and the disks, and who can turn them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.ask.custody import rows
from ringfence.documents.escape import code, escaped
from ringfence.documents.picture.picture import picture
from ringfence.documents.platform.chapters.chapter import LEARN, Chapter
from ringfence.documents.platform.subject import prose, section, table
from ringfence.documents.words import kind
from ringfence.questions.custody.custody import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.documents.platform.subject import Subject
    from ringfence.model.register import Item

PICTURE = "keys.svg"
CHOICES = (
    ("Key Vault, software key", "`key_store: standard`", "cheapest, easy to back up", "refused in production"),
    ("Key Vault Premium, made in its HSM", "`key_store: premium`", "never leaves the HSM", "the default"),
    ("Managed HSM", "`key_store: managed_hsm`", "a pool of one's own, FIPS 140-3 level 3, backup by a security domain",
     "where a regulation asks for it"),
    ("Made in an HSM on premises and imported", "`key_origin: imported`", "a copy stays outside the cloud",
     "with Premium or Managed HSM"),
)  # fmt: skip
"""Where a key may be, the setting, what it gives, and when to take it."""
HEADERS = ("Service", "Key name", "Key role assignment scope", "Key type", "Key size", "Key options", "Where", "Origin")
ORIGINS = {"vault": "made in its store", "imported": "made outside and imported", "": "not recorded"}
"""What the register says of a key, in words."""


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    found = rows(answers(subject.estate))
    own, others = [r for r in found if r["key"]], [r for r in found if not r["key"]]
    yield from prose(
        "Azure encrypts what it stores. With a key of Microsoft's the provider alone decides over it; here the "
        "platform has keys of its own, so that taking away one right makes the data unreadable for everybody."
    )
    yield from section(
        "The chain",
        "A service encrypts its data with a data key, wraps the data key with a key of the vault, and has to ask the "
        "vault to unwrap it. Every key here can wrap and unwrap and can do nothing else. Each is used by one service "
        "under one identity: the cluster cannot use the database's key, nor the database the cluster's.",
    )
    yield from prose(
        "The database's identity is user-assigned, since a flexible server takes no other; the single server, which "
        "had an identity of its own, is retired. It is assigned to that server and to nothing else."
    )
    yield from ("", f"![Which key stands between which store and whoever has its disks]({PICTURE})")
    yield from section("Services with a key of the platform's")
    yield from table(HEADERS, (_key(subject, r) for r in own))
    yield from section("Who gets at the keys", "Measured over every role and every way to give oneself one.")
    yield from table(("Service", "May unwrap", "May take it out", "Can be purged"), (_holders(subject, r) for r in own))
    yield from section(
        "What taking access away does",
        "The one grant without which the store cannot be opened; it opens again when the grant is back.",
    )
    yield from table(("Service", "Without", "What happens", "Within", "Source"), _seals(subject, own))
    yield from section("What is not under a key of the platform's", "Encrypted under a key of Microsoft's, and why.")
    yield from table(("Store", "Part", "Why"), (_platform(subject, r) for r in others), "Everything is.")
    yield from section("What looks as if it were", "Parts of a store above that its key does not cover.")
    yield from table(("Store", "Part", "Under", "Source"), _besides(subject, own))
    yield from section("Where a key can be")
    yield from table(("Store", "Setting", "What it gives", "When"), CHOICES)
    yield from section(
        "What is asked of the store",
        "`fips_level` says what level the keys have to meet; a store that does not meet it is refused when the "
        "platform is built. Another store changes the resources of the store and the ids that lead to it, and nothing "
        "else.",
    )


def _store(subject: Subject, row: Row) -> str:
    resource = subject.estate.resources[row["store"]["key"]]
    part = f", {escaped(row['part'])}" if row["part"] else ""
    return f"{escaped(kind(resource))} {subject.link(resource.origin, resource.title)}{part}"


def _key(subject: Subject, row: Row) -> tuple[str, ...]:
    key, item = row["key"], _item(subject, row)
    vault, certified = row["vault"]["name"], escaped(row["protection"]["certified"])
    where = f"{code(vault)}: {certified}" if vault else certified
    name = subject.place(subject.declared(item.key if item else key["key"]), key["name"])
    uses = ", ".join(escaped(one["name"]) for one in row["identities"]["uses"] or ())
    operations = ", ".join(sorted(key["operations"] or ()))
    kty, size, origin = escaped(str(key["kty"])), str(key["size"]), ORIGINS[item.origin if item else ""]
    return _store(subject, row), name, uses, kty, size, operations, where, origin


def _item(subject: Subject, row: Row) -> Item | None:
    """What the register says of the key: by its address, or by its name where it is looked up in the store's layer."""
    key, layer = row["key"]["key"], row["store"]["key"].partition("#")[0]
    found = (i for i in subject.blueprint.register.items if key in (i.key, i.name) and i.key.startswith(f"{layer}#"))
    return next(found, None)


def _holders(subject: Subject, row: Row) -> tuple[str, ...]:
    nobody = "unknown" if row["identities"]["unknown"] else "nobody"
    unwrap = ", ".join(escaped(one["name"]) for one in row["identities"]["may_unwrap"]) or nobody
    exporting = ", ".join(escaped(one["name"]) for one in row["identities"]["may_export"]) or nobody
    return _store(subject, row), unwrap, exporting, row["purgeable"]


def _seals(subject: Subject, found: list[Row]) -> Iterator[tuple[str, ...]]:
    for row in found:
        for seal in row["seals"]:
            if seal["what"] == "role assignment" and len(seal["without"]) == 1:
                grant = subject.place(subject.declared(seal["without"][0]), seal["what"])
                source = f"[vendor]({seal['source']})" if seal["source"] else ""
                yield _store(subject, row), grant, escaped(seal["effect"]), escaped(seal["within"]), source


def _platform(subject: Subject, row: Row) -> tuple[str, ...]:
    resource = subject.estate.resources[row["store"]["key"]]
    why = _decided(subject, resource.key) or escaped(row["why"]) or "no key is named for it"
    return subject.link(resource.origin, resource.title), escaped(row["part"]), why


def _besides(subject: Subject, found: list[Row]) -> Iterator[tuple[str, ...]]:
    for row in found:
        for beside in row["beside"]:
            if beside["outcome"] != "no":
                source = f"[vendor]({beside['source']})" if beside["source"] else ""
                yield _store(subject, row), escaped(beside["what"]), escaped(beside["under"]), source


def _decided(subject: Subject, key: str) -> str:
    """Why the team leaves a store under a key of Microsoft's."""
    world = subject.assessment.worlds[0]
    mine = (f for f in subject.assessment.findings if f.world == world and f.resource.key == key and f.decision)
    return next((escaped(f.decision.reason) for f in mine if f.decision and "customer" in f.check.id), "")


def drawn(subject: Subject) -> str:
    """The tree of keys as SVG."""
    found = rows(answers(subject.estate))
    return picture("custody", subject.title, subject.world, subject.estate, found)


CHAPTER = Chapter(
    "3-customer-managed-keys.md",
    "Customer-managed keys",
    body,
    (
        ("Encryption of MySQL with a key of one's own",
         "https://learn.microsoft.com/azure/mysql/flexible-server/concepts-customer-managed-key"),
        ("Keys of one's own for the disks of a cluster", f"{LEARN}/aks/azure-disk-customer-managed-keys"),
        ("Managed HSM", f"{LEARN}/key-vault/managed-hsm/overview"),
        ("Keys brought along", f"{LEARN}/key-vault/keys/byok-specification"),
    ),
    {PICTURE: drawn},
)  # fmt: skip
