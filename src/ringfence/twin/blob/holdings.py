"""Everything that the accounts hold, in memory for finding and in the sealed state for keeping.

A change is in the state before it is in memory, and both before a client hears of it. What was deleted goes for good
when its days are over, whoever asks next.
"""

from __future__ import annotations

import heapq
import secrets
from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

from ringfence.twin.blob import things
from ringfence.twin.blob.things import Blob, Container, Staged, Thing, as_row
from ringfence.twin.blob.times import from_iso, stamp, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ringfence.twin.store import Store

_CONTAINERS, _BLOBS, _STAGED = "blob/containers", "blob/blobs", "blob/staged"


class Holdings:
    """Containers by account and name, blobs by container and name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._containers: dict[str, Container] = {}
        self._blobs: dict[str, Shelf] = {}
        self._staged: dict[tuple[str, str], dict[str, Staged]] = {}
        self._ends: list[tuple[datetime, str, str]] = []
        self._last = 0

    def load(self) -> None:
        """What was kept is here."""
        for _, row in self._store.rows(_CONTAINERS):
            self._place(things.container(row))
        for _, row in self._store.rows(_BLOBS):
            self._place(things.blob(row))
        for _, row in self._store.rows(_STAGED):
            self._place(things.staged(row))

    # -- finding

    def container(self, account: str, name: str) -> Container | None:
        """The container that has the name now."""
        found = (c for c in self._containers.values() if c.account == account and c.name == name and not c.deleted)
        return next(found, None)

    def containers(self, account: str) -> list[Container]:
        """All of an account, deleted ones among them, by name."""
        found = (c for c in self._containers.values() if c.account == account)
        return sorted(found, key=lambda c: (c.name, c.version))

    def shelf(self, container: Container) -> Shelf:
        """The container's blobs."""
        return self._blobs.setdefault(container.id, Shelf())

    def staged(self, container: Container, name: str) -> dict[str, Staged]:
        """The blocks of a blob that it does not have yet, by their ids, in the order in which they came."""
        return self._staged.get((container.id, name), {})

    def with_staged(self, container: Container, now: datetime) -> Shelf:
        """The container's blobs, and empty ones for those of which only blocks are there."""
        found = Shelf()
        for blob in self.shelf(container):
            found.add(blob)
        for key, name in self._staged:
            if key == container.id and found.base(name) is None:
                found.add(Blob(new_id(), container.account, key, name, "base", (), "", now, now, {}, {}))
        return found

    def files(self) -> set[str]:
        """All files that something refers to."""
        blobs = (blob for shelf in self._blobs.values() for blob in shelf)
        found = {block.piece.file for blob in blobs for block in blob.blocks}
        return found | {one.block.piece.file for blocks in self._staged.values() for one in blocks.values()}

    # -- changing

    def stamp(self, now: datetime) -> str:
        """A name for a version or a snapshot: the moment, or the next that no other is called by."""
        self._last = max(ticks(now), self._last + 1)
        return stamp(self._last)

    def change(self, put: Iterable[Thing] = (), drop: Iterable[Thing] = ()) -> set[str]:
        """All of it is done, or nothing: what is put replaces what has its id. Gives the files that nothing has now."""
        put, drop = list(put), list(drop)
        with self._store.together():
            for one in drop:
                self._store.delete(*_key(one))
            for one in put:
                self._store.put(*_key(one), as_row(one))
        replaced = [one for one in map(self._current, put) if one is not None]
        before = {file for one in (*drop, *replaced) for file in _files(one)}
        for one in drop:
            self._remove(one)
        for one in put:
            old = self._current(one)
            if old is not None:
                self._remove(old)
            self._place(one)
        return before - self._still(before, (*put, *drop))

    def expire(self, now: datetime) -> set[str]:
        """What was to be kept until now is gone; gives the files that nothing has now."""
        gone: list[Thing] = []
        while self._ends and self._ends[0][0] <= now:
            until, bucket, key = heapq.heappop(self._ends)
            one = self._find(bucket, key)
            if one is not None and one.until == until:
                gone += self._whole(one)
        return self.change(drop=gone) if gone else set()

    def inside(self, container: Container) -> list[Blob | Staged]:
        """All that is in a container, for when it goes."""
        staged = [s for (c, _), blocks in self._staged.items() if c == container.id for s in blocks.values()]
        return [*self.shelf(container), *staged]

    def _whole(self, one: Thing) -> list[Thing]:
        return [*self.inside(one), one] if isinstance(one, Container) else [one]

    def _still(self, files: set[str], changed: Iterable[Thing]) -> set[str]:
        """Those of the files that something has still: another state of the same blob, or a block of it."""
        found: set[str] = set()
        for container, name in {(c.container, c.name) for c in changed if not isinstance(c, Container)}:
            for blob in self._blobs.get(container, Shelf()).states(name):
                found.update(_files(blob))
            for one in self._staged.get((container, name), {}).values():
                found.update(_files(one))
        return found & files

    def _find(self, bucket: str, key: str) -> Thing | None:
        if bucket == _CONTAINERS:
            return self._containers.get(key)
        if bucket == _BLOBS:
            return next((b for shelf in self._blobs.values() for b in shelf.by_id(key)), None)
        return next((s for blocks in self._staged.values() for s in blocks.values() if s.key == key), None)

    def _current(self, one: Thing) -> Thing | None:
        if isinstance(one, Container):
            return self._containers.get(one.id)
        if isinstance(one, Blob):
            return next(self._blobs.get(one.container, Shelf()).by_id(one.id), None)
        return self._staged.get((one.container, one.name), {}).get(one.block.id)

    def _place(self, one: Thing) -> None:
        if isinstance(one, Container):
            self._containers[one.id] = one
        elif isinstance(one, Blob):
            self._blobs.setdefault(one.container, Shelf()).add(one)
            moment = from_iso(one.stamp)
            self._last = max(self._last, ticks(moment) + 9 if moment else 0)
        else:
            self._staged.setdefault((one.container, one.name), {})[one.block.id] = one
        if one.until is not None:
            heapq.heappush(self._ends, (one.until, *_key(one)))

    def _remove(self, one: Thing) -> None:
        if isinstance(one, Container):
            self._containers.pop(one.id, None)
        elif isinstance(one, Blob):
            self._blobs.setdefault(one.container, Shelf()).remove(one)
        else:
            blocks = self._staged.get((one.container, one.name), {})
            blocks.pop(one.block.id, None)
            if not blocks:
                self._staged.pop((one.container, one.name), None)


