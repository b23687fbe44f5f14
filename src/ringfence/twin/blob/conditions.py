"""Conditional requests: by entity tag and by time.

Source: learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import record
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.times import from_http

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ringfence.twin.blob.things import Blob, Container


@record()
class Conditions:
    """What must hold for a request to be done."""

    match: str = ""
    none_match: str = ""
    modified_since: datetime | None = None
    unmodified_since: datetime | None = None

    def check(self, thing: Blob | Container | None, *, reads: bool) -> None:
        """They hold for what is there, or for there being nothing.

        Raises:
            StorageError: one does not: 304 where a read would bring nothing new, else 412; 409 where something is
                there that should not be.
        """
        if thing is None:
            if self.match and not reads:
                raise StorageError("ConditionNotMet", "There is nothing that If-Match could match.")
            return
        if self.match and not _matches(self.match, thing.etag):
            raise StorageError("ConditionNotMet", "If-Match names another entity tag.")
        modified = thing.modified.replace(microsecond=0)
        if self.unmodified_since is not None and modified > self.unmodified_since:
            raise StorageError("ConditionNotMet", "It was modified since.")
        if not self._is_new(thing.etag, modified):
            self._nothing_new(reads)

    def source(self, thing: Blob) -> None:
        """They hold for what is to be copied.

        Raises:
            StorageError: one does not.
        """
        try:
            self.check(thing, reads=False)
        except StorageError as error:
            raise StorageError("SourceConditionNotMet") from error

    def _is_new(self, etag: str, modified: datetime) -> bool:
        """Where both If-None-Match and If-Modified-Since are there, one of them is enough."""
        asked = []
        if self.none_match:
            asked.append(not _matches(self.none_match, etag))
        if self.modified_since is not None:
            asked.append(modified > self.modified_since)
        return any(asked) or not asked

    def _nothing_new(self, reads: bool) -> None:
        if reads:
            raise StorageError("ConditionNotMet", status=304)
        if self.none_match.strip() == "*":
            raise StorageError("BlobAlreadyExists")
        raise StorageError("ConditionNotMet", "If-None-Match or If-Modified-Since does not hold.")


def conditions(headers: Mapping[str, str], prefix: str = "") -> Conditions:
    """The conditions of a request; with the prefix ``x-ms-source-``, those on what is to be copied.

    Raises:
        StorageError: they cannot be read.
    """
    return Conditions(
        headers.get(f"{prefix}if-match", ""),
        headers.get(f"{prefix}if-none-match", ""),
        _moment(headers, f"{prefix}if-modified-since"),
        _moment(headers, f"{prefix}if-unmodified-since"),
    )


def _moment(headers: Mapping[str, str], name: str) -> datetime | None:
    text = headers.get(name, "")
    found = from_http(text) if text else None
    if text and found is None:
        raise StorageError("InvalidHeaderValue", f"{name} is no date.")
    return found


def _matches(wanted: str, etag: str) -> bool:
    bare = etag.strip('"')
    return any(one.strip().strip('"') in ("*", bare) for one in wanted.split(","))
