"""Virtual machines and scale sets as workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.network import NetworkInterface
from ringfence.model.principal import identities
from ringfence.model.value import Absent, Many, Unknown
from ringfence.questions.workloads.held import Held, held_in_setting
from ringfence.questions.workloads.targets import targets
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource


def machine(estate: Estate, machine: VirtualMachine) -> Workload:
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


def scale_set(estate: Estate, machines: VirtualMachineScaleSet) -> Workload:
    unread = Unknown("subnets", (), machines.origin)
    return Workload(
        machines.key,
        machines,
        identities(estate, machines),
        (),
        _custom_data(estate, machines),
        Many("subnets", (), machines.origin, unread),
    )
