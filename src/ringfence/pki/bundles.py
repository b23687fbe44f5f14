"""Certificates and keys in the forms that vaults and applications read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cryptography.x509 import Certificate

    from ringfence.pki.authority import Issued


def bundle(issued: Issued, above: Sequence[Issued] = ()) -> bytes:
    """A certificate with its key, and those of its issuers, as PKCS #12 without a password.

    A vault takes it so, and gives it out so: the file is what has to be kept, and after that the role on the item.
    """
    alias = issued.profile.alias.encode()
    others = [one.certificate for one in above]
    return pkcs12.serialize_key_and_certificates(alias, issued.key, issued.certificate, others, NoEncryption())


def trust_store(certificates: Mapping[str, Certificate], password: str) -> bytes:
    """Certificates that Java trusts, by alias, sealed with a password."""
    entries = [pkcs12.PKCS12Certificate(one, alias.encode()) for alias, one in certificates.items()]
    return pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(password.encode()))


def pem(issued: Issued, above: Sequence[Issued] = ()) -> bytes:
    """The certificate, then those of its issuers."""
    return b"".join(one.certificate.public_bytes(Encoding.PEM) for one in (issued, *above))


def private(issued: Issued) -> bytes:
    """The private key, in the clear."""
    return issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def vouched(certificate: Certificate, by: Issued) -> bytes:
    """The signature by which an authority vouches for a certificate: CMS, apart from what it signs."""
    signed = pkcs7.PKCS7SignatureBuilder().set_data(certificate.public_bytes(Encoding.DER))
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    return signed.add_signer(by.certificate, by.key, hashes.SHA256()).sign(Encoding.DER, options)
