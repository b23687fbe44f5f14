"""Sign-in by device code: a client waits while a person chooses, on another page, as whom to sign in.

Sources: rfc-editor.org/rfc/rfc8628; learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ringfence.twin.entra.errors import RefusedError
from ringfence.twin.entra.tokens import HOST

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.tenant import Tenant
    from ringfence.twin.ground import Ground

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PAGE = f"https://{HOST}/common/oauth2/deviceauth"
_FLOWS, _CODES = "entra/device", "entra/user-code"
_LIFETIME = timedelta(minutes=15)
_INTERVAL = 1
"""Seconds between two questions of a client. Azure says five; nobody has to be spared here."""
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""RFC 8628, section 6.1: no vowels, so that no words come out."""
_LENGTH = 9
_MOST = 200
"""Codes that may wait at one time."""


def begin(ground: Ground, client: str, scope: str, where: Tenant) -> dict[str, Any]:
    """A code for the client, and the one that a person types."""
    forget(ground)
    if len(ground.store.keys(_FLOWS)) >= _MOST:
        raise RefusedError(70000, "too many codes wait already")
    code, typed = secrets.token_urlsafe(48), "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    until = (ground.now() + _LIFETIME).timestamp()
    flow = {"client": client, "scope": scope, "tenant": where.word, "typed": typed, "until": until, "state": "waiting"}
    with ground.store.together():
        ground.store.put(_FLOWS, _mark(code), flow)
        ground.store.put(_CODES, typed, {"flow": _mark(code)})
    return {
        "user_code": typed,
        "device_code": code,
        "verification_uri": PAGE,
        "expires_in": int(_LIFETIME.total_seconds()),
        "interval": _INTERVAL,
        "message": f"To sign in to the twin, open the test page {PAGE} and enter the code {typed}.",
    }


def waiting(ground: Ground, typed: str) -> dict[str, Any] | None:
    """The flow that a typed code belongs to, while it waits; None where none does."""
    row = ground.store.get(_CODES, _cleaned(typed))
    flow = ground.store.get(_FLOWS, row["flow"]) if row else None
    over = flow is None or flow["state"] != "waiting" or flow["until"] <= ground.now().timestamp()
    return None if over else flow


def complete(ground: Ground, typed: str, who: Principal | None) -> bool:
    """The person has signed in, or, where it is None, has declined. False where no such code waits."""
    flow = waiting(ground, typed)
    if flow is None:
        return False
    chosen = {"state": "chosen", "who": ground.directory.object_id(who)} if who else {"state": "declined"}
    row = ground.store.get(_CODES, _cleaned(typed))
    assert row is not None
    ground.store.put(_FLOWS, row["flow"], {**flow, **chosen})
    return True


def redeemed(ground: Ground, client: str, code: str) -> dict[str, Any]:
    """The flow of a code whose person has signed in. It counts once.

    Raises:
        RefusedError: there is none, or nobody has signed in yet.
    """
    flow = ground.store.get(_FLOWS, _mark(code))
    if flow is None or flow["client"] != client:
        raise RefusedError(70018)
    if flow["until"] <= ground.now().timestamp():
        raise RefusedError(70020)
    state = flow["state"]
    if state != "chosen":
        raise RefusedError({"waiting": 70016, "declined": 65004}.get(state, 54005))
    ground.store.put(_FLOWS, _mark(code), {**flow, "state": "redeemed"})
    return flow


def forget(ground: Ground) -> None:
    """Codes that have expired are gone."""
    now = ground.now().timestamp()
    for mark, flow in ground.store.rows(_FLOWS):
        if flow["until"] <= now - _LIFETIME.total_seconds():
            ground.store.delete(_FLOWS, mark)
            ground.store.delete(_CODES, flow["typed"])


def _mark(code: str) -> str:
    """What a code is kept under: whoever reads the state has no code."""
    return hashlib.sha256(code.encode()).hexdigest()


def _cleaned(typed: str) -> str:
    return "".join(c for c in typed.upper() if c.isalnum())[:_LENGTH]
