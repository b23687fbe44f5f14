"""Container groups and container apps as workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.apps import (
    ContainerApp,
    ContainerAppEnvironment,
    ContainerGroup,
)
from ringfence.model.judge import equals, is_off, is_on
from ringfence.model.principal import identities
from ringfence.model.value import Absent, Many, Unknown
from ringfence.model.verdict import all_of
from ringfence.questions.answer import of, unsettled
from ringfence.questions.workloads.held import Held, held_in_setting
from ringfence.questions.workloads.ingress import Entrance
from ringfence.questions.workloads.sites import named
from ringfence.questions.workloads.targets import targets
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource


def containers(estate: Estate, group: ContainerGroup) -> Workload:
    found: list[Held] = []
    open_ = group.containers.open
    for container in group.containers:
        for attr in (container.environment_variables, container.secure_environment_variables):
            open_ = open_ or (attr if isinstance(attr, Unknown) else None)
            for name, value in named(attr):
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


def app(estate: Estate, app: ContainerApp) -> Workload:
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
