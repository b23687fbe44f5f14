"""The certificate authority of one run: it may certify the names of this twin and no others, and no system trusts it.

Its constraint is critical (RFC 5280, 4.2.1.10): a client that took it for an authority of the whole world by mistake
would still refuse what it signs for any other name.
"""

from __future__ import annotations

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_DAYS = 7
"""How long a run's certificates hold."""
_CLOCKS = timedelta(minutes=5)
"""By how much clocks may differ."""
_NAME = "ringfence twin: stands for Azure on this machine, proves nothing elsewhere"


class Authority:
    """Signs one certificate for each exact host name, when it is first asked for."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self.certificate = certificate
        self._leaf = ec.generate_private_key(ec.SECP256R1())
        """The key of all hosts: they are one process."""
        self._contexts: dict[tuple[str, ssl.TLSVersion], ssl.SSLContext] = {}

    @property
    def pem(self) -> bytes:
        """The authority's certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def state(self) -> dict[str, str]:
        """What makes the same authority again."""
        key = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {"key": key.decode(), "certificate": self.pem.decode()}

    def context(self, host: str, oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> ssl.SSLContext:
        """What a server of this one name shows; HTTP/1.1 is all that it offers, older versions of TLS it refuses."""
        mark = host, oldest
        if mark not in self._contexts:
            self._contexts[mark] = self._context(host, oldest)
        return self._contexts[mark]

    def _context(self, host: str, oldest: ssl.TLSVersion) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = oldest
        if oldest < ssl.TLSVersion.TLSv1_2:  # OpenSSL signs no such handshake at the level that it has by itself
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.set_alpn_protocols(["http/1.1"])
        context.sni_callback = _only(host)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            Path(file.name).write_bytes(self.issued(host))
            context.load_cert_chain(file.name)
        return context

    def issued(self, host: str) -> bytes:
        """The private key and the certificate of a host, in PEM."""
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, _NAME)]))
            .issuer_name(self.certificate.subject)
            .public_key(self._leaf.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _CLOCKS)
            .not_valid_after(self.certificate.not_valid_after_utc)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._leaf.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        key = self._leaf.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return key + certificate.public_bytes(serialization.Encoding.PEM)


def _only(host: str) -> Callable[[ssl.SSLObject, str | None, ssl.SSLContext], int | None]:
    """Refuses who asks for another name than that which he connected to, or for none.

    Source: RFC 6066, 3 (the alert "unrecognized_name")
    """

    def check(_: ssl.SSLObject, asked: str | None, __: ssl.SSLContext) -> int | None:
        return None if asked == host else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    return check


def new(hosts: Iterable[str]) -> Authority:
    """An authority for these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, _NAME)])
    now = datetime.now(UTC)
    permitted = [x509.DNSName(host) for host in sorted(hosts)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS)
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .add_extension(_signs(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def kept(state: dict[str, str]) -> Authority:
    """The authority of an earlier start of the same run."""
    key = serialization.load_pem_private_key(state["key"].encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(key, x509.load_pem_x509_certificate(state["certificate"].encode()))


def _signs() -> x509.KeyUsage:
    uses = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    return x509.KeyUsage(**uses, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
