"""Tokens as an attacker makes them: any header, any claims, any key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def part(content: Any) -> str:
    """One part of a token."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and signature of a token."""
    header, claims, signature = token.split(".")
    opened = (json.loads(base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))) for one in (header, claims))
    return (*opened, signature)  # type: ignore[return-value]  # two objects and a text


def signed(header: dict[str, Any], claims: Any, key: RSAPrivateKey) -> str:
    """A token that the key has signed by RS256, whatever its header says."""
    text = f"{part(header)}.{part(claims)}"
    return f"{text}.{part(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def by_hmac(header: dict[str, Any], claims: Any, secret: bytes) -> str:
    """A token whose signature is a code under a secret that everybody knows, such as a public key."""
    text = f"{part(header)}.{part(claims)}"
    return f"{text}.{part(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def unsigned(header: dict[str, Any], claims: Any) -> str:
    """A token without a signature."""
    return f"{part(header)}.{part(claims)}."
