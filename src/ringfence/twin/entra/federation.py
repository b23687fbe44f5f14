"""Whose tokens of other issuers act as an identity or application here; and the tokens that pods are given.

Sources: learn.microsoft.com/entra/workload-id/workload-identity-federation (issuer, subject and audience have to be
exactly those of one credential), learn.microsoft.com/azure/aks/workload-identity-overview (which pods get a token)
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ringfence.model.containers import ManagedCluster
from ringfence.model.entra import ApplicationFederatedCredential
from ringfence.model.identity import FederatedIdentityCredential
from ringfence.model.judge import is_on
from ringfence.model.kubernetes import InCluster
from ringfence.model.value import Known, Unknown
from ringfence.questions.workloads.held import shown
from ringfence.questions.workloads.objects import in_namespace
from ringfence.questions.workloads.things import beside, pod_of, things
from ringfence.questions.workloads.values import at
from ringfence.record import record
from ringfence.twin.entra import issuers
from ringfence.twin.entra.assertion import check_times, signed_by
from ringfence.twin.entra.audience import EXCHANGE
from ringfence.twin.entra.errors import RefusedError
from ringfence.twin.entra.settle import issuer, settled, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.questions.workloads.things import Thing
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.entra.assertion import Assertion
    from ringfence.twin.entra.directory import Directory
    from ringfence.twin.ground import Ground

_Credential = FederatedIdentityCredential | ApplicationFederatedCredential
_USE, _CLIENT = "azure.workload.identity/use", "azure.workload.identity/client-id"
_POD_TOKEN = timedelta(hours=1)
"""Source: azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations (3600 s)"""
_TEST_TOKEN = timedelta(minutes=5)
_LONGEST = timedelta(hours=24).total_seconds()


@record(eq=False)
class Trust:
    """One declared credential: whoever the issuer calls so acts as its owner."""

    credential: Resource
    owner: Principal
    issuer: str | None
    """None where it is not known."""
    subject: str | None
    audiences: tuple[str, ...]
    unknown: str
    """What is not known of it."""


def trusts(ground: Ground) -> tuple[Trust, ...]:
    """Every federated identity credential of the newest estate."""
    directory = ground.directory
    return tuple(_trusts(directory, directory.estate))


def _trusts(directory: Directory, estate: Estate) -> Iterator[Trust]:
    for own in estate.of(FederatedIdentityCredential):
        yield from _trust(directory, own, own.identity)
    for one in estate.of(ApplicationFederatedCredential):
        yield from _trust(directory, one, one.application)


def _trust(directory: Directory, credential: _Credential, link: Link) -> Iterator[Trust]:
    owner = directory.owner(credential, link)
    if owner is None:
        return
    issuer_, subject, audiences = credential.issuer, credential.subject, credential.audiences
    told, called = written(directory, issuer_), written(directory, subject)
    named = tuple(map(str, audiences.value)) if isinstance(audiences, Known) else ()
    open_ = [a.why for a, found in ((issuer_, told), (subject, called)) if found is None and isinstance(a, Unknown)]
    open_ += [audiences.why] if isinstance(audiences, Unknown) else []
    yield Trust(credential, owner, told, called, named, "; ".join(open_))


async def begin(ground: Ground) -> None:
    """Every issuer that the twin stands for can sign."""
    named = (t.issuer for t in trusts(ground) if t.issuer is not None and t.issuer != ground.tokens.issuer2)
    await issuers.begin(ground, (*issuers.clusters(ground), *named))


# -- a token of another issuer, for one of ours


def taken(ground: Ground, assertion: Assertion, owner: Principal) -> Trust:
    """The credential by which the assertion proves its bearer to be the owner.

    It may be shown again while it holds, as in Azure: a pod has one token for an hour and all that it asks for.

    Raises:
        RefusedError: none takes it.
    """
    own = [trust for trust in trusts(ground) if trust.owner == owner]
    if not own:
        raise RefusedError(70021, owner, "it has none")
    told = assertion.said("iss")
    near = [trust for trust in own if trust.issuer == told and told]
    if not near:
        raise RefusedError(700211, owner, told or "(none)", _doubt(own))
    _check_signature(ground, assertion, told)
    check_times(assertion, ground.now(), _LONGEST)
    subject = assertion.said("sub")
    near = [trust for trust in near if trust.subject == subject and subject]
    if not near:
        raise RefusedError(700213, owner, subject or "(none)", _doubt(own))
    for trust in near:
        if len(assertion.audiences) == 1 and assertion.audiences[0] in trust.audiences:
            return trust
    raise RefusedError(700212, owner, ", ".join(assertion.audiences), _doubt(own))


def _doubt(own: list[Trust]) -> str:
    """What is not known of the credentials: then one of them might."""
    open_ = "; ".join(dict.fromkeys(trust.unknown for trust in own if trust.unknown))
    return f"; of some it cannot be told, because {open_}" if open_ else ""


def _check_signature(ground: Ground, assertion: Assertion, told: str) -> None:
    kid, key = _key_of(ground, told)
    if assertion.header.get("kid") != kid:
        raise RefusedError(50013, f"{told} has no key of that name (kid)")
    if not signed_by(assertion, key, (issuers.ALGORITHM,)):
        raise RefusedError(50013, f"no key of {told} made it")


def _key_of(ground: Ground, told: str) -> tuple[str, RSAPublicKey]:
    """The directory's own key for what it issued itself; else that of the issuer, which a credential has named."""
    if told == ground.tokens.issuer2:
        return ground.tokens.kid, ground.tokens.public
    return issuers.public_key(ground, told)


