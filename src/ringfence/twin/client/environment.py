"""The variables of a shell that stands at a place: through its proxy, trusting this run's authority and no other.

Both spellings of each proxy variable are set, since programs differ, and ``NO_PROXY`` is emptied: what it named would
go round the proxy.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_BUNDLES = (
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
)
"""Where programs look for authorities. ``SSL_CERT_FILE`` is read when a Python client is imported, so that it has to be
there before."""
_FOREIGN = ("AZURE_", "IDENTITY_", "MSI_", "ARM_")
"""What would sign in as somebody else than the one who stands here."""
_STORE_PASSWORD = "ringfence"
"""Of a trust store that holds one public certificate: Java wants one."""


@record(eq=False)
class Surroundings:
    """Variables, and the files that they name."""

    variables: dict[str, str]
    folder: Path


def surroundings(told: Mapping[str, Any], bundle: Path, folder: Path, outer: Mapping[str, str]) -> Surroundings:
    """What a command at the stand runs with: everything of the outer shell but other identities, and what is told.

    Files are written into `folder`, for their owner to read only.
    """
    variables = {n: v for n, v in outer.items() if not n.upper().startswith(_FOREIGN)}
    for name in _PROXIES:
        variables[name] = variables[name.lower()] = told["proxy"]
    variables["NO_PROXY"] = variables["no_proxy"] = ""
    variables |= dict.fromkeys(_BUNDLES, str(bundle))
    variables["JAVA_TOOL_OPTIONS"] = _java(told["proxy"], _trust_store(bundle, folder))
    variables["NODE_USE_ENV_PROXY"] = "1"
    files = folder / "files"
    _write(files, told["files"])
    variables |= {n: v.replace("{files}", str(files)) for n, v in told["variables"].items()}
    variables["RINGFENCE_PLACE"] = told["place"]
    return Surroundings(variables, files)


def _java(proxy: str, store: Path) -> str:
    """Source: docs.oracle.com/javase/8/docs/technotes/guides/net/proxies.html"""
    parts = urlsplit(proxy)
    options = {
        "http.proxyHost": parts.hostname,
        "http.proxyPort": parts.port,
        "https.proxyHost": parts.hostname,
        "https.proxyPort": parts.port,
        "http.nonProxyHosts": "",
        "jdk.http.auth.tunneling.disabledSchemes": "",
        "javax.net.ssl.trustStore": store,
        "javax.net.ssl.trustStorePassword": _STORE_PASSWORD,
    }
    return " ".join(f"-D{name}={value}" for name, value in options.items())


def _trust_store(bundle: Path, folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore

    path = folder / "trust.p12"
    held = PKCS12Certificate(x509.load_pem_x509_certificate(bundle.read_bytes()), b"ringfence")
    path.write_bytes(serialize_java_truststore([held], BestAvailableEncryption(_STORE_PASSWORD.encode())))
    return path


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Mounted files can be read and not written (EUDCC deep dives, 2.4)."""
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        path = folder / Path(name).name
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
