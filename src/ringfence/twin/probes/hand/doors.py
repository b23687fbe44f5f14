"""Any door: whether a connection gets through, by which front, and with which TLS."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, Any

from ringfence.twin.fronts import REACHED
from ringfence.twin.network.refusal import SAYS
from ringfence.twin.probes.hand.failure import RefusedError, of_json
from ringfence.twin.probes.hand.tunnel import trusting, tunnel

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients

FRONT = "x-ringfence-front"
_SECONDS = 10
_VERSIONS = {"1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def knock(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A GET of a path, with a token where a scope is given: by which front it was let in, and to what it came.

    An answer of the service itself, whatever it says, means that the connection was let in.

    Raises:
        RefusedError: the connection was not let in.
    """
    headers: dict[str, str] = dict(words.get("headers", {}))
    if words.get("scope"):
        headers["authorization"] = f"Bearer {clients.credential(words['who']).get_token(words['scope']).token}"
    url = f"{words.get('scheme', 'https')}://{words['host']}{words.get('path', '/')}"
    answer = clients.session.get(url, headers=headers, timeout=_SECONDS, allow_redirects=False)
    if SAYS in answer.headers or FRONT not in answer.headers:
        raise of_json(answer.status_code, answer.headers, answer.content)
    code = answer.headers.get("x-ms-error-code", "")
    found = {"status": answer.status_code, "front": answer.headers[FRONT], "code": code}
    return {**found, "reached": answer.headers.get(REACHED, ""), "location": answer.headers.get("location", "")}


def fetch(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The same, where an answer that is none of success is a refusal too.

    Raises:
        RefusedError: the connection, or the request, was refused.
    """
    found = knock(clients, words)
    if found["status"] >= 400:
        by = "access" if found["status"] in (401, 403) else "service"
        raise RefusedError(found["status"], found["code"], by, f"{words['host']} answers {found['status']}")
    return found


def connect(_: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A connection to a port that speaks no HTTP.

    Raises:
        RefusedError: it was not let in. That nothing answers there in the twin is no refusal.
    """
    try:
        tunnel(words["host"], words["port"]).close()
    except RefusedError as error:
        if error.row["status"] != 501:
            raise
        return {"reached": error.row["why"]}
    return {"reached": "it is open"}


def handshake(_: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A TLS handshake with exactly this version.

    Raises:
        ssl.SSLError: the other side does not speak it.
    """
    version = _VERSIONS[words["version"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is old versions that are to be tried
        context = trusting(version, version)
    with tunnel(words["host"], 443) as line, context.wrap_socket(line, server_hostname=words["host"]) as inner:
        return {"tls": inner.version()}