# -- tokens of pods


def service_account_token(ground: Ground, workload: Workload) -> str:
    """The token that a pod's code finds in ``AZURE_FEDERATED_TOKEN_FILE``; "" for one that gets none."""
    who = _account(ground, workload)
    if who is None:
        return ""
    cluster, space, account = who
    url = issuer(ground.directory, cluster)
    if url is None or is_on(cluster.workload_identity_enabled).outcome != "pass":
        return ""
    claims = {
        "aud": [EXCHANGE],
        "sub": f"system:serviceaccount:{space}:{account}",
        "kubernetes.io": _kubernetes(ground, workload, space, account),
    }
    return issuers.signed(ground, url, claims, _POD_TOKEN)


def _kubernetes(ground: Ground, workload: Workload, space: str, account: str) -> dict[str, Any]:
    id_of = ground.directory.id_of
    return {
        "namespace": space,
        "pod": {"name": workload.title.replace(" ", "-"), "uid": id_of(f"pod/{workload.key}")},
        "serviceaccount": {"name": account, "uid": id_of(f"account/{workload.key}")},
    }


def _account(ground: Ground, workload: Workload) -> tuple[ManagedCluster, str, str] | None:
    """Cluster, namespace and service account of a pod that the webhook of workload identity serves."""
    cluster = workload.cluster
    if not isinstance(cluster, ManagedCluster):
        return None
    estate = ground.present.estate
    thing = runs(estate, workload)
    if thing is not None:
        return _of_object(ground, cluster, thing)
    return _of_release(ground, cluster, workload)


def runs(estate: Estate, workload: Workload) -> Thing | None:
    """The object of the Kubernetes API that runs a workload's pods; None when it is none."""
    for thing in things(estate):
        own = thing.source.key
        if workload.key in (own, f"{own}/{thing.kind}/{thing.name}") and pod_of(thing) is not None:
            return thing
    return None


def _of_object(ground: Ground, cluster: ManagedCluster, thing: Thing) -> tuple[ManagedCluster, str, str] | None:
    pod = pod_of(thing)
    if shown(at(pod, "metadata", "labels", _USE)) != "true":
        return None
    name = shown(at(pod, "spec", "serviceAccountName")) or "default"
    accounts = (t for t in beside(ground.present.estate, thing, "ServiceAccount") if t.name == name)
    bound = any(settled(ground.directory, at(t.body, "metadata", "annotations", _CLIENT)) for t in accounts)
    return (cluster, thing.namespace, name) if bound else None


def _of_release(ground: Ground, cluster: ManagedCluster, workload: Workload) -> tuple[ManagedCluster, str, str] | None:
    """Of a chart's pods the service account is not read: it is the one that a credential of their identity names."""
    if isinstance(workload.identities, Unknown) or not isinstance(workload.resource, InCluster):
        return None
    url, space = issuer(ground.directory, cluster), in_namespace(workload.resource)
    start = f"system:serviceaccount:{space}:"
    for trust in trusts(ground):
        if trust.owner in workload.identities and trust.issuer == url and (trust.subject or "").startswith(start):
            return cluster, space, str(trust.subject).removeprefix(start)
    return None


# -- the owner's own tests


def trial_token(ground: Ground, subject: str, issuer_: str = "") -> str:
    """A token for the subject of a declared credential, of the issuer that it names: for the control side only.

    Where several issuers call somebody so, `issuer_` says which is meant.

    Raises:
        LookupError: no credential names the subject, or it is the directory itself that would issue the token.
    """
    for trust in trusts(ground):
        url = trust.issuer
        if trust.subject == subject and url is not None and url != ground.tokens.issuer2 and issuer_ in ("", url):
            return issuers.signed(ground, url, {"aud": trust.audiences[0], "sub": subject}, _TEST_TOKEN)
    raise LookupError(f"no federated identity credential names {subject} of an issuer that the twin stands for")
