"""Microsoft Entra ID: registrations of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.entra import Application
from ringfence.model.judge import equals, is_off

if TYPE_CHECKING:
    from ringfence.model.verdict import Verdict


@check(
    "application-one-tenant",
    Application,
    severity="medium",
    fix='Set sign_in_audience = "AzureADMyOrg", or leave it out.',
)
def one_tenant(application: Application) -> Verdict:
    """Only accounts of this tenant, its guests among them, sign in to the application.

    Source: learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps
    """
    return equals(application.sign_in_audience, "AzureADMyOrg")


@check(
    "application-implicit-grant",
    Application,
    severity="low",
    fix="Remove web.implicit_grant.access_token_issuance_enabled, or set it to false.",
)
def implicit_grant(application: Application) -> Verdict:
    """No access token is handed out through the browser's address bar.

    Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow
    """
    return is_off(application.implicit_access_token_enabled)
