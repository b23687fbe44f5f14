"""Resource groups and dashboards: Terraform's spellings.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/resource and
services/portal.
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Fold, Row, Table, row
from ringfence.model.resources import Dashboard, ResourceGroup

TABLES = (
    Table(
        ResourceGroup,
        ("azurerm_resource_group",),
        rows=(
            Row("name", "name", "name"),
            Row("location", "location", "location"),
            row("managed_by", "managedBy", {">=3.63": "managed_by"}),
        ),
    ),
    Table(
        Dashboard,
        ("azurerm_portal_dashboard", "azurerm_dashboard"),
        rows=(*COMMON, row("properties", "properties", "dashboard_properties")),
    ),
)

FOLDS: tuple[Fold, ...] = ()
