"""Access tokens: signed by this run's directory, for one audience, for a while; and what makes one void.

The twin is stricter than Azure in one thing: a token does not outlive its owner. In Azure a guest who was removed keeps
the tokens that he has until they end; here whoever asks is looked for in the directory each time.

Sources: learn.microsoft.com/entra/identity-platform/access-tokens, …/access-token-claims-reference;
learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq (24 hours)
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ringfence.record import record
from ringfence.twin.entra.audience import EXCHANGE, same
from ringfence.twin.entra.directory import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Directory

LIFETIME = timedelta(hours=1)
"""Of a token of a person or an application."""
OF_IDENTITY = timedelta(hours=24)
"""Of a token of a managed identity."""
HOST = "login.microsoftonline.com"
_ALGORITHM = "RS256"
_LONGEST = 16_384
_KEPT = 1024
"""Tokens of which it is remembered that they were signed here."""
_REQUIRED = ("aud", "exp", "iat", "iss", "nbf", "oid", "tid", "uti", "ver")
_PEOPLE = ("user", "guest", "principal")
_IDENTITIES = ("user-assigned identity", "system-assigned identity")


class VoidTokenError(Exception):
    """The token is none, and why; the reason names no part of the token."""


@record(eq=False)
class Token:
    """A token and how long it holds."""

    text: str
    expires: datetime

    def __repr__(self) -> str:
        return f"Token(expires={self.expires})"


class Tokens:
    """Issues tokens and tells whose they are."""

    def __init__(self, directory: Directory, key: rsa.RSAPrivateKey, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._key = key
        self._public = key.public_key()
        self._now = now
        self.kid = thumbprint(key)
        self._known: dict[bytes, dict[str, Any]] = {}
        """What was signed here, by the digest of the token: to read one takes longer than all else of a request."""

    @property
    def public(self) -> rsa.RSAPublicKey:
        """The key that its signatures are checked with."""
        return self._public

    @property
    def issuer(self) -> str:
        """Who signs the access tokens of the platform's tenant."""
        return f"https://sts.windows.net/{self._directory.tenant}/"

    @property
    def issuer2(self) -> str:
        """The same in tokens of version 2: id tokens, and those that are given for one of another application."""
        return f"https://{HOST}/{self._directory.tenant}/v2.0"

    def lifetime(self, principal: Principal) -> timedelta:
        """How long a token of the principal holds: no longer than its account lasts."""
        usual = OF_IDENTITY if principal.kind in _IDENTITIES else LIFETIME
        end = self._directory.lasts(principal)
        return usual if end is None else max(min(usual, end - self._now()), timedelta())

    def issue(
        self,
        principal: Principal,
        audience: str,
        lifetime: timedelta | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> Token:
        """A token of the principal for one audience, such as ``https://vault.azure.net``; `claims` win over its own."""
        now = self._now()
        expires = now + (self.lifetime(principal) if lifetime is None else lifetime)
        content = self._claims(principal, audience) | dict(claims or {})
        return Token(self.signed(content, now, expires), expires)

    def signed(self, content: Mapping[str, Any], now: datetime, expires: datetime) -> str:
        """The claims as a token, with the times between which it holds."""
        times = {"iat": _seconds(now), "nbf": _seconds(now), "exp": _seconds(expires)}
        return jwt.encode({**content, **times}, self._key, _ALGORITHM, headers={"kid": self.kid})

    def _claims(self, principal: Principal, audience: str) -> dict[str, Any]:
        directory = self._directory
        groups = [directory.object_id(group) for group in directory.groups(principal)]
        return {
            "aud": audience,
            "tid": directory.tenant,
            "oid": directory.object_id(principal),
            "sub": directory.object_id(principal),
            "uti": secrets.token_urlsafe(16),
            **self._version(principal, audience),
            **(self.person(principal) if principal.kind in _PEOPLE else {"idtyp": "app", "idp": self.issuer}),
            **({"groups": groups} if groups else {}),
        }

    def _version(self, principal: Principal, audience: str) -> dict[str, str]:
        """Tokens for the services of Azure are of version 1; one that is to be given for another is of version 2."""
        app = self._directory.app_id(principal)
        if audience == EXCHANGE:
            return {"ver": "2.0", "iss": self.issuer2, "azp": app}
        return {"ver": "1.0", "iss": self.issuer, "appid": app}

    def person(self, principal: Principal) -> dict[str, str]:
        """What the token of a person says of him; a guest's says which tenant keeps his account."""
        home = self._directory.home(principal)
        name = self._directory.name(principal)
        own = {"idtyp": "user", "name": principal.name, "unique_name": name, "scp": "user_impersonation"}
        if not home:
            return {**own, "upn": name}
        return {
            **own,
            "email": name,
            "idp": f"https://sts.windows.net/{self._directory.home_tenant(principal)}/",
        }

    # -- whose is it

    def caller(self, text: str, audiences: tuple[str, ...]) -> Caller:
        """Whose token it is, if it holds now, for one of the audiences, and its owner may still sign in.

        Raises:
            VoidTokenError: it is no such token.
        """
        claims = self._verified(text, audiences)
        principal = self._directory.by_object(str(claims["oid"]))
        if principal is None:
            raise VoidTokenError("whom the token was issued to is not in the directory any more")
        why = self._directory.barred(principal, self._now())
        if why:
            raise VoidTokenError(f"whom the token was issued to may not sign in any more: {why}")
        app = str(claims.get("appid", claims.get("azp", "")))
        name = str(claims.get("unique_name", ""))
        return Caller(principal, str(claims["oid"]), app, str(claims["tid"]), name, str(claims["uti"]), claims)

    def _verified(self, text: str, audiences: tuple[str, ...]) -> dict[str, Any]:
        claims = self._opened(text)
        if claims["iss"] != self.issuer:
            raise VoidTokenError("another issuer signed it")
        if claims["tid"] != self._directory.tenant:
            raise VoidTokenError("it is of another tenant")
        if not any(same(str(claims["aud"]), audience) for audience in audiences):
            raise VoidTokenError("it is for another audience")
        now = _seconds(self._now())
        if any(type(claims[name]) is not int for name in ("exp", "nbf", "iat")):
            raise VoidTokenError("its times are no whole seconds")
        if claims["nbf"] > now + 1 or claims["iat"] > now + 1:
            raise VoidTokenError("it does not hold yet")
        if claims["exp"] <= now:
            raise VoidTokenError("it has expired")
        return claims

    def _opened(self, text: str) -> dict[str, Any]:
        """What was signed here; what it says is still to be judged.

        Raises:
            VoidTokenError: nobody signed it here.
        """
        if len(text) > _LONGEST:
            raise VoidTokenError("it is too long")
        mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if mark not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[mark] = self._read(text)
        return dict(self._known[mark])

    def _read(self, text: str) -> dict[str, Any]:
        """By this key and no other way: the header of a token says nothing that is believed."""
        try:
            header = jwt.get_unverified_header(text)
            if header.get("kid") != self.kid or header.get("alg") != _ALGORITHM or set(header) - {"kid", "alg", "typ"}:
                raise VoidTokenError("no key of this directory signed it")
            claims: dict[str, Any] = jwt.decode(text, self._public, [_ALGORITHM], options=_ONLY_SIGNATURE)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise VoidTokenError(_REASONS.get(type(error).__name__, "it is no token of this directory")) from None
        return claims

    def jwks(self) -> dict[str, Any]:
        """The public keys, as discovery publishes them."""
        return {"keys": [{**as_jwk(self._public, self.kid), "x5t": self.kid, "issuer": self.issuer2}]}


_CLAIMS = ("verify_aud", "verify_iss", "verify_exp", "verify_nbf", "verify_iat", "verify_sub", "verify_jti")
_ONLY_SIGNATURE: Any = {
    "require": list(_REQUIRED),
    **dict.fromkeys(_CLAIMS, False),
}
"""The rest is checked against the twin's own clock."""
_REASONS = {
    "InvalidSignatureError": "its signature is wrong",
    "MissingRequiredClaimError": "it lacks a claim that every token has",
}


def new_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(65537, 2048)


def as_jwk(key: rsa.RSAPublicKey, kid: str) -> dict[str, Any]:
    """A public key as discovery publishes it."""
    found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key))
    return {"kty": found["kty"], "use": "sig", "alg": _ALGORITHM, "kid": kid, "n": found["n"], "e": found["e"]}


def thumbprint(key: rsa.RSAPrivateKey) -> str:
    """The name of a key, by which it is found among others."""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()[:20]).rstrip(b"=").decode()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
