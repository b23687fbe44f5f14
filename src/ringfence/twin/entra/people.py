"""What people get who have signed in: a token for a resource, one that says who they are, and one to get more with.

Sources: learn.microsoft.com/entra/identity-platform/id-token-claims-reference, …/refresh-tokens (90 days)
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.record import record
from ringfence.twin.entra.assigned import unassigned
from ringfence.twin.entra.audience import audience, of_scopes
from ringfence.twin.entra.errors import RefusedError
from ringfence.twin.entra.tenant import Tenant, at_home, claims_at

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.audience import Audience
    from ringfence.twin.ground import Ground

PROGRAMS = {
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
    "1950a258-227b-4e31-a9cf-717495945fc2": "Microsoft Azure PowerShell",
    "aebc6443-996d-45c2-90f0-388ff96faa56": "Visual Studio Code",
}
"""Programs of Microsoft's by which people sign in; they are in every tenant.

Source: learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
"""
_REFRESH = "entra/refresh"
_IDLE = timedelta(days=90)


@record(eq=False)
class Session:
    """A person who has signed in by a program, in one tenant."""

    who: Principal
    client: str
    tenant: Tenant


def check_client(ground: Ground, client: str) -> None:
    """The client id is that of a program by which people sign in.

    Raises:
        RefusedError: it is not. An application of the platform is none: that it may be one is declared nowhere.
    """
    if client in PROGRAMS:
        return
    owner = ground.directory.by_app(client)
    if owner is not None:
        raise RefusedError(7000218, owner)
    raise RefusedError(700016, client, ground.directory.tenant)


def session(ground: Ground, object_id: str, client: str, where: Tenant) -> Session:
    """The session of a person who is in the directory and may sign in.

    Raises:
        RefusedError: he is gone, may not sign in, or is not in that tenant.
    """
    directory = ground.directory
    who = directory.by_object(object_id)
    if who is None:
        raise RefusedError(50034, object_id, directory.tenant)
    tenant = at_home(directory, who) if not where.id else where
    if not tenant.own and directory.home_tenant(who) != tenant.id:
        raise RefusedError(50034, directory.name(who), tenant.id)
    why = directory.barred(who, ground.now())
    if why:
        raise RefusedError(50057, why)
    return Session(who, client, tenant)


def granted(ground: Ground, one: Session, scope: str, wants: dict[str, str]) -> dict[str, Any]:
    """The tokens of a session for the scopes.

    Raises:
        RefusedError: he may not have one for that resource.
    """
    found = audience_in(ground, one, of_scopes(scope))
    if found.owner is not None:
        why = unassigned(ground.directory, one.who, found.owner)
        if why:
            raise RefusedError(50105, one.who, found.title, why)
    own = {**ground.tokens.person(one.who), **claims_at(ground.directory, one.tenant, one.who)}
    claims = {**own, "appid": one.client, "appidacr": "0"}
    token = ground.tokens.issue(one.who, found.name, claims=claims)
    seconds = int((token.expires - ground.now()).total_seconds())
    asked = scope.split()
    return {
        "token_type": "Bearer",
        "scope": _scope(found.name, asked),
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": token.text,
        **({"refresh_token": _refresh(ground, one)} if "offline_access" in asked else {}),
        **({"id_token": _id_token(ground, one, token.expires)} if "openid" in asked else {}),
        **({"client_info": _client_info(ground, one)} if wants.get("client_info") == "1" else {}),
    }


def audience_in(ground: Ground, one: Session, wanted: str) -> Audience:
    """What is asked for, in the tenant of the session: applications of the platform are in its own alone."""
    found = audience(ground.directory, ground.present.estate, wanted)
    if found.owner is not None and not one.tenant.own:
        raise RefusedError(500011, wanted, one.tenant.id)
    return found


def _scope(name: str, asked: list[str]) -> str:
    named = [word for word in asked if "/" in word]
    return " ".join(dict.fromkeys((f"{name}/user_impersonation", f"{name}/.default", *named)))


# -- who he is


def _id_token(ground: Ground, one: Session, until: datetime) -> str:
    directory = ground.directory
    at_home_here = one.tenant.id == directory.home_tenant(one.who)
    content = {
        "aud": one.client,
        "iss": one.tenant.issuer,
        "tid": one.tenant.id,
        "oid": directory.object_id(one.who) if one.tenant.own else directory.home_id(one.who),
        "sub": directory.id_of(f"pairwise/{one.client}/{one.tenant.id}/{one.who.key}"),
        "name": one.who.name,
        "preferred_username": directory.name(one.who),
        "uti": secrets.token_urlsafe(16),
        "ver": "2.0",
        **({} if at_home_here else {"idp": f"https://sts.windows.net/{directory.home_tenant(one.who)}/"}),
    }
    return ground.tokens.signed(content, ground.now(), until)


def _client_info(ground: Ground, one: Session) -> str:
    """Where the account is kept, by which msal tells accounts apart."""
    directory = ground.directory
    content = {"uid": directory.home_id(one.who), "utid": directory.home_tenant(one.who)}
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


# -- more tokens


def _refresh(ground: Ground, one: Session) -> str:
    text = f"1.{secrets.token_urlsafe(64)}"
    until = (ground.now() + _IDLE).timestamp()
    row = {"who": ground.directory.object_id(one.who), "client": one.client, "tenant": one.tenant.id, "until": until}
    ground.store.put(_REFRESH, _mark(text), row)
    return text


def refreshed(ground: Ground, client: str, text: str, where: Tenant) -> Session:
    """The session that a refresh token is of. It holds until it was not used for ninety days.

    Raises:
        RefusedError: it does not hold, or belongs to another program or tenant.
    """
    row = ground.store.get(_REFRESH, _mark(text))
    if row is None or row["client"] != client:
        raise RefusedError(70000, "no such refresh token was given to this client")
    if row["until"] <= ground.now().timestamp():
        raise RefusedError(700082)
    if where.id and where.id != row["tenant"]:
        raise RefusedError(70000, "the refresh token is of another tenant")
    kept = Tenant(row["tenant"], row["tenant"], row["tenant"] == ground.directory.tenant)
    return session(ground, row["who"], client, kept)


def forget(ground: Ground) -> None:
    """Refresh tokens that hold no more are gone."""
    now = ground.now().timestamp()
    for mark, row in ground.store.rows(_REFRESH):
        if row["until"] <= now:
            ground.store.delete(_REFRESH, mark)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
