"""A visit: one connection that was let in, from where, to what, and by which front door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door

Front: TypeAlias = Literal["public", "private"]


@record(eq=False)
class Visit:
    """One connection."""

    place: Place
    """Where it began."""
    host: str
    """The name that was asked for."""
    door: Door | None
    """What it leads to; None for a service that every tenant shares, such as Microsoft Entra ID or Resource Manager."""
    front: Front
    """Which front door was met."""
    address: str
    """The address that the service sees: the subnet's by a private endpoint, else a public one."""
    workload: str = ""
    """Key of the workload that the client stands in for, "" when it is a person or a machine at large."""
    tls: str = ""
    """The version that was agreed on, such as "TLSv1.3"."""
