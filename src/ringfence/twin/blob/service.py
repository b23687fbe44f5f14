"""The blob service: block blobs and their containers, as Azure's own clients ask for them."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from ringfence.model.storage import StorageAccount
from ringfence.twin.blob import (
    account,
    batch,
    blocks,
    containers,
    copying,
    delegation,
    deleting,
    listing,
    reading,
    writing,
)
from ringfence.twin.blob.call import Call, parameters
from ringfence.twin.blob.contents import Contents
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.holdings import Holdings, new_id
from ringfence.twin.blob.keys import Keys
from ringfence.twin.blob.logged import log
from ringfence.twin.blob.operations import also, component_of, demand_served, operation_of
from ringfence.twin.blob.requester import authorise, requester
from ringfence.twin.blob.room import Room
from ringfence.twin.blob.settings import declared, demand_own_key
from ringfence.twin.blob.target import target_of
from ringfence.twin.blob.things import Container
from ringfence.twin.blob.times import http, stamp, ticks
from ringfence.twin.blob.xml import TYPE
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringfence.twin.blob.operations import Level, Operation
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

_MADE = "blob/made"


async def _delegation(call: Call) -> Response:
    return delegation.give(call)


_HANDLERS: dict[str, Callable[[Call], Awaitable[Response]]] = {
    "ListBlobContainers": account.list_containers,
    "GetBlobServiceProperties": account.service_properties,
    "GetAccountInformation": account.information,
    "GetUserDelegationKey": _delegation,
    "CreateContainer": containers.create,
    "GetContainerProperties": containers.properties,
    "GetContainerMetadata": containers.properties,
    "SetContainerMetadata": containers.set_metadata,
    "GetContainerACL": containers.get_acl,
    "SetContainerACL": containers.set_acl,
    "LeaseContainer": containers.lease,
    "DeleteContainer": containers.delete,
    "RestoreContainer": containers.restore,
    "ListBlobs": listing.list_blobs,
    "GetBlob": reading.get_blob,
    "GetBlobProperties": reading.get_properties,
    "GetBlobMetadata": reading.get_metadata,
    "GetBlobTags": reading.get_tags,
    "GetBlockList": reading.get_block_list,
    "PutBlob": writing.put_blob,
    "PutBlock": blocks.put_block,
    "PutBlockList": blocks.put_block_list,
    "PutBlobFromURL": copying.put_from_url,
    "PutBlockFromURL": copying.put_block_from_url,
    "CopyBlob": copying.copy,
    "CopyBlobFromURL": copying.copy,
    "AbortCopyBlob": copying.abort,
    "SetBlobMetadata": writing.set_metadata,
    "SetBlobProperties": writing.set_properties,
    "SetBlobTags": writing.set_tags,
    "SetBlobTier": writing.set_tier,
    "SnapshotBlob": writing.snapshot,
    "LeaseBlob": writing.lease,
    "DeleteBlob": deleting.delete,
    "UndeleteBlob": deleting.undelete,
}


class Blobs:
    """The blob service of every storage account."""

    limit = reading.MOST

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.keys = Keys(ground.store)
        """The accounts' keys, for whoever may list them."""
        self._room = Room(ground, Holdings(ground.store), Contents(ground.folder.path), self.keys)

    async def begin(self) -> None:
        """What was kept is there, and what is declared; what a stop left half done is gone."""
        self._room.contents.open()
        self._room.holdings.load()
        self._room.contents.sweep(self._room.holdings.files())
        self._ground.present.listen(self._declare)
        self._declare()

    async def end(self) -> None:
        """Nothing is open: every change is on disk already."""

    async def answer(self, request: Request) -> Response:
        """One request's answer, written down."""
        door = request.visit.door
        found = self._ground.present.now(door.resource) if door else None
        if not isinstance(found, StorageAccount):
            error = StorageError("ResourceNotFound", "There is no such account.")
            return self._told(request, None, _refusal(self._ground, request, error))
        return await self._logged(found, request, _Turn())

    async def _logged(self, account: StorageAccount, request: Request, turn: _Turn) -> Response:
        try:
            response = await self._done(account, request, turn)
        except StorageError as error:
            response = _refusal(self._ground, request, error)
        response = self._told(request, turn.call, response)
        passed = (time.perf_counter() - turn.began) * 1000
        log(self._ground, account, request, response, turn.call, turn.operation, passed)
        return response

    async def _done(self, account: StorageAccount, request: Request, turn: _Turn) -> Response:
        """What comes of a request.

        Raises:
            StorageError: nothing, and why.
        """
        call = self._read(account, request, turn)
        if not request.visit.tls and call.settings.https_only:
            raise StorageError("AccountRequiresHttps")
        demand_own_key(self._ground.present.estate, account)
        self._room.contents.drop(self._room.holdings.expire(call.now))
        call.requester = requester(self._ground, call)
        handler = self._handler(turn.operation)
        if turn.operation is None or handler is None:
            raise StorageError("NotImplemented", "This is not served here.")
        demand_served(request.headers)
        for one in also(turn.operation, call.query, request.headers):
            authorise(self._ground, call, one)
        call.granted = True
        return await handler(call)

    def _read(self, account: StorageAccount, request: Request, turn: _Turn) -> Call:
        """What is asked for, as far as it can be read; the turn knows as much."""
        query = parameters(request)
        kind = query.get("restype", "").casefold()
        contained = kind == "container" or (kind == "account" and request.path.count("/") < 2)
        target = target_of(request.path, container=contained)
        call = turn.call = Call(self._room, request, account, target, turn.version)
        level: Level = "object" if target.blob else "container" if target.container else "service"
        component = component_of(level, request.method, query, request.headers)
        turn.operation = operation_of(level, request.method, component)
        call.asked = turn.operation.name if turn.operation else ""
        return call

    def _handler(self, operation: Operation | None) -> Callable[[Call], Awaitable[Response]] | None:
        if operation is None:
            return None
        return self._batch if operation.name == "BlobBatch" else _HANDLERS.get(operation.name)

    async def _batch(self, call: Call) -> Response:
        """The answers to the requests that are inside this one, in their order."""
        inside = batch.parts(call)
        answers = [(name, await self._logged(call.account, one, _Turn(call.version))) for name, one in inside]
        return batch.joined(answers)

    def _told(self, request: Request, call: Call | None, response: Response) -> Response:
        """The answer with what every answer has."""
        version = call.version if call else request.headers.get("x-ms-version", "")
        known = response.header("x-ms-request-id") or str(uuid.uuid4())
        given = request.headers.get("x-ms-client-request-id", "")
        more = [("x-ms-request-id", known), ("Date", http(self._ground.now()))]
        more += [("x-ms-version", version)] if version else []
        more += [("x-ms-client-request-id", given)] if given else []
        have = {name.casefold() for name, _ in response.headers}
        headers = (*response.headers, *((n, v) for n, v in more if n.casefold() not in have))
        return Response(response.status, response.body, headers)

    def _declare(self) -> None:
        """Every container that the estate declares has been made, once: one that was deleted stays so."""
        estate, store = self._ground.present.estate, self._ground.store
        for one in estate.of(StorageAccount):
            for name, found in declared(estate, one).items():
                mark = f"{found.resource.key} {name}"
                if store.get(_MADE, mark) is not None:
                    continue
                if self._room.holdings.container(one.key, name) is None:
                    now = self._ground.now()
                    self._room.change([Container(new_id(), one.key, name, containers.new_etag(), now, {})])
                store.put(_MADE, mark, {})


class _Turn:
    """How far a request has come, for the log."""

    def __init__(self, version: str = "") -> None:
        """`version` is that of the request that it came in, where it came in one."""
        self.began = time.perf_counter()
        self.version = version
        self.call: Call | None = None
        self.operation: Operation | None = None


def _refusal(ground: Ground, request: Request, error: StorageError) -> Response:
    """An error as a client is told of it; where it gets no body, by headers alone."""
    known = str(uuid.uuid4())
    bodiless = request.method == "HEAD" or error.status == 304
    body = b"" if bodiless else error.body(known, stamp(ticks(ground.now())))
    kind = () if bodiless else (("Content-Type", TYPE),)
    head = (("x-ms-error-code", error.code), ("x-ms-request-id", known), *kind, *error.headers)
    return Response(error.status, body, head)
