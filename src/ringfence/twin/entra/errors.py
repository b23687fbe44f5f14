"""Refusals of Microsoft Entra ID, with the codes by which clients and people know them.

A refusal names ids, issuers, subjects and audiences, never a secret, a code, an assertion or a token.

Source: learn.microsoft.com/entra/identity-platform/reference-error-codes (the codes);
rfc-editor.org/rfc/rfc6749, section 5.2, and rfc8628, section 3.5 (the errors)
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from ringfence.twin.message import as_json

if TYPE_CHECKING:
    from datetime import datetime

    from ringfence.twin.message import Request, Response

_LONGEST = 200
"""As much of what a client sent is said back to it."""
NO_STORE = ("Cache-Control", "no-store"), ("Pragma", "no-cache")

_CODES: dict[int, tuple[str, int, str]] = {
    28000: ("invalid_scope", 400, "the scopes are of more than one resource: {0}"),
    50013: ("invalid_client", 401, "the assertion's signature does not hold: {0}"),
    50027: ("invalid_client", 401, "the assertion is not a token that can be read: {0}"),
    50034: ("invalid_grant", 400, "the account {0} is not in the directory of tenant {1}"),
    50057: ("invalid_grant", 400, "the account is disabled: {0}"),
    50059: ("invalid_request", 400, "an application signs in to one tenant, and {0} names none"),
    50105: ("invalid_grant", 400, "{0} may not use {1}: it lets in only whom a role of it is assigned to, and {2}"),
    54005: ("invalid_grant", 400, "the code has been redeemed already"),
    65004: ("authorization_declined", 400, "the person declined"),
    70000: ("invalid_grant", 400, "the grant does not hold: {0}"),
    70003: ("unsupported_grant_type", 400, "the twin does not offer the grant {0}: {1}"),
    70011: ("invalid_scope", 400, "{0} is no scope"),
    70016: ("authorization_pending", 400, "nobody has signed in with the code yet"),
    70018: ("bad_verification_code", 400, "no such code has been given to this client"),
    70020: ("expired_token", 400, "the code has expired"),
    70021: ("invalid_client", 401, "no federated identity credential of {0} takes the assertion: {1}"),
    90002: ("invalid_request", 400, "there is no tenant {0}; this platform's is {1}"),
    500011: ("invalid_resource", 400, "the resource {0} is none of tenant {1}"),
    501051: ("invalid_grant", 400, "{0} is not assigned to a role of {1}: {2}"),
    700016: ("unauthorized_client", 400, "no application or managed identity of tenant {1} has the client id {0}"),
    700024: ("invalid_client", 401, "the assertion does not hold now: {0}"),
    700027: ("invalid_client", 401, "the certificate of the assertion is not one of {0}: {1}"),
    700082: ("invalid_grant", 400, "the refresh token has expired"),
    700211: ("invalid_client", 401, "no federated identity credential of {0} names the assertion's issuer {1}{2}"),
    700212: ("invalid_client", 401, "no federated identity credential of {0} names the assertion's audience {1}{2}"),
    700213: ("invalid_client", 401, "no federated identity credential of {0} names the assertion's subject {1}{2}"),
    900144: ("invalid_request", 400, "the request lacks the parameter {0}"),
    900561: ("invalid_request", 400, "the endpoint takes POST requests only, and this was {0}"),
    1002012: ("invalid_scope", 400, "an application asks for one scope, which ends in /.default, and this was {0}"),
    7000112: ("unauthorized_client", 400, "the application is disabled: {0}"),
    7000215: ("invalid_client", 401, "the secret is none of {0}"),
    7000216: ("invalid_client", 401, "{0} proves itself by a secret, by an assertion, or not at all: one of them"),
    7000218: ("invalid_client", 401, "{0} has to prove itself by a secret or an assertion"),
    7000222: ("invalid_client", 401, "the secret of {0} has expired"),
    9000411: ("invalid_request", 400, "the parameter {0} came more than once"),
    9002313: ("invalid_request", 400, "the request cannot be read: {0}"),
}
"""By the number: the error, the status, and what is said."""


class RefusedError(Exception):
    """A request that the directory refuses, and why."""

    def __init__(self, code: int, *names: object) -> None:
        self.code = code
        self.error, self.status, text = _CODES[code]
        self.why = text.format(*map(_shown, names), *[""] * 3)
        super().__init__(f"AADSTS{code}: {self.why}")


def refusal(error: RefusedError, request: Request, now: datetime) -> Response:
    """What the client gets for it, in the form of the token endpoint."""
    at = now.strftime("%Y-%m-%d %H:%M:%SZ")
    trace, correlation = str(uuid.uuid4()), correlation_of(request)
    text = f"AADSTS{error.code}: {error.why[:1].upper()}{error.why[1:]}."
    content: dict[str, Any] = {
        "error": error.error,
        "error_description": f"{text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {at}",
        "error_codes": [error.code],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={error.code}",
    }
    return as_json(error.status, content, *NO_STORE, ("x-ms-request-id", trace))


def correlation_of(request: Request) -> str:
    """The id by which the client calls its request; one of ours where it calls it none."""
    told = request.headers.get("client-request-id", "")
    return told if re.fullmatch(r"[0-9a-fA-F-]{36}", told) else str(uuid.uuid4())


def _shown(name: object) -> str:
    """A name that came from a client, as it may stand in a message."""
    text = "".join(c if c.isprintable() else "?" for c in str(name))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
