"""Azure Private Link: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0. A private endpoint has
exactly one connection in all of them.
"""

from __future__ import annotations

from ringfence.mapping.codecs import ALIAS, ID
from ringfence.mapping.table import COMMON, Fold, Nested, Reference, Table, row
from ringfence.model.private_endpoint import (
    EndpointAddress,
    Membership,
    NatAddress,
    PrivateEndpoint,
    PrivateLinkService,
)

_CONNECTION = "properties.privateLinkServiceConnections[0].properties"
_MANUAL = "properties.manualPrivateLinkServiceConnections[0].properties"
_MEMBERSHIP = (Reference("application_security_group", "id", "application_security_group_id"),)

TABLES = (
    Table(
        PrivateEndpoint,
        ("azurerm_private_endpoint", "azurerm_private_endpoint_connection"),
        rows=(
            *COMMON,
            Reference("subnet", "properties.subnet.id", "subnet_id"),
            Reference(
                "target",
                f"{_CONNECTION}.privateLinkServiceId|{_MANUAL}.privateLinkServiceId",
                "private_service_connection.private_connection_resource_id",
                arm_codec=ID,
            ),
            row(
                "target_alias",
                f"{_CONNECTION}.privateLinkServiceId|{_MANUAL}.privateLinkServiceId",
                "private_service_connection.private_connection_resource_alias",
                arm_codec=ALIAS,
            ),
            row(
                "group_ids",
                f"{_CONNECTION}.groupIds|{_MANUAL}.groupIds",
                "private_service_connection.subresource_names",
            ),
            row(
                "manual",
                "properties.manualPrivateLinkServiceConnections",
                "private_service_connection.is_manual_connection",
            ),
            Reference(
                "dns_zones",
                "privateDnsZoneGroups/*:properties.privateDnsZoneConfigs[].properties.privateDnsZoneId",
                "private_dns_zone_group.private_dns_zone_ids",
                many=True,
            ),
            Nested(
                "ip_configurations",
                "properties.ipConfigurations",
                "ip_configuration",
                EndpointAddress,
                (
                    row("private_ip_address", "properties.privateIPAddress", "private_ip_address"),
                    row("group_id", "properties.groupId", "subresource_name"),
                ),
            ),
            Nested("application_security_groups", "properties.applicationSecurityGroups", "", Membership, _MEMBERSHIP),
        ),
    ),
    Table(
        PrivateLinkService,
        ("azurerm_private_link_service",),
        rows=(
            *COMMON,
            row(
                "auto_approval_subscriptions",
                "properties.autoApproval.subscriptions",
                "auto_approval_subscription_ids",
            ),
            row("visibility_subscriptions", "properties.visibility.subscriptions", "visibility_subscription_ids"),
            Nested(
                "nat_ip_configurations",
                "properties.ipConfigurations",
                "nat_ip_configuration",
                NatAddress,
                (Reference("subnet", "properties.subnet.id", "subnet_id"),),
            ),
        ),
    ),
)

FOLDS = (
    Fold(
        "azurerm_private_endpoint_application_security_group_association",
        PrivateEndpoint,
        Reference("private_endpoint", "", "private_endpoint_id"),
        _MEMBERSHIP,
        whole="application_security_groups",
        item=Membership,
    ),
)
