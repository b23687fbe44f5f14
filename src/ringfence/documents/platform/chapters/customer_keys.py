"""Chapter 3: the keys that close the databases and the disks, and who can turn them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.chapters.chapter import LEARN, Chapter
from ringfence.documents.platform.principals import referred
from ringfence.documents.platform.subject import prose, section, table
from ringfence.model.symbol import Ref, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.blueprint import Declared
    from ringfence.model.register import Use

PURPOSE = ("Key Vault Crypto Service Encryption User", "Managed HSM Crypto Service Encryption User")
"""The roles of a service that wraps and unwraps its data key, and does nothing else with the key."""
KEYS = ("azurerm_key_vault_key", "azurerm_key_vault_managed_hardware_security_module_key")
CHOICES = (
    ("Key Vault, software key", "`key_store: standard`", "cheapest, easy to back up", "refused in production"),
    ("Key Vault Premium, made in its HSM", "`key_store: premium`", "never leaves the HSM", "the default"),
    ("Managed HSM", "`key_store: managed_hsm`", "a pool of one's own, FIPS 140-3 level 3, backup by a security domain",
     "where a regulation asks for it"),
    ("Made in an HSM on premises and imported", "`key_origin: imported`", "a copy stays outside the cloud",
     "with Premium or Managed HSM"),
)  # fmt: skip
"""Where a key may be, the setting, what it gives, and when to take it."""


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    yield from prose(
        "Azure encrypts what it stores. With a key of Microsoft's the provider alone decides over it; here the "
        "platform has keys of its own, so that taking away one right makes the data unreadable for everybody."
    )
    yield from section(
        "The chain",
        "A service encrypts its data with a data key, wraps the data key with a key of the vault, and has to ask the "
        "vault each time to unwrap it. Every key here can wrap and unwrap and can do nothing else. Each is used by one "
        "service under one identity: the cluster cannot use the database's key, nor the database the cluster's.",
    )
    yield from section("Services with a key of the platform's")
    headers = ("Service", "Key name", "Key role assignment scope", "Key type", "Key size", "Key options", "Vault")
    yield from table(headers, _keys(subject))
    yield from section(
        "Database",
        "The server asks the vault as its managed identity. When that loses its role on the key, the server cannot "
        "unwrap the data key any more; it closes within the hour, and opens again when the role is back.",
    )
    yield from section(
        "Cluster",
        "A disk encryption set stands between the key and the disks: the nodes' own disks, and the volumes of the "
        "cluster's storage class. Without the role on the key neither can be attached again.",
    )
    yield from section("Where a key can be")
    yield from table(("Store", "Setting", "What it gives", "When"), CHOICES)
    yield from section(
        "What is asked of the store",
        "`fips_level` says what level the keys have to meet; a store that does not meet it is refused when the "
        "platform is built. Another store changes the resources of the store and the ids that lead to it, and nothing "
        "else.",
    )


def _keys(subject: Subject) -> Iterator[tuple[str, ...]]:
    """The keys that a service wraps with, in the order of the definition."""
    for use in subject.blueprint.register.uses:
        key = _key(subject, use) if use.role in PURPOSE else None
        if key is not None:
            yield (
                escaped(use.why),
                subject.place(key, str(key.arguments.get("name"))),
                escaped(use.name),
                _text(key, "key_type"),
                _text(key, "key_size"),
                _options(key),
                code(use.what.partition("/")[0]),
            )


def _key(subject: Subject, use: Use) -> Declared | None:
    """The key that a need is about: its scope refers to it, or says its name."""
    refs = {leaf.key for leaf in leaves(use.scope) if isinstance(leaf, Ref)}
    name = use.what.rpartition("/")[2]
    named = (d for d in subject.blueprint.declared.values() if d.type in KEYS and d.arguments.get("name") == name)
    return next((d for d in named if d.key in refs or refs & referred(d)), None)


def _text(declared: Declared, argument: str) -> str:
    return escaped(str(declared.arguments.get(argument, "as imported")))


def _options(declared: Declared) -> str:
    found = declared.arguments.get("key_opts")
    return escaped(", ".join(sorted(map(str, found)))) if isinstance(found, tuple) else "as imported"


CHAPTER = Chapter(
    "3-customer-managed-keys.md",
    "Customer-managed keys",
    body,
    (
        ("Encryption of MySQL with a key of one's own",
         "https://learn.microsoft.com/azure/mysql/flexible-server/security-customer-managed-key"),
        ("Keys of one's own for the disks of a cluster", f"{LEARN}/aks/azure-disk-customer-managed-keys"),
        ("Managed HSM", f"{LEARN}/key-vault/managed-hsm/overview"),
        ("Keys brought along", f"{LEARN}/key-vault/keys/byok-specification"),
    ),
)  # fmt: skip
