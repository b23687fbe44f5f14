"""Chapter 4: the directory decides who is who, for people, for pods and for the databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.chapters.chapter import LEARN, Chapter
from ringfence.documents.platform.principals import automation, referred
from ringfence.documents.platform.subject import prose, section, table
from ringfence.documents.words import kind
from ringfence.model.symbol import render
from ringfence.model.value import Unknown
from ringfence.questions.workloads.every import workloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.questions.workloads.workload import Workload

IDENTITY = "azurerm_user_assigned_identity"


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    yield from prose(
        "Nothing signs in with a password where the directory can vouch for it. What still has a secret is in the "
        "register of [secrets](secrets.md); who may do what is in [identities](identities.md)."
    )
    yield from section(
        "Pods",
        "Each application has a managed identity of its own. Its service account is federated with that identity "
        "(Workload Identity, which took the place of pod identity): the cluster vouches for the service account, the "
        "directory gives a token for minutes, and no other pod gets one for it. The code does not change.",
    )
    yield from table(("Identity", "Trusted token", "Subject"), _federated(subject))
    bare = dict.fromkeys(code(w.title) for w in workloads(subject.estate) if _needs_none(w))
    if bare:
        yield from prose(f"These pods need nothing of Azure and have no identity of their own: {', '.join(bare)}.")
    yield from section(
        "Everything that runs code",
        "With each identity that it can have a token of, and how it is published. Nodes have an identity of their own, "
        "which pulls images; the address that gives out its tokens is not among those that a pod may connect to.",
    )
    yield from table(("Workload", "In", "Identities", "Published by"), _workloads(subject))
    yield from section("What each identity may do", "One secret, one key, one database: the least that its work needs.")
    yield from table(("Identity", "On", "Role", "Why"), _rights(subject))
    yield from section("Vaults", "Vaults decide by roles of the directory alone: see [Key Vault](2-key-vault.md).")
    yield from section(
        "Databases",
        "An application connects with a token of its identity in place of a password, over TLS, and has rights in one "
        "database. Connections are renewed before the token ends. A password of the server's administrator exists in "
        "the vault for emergencies; no application may read it.",
    )
    yield from table(("Server", "Directory administrator"), _administrators(subject))
    yield from section(
        "The portal",
        "Whoever issues certificates signs in first: every path of the portal but the sign-in itself asks the "
        "directory, and only members of the groups that are assigned to the application are let in. The "
        "[operator's guide](operators-guide.md#sign-in-of-the-portal) says how it is set up.",
    )


def _workloads(subject: Subject) -> Iterator[tuple[str, ...]]:
    for workload in workloads(subject.estate):
        resource, cluster = workload.resource, workload.cluster
        known = () if isinstance(workload.identities, Unknown) else workload.identities
        name = subject.link(resource.origin, workload.title)
        where = escaped(cluster.title) if cluster is not None else escaped(kind(resource))
        yield (
            name,
            where,
            escaped(", ".join(map(str, known))),
            escaped(workload.entrance.kind or "not published"),
        )


def _needs_none(workload: Workload) -> bool:
    """It runs in a cluster and can have no token but that of the node under it."""
    if workload.cluster is None or workload.resource == workload.cluster or isinstance(workload.identities, Unknown):
        return False
    return all(identity.resource == workload.cluster for identity in workload.identities)


def _federated(subject: Subject) -> Iterator[tuple[str, ...]]:
    for declared in subject.of("azurerm_federated_identity_credential"):
        holders = (subject.declared(k) for k in sorted(referred(declared)))
        holder = next((h for h in holders if h is not None and h.type == IDENTITY), None)
        name = str(holder.arguments.get("name")) if holder else ""
        yield subject.place(holder, name), subject.place(declared), code(_shown(declared.arguments.get("subject")))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else render(value)  # type: ignore[arg-type]  # a subject is no block


def _rights(subject: Subject) -> Iterator[tuple[str, ...]]:
    for principal in automation(subject):
        for use in principal.uses:
            yield subject.place(principal.declared, principal.name), code(use.what), escaped(use.role), escaped(use.why)


def _administrators(subject: Subject) -> Iterator[tuple[str, ...]]:
    for declared in subject.of("azurerm_mysql_flexible_server_active_directory_administrator"):
        server = next(
            (s for k in sorted(referred(declared)) if (s := subject.declared(k)) and _is_server(s.type)), None
        )
        name = str(server.arguments.get("name")) if server else declared.address
        yield subject.place(server, name), code(_shown(declared.arguments.get("login")))


def _is_server(type: str) -> bool:
    return type == "azurerm_mysql_flexible_server"


CHAPTER = Chapter(
    "4-directory-sign-in.md",
    "Directory sign-in",
    body,
    (
        ("Workload Identity", f"{LEARN}/aks/workload-identity-overview"),
        ("Sign-in to MySQL by the directory", f"{LEARN}/mysql/flexible-server/concepts-azure-ad-authentication"),
        ("Restrict an application to a set of users",
         "https://learn.microsoft.com/entra/identity-platform/howto-restrict-your-app-to-a-set-of-users"),
    ),
)  # fmt: skip
