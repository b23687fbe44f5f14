"""What the handlers of the blob service share."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

from ringfence.record import record
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.settings import Settings
from ringfence.twin.seal import BrokenSealError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.storage import StorageAccount
    from ringfence.twin.blob.contents import Contents, Piece
    from ringfence.twin.blob.holdings import Holdings
    from ringfence.twin.blob.keys import Keys
    from ringfence.twin.blob.things import Block, Thing
    from ringfence.twin.ground import Ground


@record(eq=False)
class Room:
    """Everything that is kept, and how."""

    ground: Ground
    holdings: Holdings
    contents: Contents
    keys: Keys

    async def write(self, account: StorageAccount, data: bytes) -> Piece:
        """The bytes are on disk, sealed as the account says."""
        self.contents.ready(account.key, lambda: self.keys.data(account))
        two = Settings(account).two_layers
        return await asyncio.to_thread(self.contents.put, account.key, data, two=two)

    async def read(self, account: StorageAccount, blocks: Iterable[Block], start: int, end: int) -> bytes:
        """The bytes from `start` up to `end` of what the blocks hold together."""
        self.contents.ready(account.key, lambda: self.keys.data(account))
        parts = list(_overlaps(blocks, start, end))
        try:
            return await self._joined(account.key, parts)
        except FileNotFoundError:
            raise StorageError("BlobNotFound", "It was overwritten or deleted while it was read.") from None
        except BrokenSealError:
            why = "What is kept of it was changed on disk, and does not open."
            raise StorageError("OperationNotAllowed", why) from None

    async def _joined(self, account: str, parts: list[tuple[Piece, int, int]]) -> bytes:
        if len(parts) == 1:
            return await asyncio.to_thread(self.contents.get, account, *parts[0])
        whole = BytesIO()
        for part in parts:
            whole.write(await asyncio.to_thread(self.contents.get, account, *part))
        return whole.getvalue()

    def change(self, put: Iterable[Thing] = (), drop: Iterable[Thing] = ()) -> None:
        """All of it is done and on disk, or nothing; what nothing refers to any more is gone."""
        self.contents.drop(self.holdings.change(put, drop))


def _overlaps(blocks: Iterable[Block], start: int, end: int) -> Iterable[tuple[Piece, int, int]]:
    """The part of each piece that lies between `start` and `end`."""
    at = 0
    for block in blocks:
        size = block.piece.size
        first, last = max(start - at, 0), min(end - at, size)
        if first < last:
            yield block.piece, first, last
        at += size
