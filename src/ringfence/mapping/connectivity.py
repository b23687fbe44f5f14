"""What joins virtual networks besides peerings: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.117.1 and v4.81.0 (website/docs/r/virtual_hub_connection,
network_manager_connectivity_configuration, network_manager_admin_rule).
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Fold, Reference, Table, row
from ringfence.model.connectivity import ConnectivityConfiguration, SecurityAdminRule, VirtualHubConnection

TABLES = (
    Table(
        VirtualHubConnection,
        ("azurerm_virtual_hub_connection",),
        rows=(
            *COMMON,
            Reference("virtual_network", "properties.remoteVirtualNetwork.id", "remote_virtual_network_id"),
            row(
                "enable_internet_security",
                "properties.enableInternetSecurity",
                "internet_security_enabled",
                default=False,
                azure=False,
            ),
        ),
    ),
    Table(ConnectivityConfiguration, ("azurerm_network_manager_connectivity_configuration",), rows=COMMON),
    Table(
        SecurityAdminRule,
        ("azurerm_network_manager_admin_rule",),
        rows=(
            *COMMON,
            row("access", "properties.access", "action"),
            row("direction", "properties.direction", "direction"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
