"""What lies in the two vaults: every item of the document's tables, and where its content comes from.

Source: EUDCC deep dives, 2 Key Vault (tables EU Key Vault and IE Key Vault)
"""

from __future__ import annotations

from ringfence.constructs.spring import SCHEME, secret_name
from ringfence.record import record

CERTIFICATE, SECRET, KEY = "Certificate", "Secret", "Key"
FREEFORM = "Freeform"


@record()
class Entry:
    """One row of a vault's table."""

    name: str
    type: str
    description: str
    content: str
    """Where its content comes from:

    - ``made``: a random password that Terraform keeps nowhere;
    - ``set``: a random value at first; an operator sets the true one, and Terraform leaves it alone;
    - ``text:…``: this text, which is no secret;
    - ``file:…``: a file of the folder in variable ``certificates``, as base64;
    - ``line:…``: a file of that folder, as it is;
    - ``signed``: a certificate that an authority signs; ``self``: one that signs itself;
    - ``wrapping``: a key that wraps and unwraps other keys.
    """
    of: str = ""
    """The property that a Spring application reads it as; the item's name follows from it."""
    private: bool = False
    """It holds a private key, or opens something that does."""

    @property
    def scheme(self) -> str:
        return SCHEME if self.of else FREEFORM


def _spring(property: str, description: str, content: str, *, private: bool = False) -> Entry:
    """A secret that a Spring application asks for by a property: its name is never chosen."""
    return Entry(secret_name(property), SECRET, description, content, property, private)


_CONNECTOR = "dgc.gateway.connector"

_MYSQL_PASSWORD = Entry(
    "mysql-pw",
    SECRET,
    "Password of the MySQL server's built-in administrator. No application uses it; "
    "it is there for a day on which directory sign-in does not work.",
    "made",
    private=True,
)
_MYSQL_KEY = Entry(
    "mysql-encryption-key", KEY, "Wraps the key that the MySQL server's data are encrypted with.", "wrapping"
)
_AKS_KEY = Entry("aks-encryption-key", KEY, "Wraps the keys that the cluster's disks are encrypted with.", "wrapping")

EU: tuple[Entry, ...] = (
    Entry(
        "trustanchor",
        CERTIFICATE,
        "Certificate and private key of the root authority, which countries' certificates are trusted by.",
        "self",
        private=True,
    ),
    _spring(
        "dgc.trustAnchor.certificateAlias",
        "Alias under which the gateway finds the certificate in the trust anchor's bundle.",
        "text:dgcg_trust_anchor",
    ),
    _MYSQL_PASSWORD,
    _MYSQL_KEY,
    _AKS_KEY,
)

IE: tuple[Entry, ...] = (
    Entry(
        "trustanchor-content",
        SECRET,
        "Bundle of the root authority in PKCS #12 form, which what the gateway sends is checked against.",
        "file:trustanchor-content.p12",
        private=True,
    ),
    _spring(
        f"{_CONNECTOR}.trustAnchor.password",
        "Opens the trust anchor's bundle.",
        "line:dgc-gateway-connector-trustanchor-password.txt",
        private=True,
    ),
    _spring(
        f"{_CONNECTOR}.trustAnchor.alias",
        "Alias under which the certificate is found in the trust anchor's bundle.",
        "text:dgcg_trust_anchor",
    ),
    Entry(
        "msal-authentication-client-secret",
        SECRET,
        "Client secret with which the issuance portal signs people in at the directory.",
        "set",
        private=True,
    ),
    Entry(
        "tls-trust-store-content",
        SECRET,
        "Trust store in PKCS #12 form: the public keys that connections to the gateway are pinned to.",
        "file:tls-trust-store-content.p12",
    ),
    _spring(
        f"{_CONNECTOR}.tlsTrustStore.password",
        "Opens the trust store.",
        "line:dgc-gateway-connector-tlstruststore-password.txt",
        private=True,
    ),
    Entry(
        "tls-key-store",
        CERTIFICATE,
        "Auth certificate with its key: how the country proves to the gateway who it is.",
        "signed",
        private=True,
    ),
    _spring(
        f"{_CONNECTOR}.tlsKeyStore.alias",
        "Alias under which the Auth certificate is found in its bundle.",
        "text:auth",
    ),
    Entry(
        "upload-key-store",
        CERTIFICATE,
        "Upload certificate with its key: signs what the country sends to the gateway.",
        "signed",
        private=True,
    ),
    _spring(
        f"{_CONNECTOR}.uploadKeyStore.alias",
        "Alias under which the Upload certificate is found in its bundle.",
        "text:upload",
    ),
    Entry(
        "dsc-key-store",
        CERTIFICATE,
        "Document signer certificate with its key: signs the certificates of citizens.",
        "signed",
        private=True,
    ),
    _spring(
        "issuance.certAlias",
        "Alias under which the document signer certificate is found in its bundle.",
        "text:dsc",
    ),
    _MYSQL_PASSWORD,
    _MYSQL_KEY,
    _AKS_KEY,
)

ITEMS: dict[str, tuple[Entry, ...]] = {"eu": EU, "ie": IE}
"""By region."""


@record()
class Purpose:
    """What a certificate is for, which says what its key is."""

    subject: str
    type: str
    """"RSA" or "EC"."""
    size: int
    usage: tuple[str, ...]
    months: int
    curve: str = ""
    extended: tuple[str, ...] = ()
    kept: bool = False
    """Nothing that runs needs its private key, which therefore never leaves the vault."""


SIGNER = "dsc-key-store"
"""The item whose key signs the certificates of citizens."""

PURPOSES: dict[str, Purpose] = {
    "trustanchor": Purpose(
        "DCC Trust Anchor", "RSA", 4096, ("cRLSign", "digitalSignature", "keyCertSign"), 48, kept=True
    ),
    "tls-key-store": Purpose(
        "National backend authentication", "RSA", 3072, ("digitalSignature",), 12, extended=("1.3.6.1.5.5.7.3.2",)
    ),
    "upload-key-store": Purpose("National backend upload", "RSA", 3072, ("digitalSignature",), 12),
    SIGNER: Purpose("Document signer", "EC", 256, ("digitalSignature",), 24, "P-256"),
}
"""By item. Source: EU DCC gateway, trust model: ECDSA on P-256 is the first choice of a document signer"""
