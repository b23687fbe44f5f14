"""Code gets tokens of the identity that is bound to it, and of no other; code to which none is bound gets none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.kubernetes import InCluster
from ringfence.model.value import Unknown
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.probes.subject import Subject

FAMILY = "own-token"
_ARM, _ARM_SCOPE = "https://management.azure.com", "https://management.azure.com/.default"
_NODE = "/kubelet"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each pod, site or machine that a hand can stand in for."""
    told: set[str] = set()
    for workload in subject.workloads:
        own = subject.own(workload)
        name = own.name if own is not None else workload.title
        if not subject.runs_code(workload) or name in told:
            continue
        told.add(name)
        about = f"gets tokens of {own.name} and of no other identity" if own else "has no identity and gets no token"
        shows = shown(subject.platform, FAMILY, name, "bound" if own else "unbound")
        yield Trial(f"{FAMILY}/{name}", shows, f"{workload.title} {about}", _act(subject, workload, own))


def _act(subject: Subject, workload: Workload, own: Principal | None) -> Any:
    who = Who("", workload.key)
    return _bound(who, own, _others(subject, own), workload) if own else _unbound(subject, who, workload)


def _others(subject: Subject, own: Principal | None) -> list[Principal]:
    """Identities that are somebody else's."""
    return [p for p in subject.principals if p.kind.endswith("-assigned identity") and p != own]


def _bound(who: Who, own: Principal, others: list[Principal], workload: Workload) -> Any:
    async def act(trying: Trying) -> None:
        subject = trying.subject
        mine = {p.key for p in (() if isinstance(workload.identities, Unknown) else workload.identities)}
        told = await trying.accepted(who, "sign_in", scope=_ARM_SCOPE)
        is_own = told["oid"] == subject.object_id(own)
        trying.expect(f"a token of {own.name}", is_own, f"it is one of {told['oid']}")
        for other in [p for p in others if p.key not in mine][:2]:
            await trying.refused(Who("", who.workload, "borrowed", subject.client_id(other)), "sign_in", "sign-in",
                                 scope=_ARM_SCOPE)  # fmt: skip
        if isinstance(workload.resource, InCluster):
            await _not_the_nodes(trying, who, others)

    return act


def _unbound(subject: Subject, who: Who, workload: Workload) -> Any:
    control = next((w for w in subject.workloads if subject.own(w) and w.cluster is workload.cluster), None)

    async def act(trying: Trying) -> None:
        if control is not None:  # the same question of a pod beside it, to which an identity is bound
            await trying.accepted(Who("", control.key), "sign_in", scope=_ARM_SCOPE)
        told = await trying.hands.given(who)
        files = sorted(told.get("files", {}))
        trying.expect("no token in its files", not files, f"it has {', '.join(files)}")
        await trying.refused(who, "sign_in", "sign-in", scope=_ARM_SCOPE)
        await _not_the_nodes(trying, who, _others(trying.subject, None))

    return act


async def _not_the_nodes(trying: Trying, who: Who, others: list[Principal]) -> None:
    """The metadata service of its node gives a pod no token, least of all the node's own."""
    await trying.refused(who, "metadata_token", "sign-in", "network", "access", resource=_ARM)
    for node in [p for p in others if p.key.endswith(_NODE)][:1]:
        client = trying.subject.client_id(node)
        await trying.refused(who, "metadata_token", "sign-in", "network", "access", resource=_ARM, client=client)
