"""The activity log: one record of each change that was asked for, whether it was made or refused.

Source: learn.microsoft.com/azure/azure-monitor/reference/tables/azureactivity,
learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema (reading leaves no record)
"""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.twin.arm.desk import Call
    from ringfence.twin.arm.errors import RefusedError

CATEGORY = "Administrative"
_CLAIMS = ("aud", "iss", "oid", "appid", "upn", "idtyp", "tid", "uti", "groups")


def correlation(call: Call) -> str:
    """The client's own id of the request where it is one, else a new one."""
    for name in ("x-ms-correlation-request-id", "x-ms-client-request-id"):
        try:
            return str(uuid.UUID(call.request.headers.get(name, "")))
        except ValueError:
            continue
    return str(uuid.uuid4())


def row(call: Call, status: int, error: RefusedError | None, id_: str) -> dict[str, Any]:
    """The columns of the record."""
    steps = call.on.strip("/").split("/")
    group = steps[3] if len(steps) > 3 and steps[2].casefold() == "resourcegroups" else ""
    reason = HTTPStatus(status).phrase.replace(" ", "")
    told: dict[str, Any] = {"statusCode": reason, "eventCategory": CATEGORY, "entity": call.on, "message": call.action}
    if error is not None:
        told |= {"code": error.code, "statusMessage": error.why}
    decided = {"action": call.action, "scope": call.on}
    asked = {"clientRequestId": id_, "clientIpAddress": call.request.visit.address, "method": call.request.method}
    claims = {name: call.caller.claims[name] for name in _CLAIMS if name in call.caller.claims}
    return {
        "OperationNameValue": call.action.upper(),
        "ActivityStatusValue": "Success" if error is None else "Failure",
        "ActivitySubstatusValue": reason,
        "Caller": call.caller.name or call.caller.object_id,
        "CallerIpAddress": call.request.visit.address,
        "CategoryValue": CATEGORY,
        "CorrelationId": id_,
        "Level": "Information" if error is None else "Error",
        "ResourceGroup": group,
        "ResourceProviderValue": call.action.partition("/")[0].upper(),
        "SubscriptionId": steps[1] if len(steps) > 1 else "",
        "EventDataId": str(uuid.uuid4()),
        "OperationId": id_,
        "HTTPRequest": json.dumps(asked),
        "ResourceId": call.on,
        "Resource": steps[-1],
        "_ResourceId": call.on.casefold(),
        **_twice("Authorization", decided),
        **_twice("Claims", claims),
        **_twice("Properties", told),
    }


def _twice(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """A column as text, and as what the text says."""
    return {name: json.dumps(content), f"{name}_d": content}
