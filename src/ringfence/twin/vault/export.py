"""Certificates with their keys, as files: PKCS #12 without a password, or PEM, as a vault's secrets hold them.

Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates (composition of a certificate)
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Form: TypeAlias = Literal["application/x-pkcs12", "application/x-pem-file"]
PFX: Form = "application/x-pkcs12"
PEM: Form = "application/x-pem-file"


def bundle(name: str, key: Any, chain: list[Certificate], form: Form) -> bytes:
    """The text of a secret: base64 of PKCS #12, or PEM. Without a key it has the certificates alone."""
    plain = serialization.NoEncryption()
    if form == PFX:
        made = pkcs12.serialize_key_and_certificates(name.encode(), key, chain[0], chain[1:], plain)
        return base64.b64encode(made)
    private = (
        b"" if key is None else key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return private + b"".join(c.public_bytes(serialization.Encoding.PEM) for c in chain)


def brought(value: str, password: str) -> tuple[Any, list[Certificate], Form]:
    """The private key and the certificates of a file that is brought along, its own first.

    Raises:
        VaultError: it is no such file, or the password is wrong, or it has no key.
    """
    text = value.lstrip()
    try:
        key, chain, form = _from_pem(text.encode(), password) if text.startswith("-----") else _from_any(text, password)
    except (ValueError, TypeError, binascii.Error):
        raise bad("The certificate cannot be read; it is PKCS #12 or PEM, and its password must be right.") from None
    own = next((c for c in chain if key is not None and c.public_key() == key.public_key()), None)
    if own is None:
        raise bad("The certificate comes without its private key.")
    return key, [own, *(c for c in chain if c != own)], form


def _from_any(text: str, password: str) -> tuple[Any, list[Certificate], Form]:
    content = base64.b64decode("".join(text.split()), validate=True)
    if content.lstrip().startswith(b"-----"):
        return _from_pem(content, password)
    key, own, more = pkcs12.load_key_and_certificates(content, password.encode() or None)
    return key, [*([own] if own else []), *more], PFX


def _from_pem(content: bytes, password: str) -> tuple[Any, list[Certificate], Form]:
    key = serialization.load_pem_private_key(content, password.encode() or None)
    return key, x509.load_pem_x509_certificates(content), PEM
