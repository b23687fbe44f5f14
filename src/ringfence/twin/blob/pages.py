"""One page of a list: where it starts, how long it is, and how the next is asked for."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from ringfence.record import record
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.xml import element, is_plain

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ringfence.twin.blob.call import Call

MOST = 5000


@record()
class Page:
    """What of a list is asked for."""

    prefix: str
    delimiter: str
    start: tuple[str, str]
    """The place of the first item: its name, and which of those that have it."""
    most: int
    include: frozenset[str]
    given: tuple[tuple[str, str], ...]

    def marker_at(self, name: str, which: str) -> str:
        """By what the page that begins there is asked for."""
        return base64.urlsafe_b64encode(json.dumps([name, which]).encode()).decode()

    def echo(self) -> list[Element]:
        """What was asked for, as the answer repeats it."""
        return [element(name, text) for name, text in self.given if is_plain(text)]


def page(call: Call) -> Page:
    """The page that a request asks for.

    Raises:
        StorageError: there is no such page.
    """
    query = call.query
    most = query.get("maxresults", "")
    if most and (not most.isdecimal() or not int(most[:9]) >= 1):
        raise StorageError("OutOfRangeQueryParameterValue", "maxresults")
    names = {"prefix": "Prefix", "marker": "Marker", "maxresults": "MaxResults", "delimiter": "Delimiter"}
    include = frozenset(filter(None, query.get("include", "").casefold().split(",")))
    start = _start(query.get("marker", "")) or (query.get("startfrom", ""), "")
    given = tuple((names[n], query[n]) for n in names if query.get(n))
    return Page(
        query.get("prefix", ""), query.get("delimiter", ""), start, min(int(most[:9] or MOST), MOST), include, given
    )


def _start(marker: str) -> tuple[str, str] | None:
    if not marker:
        return None
    try:
        name, which = json.loads(base64.urlsafe_b64decode(marker))
        return str(name), str(which)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise StorageError("OutOfRangeInput", "The marker is none of this list.") from None
