"""The audit log of a vault: one record of each request, whether it was allowed or not; it never holds a value.

Source: learn.microsoft.com/azure/azure-monitor/reference/tables/azkvauditlogs,
learn.microsoft.com/azure/key-vault/general/logging
"""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ringfence.model.judge import is_on
from ringfence.model.keyvault import ManagedHsm
from ringfence.twin.vault import address

if TYPE_CHECKING:
    from ringfence.model.keyvault import KeyVault
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.message import Request
    from ringfence.twin.vault.call import Call
    from ringfence.twin.vault.errors import VaultError

CATEGORY = "AuditEvent"
FIREWALL = "ForbiddenByFirewall"
"""Why a vault turns away whoever its network rules do not let in.

Source: learn.microsoft.com/azure/key-vault/general/rest-error-codes
"""
_CLAIMS = ("oid", "appid", "upn", "idtyp", "tid", "uti", "scp")
_QUERY = ("api-version", "maxresults", "includePending", "outContentType")
"""What of a query is written down: a client could put anything into it."""
_LONGEST = 512


def row(
    request: Request, operation: str, caller: Caller | None, error: VaultError | None, status: int, took: float
) -> dict[str, Any]:
    """The columns that every record has."""
    return {
        **result(operation, status, error),
        "OperationVersion": request.query.get("api-version", "")[:32],
        "DurationMs": int(took * 1000),
        "CorrelationId": correlation(request),
        "CallerIpAddress": request.visit.address,
        "AddressAuthorizationType": "PrivateEndpoint" if request.visit.front == "private" else "PublicIP",
        "IsAddressAuthorized": error is None or error.inner != FIREWALL,
        "RequestUri": f"https://{request.host}{address.told(request.path)}{_query(request)}",
        "ClientInfo": request.headers.get("user-agent", "")[:_LONGEST],
        "Tlsversion": request.visit.tls.replace("TLSv", "TLS").replace(".", "_"),
        "Identity": identity(caller),
    }


def inner(call: Call, work: str, error: VaultError | None, took: float) -> dict[str, Any]:
    """The columns of what another service of Azure had done; no client of ours was there."""
    directory = call.ground.directory
    claims = {"oid": directory.object_id(call.principal), "appid": directory.app_id(call.principal)}
    return {
        **result(f"Key{work.capitalize()}", error.status if error else 200, error),
        "DurationMs": int(took * 1000),
        "CorrelationId": str(uuid.uuid4()),
        "CallerIpAddress": "",
        "RequestUri": f"{call.id}/{work}key",
        "Identity": {"claim": claims},
        "Id": call.id,
    }


def result(operation: str, status: int, error: VaultError | None) -> dict[str, Any]:
    """What was done and what came of it."""
    return {
        "OperationName": operation,
        "ResultType": "Success" if error is None else error.code,
        "ResultSignature": HTTPStatus(status).phrase,
        "ResultDescription": "" if error is None else error.message,
        "HttpStatusCode": status,
    }


def authorised(vault: KeyVault | ManagedHsm, error: VaultError | None) -> dict[str, Any]:
    """How access was decided, once somebody was known to ask."""
    by_roles = isinstance(vault, ManagedHsm) or is_on(vault.enable_rbac_authorization).outcome == "pass"
    allowed = error is None or not error.inner.startswith("ForbiddenBy")
    return {"EnableRbacAuthorization": by_roles, "IsRbacAuthorized" if by_roles else "IsAccessPolicyMatch": allowed}


def identity(caller: Caller | None) -> dict[str, Any]:
    """The claims of the caller's token that tell who he is."""
    claims = {name: caller.claims[name] for name in _CLAIMS if name in caller.claims} if caller else {}
    return {"claim": claims}


def correlation(request: Request) -> str:
    """The client's own id of the request where it is one, else a new one."""
    try:
        return str(uuid.UUID(request.headers.get("x-ms-client-request-id", "")))
    except ValueError:
        return str(uuid.uuid4())


def _query(request: Request) -> str:
    found = {name: request.query[name][:32] for name in _QUERY if name in request.query}
    return f"?{urlencode(found)}" if found else ""
