"""The oldest version of TLS that a door accepts: the resource says, or Azure does."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from ringfence.model.storage import StorageAccount
from ringfence.model.value import Absent, Known
from ringfence.model.web import Site

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

_NEWEST = ssl.TLSVersion.TLSv1_3
_VERSIONS = {
    "tls1_0": ssl.TLSVersion.TLSv1, "1.0": ssl.TLSVersion.TLSv1,
    "tls1_1": ssl.TLSVersion.TLSv1_1, "1.1": ssl.TLSVersion.TLSv1_1,
    "tls1_2": ssl.TLSVersion.TLSv1_2, "1.2": ssl.TLSVersion.TLSv1_2,
    "tls1_3": _NEWEST, "1.3": _NEWEST,
}  # fmt: skip
_FIELDS: tuple[tuple[type[Resource], str, str], ...] = (
    (StorageAccount, "", "minimum_tls_version"),
    (Site, "scm", "scm_min_tls_version"),
    (Site, "", "min_tls_version"),
)
"""By kind, and by door where doors differ: the field that says."""


def oldest(resource: Resource | None, door: str = "") -> ssl.TLSVersion:
    """The oldest version accepted; TLS 1.2 where the resource has no say, 1.3 where what it says is not known.

    Source: learn.microsoft.com/azure/key-vault/general/security-features (TLS 1.2 at least)
    """
    name = next((name for kind, of, name in _FIELDS if isinstance(resource, kind) and of in ("", door)), "")
    said = getattr(resource, name, None) if name else None
    if said is None:
        return ssl.TLSVersion.TLSv1_2
    value = said.value if isinstance(said, Known) else said.default if isinstance(said, Absent) else None
    return _VERSIONS.get(str(value).casefold(), _NEWEST)
