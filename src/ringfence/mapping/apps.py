"""Container groups and apps, Logic Apps, automation accounts, machine learning compute: Terraform's spellings.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/containers,
services/containerapps, services/logic, services/automation and services/machinelearning.
"""

from __future__ import annotations

from ringfence.mapping.codecs import PAIRS
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, NOT, Fold, Nested, Reference, Table, flag, row
from ringfence.model.apps import (
    AutomationAccount,
    Container,
    ContainerApp,
    ContainerAppEnvironment,
    ContainerAppSecret,
    ContainerGroup,
    EnvironmentVariable,
    LogicApp,
    MachineLearningCompute,
)
from ringfence.model.keyvault import Secret

_SUBNET = "Microsoft.Network/virtualNetworks/subnets"

_CONTAINER = (
    row("name", "name", "name"),
    row("image", "properties.image", "image"),
    row(
        "environment_variables",
        "properties.environmentVariables",
        "environment_variables",
        azure={},
        arm_codec=PAIRS,
    ),
    row("secure_environment_variables", "", "secure_environment_variables", azure={}),
)

_WORKSPACE = Reference(
    "workspace", "@parent", "machine_learning_workspace_id", to="Microsoft.MachineLearningServices/workspaces"
)

TABLES = (
    Table(
        ContainerGroup,
        ("azurerm_container_group",),
        rows=(
            *COMMON,
            *IDENTITY,
            row("ip_address_type", "properties.ipAddress.type", "ip_address_type", default="Public", azure="None"),
            Reference(
                "subnets",
                "properties.subnetIds[].id",
                {">=3.16": "subnet_ids"},
                to=_SUBNET,
                many=True,
            ),
            Nested("containers", "properties.containers", "container", Container, _CONTAINER),
        ),
    ),
    Table(
        ContainerAppEnvironment,
        ("azurerm_container_app_environment",),
        rows=(
            *COMMON,
            Reference(
                "infrastructure_subnet",
                "properties.vnetConfiguration.infrastructureSubnetId",
                "infrastructure_subnet_id",
                to=_SUBNET,
            ),
            row("internal", "properties.vnetConfiguration.internal", "internal_load_balancer_enabled", azure=False),
            row("public_network_access", "properties.publicNetworkAccess", {">=4.0": "public_network_access"}),
        ),
    ),
    Table(
        ContainerApp,
        ("azurerm_container_app",),
        rows=(
            *COMMON,
            *IDENTITY,
            Reference(
                "environment",
                "properties.environmentId|properties.managedEnvironmentId",
                "container_app_environment_id",
                to=ContainerAppEnvironment.arm_type,
            ),
            row(
                "ingress_external",
                "properties.configuration.ingress.external",
                "ingress.external_enabled",
                default=False,
            ),
            row("ingress_fqdn", "properties.configuration.ingress.fqdn", "ingress.fqdn"),
            Nested(
                "secrets",
                "properties.configuration.secrets",
                "secret",
                ContainerAppSecret,
                (
                    row("name", "name", "name"),
                    row("value", "value", "value"),
                    Reference("key_vault_url", "keyVaultUrl", "key_vault_secret_id", to=Secret.arm_type),
                ),
            ),
            Nested(
                "variables",
                "properties.template.containers[].env",
                "template.container.env",
                EnvironmentVariable,
                (row("name", "name", "name"), row("value", "value", "value")),
            ),
        ),
    ),
    Table(
        LogicApp,
        ("azurerm_logic_app_workflow",),
        rows=(
            *COMMON,
            *IDENTITY,
            row(
                "enabled",
                "properties.state",
                {">=2.67": "enabled"},
                default=True,
                azure="Enabled",
                codec=flag("Enabled", "Disabled"),
            ),
        ),
    ),
    Table(
        AutomationAccount,
        ("azurerm_automation_account",),
        rows=(
            *COMMON,
            *IDENTITY,
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                {">=2.80": "public_network_access_enabled"},
                azure=True,
            ),
            row(
                "disable_local_auth",
                "properties.disableLocalAuth",
                {">=3.2": "local_authentication_enabled"},
                azure=False,
                codec=NOT,
            ),
        ),
    ),
    Table(
        MachineLearningCompute,
        ("azurerm_machine_learning_compute_instance", "azurerm_machine_learning_compute_cluster"),
        parent=_WORKSPACE,
        unique="parent",
        rows=(
            *COMMON,
            *IDENTITY,
            _WORKSPACE,
            Reference("subnet", "properties.properties.subnet.id", "subnet_resource_id", to=_SUBNET),
            row(
                "enable_node_public_ip",
                "properties.properties.enableNodePublicIp",
                {">=3.85": "node_public_ip_enabled"},
                default=True,
                azure=True,
            ),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
