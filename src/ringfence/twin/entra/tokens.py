"""Access tokens: signed by this run's directory, for one audience, for an hour at most; and what makes one void.

Source: learn.microsoft.com/entra/identity-platform/access-tokens, …/access-token-claims-reference
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ringfence.record import record
from ringfence.twin.entra.directory import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Directory

LIFETIME = timedelta(hours=1)
_SKEW = timedelta(seconds=0)
_ALGORITHM = "RS256"
_REQUIRED = ("aud", "exp", "iat", "iss", "nbf", "oid", "tid", "uti", "ver")


class VoidTokenError(Exception):
    """The token is none, and why; the reason names no part of the token."""


@record(eq=False)
class Token:
    """A token and how long it holds."""

    text: str
    expires: datetime


class Tokens:
    """Issues tokens and tells whose they are."""

    def __init__(self, directory: Directory, key: rsa.RSAPrivateKey, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._key = key
        self._public = key.public_key()
        self._now = now
        self.kid = _thumbprint(key)
        self._seen: dict[tuple[str, str], Caller] = {}

    def issue(
        self,
        principal: Principal,
        audience: str,
        lifetime: timedelta = LIFETIME,
        claims: Mapping[str, Any] | None = None,
    ) -> Token:
        """A token of the principal for one audience, such as ``https://vault.azure.net``."""
        now = self._now()
        expires = now + lifetime
        content = self._claims(principal, audience) | dict(claims or {})
        content |= {"iat": _seconds(now), "nbf": _seconds(now), "exp": _seconds(expires)}
        return Token(jwt.encode(content, self._key, _ALGORITHM, headers={"kid": self.kid}), expires)

    def _claims(self, principal: Principal, audience: str) -> dict[str, Any]:
        directory = self._directory
        person = principal.kind in ("user", "guest")
        groups = [directory.object_id(group) for group in directory.groups(principal)]
        return {
            "aud": audience,
            "iss": self.issuer,
            "tid": directory.tenant,
            "oid": directory.object_id(principal),
            "sub": directory.object_id(principal),
            "idtyp": "user" if person else "app",
            "appid": directory.app_id(principal),
            "uti": secrets.token_urlsafe(16),
            "ver": "1.0",
            **({"upn": principal.name, "scp": "user_impersonation"} if person else {}),
            **({"groups": groups} if groups else {}),
        }

    @property
    def issuer(self) -> str:
        """Who signs the tokens of the platform's tenant."""
        return f"https://sts.windows.net/{self._directory.tenant}/"

    def caller(self, text: str, audiences: tuple[str, ...]) -> Caller:
        """Whose token it is, if it holds now, for one of the audiences, and its owner is still in the directory.

        Raises:
            VoidTokenError: it is no such token.
        """
        claims = self._verified(text, audiences)
        principal = self._directory.by_object(str(claims["oid"]))
        if principal is None:
            raise VoidTokenError("whom the token was issued to is not in the directory any more")
        name = str(claims.get("upn", ""))
        app = str(claims.get("appid", ""))
        return Caller(principal, str(claims["oid"]), app, str(claims["tid"]), name, str(claims["uti"]), claims)

    def _verified(self, text: str, audiences: tuple[str, ...]) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(text)
            if header.get("kid") != self.kid or header.get("alg") != _ALGORITHM or set(header) - {"kid", "alg", "typ"}:
                raise VoidTokenError("no key of this directory signed it")
            claims: dict[str, Any] = jwt.decode(
                text, self._public, [_ALGORITHM],
                issuer=self.issuer, audience=list(audiences), leeway=_SKEW,
                options={"require": list(_REQUIRED), "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise VoidTokenError(_REASONS.get(type(error).__name__, "it is no token of this directory")) from None
        if claims["tid"] != self._directory.tenant:
            raise VoidTokenError("it is of another tenant")
        now = _seconds(self._now())
        if not int(claims["nbf"]) <= now + 1 or not int(claims["iat"]) <= now + 1:
            raise VoidTokenError("it does not hold yet")
        if int(claims["exp"]) <= now:
            raise VoidTokenError("it has expired")
        return claims

    def jwks(self) -> dict[str, Any]:
        """The public keys, as discovery publishes them."""
        import json

        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._public))
        return {"keys": [{**key, "use": "sig", "kid": self.kid, "x5t": self.kid, "issuer": self.issuer}]}


_REASONS = {
    "InvalidAudienceError": "it is for another audience",
    "InvalidIssuerError": "another issuer signed it",
    "InvalidSignatureError": "its signature is wrong",
    "MissingRequiredClaimError": "it lacks a claim that every token has",
}


def new_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(65537, 2048)


def _thumbprint(key: rsa.RSAPrivateKey) -> str:
    import base64
    import hashlib

    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()[:20]).rstrip(b"=").decode()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
