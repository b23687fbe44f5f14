"""Workloads: what runs somebody's code, seen by what an intruder in it would have.

Identities to act with, secrets and stores to read, a subnet to connect from, an entrance to come in by. Sites,
machines, containers and the services that run pipelines or scripts are here; what runs inside a cluster is in `pods`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.apps import (
    AutomationAccount,
    ContainerApp,
    ContainerAppEnvironment,
    ContainerGroup,
    LogicApp,
    MachineLearningCompute,
)
from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
from ringfence.model.containers import AgentPool, ManagedCluster
from ringfence.model.data_factory import DataFactory
from ringfence.model.databricks import DatabricksSecret, DatabricksSecretScope, DatabricksWorkspace
from ringfence.model.identity import IdentityHolder
from ringfence.model.judge import equals, is_off, is_on
from ringfence.model.machine_learning import MachineLearningWorkspace
from ringfence.model.network import NetworkInterface, Subnet
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import identities, principals
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import render
from ringfence.model.value import Absent, Known, Link, Many, Need, Unknown
from ringfence.model.verdict import all_of
from ringfence.model.web import Site
from ringfence.questions.answer import of, unsettled
from ringfence.questions.workloads.held import Held, held_in_setting
from ringfence.questions.workloads.ingress import Entrance
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.principal import Principal
    from ringfence.model.value import Attr


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
    from ringfence.questions.workloads.pods import pods

    found: list[Workload] = []
    open_: Unknown | None = None
    for kind, read in _KINDS:
        every = estate.all_of(kind)
        open_ = open_ or every.open
        found.extend(read(estate, each) for each in every)
    return Many("Workload", (*found, *pods(estate)), NOWHERE, open_)


def _site(estate: Estate, site: Site) -> Workload:
    mounts = tuple(Mount(m.account, str(getattr(m.mount_path, "value", "") or "")) for m in site.storage_mounts)
    return Workload(
        site.key,
        site,
        identities(estate, site),
        mounts,
        _site_secrets(estate, site),
        targets(estate, site, "subnets", (site.virtual_network_subnet,)),
        Entrance("https"),
    )


def _site_secrets(estate: Estate, site: Site) -> Many[Held]:
    settings = site.app_settings
    found: list[Held] = []
    for name, setting in _named(settings):
        found.extend(held_in_setting(estate, "app setting", name, setting, settings.origin))
    for string in site.connection_strings:
        if not isinstance(string.value, Absent):
            name = str(getattr(string.name, "value", ""))
            found.extend(held_in_setting(estate, "connection string", name, string.value.value, string.value.origin))
    open_ = settings if isinstance(settings, Unknown) else site.connection_strings.open
    return Many("secrets", tuple(found), settings.origin, open_)


def _named(settings: Attr[Any]) -> Iterator[tuple[str, Any]]:
    """Each setting by its name; of settings that are not all known, what is known to be among them, as one."""
    if isinstance(settings, Known):
        yield from settings.value.items()
    elif isinstance(settings, Unknown):
        yield settings.field, settings.value


def _machine(estate: Estate, machine: VirtualMachine) -> Workload:
    subnets: list[Resource] = []
    interfaces = targets(
        estate, machine, "network_interfaces", machine.network_interfaces, machine.network_interfaces.open
    )
    open_ = interfaces.open
    for interface in interfaces:
        if isinstance(interface, NetworkInterface):
            more = targets(estate, interface, "subnets", (c.subnet for c in interface.ip_configurations))
            subnets += [s for s in more if s not in subnets]
            open_ = open_ or more.open or interface.ip_configurations.open
    return Workload(
        machine.key,
        machine,
        identities(estate, machine),
        (),
        _custom_data(estate, machine),
        Many("subnets", tuple(subnets), machine.origin, open_),
    )


def _custom_data(estate: Estate, machine: Any) -> Many[Held]:
    """What is written into the machine when it is made: anyone on it can read it."""
    data = machine.custom_data
    value = None if isinstance(data, Absent) else data.value
    return Many("secrets", held_in_setting(estate, "custom data", "custom_data", value, data.origin), data.origin)


def _scale_set(estate: Estate, machines: VirtualMachineScaleSet) -> Workload:
    unread = Unknown("subnets", (), machines.origin)
    return Workload(
        machines.key,
        machines,
        identities(estate, machines),
        (),
        _custom_data(estate, machines),
        Many("subnets", (), machines.origin, unread),
    )


def _nodes(estate: Estate, cluster: ManagedCluster) -> Workload:
    """A cluster's nodes: code on one has the kubelet's identity, which Azure assigns to every node.

    Source: learn.microsoft.com/azure/aks/use-managed-identity (summary of managed identities)
    """
    return Workload(
        f"{cluster.key}/nodes",
        cluster,
        kubelet(estate, cluster),
        (),
        Many("secrets", (), cluster.origin),
        node_subnets(estate, cluster),
        cluster=cluster,
    )


def node_subnets(estate: Estate, cluster: ManagedCluster) -> Many[Resource]:
    """The subnets of a cluster's node pools."""
    pools = estate.referrers(cluster, AgentPool, "cluster")
    links = (cluster.vnet_subnet, *(e.source.vnet_subnet for e in pools if isinstance(e.source, AgentPool)))
    return targets(estate, cluster, "subnets", links, pools.open)