class Shelf:
    """The blobs of one container, in the order of their names."""

    def __init__(self) -> None:
        self._states: dict[str, list[Blob]] = {}
        self._names: list[str] = []
        self._ids: dict[str, Blob] = {}

    def __iter__(self) -> Iterator[Blob]:
        return iter(list(self._ids.values()))

    def base(self, name: str) -> Blob | None:
        """The blob that has the name now; None when it is deleted."""
        return next((b for b in self._states.get(name, ()) if b.state == "base" and not b.deleted), None)

    def states(self, name: str) -> list[Blob]:
        """All that had the name, the oldest first."""
        return list(self._states.get(name, ()))

    def by_id(self, key: str) -> Iterator[Blob]:
        """The blob with the id, if there is one."""
        return iter([self._ids[key]] if key in self._ids else [])

    def names(self, start: str, prefix: str) -> Iterator[str]:
        """The names that begin so, from `start` on."""
        at = bisect_left(self._names, max(start, prefix))
        while at < len(self._names) and self._names[at].startswith(prefix):
            yield self._names[at]
            at += 1

    def after(self, prefix: str) -> str:
        """The first name behind all that begin so, "" when there is none."""
        at = bisect_right(self._names, prefix, key=lambda name: name[: len(prefix)])
        return self._names[at] if at < len(self._names) else ""

    def add(self, blob: Blob) -> None:
        """The blob is on the shelf."""
        if blob.name not in self._states:
            self._states[blob.name] = []
            insort(self._names, blob.name)
        insort(self._states[blob.name], blob, key=lambda b: b.place)
        self._ids[blob.id] = blob

    def remove(self, blob: Blob) -> None:
        """The blob is not on the shelf."""
        self._ids.pop(blob.id, None)
        left = [b for b in self._states.get(blob.name, ()) if b.id != blob.id]
        if left:
            self._states[blob.name] = left
        elif self._states.pop(blob.name, None) is not None:
            del self._names[bisect_left(self._names, blob.name)]


def new_id() -> str:
    """An id that nothing has."""
    return secrets.token_hex(12)


def _key(one: Thing) -> tuple[str, str]:
    if isinstance(one, Container):
        return _CONTAINERS, one.id
    return (_BLOBS, one.id) if isinstance(one, Blob) else (_STAGED, one.key)


def _files(one: Thing) -> set[str]:
    if isinstance(one, Container):
        return set()
    blocks = one.blocks if isinstance(one, Blob) else (one.block,)
    return {block.piece.file for block in blocks}
