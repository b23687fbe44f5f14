"""The operations of the blob service that are served: how they are told apart, and what each needs.

Source: learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory ("Permissions for Blob
service operations"), …/create-account-sas ("Blob service"), …/create-service-sas ("Permissions for a directory,
container, or blob"), …/storage-analytics-logged-operations-and-status-messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import record, replace
from ringfence.twin.blob.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Level: TypeAlias = Literal["service", "container", "object"]
Category: TypeAlias = Literal["StorageRead", "StorageWrite", "StorageDelete"]

_SERVICE = "Microsoft.Storage/storageAccounts/blobServices"
_BLOBS = f"{_SERVICE}/containers/blobs"


@record()
class Need:
    """An action of Azure's roles, of the data plane or not."""

    action: str
    data: bool


@record()
class Operation:
    """One operation."""

    name: str
    """As logs call it."""
    level: Level
    category: Category
    need: Need | None
    """What a role must have; None where no role gives it."""
    letters: str
    """Of a shared access signature: any of these is enough; "" where none is."""
    new: bool = False
    """A blob that is not there yet may also be made with ``add``."""
    creates: bool = False
    """A blob that is not there yet may also be made with the letter "c"."""
    anonymous: Literal["", "blob", "container"] = ""
    """From which public access on anybody may do it."""


ADD = Need(f"{_BLOBS}/add/action", True)

_NEEDS = {
    "info": Need(f"{_SERVICE}/getInfo/action", False),
    "service/read": Need(f"{_SERVICE}/read", False),
    "service/write": Need(f"{_SERVICE}/write", False),
    "delegate": Need(f"{_SERVICE}/generateUserDelegationKey/action", False),
    "containers/read": Need(f"{_SERVICE}/containers/read", False),
    "containers/write": Need(f"{_SERVICE}/containers/write", False),
    "containers/delete": Need(f"{_SERVICE}/containers/delete", False),
    "getAcl": Need(f"{_SERVICE}/containers/getAcl/action", False),
    "setAcl": Need(f"{_SERVICE}/containers/setAcl/action", False),
    "blobs/read": Need(f"{_BLOBS}/read", True),
    "blobs/write": Need(f"{_BLOBS}/write", True),
    "blobs/delete": Need(f"{_BLOBS}/delete", True),
    "tags/read": Need(f"{_BLOBS}/tags/read", True),
    "tags/write": Need(f"{_BLOBS}/tags/write", True),
}

_TABLE = """
service   GET  list               ListBlobContainers    R containers/read    l
service   GET  properties         GetBlobServiceProperties R service/read    r
service   GET  stats              GetBlobServiceStats   R service/read       r
service   POST userdelegationkey  GetUserDelegationKey  R delegate           -
service   GET  account            GetAccountInformation R info               racwdl
service   POST batch              BlobBatch             W containers/write   racwdl
container GET  -                  GetContainerProperties R containers/read   r    container
container PUT  -                  CreateContainer       W containers/write   wc
container DELETE -                DeleteContainer       D containers/delete  d
container GET  metadata           GetContainerMetadata  R containers/read    r    container
container PUT  metadata           SetContainerMetadata  W containers/write   w
container GET  acl                GetContainerACL       R getAcl             -
container PUT  acl                SetContainerACL       W setAcl             -
container PUT  lease              LeaseContainer        W containers/write   w
container PUT  undelete           RestoreContainer      W containers/write   w
container GET  list               ListBlobs             R blobs/read         l    container
container GET  account            GetAccountInformation R info               racwdl
container POST batch              BlobBatch             W containers/write   racwdl
object    GET  -                  GetBlob               R blobs/read         r    blob
object    HEAD -                  GetBlobProperties     R blobs/read         r    blob
object    PUT  -                  PutBlob               W blobs/write        w    new
object    PUT  put-from-url       PutBlobFromURL        W blobs/write        w    new
object    PUT  copy-from-url      CopyBlobFromURL       W blobs/write        w    new
object    PUT  copy-source        CopyBlob              W blobs/write        w    new
object    DELETE -                DeleteBlob            D blobs/delete       d
object    GET  metadata           GetBlobMetadata       R blobs/read         r    blob
object    PUT  metadata           SetBlobMetadata       W blobs/write        w
object    PUT  properties         SetBlobProperties     W blobs/write        w
object    PUT  lease              LeaseBlob             W blobs/write        w
object    PUT  snapshot           SnapshotBlob          W blobs/write        wc
object    PUT  undelete           UndeleteBlob          W containers/write   w
object    PUT  copy               AbortCopyBlob         W blobs/write        w
object    PUT  tier               SetBlobTier           W blobs/write        w
object    GET  tags               GetBlobTags           R tags/read          t
object    PUT  tags               SetBlobTags           W tags/write         t
object    PUT  block              PutBlock              W blobs/write        w    block
object    PUT  block-from-url     PutBlockFromURL       W blobs/write        w    block
object    PUT  blocklist          PutBlockList          W blobs/write        w    new
object    GET  blocklist          GetBlockList          R blobs/read         r    blob
object    GET  account            GetAccountInformation R info               racwdl
"""
"""Level, method, component, name in logs, category, what is needed, letters of a signature, and whom else it is for."""

