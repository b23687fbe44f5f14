"""What is written down of every request, allowed or denied: one row of StorageBlobLogs.

No value is logged, and no signature: what signs an address is left out of it.
Source: learn.microsoft.com/azure/azure-monitor/reference/tables/storagebloblogs,
learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ringfence.twin.blob.operations import category_of
from ringfence.twin.blob.requester import shown

if TYPE_CHECKING:
    from ringfence.model.storage import StorageAccount
    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.operations import Operation
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request, Response

PART = ("blobservices", "default")
_SIGNATURE = re.compile(r"([?&]sig=)[^&]*", re.IGNORECASE)
_SUCCESS = {"SAS": "SASSuccess", "Anonymous": "AnonymousSuccess"}


def log(
    ground: Ground,
    account: StorageAccount,
    request: Request,
    response: Response,
    call: Call | None,
    operation: Operation | None,
    milliseconds: float,
) -> None:
    """The request is in the log."""
    category = operation.category if operation else category_of(request.method)
    row = {
        **_request(request),
        **_answer(response, call, milliseconds),
        **_identity(ground, call, operation),
        "AccountName": call.account_name if call else request.host.partition(".")[0],
        "OperationName": operation.name if operation else "Unknown",
        "ServiceType": "blob",
        "ObjectKey": _key(call),
    }
    ground.journal.write(account, category, row, PART)


def _request(request: Request) -> dict[str, Any]:
    headers = request.headers
    url = request.url if request.visit.tls else request.url.replace("https:", "http:", 1)
    given = [n for n in headers if n.startswith("if-")]
    return {
        "Uri": bare(url),
        "Protocol": "HTTPS" if request.visit.tls else "HTTP",
        "TlsVersion": request.visit.tls.replace("TLSv", "TLS ") if request.visit.tls else "",
        "CallerIpAddress": request.visit.address,
        "UserAgentHeader": headers.get("user-agent", ""),
        "ReferrerHeader": headers.get("referer", ""),
        "ClientRequestId": headers.get("x-ms-client-request-id", ""),
        "OperationVersion": headers.get("x-ms-version", ""),
        "ConditionsUsed": ";".join(f"{n.title()}={headers[n]}" for n in given),
        "RequestHeaderSize": sum(len(n) + len(v) + 4 for n, v in headers.items()),
        "RequestBodySize": len(request.body),
        "ContentLengthHeader": int(headers["content-length"]) if headers.get("content-length", "").isdecimal() else 0,
        "RequestMd5": headers.get("content-md5", ""),
        "SourceUri": bare(headers.get("x-ms-copy-source", "")),
    }


def _answer(response: Response, call: Call | None, milliseconds: float) -> dict[str, Any]:
    how = shown(call) if call else "Anonymous"
    error = response.header("x-ms-error-code")
    return {
        "StatusCode": response.status,
        "StatusText": error or _SUCCESS.get(how, "Success"),
        "DurationMs": round(milliseconds, 3),
        "ServerLatencyMs": round(milliseconds, 3),
        "CorrelationId": response.header("x-ms-request-id"),
        "ResponseBodySize": len(response.body),
        "ResponseHeaderSize": sum(len(n) + len(v) + 4 for n, v in response.headers),
        "ResponseMd5": response.header("content-md5"),
        "Etag": response.header("etag"),
        "LastModifiedTime": response.header("last-modified"),
        "OperationCount": 0,
    }


def _identity(ground: Ground, call: Call | None, operation: Operation | None) -> dict[str, Any]:
    who = call.requester if call else None
    caller = who.caller if who else None
    delegator = ground.directory.object_id(who.delegator) if who and who.delegator else ""
    return {
        "AuthenticationType": shown(call) if call else "Anonymous",
        "RequesterObjectId": caller.object_id if caller else delegator,
        "RequesterTenantId": caller.tenant if caller else ground.directory.tenant if delegator else "",
        "RequesterAppId": caller.app_id if caller else "",
        "RequesterUpn": caller.name if caller else "",
        "RequesterAudience": str(caller.claims.get("aud", "")) if caller else "",
        "RequesterTokenIssuer": str(caller.claims.get("iss", "")) if caller else "",
        "AuthorizationDetails": _details(caller, call, operation),
    }


def _details(caller: Caller | None, call: Call | None, operation: Operation | None) -> str:
    """Which action was asked about for whom, and what came of it."""
    if caller is None or call is None or operation is None or operation.need is None:
        return ""
    kind = "User" if caller.name else "ServicePrincipal"
    result = "Granted" if call.granted else "Denied"
    who = [{"id": caller.object_id, "type": kind}]
    return json.dumps([{"action": operation.need.action, "principals": who, "type": "RBAC", "result": result}])


def _key(call: Call | None) -> str:
    return "/" + "/".join(filter(None, (call.account_name, str(call.target)))) if call else ""


def bare(url: str) -> str:
    """The address without what signs it."""
    return _SIGNATURE.sub(r"\1XXXXX", url)
