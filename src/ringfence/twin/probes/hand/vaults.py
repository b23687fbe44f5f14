"""Secrets, keys and certificates, by the clients of Azure Key Vault as they are. No value leaves the hand."""

from __future__ import annotations

import base64
import hashlib
from threading import get_ident
from typing import TYPE_CHECKING, Any

from azure.core.rest import HttpRequest
from azure.keyvault.certificates import CertificateClient
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import (
    CryptographyClient,
    EncryptionAlgorithm,
    KeyWrapAlgorithm,
    SignatureAlgorithm,
)
from azure.keyvault.secrets import SecretClient

from ringfence.twin.probes.hand.failure import of_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.keyvault.keys import KeyVaultKey

    from ringfence.twin.probes.hand.clients import Clients

_VERSION = "api-version=7.4"
_PLAIN = b"ringfence canary, 32 bytes long."
_PRIVATE_TEXT, _PRIVATE_PARTS = b"PRIVATE KEY", ("d", "p", "q", "dp", "dq", "qi", "k")


def secrets(clients: Clients, words: dict[str, Any]) -> SecretClient:
    """The client for secrets of a vault."""
    found: SecretClient = _client(SecretClient, clients, words)
    return found


def keys(clients: Clients, words: dict[str, Any]) -> KeyClient:
    """The client for keys of a vault."""
    found: KeyClient = _client(KeyClient, clients, words)
    return found


def _client(kind: Any, clients: Clients, words: dict[str, Any]) -> Any:
    """One of each thread's own: a client of a vault forgets its token while another thread is about to show it."""
    url = f"https://{words['host']}"
    name = f"{kind.__name__} {url} {words['who']} {get_ident()}"
    return clients.once(name, lambda: kind(url, clients.credential(words["who"]), transport=clients.transport))


def _marked(words: dict[str, Any]) -> dict[str, Any]:
    """The id of the request, where a log is to be searched for it."""
    return {"request_id": words["mark"]} if "mark" in words else {}


# -- secrets


