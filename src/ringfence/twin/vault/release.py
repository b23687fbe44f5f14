"""Keys that may leave: made exportable, in hardware, with a policy that says to whom; every other key stays.

Nothing in the twin attests an environment, so no key is released; the refusal says which condition was not met.

Source: learn.microsoft.com/azure/key-vault/keys/policy-grammar; learn.microsoft.com/rest/api/keyvault/keys/release
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringfence.twin.vault import attributes, jwk
from ringfence.twin.vault.errors import bad, forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.twin.store import Row
    from ringfence.twin.vault.errors import VaultError

_TYPE = "application/json; charset=utf-8"
_LONGEST = 10_000
NOBODY = {"contentType": _TYPE, "immutable": False, "data": jwk.encoded(b'{"version":"1.0.0","anyOf":[]}')}
"""The policy of a key that is declared exportable: to whom is not declared."""


def policy(content: Mapping[str, Any], kind: jwk.Kind) -> dict[str, Any] | None:
    """The release policy of a new key; None when it is to stay.

    Raises:
        VaultError: it asks for one without the other.
    """
    exportable = attributes.mapping(content, "attributes").get("exportable")
    given = content.get("release_policy")
    if not exportable:
        if given is not None:
            raise bad("A release policy is for exportable keys.")
        return None
    if given is None:
        raise bad("An exportable key needs a release policy.")
    if not kind.hardware:
        raise bad("An exportable key is one in hardware: RSA-HSM or EC-HSM.")
    return _read(content)


def changed(row: Row, content: Mapping[str, Any]) -> dict[str, Any]:
    """The release policy that is to replace another.

    Raises:
        VaultError: the key is not exportable, or its policy was to stay as it is.
    """
    if not row["exportable"]:
        raise bad("A release policy is for exportable keys, and a key is exportable from the start or never.")
    if row["release"]["immutable"]:
        raise forbidden("The key's release policy is immutable.")
    return _read(content)


def refusal(row: Row, content: Mapping[str, Any]) -> VaultError:
    """Why a key is not released: it is not exportable, or nothing attests whoever asks."""
    if not row["exportable"]:
        return forbidden("The key is not exportable: its private part never leaves the vault.", "KeyNotExportable")
    attributes.text(content, "target", 1 << 20)
    return forbidden("The token is signed by no authority that the key's release policy names.", "ReleasePolicyNotMet")


def _read(content: Mapping[str, Any]) -> dict[str, Any]:
    given = attributes.mapping(content, "release_policy")
    data = jwk.decoded(given, "data", _LONGEST)
    try:
        found = json.loads(data)
    except ValueError:
        raise bad("The release policy is not JSON.") from None
    if not isinstance(found, dict) or not {"anyOf", "allOf"} & set(found):
        raise bad("The release policy says neither anyOf nor allOf.")
    return {"contentType": _TYPE, "immutable": bool(given.get("immutable")), "data": jwk.encoded(data)}
