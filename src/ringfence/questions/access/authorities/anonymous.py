"""What is given to anybody, without signing in: containers that are open, registries with anonymous pull.

The network still stands in front of both: see `reach`.

Sources: learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure (the account must allow what the
container opens), learn.microsoft.com/azure/container-registry/anonymous-pull-access (Standard and Premium)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.containers import ContainerRegistry
from ringfence.model.judge import holds
from ringfence.model.principal import ANYBODY
from ringfence.model.resource import Resource
from ringfence.model.storage import BlobContainer, StorageAccount
from ringfence.model.value import Many
from ringfence.questions.access.authorities.given import given, on, role
from ringfence.questions.answer import of, unsettled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Verdict
    from ringfence.questions.access.grant import Grant

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_PULL = "Microsoft.ContainerRegistry/registries/pull/read"


def grants(estate: Estate) -> Many[Grant]:
    """What anybody may do."""
    containers, registries = estate.all_of(BlobContainer), estate.all_of(ContainerRegistry)
    found = (
        *(g for container in containers for g in _container(estate, container)),
        *(g for registry in registries for g in _registry(registry)),
    )
    return Many("grants", found, containers.origin, containers.open or registries.open)


def _container(estate: Estate, container: BlobContainer) -> Iterator[Grant]:
    opened = holds(container.public_access, lambda v: str(v).casefold() in ("blob", "container"), "Blob or Container")
    if opened.outcome != "fail":
        reads = role("anonymous reading", f"{_BLOBS}/read")
        conditions = of(container, opened), _allowed(estate, container)
        yield given(
            container, "anonymous access", (ANYBODY,), reads, *conditions, origin=container.public_access.origin
        )


def _allowed(estate: Estate, container: BlobContainer) -> Verdict:
    account = estate.target(container, container.account)
    if isinstance(account, StorageAccount):
        return on(account, account.allow_blob_public_access)
    why = "the account of the container is not declared here, nor whether it allows anonymous reading"
    name = account.address if isinstance(account, Resource) else container.address
    return unsettled(name, why)


def _registry(registry: ContainerRegistry) -> Iterator[Grant]:
    opened = on(registry, registry.anonymous_pull_enabled)
    if opened.outcome != "fail":
        pulls = role("anonymous pull", actions=(_PULL,))
        yield given(
            registry, "anonymous access", (ANYBODY,), pulls, opened, origin=registry.anonymous_pull_enabled.origin
        )
