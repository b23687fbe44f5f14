"""Kinds of Microsoft Defender for Cloud (Microsoft.Security): settings of a whole subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr


class DefenderPricing(Resource):
    """The plan for one type of resource: ``Standard`` is on, ``Free`` is off."""

    arm_type = "Microsoft.Security/pricings"

    resource_type: Attr[str]
    """Defender's own word, such as ``KeyVaults``."""
    pricing_tier: Attr[str]
    sub_plan: Attr[str]


class SecurityContact(Resource):
    """Who is told of alerts."""

    arm_type = "Microsoft.Security/securityContacts"

    email: Attr[str]
    alert_notifications: Attr[bool]
    """Alerts of high severity are mailed: the provider sets that severity and no other."""
    alerts_to_admins: Attr[bool]
    """Alerts are also mailed to the subscription's owners."""


class AutoProvisioning(Resource):
    """Whether new machines receive the Log Analytics agent."""

    arm_type = "Microsoft.Security/autoProvisioningSettings"

    auto_provision: Attr[str]
    """``On`` or ``Off``."""


class SecuritySetting(Resource):
    """A connection with another service: ``MCAS`` (Defender for Cloud Apps) or ``WDATP`` (for Endpoint)."""

    arm_type = "Microsoft.Security/settings"

    setting_name: Attr[str]
    enabled: Attr[bool]
