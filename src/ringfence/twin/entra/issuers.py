"""Issuers that the twin stands for: those of the declared clusters, and others that a declared credential trusts.

Each has a key of its own, made when it is first used and kept sealed, so that none can speak for another. What stands
for GitHub or another company signs only what the owner of the twin asks for by its control socket.
"""

from __future__ import annotations

import asyncio
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ringfence.model.containers import ManagedCluster
from ringfence.twin.entra.settle import issuer
from ringfence.twin.entra.tokens import as_jwk, new_key, thumbprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from ringfence.twin.ground import Ground
    from ringfence.twin.store import Row

_BUCKET = "entra/issuer"
ALGORITHM = "RS256"


def public_key(ground: Ground, url: str) -> tuple[str, rsa.RSAPublicKey]:
    """The name of an issuer's key, and the key that its signatures are checked with."""
    key = _key(ground, url)
    return thumbprint(key), key.public_key()


def signed(ground: Ground, url: str, claims: Mapping[str, Any], lifetime: timedelta) -> str:
    """A token of the issuer that holds from now on."""
    now = ground.now()
    key = _key(ground, url)
    times = {"iat": _seconds(now), "nbf": _seconds(now), "exp": _seconds(now + lifetime)}
    content = {"iss": url, "jti": secrets.token_hex(16), **claims, **times}
    return jwt.encode(content, key, ALGORITHM, headers={"kid": thumbprint(key)})


def clusters(ground: Ground) -> dict[str, ManagedCluster]:
    """The clusters by the addresses of their issuers."""
    found = ((issuer(ground.directory, c), c) for c in ground.present.estate.of(ManagedCluster))
    return {url: cluster for url, cluster in found if url is not None}


def discovery(url: str) -> dict[str, Any]:
    """What a cluster's issuer publishes of itself.

    Source: kubernetes.io/docs/tasks/configure-pod-container/configure-service-account (issuer discovery)
    """
    return {
        "issuer": url,
        "jwks_uri": f"{url}openid/v1/jwks",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }


def keys(ground: Ground, url: str) -> dict[str, Any]:
    """Its public keys."""
    kid, key = public_key(ground, url)
    return {"keys": [as_jwk(key, kid)]}


async def begin(ground: Ground, urls: Iterable[str]) -> None:
    """The issuers have their keys."""
    missing = [url for url in dict.fromkeys(urls) if ground.store.get(_BUCKET, url) is None]
    made = await asyncio.gather(*(asyncio.to_thread(new_key) for _ in missing))
    for url, key in zip(missing, made, strict=True):
        _keep(ground, url, key)


def _key(ground: Ground, url: str) -> rsa.RSAPrivateKey:
    row = ground.store.get(_BUCKET, url) or _keep(ground, url, new_key())
    return _loaded(row["key"])


def _keep(ground: Ground, url: str, key: rsa.RSAPrivateKey) -> Row:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    row = {"key": text.decode()}
    ground.store.put(_BUCKET, url, row)
    return row


@lru_cache(maxsize=32)
def _loaded(text: str) -> rsa.RSAPrivateKey:
    """The key, which the twin has made itself, so that it need not be examined again."""
    key = serialization.load_pem_private_key(text.encode(), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
