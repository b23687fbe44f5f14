"""The making of a certificate, as an operation that can be looked at, called off and completed.

Source: learn.microsoft.com/rest/api/keyvault/certificates/get-certificate-operation
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ringfence.twin.vault.errors import VaultError, bad, conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.twin.store import Row
    from ringfence.twin.vault.call import Call

_WAITS = {
    "unknown": "The request waits for a certificate that is signed elsewhere: merge it to complete the operation.",
    "self": "The certificate is being made.",
}
_ELSEWHERE = "The request waits for its issuer; the twin reaches none: merge a certificate to complete the operation."


def new(policy: Row, version: str, request: str, preserve: bool) -> Row:
    """An operation that has begun."""
    name = policy["issuer"]["name"]
    return {
        "version": version,
        "issuer": policy["issuer"],
        "csr": request,
        "cancelled": False,
        "status": "inProgress",
        "details": _WAITS.get(name.casefold(), _ELSEWHERE),
        "request": uuid.uuid4().hex,
        "preserve": preserve,
        "target": "",
    }


def runs(kept: Row | None) -> bool:
    """True while it is neither complete nor called off."""
    return kept is not None and kept["status"] == "inProgress"


def head(call: Call) -> Row:
    """The head of a certificate that has an operation.

    Raises:
        VaultError: there is none.
    """
    found = call.shelf.head(call.name)
    if not found["pending"]:
        raise VaultError(404, "PendingCertificateNotFound", "A pending certificate operation was not found.")
    return found


def cancel(kept: Row, content: Mapping[str, Any]) -> None:
    """It is called off, if it still runs."""
    if content.get("cancellation_requested") is not True:
        raise bad("cancellation_requested is true.")
    if not runs(kept):
        raise conflict("The operation does not run any more.")
    kept |= {"cancelled": True, "status": "cancelled", "details": "Somebody called it off."}


def complete(kept: Row, target: str) -> None:
    """It has made the certificate."""
    kept |= {"status": "completed", "details": "", "target": target}


def shown(url: str, kept: Row) -> dict[str, Any]:
    """As a client gets it."""
    return {
        "id": f"{url}/pending",
        "issuer": kept["issuer"],
        "csr": kept["csr"],
        "cancellation_requested": kept["cancelled"],
        "status": kept["status"],
        "status_details": kept["details"],
        "request_id": kept["request"],
        "preserveCertOrder": kept["preserve"],
        **({"target": kept["target"]} if kept["target"] else {}),
    }
