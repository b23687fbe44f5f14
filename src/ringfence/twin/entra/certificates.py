"""Certificates by which applications prove who they are: those that are declared, and those that the owner registers.

Source: learn.microsoft.com/entra/identity-platform/certificate-credentials
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ringfence.errors import UsageError
from ringfence.model.entra import ApplicationCertificate
from ringfence.model.value import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.twin.ground import Ground

_CERTIFICATES = "entra/certificate"


def register(ground: Ground, principal: Principal, pem: bytes) -> str:
    """A certificate is one of the application's from now on; answers its thumbprint. For the control side only.

    Raises:
        UsageError: it is none, or has no RSA key.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise UsageError("this is no certificate", hint="Give one in PEM.") from None
    if not isinstance(certificate.public_key(), RSAPublicKey):
        raise UsageError("the certificate's key is not an RSA key", hint="Microsoft Entra ID takes RSA keys only.")
    mark = certificate.fingerprint(hashes.SHA256()).hex()
    text = certificate.public_bytes(serialization.Encoding.PEM).decode()
    ground.store.put(_CERTIFICATES, f"{principal.key}|{mark}", {"certificate": text})
    return mark


def named(ground: Ground, principal: Principal, header: dict[str, Any]) -> x509.Certificate | None:
    """The application's certificate that a header names by ``x5t#S256`` or ``x5t``; None when it has no such."""
    for found in (*_registered(ground, principal), *_declared(ground, principal)):
        der = found.public_bytes(serialization.Encoding.DER)
        marks = {"x5t#S256": hashlib.sha256(der).digest(), "x5t": hashlib.sha1(der, usedforsecurity=False).digest()}
        told = {name: mark for name, mark in marks.items() if name in header}
        if told and all(_same(header[name], mark) for name, mark in told.items()):
            return found
    return None


def _registered(ground: Ground, principal: Principal) -> Iterator[x509.Certificate]:
    for _, row in ground.store.rows(_CERTIFICATES, f"{principal.key}|"):
        yield x509.load_pem_x509_certificate(row["certificate"].encode())


def _declared(ground: Ground, principal: Principal) -> Iterator[x509.Certificate]:
    """Those whose content is written down. One that an apply makes, such as a vault's, has to be registered."""
    for one in ground.present.estate.of(ApplicationCertificate):
        value, encoding = one.value, one.encoding
        if not isinstance(value, Known) or isinstance(encoding, Unknown):
            continue
        if ground.directory.owner(one, one.application) == principal:
            found = _read(str(value.value), str(encoding.value if isinstance(encoding, Known) else "pem"))
            if found is not None and isinstance(found.public_key(), RSAPublicKey):
                yield found


def _read(text: str, encoding: str) -> x509.Certificate | None:
    try:
        if encoding.casefold() == "pem":
            return x509.load_pem_x509_certificate(text.encode())
        der = bytes.fromhex(text) if encoding.casefold() == "hex" else base64.b64decode(text)
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None


def _same(told: object, mark: bytes) -> bool:
    """A thumbprint as the specification writes it; one library writes that of SHA-1 in hexadecimal digits."""
    written = base64.urlsafe_b64encode(mark).rstrip(b"=").decode()
    return isinstance(told, str) and told.rstrip("=") in (written, mark.hex().upper())
