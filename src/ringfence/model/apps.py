"""Kinds that run containers, workflows and scripts: container groups and apps, Logic Apps, automation, ML compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class Container(Block):
    """One container of a group."""

    name: Attr[str]
    image: Attr[str]
    environment_variables: Attr[dict[str, object]]
    secure_environment_variables: Attr[dict[str, object]]


class ContainerGroup(IdentityHolder):
    """Containers that Azure Container Instances runs side by side."""

    arm_type = "Microsoft.ContainerInstance/containerGroups"

    ip_address_type: Attr[str]
    """``Public``, the provider's default, ``Private`` or ``None``."""
    subnets: Many[Link]
    containers: Many[Container]


class ContainerAppEnvironment(Resource):
    """The network and the log destination that container apps share."""

    arm_type = "Microsoft.App/managedEnvironments"

    infrastructure_subnet: Link
    internal: Attr[bool]
    """Its load balancer has an address in the subnet only."""
    public_network_access: Attr[str]


class ContainerAppSecret(Block):
    """One secret of a container app, written or kept in a vault."""

    name: Attr[str]
    value: Attr[str]
    key_vault_url: Link
    """The secret of a vault that it stands for."""


class EnvironmentVariable(Block):
    """One variable of a container."""

    name: Attr[str]
    value: Attr[str]


class ContainerApp(IdentityHolder):
    """A containerised application in an environment."""

    arm_type = "Microsoft.App/containerApps"

    environment: Link
    ingress_external: Attr[bool]
    """Requests from outside its environment are let in; absent, there is no ingress at all."""
    ingress_fqdn: Attr[str]
    secrets: Many[ContainerAppSecret]
    variables: Many[EnvironmentVariable]


class LogicApp(IdentityHolder):
    """A workflow of Logic Apps (consumption)."""

    arm_type = "Microsoft.Logic/workflows"

    enabled: Attr[bool]


class AutomationAccount(IdentityHolder):
    """Runbooks: scripts that Azure runs, as the account's identity."""

    arm_type = "Microsoft.Automation/automationAccounts"

    public_network_access: Attr[bool]
    disable_local_auth: Attr[bool]


class MachineLearningCompute(IdentityHolder):
    """A machine, or a cluster of them, of a machine learning workspace."""

    arm_type = "Microsoft.MachineLearningServices/workspaces/computes"

    workspace: Link
    subnet: Link
    enable_node_public_ip: Attr[bool]
