"""Workloads: what runs somebody's code, seen by what an intruder in it would have.

Identities to act with, secrets and stores to read, a subnet to connect from, an entrance to come in by. `every` finds
them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE
from ringfence.model.value import Link, Many, Unknown
from ringfence.questions.workloads.ingress import Entrance
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.questions.workloads.held import Held


@record()
class Mount:
    """A store that a workload sees as a folder."""

    store: Link
    path: str


@record()
class Workload:
    """One thing that runs code. Two are the same when their keys are."""

    key: str
    """The resource's key; with "/" and the part where a resource runs several things."""
    resource: Resource
    identities: Many[Principal] | Unknown
    """Those it can have tokens of."""
    mounts: tuple[Mount, ...] = ()
    secrets: Many[Held] = Many("secrets", (), NOWHERE)
    """What is given to it as a setting, an environment variable or a file."""
    subnets: Many[Resource] = Many("subnets", (), NOWHERE)
    """Where its connections come from; none when it has no network of the estate."""
    entrance: Entrance = Entrance("")
    cluster: Resource | None = None
    """The cluster that it runs in."""

    @property
    def title(self) -> str:
        """The name for a report."""
        part = self.key.removeprefix(self.resource.key).lstrip("/")
        return f"{self.resource.title} {part}".strip()

    @property
    def own(self) -> Principal | None:
        """The identity that is its own: that of its node is every pod's. None where it has none, or it is not known."""
        if isinstance(self.identities, Unknown):
            return None
        return next((p for p in self.identities if not p.key.endswith("/kubelet")), None)
