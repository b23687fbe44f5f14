"""The sign-in logs of the directory: one record for each request for a token, granted or not.

The directory is no resource. Where the platform declares no diagnostic setting for it the records are lost, as they are
in a tenant without one.

Sources: learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs, …/aadserviceprincipalsigninlogs,
…/aadmanagedidentitysigninlogs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.record import record
from ringfence.twin.entra.directory import PEOPLE
from ringfence.twin.entra.errors import correlation_of

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.errors import RefusedError
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

_IDENTITIES = ("user-assigned identity", "system-assigned identity")


@record(frozen=False, eq=False)
class Attempt:
    """What is known of a request for a token while it is answered."""

    client: str = ""
    """The client id that was given."""
    principal: Principal | None = None
    resource: str = ""
    how: str = ""
    """"secret", "certificate", "federated", "deviceCode", "refreshToken" or "managedIdentity"."""
    credential: str = ""


def signed_in(ground: Ground, request: Request, attempt: Attempt, refused: RefusedError | None = None) -> None:
    """The attempt is recorded."""
    category, columns = _columns(ground, attempt)
    row = {
        "OperationName": "Sign-in activity",
        "ResultType": str(refused.code if refused else 0),
        "ResultDescription": refused.why if refused else "",
        "CorrelationId": correlation_of(request),
        "IPAddress": request.visit.address,
        "AppId": attempt.client,
        "ResourceDisplayName": attempt.resource,
        "ResourceTenantId": ground.directory.tenant,
        "AuthenticationProtocol": "deviceCode" if attempt.how == "deviceCode" else "none",
        **columns,
    }
    ground.journal.write(None, category, row)


def _columns(ground: Ground, attempt: Attempt) -> tuple[str, dict[str, Any]]:
    who = attempt.principal
    if attempt.how in ("deviceCode", "refreshToken"):
        category = "SignInLogs" if attempt.how == "deviceCode" else "NonInteractiveUserSignInLogs"
        return category, _person(ground, who) if who is not None and who.kind in PEOPLE else {}
    columns = {
        "ServicePrincipalId": ground.directory.object_id(who) if who else "",
        "ServicePrincipalName": who.name if who else "",
        "ServicePrincipalCredentialKeyId": attempt.credential if attempt.how != "federated" else "",
        "FederatedCredentialId": attempt.credential if attempt.how == "federated" else "",
    }
    is_identity = who is not None and who.kind in _IDENTITIES
    return "ManagedIdentitySignInLogs" if is_identity else "ServicePrincipalSignInLogs", columns


def _person(ground: Ground, who: Principal) -> dict[str, Any]:
    directory = ground.directory
    return {
        "UserId": directory.object_id(who),
        "UserPrincipalName": directory.name(who),
        "UserType": "Guest" if directory.home(who) else "Member",
        "HomeTenantId": directory.home_tenant(who),
    }
