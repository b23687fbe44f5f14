"""Microsoft Defender for Cloud, where the operator of the platform owns its subscription.

Elsewhere it is set for all subscriptions at once by those who own them, and this file is not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.model.blueprint import File
    from ringfence.platforms.flowehr.settings import Config

ABOUT = "Defender plans of the subscription, for the services that the platform has."

PLANS = {
    "app_services": ("AppServices", None),
    "sql_databases": ("SqlServers", None),
    "sql_machines": ("SqlServerVirtualMachines", None),
    "storage": ("StorageAccounts", "DefenderForStorageV2"),
    "containers": ("Containers", None),
    "cosmos": ("CosmosDbs", None),
    "key_vaults": ("KeyVaults", "PerKeyVault"),
    "resource_manager": ("Arm", "PerSubscription"),
}
"""By the word for the block: what Defender calls it, and how it is paid for.

Source: registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/security_center_subscription_pricing
"""


def declare(file: File, config: Config) -> None:
    """Each plan is on, and the recipients of alerts are its contact."""
    for name, (plan, paid) in PLANS.items():
        file.resource(
            "azurerm_security_center_subscription_pricing", name, resource_type=plan, tier="Standard", subplan=paid
        )
    if config.recipients:
        file.resource(
            "azurerm_security_center_contact",
            "platform",
            name="platform",
            email=config.recipients[0].email,
            alert_notifications=True,
            alerts_to_admins=True,
        )