def kubelet(estate: Estate, cluster: ManagedCluster) -> Many[Principal] | Unknown:
    """The identity of a cluster's nodes; none when the cluster has a service principal."""
    from ringfence.model.symbol import Ref

    origin = cluster.kubelet_identity.origin
    if cluster.service_principal.value is not None:
        found = principals(estate, cluster, cluster.service_principal)
    else:
        itself = Ref(cluster.key, ("kubelet_identity", "0", "object_id"))
        found = principals(estate, cluster, Link("kubelet_identity", itself, origin, "principal"))
    return found if isinstance(found, Unknown) else Many("identity", found, origin)


def _pipelines(estate: Estate, factory: DataFactory) -> Workload:
    return Workload(factory.key, factory, identities(estate, factory), subnets=Many("subnets", (), factory.origin))


def _notebooks(estate: Estate, workspace: DatabricksWorkspace) -> Workload:
    """A workspace: code in it acts as its access connector where it has one, in the network it is put into."""
    connector = estate.target(workspace, workspace.access_connector)
    none = Many[Any]("identity", (), workspace.origin)
    acting = identities(estate, connector) if isinstance(connector, IdentityHolder) else none
    return Workload(
        workspace.key,
        workspace,
        acting,
        (),
        _notebook_secrets(estate, workspace),
        _notebook_subnets(estate, workspace),
    )


def _notebook_secrets(estate: Estate, workspace: DatabricksWorkspace) -> Many[Held]:
    """The secrets that are kept in the workspace, and the vaults that its scopes stand for.

    Source: learn.microsoft.com/azure/databricks/security/secrets
    """
    found: list[Held] = []
    for secret in estate.of(DatabricksSecret):
        if _in_workspace(estate, secret, workspace) and not isinstance(secret.value, Absent):
            value = secret.value
            found.extend(held_in_setting(estate, "Databricks secret", secret.title, value.value, value.origin))
    for scope in estate.of(DatabricksSecretScope):
        vault = estate.target(scope, scope.vault)
        if vault is not None and _in_workspace(estate, scope, workspace):
            found.append(Held(scope.title, "secrets store", scope.vault.origin, vault))
    return Many("secrets", tuple(found), workspace.origin, estate.all_of(DatabricksSecret).open)


def _in_workspace(
    estate: Estate, inside: DatabricksSecret | DatabricksSecretScope, workspace: DatabricksWorkspace
) -> bool:
    """What names no workspace is in the only one."""
    if inside.workspace.value is not None:
        return estate.target(inside, inside.workspace) is workspace
    return len(estate.of(DatabricksWorkspace)) == 1


def _notebook_subnets(estate: Estate, workspace: DatabricksWorkspace) -> Many[Resource]:
    network = estate.target(workspace, workspace.custom_virtual_network)
    names = (workspace.custom_public_subnet_name, workspace.custom_private_subnet_name)
    wanted = {render(n.value) for n in names if not isinstance(n, Absent)}
    found = (
        tuple(
            e.source
            for e in estate.referrers(network, Subnet, "virtual_network")
            if not isinstance(e.source.name, Absent) and render(e.source.name.value) in wanted
        )
        if isinstance(network, Resource)
        else ()
    )
    missing = next((n for n in names if isinstance(n, Unknown)), None) if len(found) < len(wanted) else None
    return Many("subnets", found, workspace.origin, missing)


