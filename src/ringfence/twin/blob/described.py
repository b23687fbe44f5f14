"""Blobs and containers as headers and as XML.

Source: learn.microsoft.com/rest/api/storageservices/get-blob-properties, …/list-blobs, …/list-containers2
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import quote

from ringfence.twin.blob import leases
from ringfence.twin.blob.times import http
from ringfence.twin.blob.xml import element, elements, is_plain

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from ringfence.twin.blob.things import Blob, Container, Lease

Headers = list[tuple[str, str]]

CONTENT = ("Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition", "Cache-Control")
TYPE = "application/octet-stream"
_TIER = "Hot"


def written(blob: Blob) -> Headers:
    """What a client is told of a blob that it has written."""
    found = [("ETag", blob.etag), ("Last-Modified", http(blob.modified)), ("x-ms-request-server-encrypted", "true")]
    return [*found, *([("x-ms-version-id", blob.stamp)] if blob.stamp and blob.state == "base" else [])]


def properties(blob: Blob, now: datetime) -> Headers:
    """The blob's properties and metadata, but for its length and its MD5."""
    found: Headers = [
        ("ETag", blob.etag),
        ("Last-Modified", http(blob.modified)),
        ("Accept-Ranges", "bytes"),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-creation-time", http(blob.created)),
        ("x-ms-server-encrypted", "true"),
        ("x-ms-access-tier", blob.tier or _TIER),
        *([] if blob.tier else [("x-ms-access-tier-inferred", "true")]),
        *(leases.headers(blob.lease, now) if blob.state == "base" else ()),
        *((name, blob.headers[name]) for name in CONTENT if blob.headers.get(name)),
        *blob.copy.items(),
        *((f"x-ms-meta-{name}", value) for name, value in blob.metadata.items()),
    ]
    if blob.state == "snapshot":
        found.append(("x-ms-snapshot", blob.stamp))
    elif blob.stamp:
        found.append(("x-ms-version-id", blob.stamp))
        found += [("x-ms-is-current-version", "true")] if blob.state == "base" else []
    return [*found, *([("x-ms-tag-count", str(len(blob.tags)))] if blob.tags else [])]


def container_headers(container: Container, public: str, now: datetime) -> Headers:
    """The container's properties and metadata."""
    return [
        ("ETag", container.etag),
        ("Last-Modified", http(container.modified)),
        *leases.headers(container.lease, now),
        *([("x-ms-blob-public-access", public)] if public != "none" else []),
        ("x-ms-has-immutability-policy", "false"),
        ("x-ms-has-legal-hold", "false"),
        ("x-ms-immutable-storage-with-versioning-enabled", "false"),
        ("x-ms-default-encryption-scope", "$account-encryption-key"),
        ("x-ms-deny-encryption-scope-override", "false"),
        *((f"x-ms-meta-{name}", value) for name, value in container.metadata.items()),
    ]


def container_item(container: Container, public: str, now: datetime, include: Collection[str]) -> Element:
    """The container in a list."""
    found = elements((
        ("Last-Modified", http(container.modified)),
        ("Etag", container.etag),
        *_lease(container.lease, now),
        ("PublicAccess", public if public != "none" else None),
        ("HasImmutabilityPolicy", "false"),
        ("HasLegalHold", "false"),
        ("ImmutableStorageWithVersioningEnabled", "false"),
        ("DefaultEncryptionScope", "$account-encryption-key"),
        ("DenyEncryptionScopeOverride", "false"),
        *_gone(container.deleted, container.until, now),
    ))  # fmt: skip
    return element(
        "Container",
        element("Name", container.name),
        *elements([("Deleted", "true"), ("Version", container.version)] if container.deleted else []),
        element("Properties", *found),
        _metadata(container.metadata) if "metadata" in include else None,
    )


def blob_item(blob: Blob, now: datetime, include: Collection[str], *, only_versions: bool = False) -> Element:
    """The blob in a list."""
    marks = [("Deleted", "true")] if blob.deleted or only_versions else []
    if blob.state == "snapshot":
        marks.append(("Snapshot", blob.stamp))
    elif blob.stamp:
        marks.append(("VersionId", blob.stamp))
        marks += [("IsCurrentVersion", "true")] if blob.state == "base" else []
    return element(
        "Blob",
        name_of(blob.name),
        *elements(marks),
        element("Properties", *_blob_properties(blob, now, include)),
        _metadata(blob.metadata) if "metadata" in include else None,
        tags(blob.tags, "Tags") if "tags" in include and blob.tags else None,
        element("HasVersionsOnly", "true") if only_versions else None,
        element("DeletionId", blob.id) if blob.deleted else None,
    )


def name_of(name: str) -> Element:
    """A blob's name; encoded where XML could not hold it."""
    return element("Name", name) if is_plain(name) else element("Name", quote(name), Encoded="true")


def tags(tags_: dict[str, str], name: str) -> Element:
    """Tags as XML."""
    found = [element("Tag", element("Key", key), element("Value", value)) for key, value in tags_.items()]
    return element(name, element("TagSet", *found))


def _blob_properties(blob: Blob, now: datetime, include: Collection[str]) -> list[Element]:
    copy = [(n.removeprefix("x-ms-").title().replace("-", ""), v) for n, v in blob.copy.items()]
    return elements((
        ("Creation-Time", http(blob.created)),
        ("Last-Modified", http(blob.modified)),
        ("Etag", blob.etag.strip('"')),
        ("Content-Length", str(blob.size)),
        *((name, blob.headers.get(name)) for name in CONTENT),
        ("Content-MD5", blob.headers.get("Content-MD5")),
        ("BlobType", "BlockBlob"),
        ("AccessTier", blob.tier or _TIER),
        ("AccessTierInferred", None if blob.tier else "true"),
        *(_lease(blob.lease, now) if blob.state == "base" else ()),
        *(copy if "copy" in include else ()),
        ("ServerEncrypted", "true"),
        ("TagCount", str(len(blob.tags)) if blob.tags else None),
        *_gone(blob.deleted, blob.until, now),
    ))  # fmt: skip


def _lease(lease: Lease, now: datetime) -> list[tuple[str, str | None]]:
    return [(name.removeprefix("x-ms-").title().replace("-", ""), value) for name, value in leases.headers(lease, now)]


def _gone(deleted: datetime | None, until: datetime | None, now: datetime) -> list[tuple[str, str | None]]:
    """When it was deleted, and how many days it has left: whole ones, the one that has begun among them."""
    if deleted is None or until is None:
        return []
    left = math.ceil((until - now).total_seconds() / 86400)
    return [("DeletedTime", http(deleted)), ("RemainingRetentionDays", str(left))]


def _metadata(metadata: dict[str, str]) -> Element:
    return element("Metadata", *elements((name, value) for name, value in metadata.items() if is_plain(value)))
