"""Operations on an account: its containers, its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.blob.described import container_item
from ringfence.twin.blob.pages import Page, page
from ringfence.twin.blob.settings import declared
from ringfence.twin.blob.xml import TYPE, document, element, elements
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.things import Container


async def list_containers(call: Call) -> Response:
    """The account's containers by name; deleted ones where they are asked for."""
    asked = page(call)
    found = [c for c in call.room.holdings.containers(call.account.key) if _is_asked(c, asked)]
    shown, more = found[: asked.most], found[asked.most :]
    items = [container_item(c, _public(call, c), call.now, asked.include) for c in shown]
    marker = asked.marker_at(more[0].name, more[0].version) if more else ""
    body = element(
        "EnumerationResults",
        *asked.echo(),
        element("Containers", *items),
        element("NextMarker", marker),
        ServiceEndpoint=endpoint(call),
    )
    return Response(200, document(body), (("Content-Type", TYPE),))


def _is_asked(container: Container, asked: Page) -> bool:
    there = container.deleted is None or "deleted" in asked.include
    return there and container.name.startswith(asked.prefix) and (container.name, container.version) >= asked.start


def _public(call: Call, container: Container) -> str:
    found = declared(call.room.ground.present.estate, call.account).get(container.name)
    return container.public or (found.public if found else "none")


def endpoint(call: Call) -> str:
    """Where the account answers."""
    return f"https://{call.request.host}/"


async def information(call: Call) -> Response:
    """What kind of account it is."""
    found = call.settings
    return Response(
        200,
        b"",
        (
            ("x-ms-sku-name", found.sku),
            ("x-ms-account-kind", found.kind),
            ("x-ms-is-hns-enabled", str(found.lake).lower()),
        ),
    )


async def service_properties(call: Call) -> Response:
    """What the estate says of the account's blob service; its logs go through diagnostic settings."""
    off = elements((("Version", "1.0"), ("Delete", "false"), ("Read", "false"), ("Write", "false")))
    body = element(
        "StorageServiceProperties",
        element("Logging", *off, _retention(0)),
        *(element(n, *elements((("Version", "1.0"), ("Enabled", "false"))), _retention(0)) for n in _METRICS),
        element("Cors"),
        _retention(call.settings.blob_days(), "DeleteRetentionPolicy"),
        element("StaticWebsite", element("Enabled", "false")),
    )
    return Response(200, document(body), (("Content-Type", TYPE),))


_METRICS = ("HourMetrics", "MinuteMetrics")


def _retention(days: int, name: str = "RetentionPolicy") -> Element:
    if not days:
        return element(name, element("Enabled", "false"))
    return element(name, element("Enabled", "true"), element("Days", str(days)))
