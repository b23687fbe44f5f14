"""Certificates and requests as policies ask for them, and what a certificate that is brought along says of itself.

Source: RFC 5280; learn.microsoft.com/azure/key-vault/certificates/about-certificates
"""

from __future__ import annotations

import base64
import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ObjectIdentifier

from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate, GeneralName, Name

    from ringfence.twin.store import Row
    from ringfence.twin.vault.hardware import Hardware

_UPN = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
_MONTH = timedelta(days=30.4375)
_CLOCKS = timedelta(minutes=10)
"""By how much a certificate holds before it is made, so that clocks may differ."""
_USAGES = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
    "encipherOnly": "encipher_only",
    "decipherOnly": "decipher_only",
}


def self_signed(hardware: Hardware, blob: str, request: bytes, policy: Row, now: datetime) -> Certificate:
    """A certificate by the key itself, for what a request asks."""
    asked = x509.load_der_x509_csr(request)
    key = asked.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(asked.subject)
        .issuer_name(asked.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS)
        .not_valid_after(now + policy["x509_props"]["validity_months"] * _MONTH)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
    for extension in asked.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return hardware.certified(blob, builder)


def requested(hardware: Hardware, blob: str, policy: Row) -> bytes:
    """A request for the certificate that a policy asks for, in DER.

    Raises:
        VaultError: a name in the policy is none.
    """
    props = policy["x509_props"]
    authority = "keyCertSign" in props["key_usage"]
    try:
        builder = x509.CertificateSigningRequestBuilder().subject_name(_name(props["subject"]))
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        for value, critical in _extensions(props):
            builder = builder.add_extension(value, critical)
        found = hardware.requested(blob, builder)
    except (ValueError, TypeError):
        raise bad("The policy's subject, alternative names or usages are none that a certificate can have.") from None
    return found.public_bytes(serialization.Encoding.DER)


def told(certificate: Certificate) -> dict[str, Any]:
    """What a certificate says of itself, as the parts of a policy."""
    months = round((certificate.not_valid_after_utc - certificate.not_valid_before_utc) / _MONTH)
    props = {"subject": certificate.subject.rfc4514_string(), "validity_months": max(1, min(months, 1200))}
    return {"x509_props": {**props, **_uses(certificate), "sans": _alternatives(certificate)}}


def times(certificate: Certificate) -> dict[str, int]:
    """From when to when it holds, as attributes."""
    return {
        "nbf": int(certificate.not_valid_before_utc.timestamp()),
        "exp": int(certificate.not_valid_after_utc.timestamp()),
    }


def thumbprint(chain: list[str]) -> bytes:
    """The SHA-1 of a certificate, by which Azure names it; of the first of a chain in base64."""
    return x509.load_der_x509_certificate(base64.b64decode(chain[0])).fingerprint(hashes.SHA1())


def as_text(certificate: Certificate) -> str:
    """DER in base64."""
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def _name(subject: str) -> Name:
    parts = [part.strip() for part in subject.split(",") if part.strip()] if '"' not in subject else [subject]
    return x509.Name.from_rfc4514_string(",".join(parts))


def _extensions(props: dict[str, Any]) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if props["key_usage"]:
        found.append((_usage(props["key_usage"]), True))
    if props["ekus"]:
        found.append((x509.ExtendedKeyUsage([ObjectIdentifier(oid) for oid in props["ekus"]]), False))
    names = _names(props.get("sans", {}))
    if names:
        found.append((x509.SubjectAlternativeName(names), False))
    return found


def _usage(usages: list[str]) -> x509.KeyUsage:
    flags = {flag: name in usages for name, flag in _USAGES.items()}
    flags["key_agreement"] |= flags["encipher_only"] or flags["decipher_only"]
    return x509.KeyUsage(**flags)


def _names(sans: dict[str, list[str]]) -> list[GeneralName]:
    return [
        *(x509.DNSName(name) for name in sans.get("dns_names", ())),
        *(x509.RFC822Name(name) for name in sans.get("emails", ())),
        *(x509.OtherName(_UPN, _utf8(name)) for name in sans.get("upns", ())),
        *(x509.UniformResourceIdentifier(name) for name in sans.get("uris", ())),
        *(x509.IPAddress(ipaddress.ip_address(name)) for name in sans.get("ipAddresses", ())),
    ]


def _utf8(text: str) -> bytes:
    """A text as DER (UTF8String); names are short."""
    content = text.encode()
    if len(content) > 127:
        raise ValueError("too long")
    return bytes((0x0C, len(content))) + content


def _uses(certificate: Certificate) -> dict[str, Any]:
    found: dict[str, Any] = {"ekus": [], "key_usage": []}
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.ExtendedKeyUsage):
            found["ekus"] = [oid.dotted_string for oid in value]
        elif isinstance(value, x509.KeyUsage):
            found["key_usage"] = [name for name, flag in _USAGES.items() if _flag(value, flag)]
    return found


def _flag(usage: x509.KeyUsage, flag: str) -> bool:
    """Two of the flags have a meaning with key agreement only."""
    return bool(getattr(usage, flag)) if usage.key_agreement or not flag.endswith("cipher_only") else False


def _alternatives(certificate: Certificate) -> dict[str, list[str]]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return {}
    found = {
        "dns_names": names.get_values_for_type(x509.DNSName),
        "emails": names.get_values_for_type(x509.RFC822Name),
        "uris": names.get_values_for_type(x509.UniformResourceIdentifier),
        "ipAddresses": list(map(str, names.get_values_for_type(x509.IPAddress))),
    }
    return {name: list(values) for name, values in found.items() if values}