_CATEGORIES: dict[str, Category] = {"R": "StorageRead", "W": "StorageWrite", "D": "StorageDelete"}


def _row(text: str) -> tuple[tuple[str, str, str], Operation]:
    level, method, component, name, category, need, letters, *more = text.split()
    public = next((m for m in more if m in ("blob", "container")), "")
    found = Operation(
        name,
        level,  # type: ignore[arg-type]  # the table has no other words
        _CATEGORIES[category],
        _NEEDS[need],
        letters.strip("-"),
        "new" in more,
        "new" in more or "block" in more,
        public,  # type: ignore[arg-type]
    )
    return (level, method, component if component != "-" else ""), found


_OPERATIONS = dict(map(_row, _TABLE.strip().splitlines()))
READ = _OPERATIONS["object", "GET", ""]
SET_TAGS = _OPERATIONS["object", "PUT", "tags"]
READ_TAGS = _OPERATIONS["object", "GET", "tags"]
DELETE_VERSION = replace(
    _OPERATIONS["object", "DELETE", ""], need=Need(f"{_BLOBS}/deleteBlobVersion/action", True), letters="x"
)


def operation_of(level: Level, method: str, component: str) -> Operation | None:
    """The operation; None when it is none that is served. HEAD is GET without a body."""
    found = _OPERATIONS.get((level, method, component))
    if found is None and method == "HEAD":
        return _OPERATIONS.get((level, "GET", component))
    return found


def also(operation: Operation, query: Mapping[str, str], headers: Mapping[str, str]) -> list[Operation]:
    """All that whoever asks must be allowed to do."""
    found = [DELETE_VERSION if operation.name == "DeleteBlob" and query.get("versionid") else operation]
    if headers.get("x-ms-tags") and operation.category == "StorageWrite":
        found.append(SET_TAGS)
    if operation.name == "ListBlobs" and "tags" in query.get("include", "").casefold().split(","):
        found.append(READ_TAGS)
    return found


def component_of(level: Level, method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The word by which operations of one level and method are told apart."""
    comp = query.get("comp", "").casefold()
    if query.get("restype", "").casefold() == "account" and comp == "properties":
        return "account"
    if level != "object" or method != "PUT" or "x-ms-copy-source" not in headers:
        return comp
    if comp == "block":
        return "block-from-url"
    if comp:
        return comp
    if "x-ms-blob-type" in headers:
        return "put-from-url"
    return "copy-from-url" if headers.get("x-ms-requires-sync", "").casefold() == "true" else "copy-source"


def demand_served(headers: Mapping[str, str]) -> None:
    """The request has nothing that would be passed over here: a condition, a key of its own, a form of its body.

    Raises:
        StorageError: it has.
    """
    found = next((name for name in _NOT_SERVED if headers.get(name)), "")
    if found:
        raise StorageError("NotImplemented", f"{found} is not served here.")


_NOT_SERVED = (
    "x-ms-encryption-key", "x-ms-encryption-scope", "x-ms-source-encryption-key", "x-ms-structured-body",
    "x-ms-immutability-policy-until-date", "x-ms-legal-hold", "x-ms-if-tags", "x-ms-source-if-tags",
    "x-ms-access-tier-if-modified-since", "x-ms-access-tier-if-unmodified-since",
)  # fmt: skip


def category_of(method: str) -> Category:
    """Which category a request falls into that is no operation."""
    return {"GET": "StorageRead", "HEAD": "StorageRead", "DELETE": "StorageDelete"}.get(method, "StorageWrite")  # type: ignore[return-value]
