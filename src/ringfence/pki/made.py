"""All that EUDCC's vaults are filled from in a test: which file holds what.

The folder of a region is what its layer is given as ``certificates``; the file of an item is called as the item is.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from ringfence.errors import UsageError
from ringfence.pki.authority import issue
from ringfence.pki.bundles import bundle, pem, private, trust_store, vouched
from ringfence.pki.profile import PROFILES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ringfence.pki.authority import Issued

_ANCHOR, _TRUSTED = "dgcg_trust_anchor", {"auth": "AUTHENTICATION", "upload": "UPLOAD", "csca": "CSCA"}
_ITEMS = {"tls-key-store": "auth", "upload-key-store": "upload", "dsc-key-store": "dsc"}
"""The certificates of a country's vault, by the item that holds each."""
_STORES = {
    "trustanchor-content": "dgc-gateway-connector-trustanchor-password",
    "tls-trust-store-content": "dgc-gateway-connector-tlstruststore-password",
}
"""What a country trusts, by item, with the item of its password."""


def made(country: str, domains: Mapping[str, str], now: datetime) -> dict[str, bytes]:
    """The files of a country and of the gateway, by their paths.

    `domains` are the zones in which the regions' names are published, by the folder of the region.

    Raises:
        UsageError: the country is no two letters.
    """
    if not re.fullmatch("[A-Z]{2}", country):
        raise UsageError(f"{country!r} is not the code of a country", hint="Write two capital letters, such as IE.")
    issued: dict[str, Issued] = {}
    for name, profile in PROFILES.items():
        if name != "server":
            issued[name] = issue(
                profile, issued.get(profile.issuer), country=country if profile.issuer else "EU", now=now
            )
    files = {**_of_gateway(country, issued), **_of_country(country.lower(), issued)}
    for folder, domain in domains.items():
        files |= _server(folder, domain, issued["trust-anchor"], now)
    return files


def _issued(country: str, now: datetime) -> dict[str, Issued]:
    """All but those of servers, each signed by the one it names. The root is the EU's."""
    found: dict[str, Issued] = {}
    for name, profile in PROFILES.items():
        if name != "server":
            whose = country if profile.issuer else "EU"
            found[name] = issue(profile, found.get(profile.issuer), country=whose, now=now)
    return found


def _of_gateway(country: str, issued: Mapping[str, Issued]) -> dict[str, bytes]:
    """The root with its key, and whom the gateway is to trust: rows for its table of trusted parties."""
    root = issued["trust-anchor"]
    rows = [_trusted(country, kind, issued[name], root) for name, kind in _TRUSTED.items()]
    return {"eu/trustanchor.pfx": bundle(root), "eu/trusted-parties.json": json.dumps(rows, indent=2).encode() + b"\n"}


def _trusted(country: str, kind: str, one: Issued, root: Issued) -> dict[str, str]:
    der = one.certificate.public_bytes(Encoding.DER)
    return {
        "country": country,
        "certificate_type": kind,
        "thumbprint": one.certificate.fingerprint(hashes.SHA256()).hex(),
        "raw_data": base64.b64encode(der).decode(),
        "signature": base64.b64encode(vouched(one.certificate, root)).decode(),
    }


def _of_country(folder: str, issued: Mapping[str, Issued]) -> dict[str, bytes]:
    """What the country's vault is filled from, and its signing authority, which stays outside.

    It gets the certificate of the root and not the root's key: it has to check, and nothing to certify.
    """
    root = issued["trust-anchor"]
    found: dict[str, bytes] = {}
    for item, password_item in _STORES.items():
        password = secrets.token_urlsafe(24)
        found[f"{folder}/{item}.p12"] = trust_store({_ANCHOR: root.certificate}, password)
        found[f"{folder}/{password_item}.txt"] = f"{password}\n".encode()
    for item, name in _ITEMS.items():
        above = [issued[issued[name].profile.issuer]]
        found[f"{folder}/{item}.pfx"] = bundle(issued[name], above)
    return found | {f"{folder}-authority/csca.pfx": bundle(issued["csca"], [root])}


def _server(folder: str, domain: str, root: Issued, now: datetime) -> dict[str, bytes]:
    """The certificate of the names that a region publishes, for its ingress controller."""
    profile = PROFILES["server"]
    one = issue(profile, root, country=folder.upper(), now=now, names=(f"*.{domain}",))
    return {f"{folder}/server-certificate.pem": pem(one), f"{folder}/server-certificate.key": private(one)}
