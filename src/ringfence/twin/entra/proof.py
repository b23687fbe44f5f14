"""How an application proves who it is: a secret, an assertion signed by its certificate, or another issuer's token.

Azure takes an assertion as often as it is shown. The twin takes one that a certificate signed once for each resource,
and only from where it came first: msal shows the same for ten minutes to whatever it asks for, a thief elsewhere.

Sources: learn.microsoft.com/entra/identity-platform/certificate-credentials, …/v2-oauth2-client-creds-grant-flow;
rfc-editor.org/rfc/rfc7523, section 3 (7: an assertion that was used may be refused)
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ringfence.record import record
from ringfence.twin.entra import assertion as assertions
from ringfence.twin.entra import certificates, credentials, federation
from ringfence.twin.entra.errors import RefusedError
from ringfence.twin.entra.form import needed
from ringfence.twin.entra.tokens import HOST

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.assertion import Assertion
    from ringfence.twin.entra.form import Form
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ("RS256", "PS256")
_LONGEST = 24 * 3600.0
_SHOWN = "entra/assertion"


@record(eq=False)
class Proved:
    """An application or identity that has proved itself."""

    principal: Principal
    how: str
    """"secret", "certificate" or "federated"."""
    credential: str = ""
    """Which credential it was, as a log may have it."""


def proved(ground: Ground, request: Request, form: Form, asked: str) -> Proved:
    """Who asks for a token of `asked`, a resource.

    Raises:
        RefusedError: it has not proved to be an application or identity of the directory.
    """
    principal = client(ground, needed(form, "client_id"))
    ways = [name for name in ("client_secret", "client_assertion") if name in form]
    if len(ways) != 1:
        raise RefusedError(7000216 if ways else 7000218, principal)
    if ways == ["client_secret"]:
        return _by_secret(ground, principal, form["client_secret"])
    if form.get("client_assertion_type") != _JWT:
        raise RefusedError(900144 if "client_assertion_type" not in form else 9002313, "client_assertion_type")
    found = assertions.read(form["client_assertion"])
    if found.said("iss").casefold() == form["client_id"].casefold():
        return _by_certificate(ground, request, principal, found, asked)
    trust = federation.taken(ground, found, principal)
    return Proved(principal, "federated", trust.credential.key)


def client(ground: Ground, app_id: str) -> Principal:
    """The application or identity that has the client id, if it may sign in.

    Raises:
        RefusedError: none has it, or it is disabled.
    """
    principal = ground.directory.by_app(app_id)
    if principal is None:
        raise RefusedError(700016, app_id, ground.directory.tenant)
    why = ground.directory.barred(principal, ground.now())
    if why:
        raise RefusedError(7000112, why)
    return principal


def _by_secret(ground: Ground, principal: Principal, secret: str) -> Proved:
    found = credentials.matches(ground, principal, secret)
    if found == "yes":
        return Proved(principal, "secret")
    raise RefusedError(7000222 if found == "expired" else 7000215, f"{principal}{_NONE if found == 'none' else ''}")


_NONE = ", for which none is declared"


def _by_certificate(ground: Ground, request: Request, principal: Principal, found: Assertion, asked: str) -> Proved:
    certificate = certificates.named(ground, principal, found.header)
    if certificate is None:
        raise RefusedError(700027, principal, "its thumbprint (x5t, x5t#S256) is not registered")
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    if not assertions.signed_by(found, key, _ALGORITHMS):
        raise RefusedError(700027, principal, "the signature is not the certificate's")
    if not certificate.not_valid_before_utc <= ground.now() < certificate.not_valid_after_utc:
        raise RefusedError(700027, principal, "the certificate does not hold now")
    assertions.check_times(found, ground.now(), _LONGEST)
    _check_claims(ground, request, principal, found)
    _check_first(ground, request, principal, found, asked)
    return Proved(principal, "certificate", f"{certificate.serial_number:x}")


def _check_claims(ground: Ground, request: Request, principal: Principal, found: Assertion) -> None:
    if found.said("sub").casefold() != ground.directory.app_id(principal):
        raise RefusedError(50013, "its subject (sub) is not the client")
    tenant = ground.directory.tenant
    bases = {f"https://{host}/{tenant}" for host in (HOST, request.host)}
    ends = {f"{base}{path}" for base in bases for path in ("/oauth2/v2.0/token", "/oauth2/token", "/v2.0", "/")}
    if len(found.audiences) != 1 or found.audiences[0] not in ends:
        raise RefusedError(50013, "its audience (aud) is not this endpoint")


def _check_first(ground: Ground, request: Request, principal: Principal, found: Assertion, asked: str) -> None:
    """Source: rfc-editor.org/rfc/rfc7523, section 3 (an id, ``jti``, tells assertions apart)."""
    name = found.said("jti")
    if not name:
        raise RefusedError(50013, "it has no id (jti)")
    mark = hashlib.sha256(f"{principal.key}|{name}".encode()).hexdigest()
    place = f"{request.visit.place.key}|{request.visit.workload}"
    row = ground.store.get(_SHOWN, mark) or {"place": place, "asked": [], "until": found.claims["exp"]}
    if row["place"] != place or asked in row["asked"]:
        raise RefusedError(50013, "it has been used before (jti)")
    ground.store.put(_SHOWN, mark, {**row, "asked": [*row["asked"], asked]})


def forget(ground: Ground) -> None:
    """Assertions that have expired are not remembered."""
    now = ground.now().timestamp()
    for mark, row in ground.store.rows(_SHOWN):
        if row["until"] + 2 * assertions.CLOCKS < now:
            ground.store.delete(_SHOWN, mark)
