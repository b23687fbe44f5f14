"""Lists of blobs: flat or by folders, with or without what they were before.

Source: learn.microsoft.com/rest/api/storageservices/list-blobs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.blob.account import endpoint
from ringfence.twin.blob.described import blob_item, name_of
from ringfence.twin.blob.pages import page
from ringfence.twin.blob.xml import TYPE, document, element
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.holdings import Shelf
    from ringfence.twin.blob.pages import Page
    from ringfence.twin.blob.things import Blob


async def list_blobs(call: Call) -> Response:
    """One page of the container's blobs."""
    container, asked = call.container, page(call)
    items: list[Element] = []
    marker = ""
    shelf = call.room.holdings.shelf(container)
    if "uncommittedblobs" in asked.include:
        shelf = call.room.holdings.with_staged(container, call.now)
    for place, item in _items(call, shelf, asked):
        if len(items) == asked.most:
            marker = asked.marker_at(*place)
            break
        items.append(item)
    body = element(
        "EnumerationResults",
        *asked.echo(),
        element("Blobs", *items),
        element("NextMarker", marker),
        ServiceEndpoint=endpoint(call),
        ContainerName=container.name,
    )
    return Response(200, document(body), (("Content-Type", TYPE),))


def _items(call: Call, shelf: Shelf, asked: Page) -> Iterator[tuple[tuple[str, str], Element]]:
    """The items from the page's start on, each with its place."""
    name = next(shelf.names(asked.start[0], asked.prefix), "")
    while name:
        folder = _folder(name, asked)
        if folder:
            inside = (blob for one in shelf.names(folder, folder) for blob in shelf.states(one))
            if any(_asked(blob, asked, shelf) for blob in inside):
                yield (folder, ""), element("BlobPrefix", name_of(folder))
            name = shelf.after(folder)
            name = name if name.startswith(asked.prefix) else ""
            continue
        for blob in shelf.states(name):
            if blob.place >= asked.start and _asked(blob, asked, shelf):
                only = blob.state == "version" and "deletedwithversions" in asked.include and not shelf.base(name)
                yield blob.place, blob_item(blob, call.now, asked.include, only_versions=only)
        name = next(shelf.names(name + "\0", asked.prefix), "")


def _folder(name: str, asked: Page) -> str:
    """The folder that a name is shown as, "" when it is shown itself."""
    if not asked.delimiter:
        return ""
    at = name.find(asked.delimiter, len(asked.prefix))
    return name[: at + len(asked.delimiter)] if at >= 0 else ""


def _asked(blob: Blob, asked: Page, shelf: Shelf) -> bool:
    """The state of a blob is one of those that are asked for."""
    include = asked.include
    if blob.deleted and "deleted" not in include and "deletedwithversions" not in include:
        return False
    if blob.state == "snapshot":
        return "snapshots" in include
    if blob.state == "version":
        return "versions" in include or _is_last(blob, asked, shelf)
    return True


def _is_last(blob: Blob, asked: Page, shelf: Shelf) -> bool:
    """The newest version of a blob that is deleted, which stands for it where such blobs are asked for."""
    if "deletedwithversions" not in asked.include or shelf.base(blob.name):
        return False
    versions = [b for b in shelf.states(blob.name) if b.state == "version"]
    return versions[-1] is blob
