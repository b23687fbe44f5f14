"""Operations on containers."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from ringfence.twin.blob import leases
from ringfence.twin.blob.described import container_headers
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.holdings import new_id
from ringfence.twin.blob.things import Container, Lease, replace
from ringfence.twin.blob.times import from_iso, http
from ringfence.twin.blob.xml import TYPE, MalformedXmlError, document, element, elements, read
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ringfence.twin.blob.call import Call

_ACCESS = {"": "none", "blob": "blob", "container": "container"}
_SCOPE = "$account-encryption-key"
_POLICY = {"st": "Start", "se": "Expiry", "sp": "Permission"}
_MOST_POLICIES = 5


def new_etag() -> str:
    """An entity tag that nothing has had."""
    return f'"0x8{secrets.token_hex(7).upper()}"'


async def create(call: Call) -> Response:
    """The container is there, and empty."""
    if call.container_or_none is not None:
        raise StorageError("ContainerAlreadyExists")
    if call.headers.get("x-ms-default-encryption-scope", _SCOPE) != _SCOPE:
        raise StorageError("NotImplemented", "Encryption scopes are not served here.")
    fields = (new_id(), call.account.key, call.target.container, new_etag(), call.now, call.metadata())
    made = Container(*fields, _access(call, ""))
    call.room.change([made])
    return _told(201, made)


async def properties(call: Call) -> Response:
    """The container's properties and metadata."""
    container = call.container
    _permit(call, container, writes=False)
    return Response(200, b"", tuple(container_headers(container, call.public, call.now)))


async def set_metadata(call: Call) -> Response:
    """The container has this metadata and no other."""
    container = call.container
    _permit(call, container, writes=False)
    call.conditions().check(container, reads=False)
    return _changed(call, replace(container, metadata=call.metadata()))


async def get_acl(call: Call) -> Response:
    """Who reads without signing in, and the stored access policies."""
    container = call.container
    _permit(call, container, writes=False)
    body = element("SignedIdentifiers", *(_shown(policy) for policy in container.policies))
    public = [("x-ms-blob-public-access", call.public)] if call.public != "none" else []
    told = _told(200, container)
    return Response(200, document(body), (*told.headers, *public, ("Content-Type", TYPE)))


def _shown(policy: dict[str, str]) -> Element:
    fields = elements((name, policy.get(field) or None) for field, name in _POLICY.items())
    told = element("AccessPolicy", *fields) if fields else None
    return element("SignedIdentifier", element("Id", policy["id"]), told)


async def set_acl(call: Call) -> Response:
    """The container has this public access and these policies, and no others."""
    container = call.container
    _permit(call, container, writes=False)
    call.conditions().check(container, reads=False)
    return _changed(call, replace(container, public=_access(call, "none"), policies=_policies(call)))


def _policies(call: Call) -> tuple[dict[str, str], ...]:
    if not call.request.body:
        return ()
    try:
        root = read(call.request.body)
    except MalformedXmlError:
        raise StorageError("InvalidXmlDocument") from None
    found = tuple(_policy(one) for one in root.iter("SignedIdentifier"))
    if len(found) > _MOST_POLICIES or any(not 0 < len(one["id"]) <= 64 for one in found):
        raise StorageError("InvalidXmlDocument", "A container has five policies at most, each with an id.")
    return found


def _policy(one: Element) -> dict[str, str]:
    found = {"id": one.findtext("Id", ""), **{f: one.findtext(f"AccessPolicy/{n}", "") for f, n in _POLICY.items()}}
    if any(found[name] and from_iso(found[name]) is None for name in ("st", "se")):
        raise StorageError("InvalidXmlDocument", "A policy's start or expiry is no time.")
    return found


async def lease(call: Call) -> Response:
    """What the request does to the container's lease is done."""
    container = call.container
    call.conditions().check(container, reads=False)
    found = leases.acted(container.lease, call.headers, call.now)
    call.room.change([replace(container, lease=found)])
    return leased(call, found, _told(200, container).headers)


def leased(call: Call, lease: Lease, headers: tuple[tuple[str, str], ...]) -> Response:
    """What a client is told of the lease that it acted on."""
    action = call.headers["x-ms-lease-action"].casefold()
    status = {"acquire": 201, "break": 202}.get(action, 200)
    if action == "break":
        more = [("x-ms-lease-time", str(leases.remaining(lease, call.now)))]
    else:
        more = [("x-ms-lease-id", lease.id)] if lease.id else []
    return Response(status, b"", (*headers, *more))


async def delete(call: Call) -> Response:
    """The container is not there any more; it can be brought back while its days last, with all that was in it."""
    container = call.container
    _permit(call, container, writes=True)
    call.conditions().check(container, reads=False)
    days = call.settings.container_days()
    if days:
        gone = {"deleted": call.now, "until": call.now + timedelta(days=days), "version": secrets.token_hex(8).upper()}
        call.room.change([replace(container, lease=Lease(), **gone)])
    else:
        call.room.change(drop=[*call.room.holdings.inside(container), container])
    return Response(202)


async def restore(call: Call) -> Response:
    """The deleted container is back, under the name that it had.

    Under another name it would be in a scope where its last owner may have given less away.
    """
    name = call.headers.get("x-ms-deleted-container-name", "")
    version = call.headers.get("x-ms-deleted-container-version", "")
    if name != call.target.container:
        raise StorageError("InvalidHeaderValue", "A container is restored under the name that it had.")
    there = call.room.holdings.containers(call.account.key)
    found = next((c for c in there if c.deleted and c.name == name and c.version == version), None)
    if found is None:
        raise StorageError("ContainerNotFound", "None of that name and version was deleted, or its days are over.")
    if call.container_or_none is not None:
        raise StorageError("ContainerAlreadyExists")
    back = replace(found, deleted=None, until=None, version="", modified=call.now, etag=new_etag())
    call.room.change([back])
    return _told(201, back)


def _access(call: Call, none: str) -> str:
    """The public access that is asked for; `none` where none is."""
    wanted = call.headers.get("x-ms-blob-public-access", "").casefold()
    if wanted not in _ACCESS:
        raise StorageError("InvalidHeaderValue", "x-ms-blob-public-access is neither container nor blob.")
    if wanted and not call.settings.anonymous:
        raise StorageError("PublicAccessNotPermitted")
    return _ACCESS[wanted] if wanted else none


def _permit(call: Call, container: Container, *, writes: bool) -> None:
    leases.permit(container.lease, call.headers.get("x-ms-lease-id", ""), call.now, writes=writes, what="Container")


def _changed(call: Call, container: Container) -> Response:
    changed = replace(container, etag=new_etag(), modified=call.now)
    call.room.change([changed])
    return _told(200, changed)


def _told(status: int, container: Container) -> Response:
    return Response(status, b"", (("ETag", container.etag), ("Last-Modified", http(container.modified))))
