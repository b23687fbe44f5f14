"""What is behind a certificate: a key and a secret of its name, with the same versions.

The secret holds the certificate with its private key where the policy lets it be exported, else the certificate alone.
Nothing of that is kept: it is put together when the secret is read.

Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates (composition, exportable key)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography import x509

from ringfence.twin.vault import export
from ringfence.twin.vault.items import from_base64

if TYPE_CHECKING:
    from ringfence.twin.store import Row
    from ringfence.twin.vault.call import Call
    from ringfence.twin.vault.hardware import Hardware
    from ringfence.twin.vault.jwk import Kind

FORMS = (export.PFX, export.PEM)


def value(call: Call, hardware: Hardware, row: Row, form: str) -> str:
    """What the secret of a certificate holds, in a form."""
    name, version = row["name"], row["version"]
    wanted = export.PEM if form == export.PEM else export.PFX
    kept: Row = call.beside("certificates").version({"name": name}, version)
    chain = [x509.load_der_x509_certificate(from_base64(c)) for c in kept["chain"]]
    if not kept["exportable"]:
        return export.bundle(name, None, chain, wanted).decode()
    blob = call.beside("keys").version({"name": name}, version)["blob"]
    return hardware.exported(blob, name, chain, wanted).decode()


def rows(call: Call, certificate: Row, kind: Kind) -> tuple[Row, Row]:
    """The versions of the key and of the secret behind a version of a certificate."""
    common: dict[str, Any] = {"attributes": certificate["attributes"], "tags": certificate["tags"]}
    key = {
        **common,
        "kty": kind.type,
        "size": kind.size,
        "ops": list(kind.operations),
        "blob": certificate["blob"],
        "public": certificate["public"],
        "exportable": False,
        "managed": True,
    }
    kid = call.beside("keys").url(certificate["name"], certificate["version"])
    return key, {**common, "contentType": certificate["contentType"], "kid": kid}
