"""Issues certificates by their profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ringfence.pki.profile import EC, RSA_4096
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ringfence.pki.profile import Profile

    Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ORGANISATION = "Test authority, proves nothing"
"""In every subject, so that whoever meets such a certificate in earnest sees what it is."""
_DAYS_OF_A_MONTH = 30
_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@record(eq=False)
class Issued:
    """A certificate with its private key."""

    profile: Profile
    certificate: x509.Certificate
    key: Key


def issue(profile: Profile, issuer: Issued | None, *, country: str, now: datetime, names: Sequence[str] = ()) -> Issued:
    """A new key and its certificate, signed by the issuer, or by itself where there is none."""
    key = _key(profile.key)
    subject = _subject(profile, country)
    public = key.public_key()
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(_end(profile, issuer, now))
        .add_extension(_constraints(profile, issuer), critical=True)
        .add_extension(x509.KeyUsage(**{use: use in profile.uses for use in _USES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if issuer:
        of = issuer.key.public_key()
        built = built.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(of), critical=False)
    if profile.extended:
        wanted = x509.ExtendedKeyUsage(map(x509.ObjectIdentifier, profile.extended))
        built = built.add_extension(wanted, critical=False)
    if names:
        built = built.add_extension(x509.SubjectAlternativeName(list(map(x509.DNSName, names))), critical=False)
    return Issued(profile, built.sign((issuer or _Own(key)).key, hashes.SHA256()), key)


@record(eq=False)
class _Own:
    key: Key


def _key(kind: str) -> Key:
    if kind == EC:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 4096 if kind == RSA_4096 else 3072)


def _subject(profile: Profile, country: str) -> x509.Name:
    common = profile.subject if not profile.issuer else f"{country} {profile.subject}"
    pairs = ((NameOID.COUNTRY_NAME, country), (NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _end(profile: Profile, issuer: Issued | None, now: datetime) -> datetime:
    """No certificate outlives its issuer's."""
    from datetime import timedelta

    end = now + timedelta(days=profile.months * _DAYS_OF_A_MONTH)
    return min(end, issuer.certificate.not_valid_after_utc) if issuer else end


def _constraints(profile: Profile, issuer: Issued | None) -> x509.BasicConstraints:
    """The root certifies one authority below it, and that one signers only."""
    length = None if not profile.certifies else 0 if issuer else 1
    return x509.BasicConstraints(ca=profile.certifies, path_length=length)
