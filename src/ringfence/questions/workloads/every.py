"""All workloads of an estate: what runs each, kind by kind, and what runs inside clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.apps import (
    AutomationAccount,
    ContainerApp,
    ContainerGroup,
    LogicApp,
    MachineLearningCompute,
)
from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
from ringfence.model.containers import ManagedCluster
from ringfence.model.data_factory import DataFactory
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.machine_learning import MachineLearningWorkspace
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import identities
from ringfence.model.value import Many, Unknown
from ringfence.model.web import Site
from ringfence.questions.workloads.containers import app, containers
from ringfence.questions.workloads.machines import machine, scale_set
from ringfence.questions.workloads.nodes import nodes
from ringfence.questions.workloads.notebooks import notebooks
from ringfence.questions.workloads.pods import pods
from ringfence.questions.workloads.sites import site
from ringfence.questions.workloads.targets import targets
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource


def workloads(estate: Estate) -> Many[Workload]:
    """All workloads of the estate, open while one may be missing."""
    return estate.once(_workloads)


def workloads_of(estate: Estate, resource: Resource) -> tuple[Workload, ...]:
    """The workloads that a resource runs."""
    return estate.once(_by_resource).get(resource.key, ())


def _by_resource(estate: Estate) -> dict[str, tuple[Workload, ...]]:
    found: dict[str, tuple[Workload, ...]] = {}
    for workload in workloads(estate):
        found[workload.resource.key] = (*found.get(workload.resource.key, ()), workload)
    return found


def _workloads(estate: Estate) -> Many[Workload]:
    found: list[Workload] = []
    open_: Unknown | None = None
    for kind, read in _KINDS:
        every = estate.all_of(kind)
        open_ = open_ or every.open
        found.extend(read(estate, each) for each in every)
    return Many("Workload", (*found, *pods(estate)), NOWHERE, open_)


def _pipelines(estate: Estate, factory: DataFactory) -> Workload:
    return Workload(factory.key, factory, identities(estate, factory), subnets=Many("subnets", (), factory.origin))


def _compute(estate: Estate, compute: MachineLearningCompute) -> Workload:
    subnets = targets(estate, compute, "subnets", (compute.subnet,))
    return Workload(compute.key, compute, identities(estate, compute), subnets=subnets)


def _holder(estate: Estate, holder: Any) -> Workload:
    return Workload(holder.key, holder, identities(estate, holder), subnets=Many("subnets", (), holder.origin))


_KINDS: tuple[tuple[type[Resource], Callable[[Estate, Any], Workload]], ...] = (
    (Site, site),
    (VirtualMachine, machine),
    (VirtualMachineScaleSet, scale_set),
    (ManagedCluster, nodes),
    (DataFactory, _pipelines),
    (DatabricksWorkspace, notebooks),
    (MachineLearningWorkspace, _holder),
    (MachineLearningCompute, _compute),
    (ContainerGroup, containers),
    (ContainerApp, app),
    (LogicApp, _holder),
    (AutomationAccount, _holder),
)
