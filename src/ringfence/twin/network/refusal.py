"""How a connection that does not get through is told to its client.

Inside TLS, by a status that no client tries again: a proxy that drops a connection costs an SDK seconds of retries. The
body has the form of the service's own refusals, so that the client's own error says the reason.

Source: learn.microsoft.com/azure/key-vault/general/rest-error-codes ("ForbiddenByConnection", "ForbiddenByFirewall"),
learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 ("AuthorizationFailure")
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ringfence.twin.message import Response, as_json
from ringfence.twin.network.names import Shared

if TYPE_CHECKING:
    from ringfence.errors import UsageError
    from ringfence.twin.http.conversation import BadRequestError
    from ringfence.twin.network.gate import Passage

SAYS = "x-ringfence-refused"
"""The header by which a refusal of the twin's network is told from one of a service: what stopped it."""


def refusal(passage: Passage) -> Response:
    """The answer to any request on the connection."""
    mark = (SAYS, passage.stop)
    message = f"ringfence: {passage.why}"
    end = passage.end
    type_ = "" if end is None or isinstance(end, Shared) else end.resource.type.casefold()
    if type_ == "microsoft.keyvault/vaults":
        inner = "ForbiddenByConnection" if passage.stop == "service" else "ForbiddenByFirewall"
        return as_json(403, {"error": {"code": "Forbidden", "message": message, "innererror": {"code": inner}}}, mark)
    if type_ == "microsoft.storage/storageaccounts":
        return _xml("AuthorizationFailure", message, mark)
    return as_json(403, {"error": {"code": "RequestDisallowedByNetwork", "message": message}}, mark)


def _xml(code: str, message: str, mark: tuple[str, str]) -> Response:
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>'
    )
    return Response(403, text.encode(), (("Content-Type", "application/xml"), ("x-ms-error-code", code), mark))


def unserved(passage: Passage) -> Response:
    """The answer to who is let through to what is no HTTP and is not served."""
    message = f"{passage.host} can be reached from here, but the twin does not serve what answers there"
    return as_json(501, {"error": {"code": "NotServed", "message": message}}, ("x-ringfence-front", passage.front))


def unknown_client() -> Response:
    """The answer to who has not the token of the place."""
    message = "this port is another place's, or the token in the proxy's address is missing"
    content = {"error": {"code": "ProxyAuthenticationRequired", "message": message}}
    return as_json(407, content, ("Proxy-Authenticate", 'Basic realm="ringfence place"'))


def bad_request(error: BadRequestError) -> Response:
    """The answer to what is no request that may be answered."""
    return as_json(error.status, {"error": {"code": "BadRequest", "message": error.message}})


def place_gone(error: UsageError) -> Response:
    """The answer at a place that a change has taken away."""
    return as_json(403, {"error": {"code": "PlaceGone", "message": f"ringfence: {error.message}"}}, (SAYS, "network"))
