"""Who acts as an identity: the code that runs where it is attached, and tokens of other issuers.

Who may attach an identity, run commands where one is attached, or add a credential, becomes it by a takeover; that is
asked elsewhere.

Sources: learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview,
learn.microsoft.com/entra/workload-id/workload-identity-federation
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.entra import Application, ApplicationFederatedCredential, ServicePrincipal
from ringfence.model.identity import FederatedIdentityCredential, UserAssignedIdentity
from ringfence.model.principal import Principal
from ringfence.model.value import Absent, Many, Need, Unknown
from ringfence.questions.access.authorities.given import given, role, whole
from ringfence.questions.access.authorities.stored import held_by
from ringfence.questions.access.operation import ACT_AS
from ringfence.questions.workloads.every import workloads
from ringfence.questions.workloads.held import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr, Link
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.scope import Scope
    from ringfence.questions.workloads.workload import Workload

_Credential = FederatedIdentityCredential | ApplicationFederatedCredential


def grants(estate: Estate) -> Many[Grant]:
    """The workloads and the federated subjects that act as the identities and applications of the estate."""
    running = workloads(estate)
    found = [g for w in running for g in (*_of_workload(w), *_holding(estate, w))]
    found += [g for c in estate.of(FederatedIdentityCredential) for g in _federated(estate, c, c.identity)]
    found += [g for c in estate.of(ApplicationFederatedCredential) for g in _federated(estate, c, c.application)]
    open_ = running.open or estate.all_of(FederatedIdentityCredential).open
    return Many("grants", tuple(found), running.origin, open_)


def controller(workload: Workload) -> Principal:
    """Whoever controls the code that runs in a workload."""
    return Principal(f"workload:{workload.key}", "workload", f"code in {workload.title}", workload.resource)


def _of_workload(workload: Workload) -> Iterator[Grant]:
    held = workload.identities
    unread = held if isinstance(held, Unknown) else held.open
    if unread is not None:  # it may act as any identity
        yield _attached(workload, unread, f"{workload.key} as another")
    for principal in () if isinstance(held, Unknown) else held:
        part = f"{workload.key} as {principal.key}"
        if principal.resource is not None:
            yield _attached(workload, whole(principal.resource), part)
        elif principal.kind == "principal":  # known by a variable's name: it may be any
            why = f"which identity {principal.name} is, is not known"
            yield _attached(workload, Unknown("identity", (Need("variable", principal.name, why),), held.origin), part)


def _attached(workload: Workload, scopes: tuple[Scope, ...] | Unknown, part: str) -> Grant:
    return given(
        workload.resource,
        "attached identity",
        (controller(workload),),
        role("where the identity is attached", ACT_AS.name),
        scopes=scopes,
        part=part,
        origin=workload.identities.origin,
    )


def _holding(estate: Estate, workload: Workload) -> Iterator[Grant]:
    """Code that has the password of an application among its settings acts as the application."""
    for opening in held_by(estate, workload):
        principal = opening.becomes
        if isinstance(principal.resource, (Application, ServicePrincipal)):
            yield given(
                workload.resource,
                "stored credential",
                (controller(workload),),
                role(f"{opening.told} among its settings", ACT_AS.name),
                scopes=whole(principal.resource),
                part=f"{workload.key} holds {principal.key}",
                origin=opening.origin,
            )


def _federated(estate: Estate, credential: _Credential, link: Link) -> Iterator[Grant]:
    found = estate.resolve(credential, link)
    if isinstance(found, Unknown):
        yield _trusting(credential, found)
        return
    for end in found:
        if isinstance(end.resource, (UserAssignedIdentity, Application)):
            yield _trusting(credential, whole(end.resource))


def _trusting(credential: _Credential, scopes: tuple[Scope, ...] | Unknown) -> Grant:
    return given(
        credential,
        "federated credential",
        _subject(credential.issuer, credential.subject),
        role("a federated credential", ACT_AS.name),
        scopes=scopes,
        origin=credential.subject.origin,
    )


def _subject(issuer: Attr[str], subject: Attr[str]) -> tuple[Principal, ...] | Unknown:
    """Whom a credential trusts; an issuer that is a resource's is named by it."""
    if isinstance(subject, Absent) or isinstance(issuer, Absent):
        why = "the federated credential names no subject or no issuer"
        return Unknown("subject", (Need("reference", "subject", why),), subject.origin)
    who, by = shown(subject.value), shown(issuer.value)
    return (Principal(f"federated:{by}|{who}".casefold(), "federated subject", f"{who} of {by}"),)
