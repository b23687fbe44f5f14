"""Blobs and containers, by the client of Azure Storage as it is; also as those would who must be refused."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from azure.storage.blob import BlobServiceClient

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients


def account(clients: Clients, words: dict[str, Any]) -> BlobServiceClient:
    """The client of an account: with a token, with a shared key, or, with neither, as anybody."""
    how = words.get("how", "token")
    name = f"blobs {words['host']} {how} {words['who']}"
    url = f"https://{words['host']}"
    made = lambda: BlobServiceClient(url, _credential(clients, words, how), transport=clients.transport)  # noqa: E731
    return clients.once(name, made)


def _credential(clients: Clients, words: dict[str, Any], how: str) -> Any:
    if how == "anonymous":
        return None
    if how == "shared key":
        name = words["host"].partition(".")[0]
        key = words.get("key") or base64.b64encode(hashlib.sha512(name.encode()).digest()).decode()
        return {"account_name": name, "account_key": key}
    return clients.credential(words["who"])


def _marked(words: dict[str, Any]) -> dict[str, Any]:
    """The id of the request, where a log is to be searched for it."""
    return {"client_request_id": words["mark"]} if "mark" in words else {}


def put_blob(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The blob has the content."""
    client = account(clients, words).get_blob_client(words["container"], words["name"])
    client.upload_blob(words["content"].encode(), overwrite=True, **_marked(words))
    return {}


def get_blob(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A digest of the content."""
    client = account(clients, words).get_blob_client(words["container"], words["name"])
    return {"digest": hashlib.sha256(client.download_blob(**_marked(words)).readall()).hexdigest()[:16]}


def list_blobs(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The names in a container."""
    client = account(clients, words).get_container_client(words["container"])
    return {"names": [one.name for one in client.list_blobs(name_starts_with=words.get("start"))]}


def list_containers(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The names of the account's containers."""
    return {"names": [one.name for one in account(clients, words).list_containers()]}


def make_container(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The container is there; with `public`, open to whoever asks."""
    account(clients, words).create_container(words["container"], public_access=words.get("public"))
    return {}


def delete_container(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The container is deleted."""
    account(clients, words).delete_container(words["container"])
    return {}


def restore_container(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The container that was deleted is there again, with what was in it."""
    client = account(clients, words)
    found = client.list_containers(name_starts_with=words["container"], include_deleted=True)
    version = next((one.version for one in found if one.deleted), "none")
    client.undelete_container(words["container"], str(version))
    return {}


def delete_blob(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """The blob is deleted."""
    account(clients, words).get_blob_client(words["container"], words["name"]).delete_blob(**_marked(words))
    return {}


def restore_blob(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """A deleted blob is there again: undeleted, or, where the account keeps versions, its last one made the newest.

    Source: learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview (soft delete and versioning)
    """
    client = account(clients, words).get_blob_client(words["container"], words["name"])
    client.undelete_blob()
    if not client.exists():
        container = account(clients, words).get_container_client(words["container"])
        found = [b for b in container.list_blobs(words["name"], include=["versions"]) if b.version_id]
        last = max(str(one.version_id) for one in found)
        client.start_copy_from_url(f"{client.url}?versionid={last}")
    return {}
