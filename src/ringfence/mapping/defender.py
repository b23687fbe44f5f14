"""Microsoft Defender for Cloud: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/securitycenter.
"""

from __future__ import annotations

from ringfence.mapping.table import Fold, Row, Table, row
from ringfence.model.defender import AutoProvisioning, DefenderPricing, SecurityContact, SecuritySetting

_NO_NAME = row("name", "name", {})

TABLES = (
    Table(
        DefenderPricing,
        ("azurerm_security_center_subscription_pricing",),
        rows=(
            _NO_NAME,
            row("resource_type", "name", "resource_type", default="VirtualMachines"),
            row("pricing_tier", "properties.pricingTier", "tier", azure="Free"),
            row("sub_plan", "properties.subPlan", {">=3.32": "subplan"}),
        ),
    ),
    Table(
        SecurityContact,
        ("azurerm_security_center_contact",),
        rows=(
            Row("name", "name", "name", default={"<4.0": "default1"}),
            row("email", "properties.emails", "email"),
            row("alert_notifications", "properties.alertNotifications.state", "alert_notifications"),
            row("alerts_to_admins", "properties.notificationsByRole.state", "alerts_to_admins"),
        ),
    ),
    Table(
        AutoProvisioning,
        ("azurerm_security_center_auto_provisioning",),
        rows=(_NO_NAME, row("auto_provision", "properties.autoProvision", "auto_provision")),
    ),
    Table(
        SecuritySetting,
        ("azurerm_security_center_setting",),
        rows=(
            _NO_NAME,
            row("setting_name", "name", "setting_name"),
            row("enabled", "properties.enabled", "enabled"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
