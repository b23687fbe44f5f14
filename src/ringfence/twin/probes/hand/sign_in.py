"""Signing in, and nothing more."""

from __future__ import annotations

import base64
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import requests

from ringfence.twin.network.names import IMDS
from ringfence.twin.probes.hand.clients import new_credential
from ringfence.twin.probes.hand.failure import RefusedError

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients

_TOLD = ("oid", "appid", "tid", "aud", "idp", "iss")
_CLIENTS = (
    "azure-identity", "azure-keyvault-secrets", "azure-keyvault-keys", "azure-keyvault-certificates",
    "azure-storage-blob", "azure-monitor-query", "azure-core", "PyMySQL", "requests",
)  # fmt: skip


def sign_in(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """Who a token for the scope says that one is, and for how many seconds."""
    credential = new_credential(words["who"]) if words.get("new") else clients.credential(words["who"])
    token = credential.get_token(words["scope"])
    body = token.token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    seconds = int(claims["exp"]) - int(claims["iat"])
    return {name: claims[name] for name in _TOLD if name in claims} | {"seconds": seconds}


def metadata_token(_: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """What the metadata service gives to whoever asks here, as code without a client asks.

    Raises:
        RefusedError: it gives nothing.
    """
    query = {"api-version": "2018-02-01", "resource": words["resource"]}
    if words.get("client"):
        query["client_id"] = words["client"]
    url = f"http://{IMDS}/metadata/identity/oauth2/token"
    answer = requests.get(url, query, headers={"Metadata": "true"}, timeout=10)
    if answer.status_code != 200:
        content = answer.json()
        raise RefusedError(answer.status_code, str(content.get("error", "")), "sign-in",
                           str(content.get("error_description", ""))[:400])  # fmt: skip
    return {"client": answer.json().get("client_id", "")}


def versions(_: Clients, __: dict[str, Any]) -> dict[str, str]:
    """The clients and their versions."""
    return {name: version(name) for name in _CLIENTS}