def _containers(estate: Estate, group: ContainerGroup) -> Workload:
    found: list[Held] = []
    open_ = group.containers.open
    for container in group.containers:
        for attr in (container.environment_variables, container.secure_environment_variables):
            open_ = open_ or (attr if isinstance(attr, Unknown) else None)
            for name, value in _named(attr):
                found.extend(held_in_setting(estate, "environment", name, value, attr.origin))
    return Workload(
        group.key,
        group,
        identities(estate, group),
        (),
        Many("secrets", tuple(found), group.origin, open_),
        targets(estate, group, "subnets", group.subnets, group.subnets.open),
        Entrance("address", of(group, equals(group.ip_address_type, "Public"))),
    )


def _app(estate: Estate, app: ContainerApp) -> Workload:
    """A container app: its environment's subnet, and an address on the internet where both let requests in.

    Source: learn.microsoft.com/azure/container-apps/networking (accessibility level), …/ingress-overview
    """
    environment = estate.target(app, app.environment)
    subnets: Many[Resource] = Many("subnets", (), app.origin)
    outside = of(app, is_on(app.ingress_external))
    if isinstance(environment, ContainerAppEnvironment):
        subnets = targets(estate, environment, "subnets", (environment.infrastructure_subnet,))
        outside = all_of(outside, of(environment, is_off(environment.internal)))
    elif outside.outcome == "pass":
        why = "the environment is not declared here"
        outside = unsettled(app.address, why)
    return Workload(
        app.key,
        app,
        identities(estate, app),
        (),
        Many("secrets", tuple(_app_secrets(estate, app)), app.origin, app.secrets.open or app.variables.open),
        subnets,
        Entrance("https", outside),
    )


def _app_secrets(estate: Estate, app: ContainerApp) -> Iterator[Held]:
    for secret in app.secrets:
        name = str(getattr(secret.name, "value", ""))
        item = estate.target(app, secret.key_vault_url)
        if item is not None:
            yield Held(name, "Key Vault reference", secret.origin, item)
        elif not isinstance(secret.value, Absent):
            yield from held_in_setting(estate, "environment", name, secret.value.value, secret.value.origin)
    for variable in app.variables:
        if not isinstance(variable.value, Absent):
            name = str(getattr(variable.name, "value", ""))
            yield from held_in_setting(estate, "environment", name, variable.value.value, variable.value.origin)


def _compute(estate: Estate, compute: MachineLearningCompute) -> Workload:
    subnets = targets(estate, compute, "subnets", (compute.subnet,))
    return Workload(compute.key, compute, identities(estate, compute), subnets=subnets)


def _holder(estate: Estate, holder: Any) -> Workload:
    return Workload(holder.key, holder, identities(estate, holder), subnets=Many("subnets", (), holder.origin))


def targets(
    estate: Estate, source: Resource, field: str, links: Iterable[Link], open_: Unknown | None = None
) -> Many[Resource]:
    """The declared resources that links refer to; open where one cannot be followed, or leads elsewhere."""
    found: dict[str, Resource] = {}
    origin: Origin = source.origin
    for link in links:
        ends = estate.resolve(source, link)
        if isinstance(ends, Unknown):
            open_ = open_ or ends
            continue
        for end in ends:
            if isinstance(end.resource, Resource):
                found[end.resource.key] = end.resource
            else:  # a subnet that is written inside its network, or that is known by name only
                open_ = open_ or _undeclared(link, end.resource)
    return Many(field, tuple(found.values()), origin, open_)


def _undeclared(link: Link, end: External | Implied) -> Unknown:
    name = end.name if isinstance(end, External) else f"a part of {end.parent.address}"
    why = f"{link.field} is {name}, which is not declared as a resource"
    return Unknown(link.field, (Need("reference", name, why),), link.origin)


_KINDS: tuple[tuple[type[Resource], Callable[[Estate, Any], Workload]], ...] = (
    (Site, _site),
    (VirtualMachine, _machine),
    (VirtualMachineScaleSet, _scale_set),
    (ManagedCluster, _nodes),
    (DataFactory, _pipelines),
    (DatabricksWorkspace, _notebooks),
    (MachineLearningWorkspace, _holder),
    (MachineLearningCompute, _compute),
    (ContainerGroup, _containers),
    (ContainerApp, _app),
    (LogicApp, _holder),
    (AutomationAccount, _holder),
)
