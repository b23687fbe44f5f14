"""Chapter 2: what is in the vaults, how it is named, and who gets at a single item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.chapters.chapter import LEARN, Chapter
from ringfence.documents.platform.secrets import items, vault_name
from ringfence.documents.platform.subject import prose, section, table
from ringfence.questions.workloads.every import workloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject

STORE = "secrets store"
"""How a workload has what the CSI driver mounts."""


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    yield from prose(
        "Each region has one vault for all of its applications. That is enough, because a role is given on one item "
        "and not on the vault."
    )
    yield from section(
        "Roles on single items",
        "Every vault decides by roles, and none has access policies. An identity has a role at the scope of the item "
        "that it needs; roles at the scope of a vault are for administrators.",
    )
    yield from table(("Item", "Who", "Role", "Why"), _grants(subject))
    yield from section(
        "Names that Spring asks for",
        "A Spring application can read its properties from a vault. It then asks for them under names of its own "
        "making: lower case, no hyphens inside a segment, and a hyphen for each dot. Whoever writes a platform writes "
        "the property; the name of the secret follows from it, and two properties that would share a name are refused.",
    )
    yield from table(("Property", "Secret"), _properties(subject))
    yield from section(
        "Certificates as files",
        "Applications that read key stores from disk get them mounted by the Secrets Store CSI driver, read-only, "
        "under the identity of their own pod. The cluster's managed add-on does it; nothing is copied into Kubernetes. "
        "A certificate that the vault holds is mounted as a bundle, a secret as it is.",
        "That way was taken because the applications are somebody else's and read files: it asks for the fewest "
        "changes to them. Signing in the vault, below, takes its place wherever a key signs.",
    )
    yield from table(("Workload", "Item", "Mounted in"), _mounted(subject))
    yield from section("Signing in the vault", *_signing(subject))
    yield from table(("Key or certificate", "Who may sign with it or read it", "Role"), _signers(subject))
    for vault in dict.fromkeys(i.vault for i in subject.blueprint.register.items):
        layer = vault.partition("#")[0]
        yield from section(
            f"Items of the vault of {layer}", f"{vault_name(subject, vault)} holds these and nothing else."
        )
        yield from table(("Name", "Type", "Naming scheme", "Description"), items(subject, vault))


def _signing(subject: Subject) -> Iterator[str]:
    if any(u.role == "Key Vault Crypto User" for u in subject.blueprint.register.uses):
        yield (
            "Citizens' certificates are signed by the vault: the issuing service sends a digest and gets a signature, "
            "and the private key never leaves the hardware. Mounting the key as a file instead is possible "
            "(`signing: mounted`), needs fewer changes to the application, and is not recommended for production: "
            "whoever takes over the service then has the key."
        )
    else:
        yield (
            "Here the issuing service gets its signing key as a file (`signing: mounted`), which needs fewer changes "
            "to the application. For production `signing: vault` is recommended: the key then never leaves the "
            "hardware, and whoever takes over the service cannot take it along."
        )


def _grants(subject: Subject) -> Iterator[tuple[str, ...]]:
    for use in subject.blueprint.register.uses:
        if use.role.startswith("Key Vault"):
            yield (
                code(use.what),
                escaped(use.name),
                subject.place(subject.declared(use.key), use.role),
                escaped(use.why),
            )


def _mounted(subject: Subject) -> Iterator[tuple[str, ...]]:
    """Each item that a workload gets as a file, as the definition of its pods says."""
    for workload in workloads(subject.estate):
        for held in workload.secrets:
            if held.how == STORE:
                yield escaped(workload.title), code(held.name), subject.link(held.origin)


def _properties(subject: Subject) -> Iterator[tuple[str, ...]]:
    found = {i.property: i.name for i in subject.blueprint.register.items if i.property}
    yield from ((code(of), code(name)) for of, name in sorted(found.items()))


def _signers(subject: Subject) -> Iterator[tuple[str, ...]]:
    keys = {i.name for i in subject.blueprint.register.items if i.type != "Secret" and "encryption" not in i.name}
    for use in subject.blueprint.register.uses:
        if use.what.rpartition("/")[2] in keys and use.role.startswith("Key Vault"):
            yield code(use.what), escaped(use.name), escaped(use.role)


CHAPTER = Chapter(
    "2-key-vault.md",
    "Key Vault",
    body,
    (
        ("Roles for keys, secrets and certificates", f"{LEARN}/key-vault/general/rbac-guide"),
        ("Key Vault provider for the Secrets Store CSI driver", f"{LEARN}/aks/csi-secrets-store-driver"),
        ("Key Vault with Spring Boot", ("https://learn.microsoft.com/azure/developer/java/spring-framework/secret-management")),
        ("About keys", f"{LEARN}/key-vault/keys/about-keys"),
    ),
)  # fmt: skip