def get_secret(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A digest of the value, and whether it holds a private key."""
    return _told(secrets(clients, words).get_secret(words["name"], **_marked(words)))


def set_secret(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The secret has the value."""
    return _told(secrets(clients, words).set_secret(words["name"], words["value"]))


def delete_secret(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """It is deleted, and can be recovered until the day that is told."""
    found = secrets(clients, words).begin_delete_secret(words["name"]).result()
    until = found.scheduled_purge_date.isoformat() if found.scheduled_purge_date else ""
    return {"recovery": found.properties.recovery_level, "until": until}


def recover_secret(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A deleted one is there again."""
    secrets(clients, words).begin_recover_deleted_secret(words["name"]).wait()
    return {}


def purge_secret(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A deleted one is gone for good."""
    secrets(clients, words).purge_deleted_secret(words["name"])
    return {}


def _told(secret: Any) -> dict[str, Any]:
    value = (secret.value or "").encode()
    return {
        "digest": hashlib.sha256(value).hexdigest()[:16],
        "key": _PRIVATE_TEXT in value or _is_pfx(value, secret.properties.content_type or ""),
        "type": secret.properties.content_type or "",
    }


def _is_pfx(value: bytes, content_type: str) -> bool:
    """A bundle that opens and has a private key in it."""
    if "pkcs12" not in content_type:
        return False
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        return load_key_and_certificates(base64.b64decode(value), None)[0] is not None
    except ValueError:
        return False


# -- keys


def get_key(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """What is told of a key, and whether any private part is."""
    return _of_key(keys(clients, words).get_key(words["name"]))


def create_key(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A key of the vault's own making."""
    return _of_key(keys(clients, words).create_key(words["name"], words.get("type", "RSA-HSM"), **words["more"]))


def delete_key(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """It is deleted."""
    return {"recovery": keys(clients, words).begin_delete_key(words["name"]).result().properties.recovery_level}


def purge_key(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A deleted one is gone for good."""
    keys(clients, words).purge_deleted_key(words["name"])
    return {}


def release_key(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The key itself, for whoever it says may have it; the attestation is anybody's."""
    keys(clients, words).release_key(words["name"], words.get("attestation", "e30.e30.c2ln"))
    return {}


def backup_key(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A backup, and whether anything of a private key can be seen in it."""
    found = keys(clients, words).backup_key(words["name"])
    return {"bytes": len(found), "key": _PRIVATE_TEXT in found or b'"d":' in found or _is_der(found)}


def _is_der(content: bytes) -> bool:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        load_der_private_key(content, None)
    except (ValueError, TypeError):
        return False
    return True


def _of_key(key: KeyVaultKey) -> dict[str, Any]:
    material = key.key
    parts = [name for name in _PRIVATE_PARTS if getattr(material, name, None)]
    operations = sorted(getattr(one, "value", str(one)) for one in key.key_operations or ())
    return {"type": getattr(key.key_type, "value", str(key.key_type)), "operations": operations, "private": parts,
            "exportable": bool(key.properties.exportable)}  # fmt: skip


def operate(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """One operation with a key, in the vault.

    The private ones are done by the client for cryptography. The public ones that client would do by itself, with the
    public part that anybody may know: the vault is asked for them all the same.
    """
    return _OPERATIONS[words["operation"]](clients, words)


_NOT_FOUND = 404
_NO_VERSION = "0" * 32
"""Whoever may not read a key knows no version of it; the vault decides who asks before it looks for one."""


def _known_version(clients: Clients, words: dict[str, Any]) -> str:
    """The newest version, for one who may know it."""
    return str(keys(clients, words).get_key(words["name"]).properties.version)


def _cryptography(clients: Clients, words: dict[str, Any]) -> CryptographyClient:
    url = f"https://{words['host']}/keys/{words['name']}/{_known_version(clients, words)}"
    name = f"cryptography {url} {words['who']} {get_ident()}"
    return clients.once(
        name, lambda: CryptographyClient(url, clients.credential(words["who"]), transport=clients.transport)
    )


def _wrap(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    found = _asked(clients, words, "wrapkey", {"alg": "RSA-OAEP-256", "value": _text(_PLAIN)})
    return {"wrapped": found["value"]}


def _unwrap(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    if words.get("stranger"):
        _asked(clients, words, "unwrapkey", {"alg": "RSA-OAEP-256", "value": words["wrapped"]})
    wrapped = _bytes(words["wrapped"])
    found = _cryptography(clients, words).unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped)
    return {"same": found.key == _PLAIN}


def _encrypt(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    _asked(clients, words, "encrypt", {"alg": "RSA-OAEP-256", "value": _text(_PLAIN)})
    return {}


def _decrypt(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    _cryptography(clients, words).decrypt(EncryptionAlgorithm.rsa_oaep_256, _bytes(words["wrapped"]))
    return {}


def _sign(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    digest, algorithm = hashlib.sha256(_PLAIN).digest(), SignatureAlgorithm(words.get("algorithm") or "RS256")
    if words.get("stranger"):  # that client would first ask for the key, which is another question
        _asked(clients, words, "sign", {"alg": algorithm.value, "value": _text(digest)})
    else:
        _cryptography(clients, words).sign(algorithm, digest)
    return {}


def _verify(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    content = {"alg": "RS256", "digest": _text(hashlib.sha256(_PLAIN).digest()), "value": _text(bytes(256))}
    _asked(clients, words, "verify", content)
    return {}


_OPERATIONS: dict[str, Callable[[Clients, dict[str, Any]], dict[str, Any]]] = {
    "wrap": _wrap,
    "unwrap": _unwrap,
    "encrypt": _encrypt,
    "decrypt": _decrypt,
    "sign": _sign,
    "verify": _verify,
}


def _asked(clients: Clients, words: dict[str, Any], operation: str, content: dict[str, str]) -> Any:
    version = _NO_VERSION if words.get("stranger") else _known_version(clients, words)
    answer = _sent(clients, words, f"{version}/{operation}", content)
    if answer.status_code == _NOT_FOUND:  # so it may ask after all
        answer = _sent(clients, words, f"{_known_version(clients, words)}/{operation}", content)
    if answer.status_code != 200:
        raise of_json(answer.status_code, answer.headers, answer.content)
    return answer.json()


def _sent(clients: Clients, words: dict[str, Any], path: str, content: dict[str, str]) -> Any:
    url = f"/keys/{words['name']}/{path}?{_VERSION}"
    return keys(clients, words).send_request(HttpRequest("POST", url, json=content))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# -- certificates


def get_certificate(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The certificate is told, which has no private part."""
    client = _client(CertificateClient, clients, words)
    found = client.get_certificate(words["name"])
    policy = getattr(found, "policy", None)
    return {"exportable": getattr(policy, "exportable", None), "bytes": len(found.cer or b"")}
