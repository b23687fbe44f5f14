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
    told = {"statusCode": reason, "eventCategory": CATEGORY, "entity": call.on, "message": call.action}
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
        "_ResourceId": call.on.casefold(),
        "Authorization": json.dumps({"action": call.action, "scope": call.on}),
        "Claims": json.dumps(claims),
        "Properties": json.dumps(told if error is None else {**told, "code": error.code, "statusMessage": error.why}),
    }
