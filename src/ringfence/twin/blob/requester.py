"""Who asks, and whether he may.

Source: learn.microsoft.com/rest/api/storageservices/authorize-requests-to-azure-storage,
…/authorize-with-azure-active-directory ("Bearer challenge", "Responses to anonymous read requests")
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.resource import Implied
from ringfence.record import record
from ringfence.twin.bearer import caller
from ringfence.twin.blob.delegation import delegated
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.operations import ADD, Need, Operation
from ringfence.twin.blob.sas import Signature
from ringfence.twin.blob.settings import declared
from ringfence.twin.blob.sharedkey import verify
from ringfence.twin.entra.tokens import VoidTokenError

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.twin.blob.call import Call
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground

How: TypeAlias = Literal["OAuth", "AccountKey", "SAS", "Anonymous"]

AUDIENCE = "https://storage.azure.com"
_APPLICATION = "e406a681-f3d4-42a8-90b6-c2b029497af1"
"""Azure Storage's own application id, which is an audience too."""
_SIGN_IN = "2017-11-09"
_CHALLENGES = "2019-12-12"
"""Versions since which tokens are read, and since which a client without one is told where to get it."""


@record(eq=False)
class Requester:
    """Who asks, as far as he has shown."""

    how: How
    caller: Caller | None = None
    signature: Signature | None = None
    delegator: Principal | None = None
    """Whose delegation key signed."""


def challenge(ground: Ground) -> tuple[tuple[str, str], ...]:
    """Where a token for storage is to be had."""
    uri = f"https://login.microsoftonline.com/{ground.directory.tenant}/oauth2/authorize"
    return (("WWW-Authenticate", f"Bearer authorization_uri={uri} resource_id={AUDIENCE}"),)


def shown(call: Call) -> How:
    """What a request shows to say who asks; whether it holds is another matter."""
    scheme = call.headers.get("authorization", "").partition(" ")[0].casefold()
    if scheme:
        return "OAuth" if scheme == "bearer" else "AccountKey"
    return "SAS" if "sig" in call.query else "Anonymous"


def requester(ground: Ground, call: Call) -> Requester:
    """Who asks. Whoever shows both a token or key and a signature is taken by the token or key.

    Raises:
        StorageError: what is shown does not hold, or the account takes no such thing.
    """
    how = shown(call)
    if how == "OAuth":
        return Requester("OAuth", _caller(ground, call))
    if how == "AccountKey":
        call.settings.demand_shared_keys()
        verify(call.request, call.account_name, _keys(call), call.now)
    return _signed(ground, call) if how == "SAS" else Requester(how)


def _caller(ground: Ground, call: Call) -> Caller:
    if call.version < _SIGN_IN:
        why = f"Tokens are read since version {_SIGN_IN}; x-ms-version says an older one, or none."
        raise StorageError("AuthenticationFailed", why)
    host = f"https://{call.request.host}"
    try:
        return caller(call.request, ground.tokens, (AUDIENCE, f"{AUDIENCE}/", host, f"{host}/", _APPLICATION))
    except VoidTokenError as error:
        why = f"The token is void: {error}."
        raise StorageError("InvalidAuthenticationInfo", why, headers=challenge(ground)) from None


def _keys(call: Call) -> list[bytes]:
    return [base64.b64decode(key) for key in call.keys.shared(call.account).values()]


def _signed(ground: Ground, call: Call) -> Requester:
    signature = Signature(call.query)
    if signature.kind == "delegation":
        who = delegated(ground, call, signature)
        return Requester("SAS", signature=signature, delegator=who)
    call.settings.demand_shared_keys()
    signature.verify(_keys(call), call.account_name, call.target)
    if signature.kind == "service" and signature["si"]:
        signature = signature.by_policy(call.policy(signature["si"]))
    return Requester("SAS", signature=signature)


def authorise(ground: Ground, call: Call, operation: Operation) -> None:
    """Whoever asks may do it. Notes in the call where that is so only while nothing is there yet.

    Raises:
        StorageError: he may not; the rule that decided is said.
    """
    who = call.requester
    if who.how == "Anonymous":
        _anonymously(ground, call, operation)
    if who.signature is not None:
        new = call.current is None
        tls = bool(call.request.visit.tls)
        call.only_new |= who.signature.permit(operation, call.now, call.request.visit.address, tls=tls, new=new)
    principal = who.delegator or (who.caller.principal if who.caller else None)
    if principal is not None:
        _by_roles(ground, call, operation, principal)
    if who.how == "AccountKey" and operation.name == "GetUserDelegationKey":
        raise StorageError("AuthorizationFailure", "Only who signs in gets a key of his own.")


def _anonymously(ground: Ground, call: Call, operation: Operation) -> None:
    public = call.public if call.settings.anonymous else "none"
    if operation.anonymous and public in (operation.anonymous, "container"):
        return
    if call.version >= _CHALLENGES or call.headers.get("authorization"):
        why = "The account lets nobody read without signing in." if not call.settings.anonymous else ""
        raise StorageError("NoAuthenticationInformation", why, headers=challenge(ground))
    raise StorageError("ResourceNotFound" if call.settings.anonymous else "PublicAccessNotPermitted")


def _by_roles(ground: Ground, call: Call, operation: Operation, principal: Principal) -> None:
    on = scope(ground, call) if operation.level != "service" else call.account
    if operation.need is None:
        raise StorageError("AuthorizationFailure", "No role gives this; an account key does.")
    why = _refused(ground, principal, operation.need, on)
    if why and operation.new and call.current is None and not _refused(ground, principal, ADD, on):
        call.only_new = True
        return
    if why:
        raise StorageError("AuthorizationPermissionMismatch", f"{why[0].upper()}{why[1:]}.")


def _refused(ground: Ground, principal: Principal, need: Need, on: Resource | Implied) -> str:
    """Why the principal may not, "" when he may."""
    verdict = ground.present.may(principal, need.action, on, data=need.data)
    if verdict.outcome == "pass":
        return ""
    why = verdict.why or f"nothing gives {principal.name} {need.action}"
    return why if verdict.outcome == "fail" else f"it cannot be told whether {need.action} is given, because {why}"


def scope(ground: Ground, call: Call) -> Resource | Implied:
    """What roles are asked about: the container, as it is declared or as a part of the account; else the account."""
    name = call.target.container
    if not name:
        return call.account
    found = declared(ground.present.estate, call.account).get(name)
    return found.resource if found else Implied(call.account, ("blobservices", "default", "containers", name))
