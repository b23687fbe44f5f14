"""Workloads: what runs somebody's code, seen by what an intruder in it would have.

An identity to act with, mounts to read, an entrance to come in by. Sites and virtual machines are workloads; pods are
declared outside Azure's providers and are not seen yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import VirtualMachine
from ringfence.model.principal import identities
from ringfence.model.value import Many, Unknown
from ringfence.model.web import Site
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link


@record()
class Mount:
    """A store that a workload sees as a folder."""

    store: Link
    path: str


@record()
class Workload:
    """One thing that runs code."""

    resource: Resource
    identities: Many[Principal] | Unknown
    mounts: tuple[Mount, ...] = ()
    entrance: str = ""
    """How requests reach it: "https" for a site; "" where its network says."""


def workloads(estate: Estate) -> Many[Workload]:
    """All workloads of the estate, open while a site or machine may be missing."""
    sites, machines = estate.all_of(Site), estate.all_of(VirtualMachine)
    found = (*(_site(estate, s) for s in sites), *(_machine(estate, m) for m in machines))
    return Many("Workload", found, sites.origin, sites.open or machines.open)


def _site(estate: Estate, site: Site) -> Workload:
    mounts = tuple(Mount(m.account, str(getattr(m.mount_path, "value", "") or "")) for m in site.storage_mounts)
    return Workload(site, identities(estate, site), mounts, "https")


def _machine(estate: Estate, machine: VirtualMachine) -> Workload:
    return Workload(machine, identities(estate, machine))
