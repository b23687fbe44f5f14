"""Somewhere in a storage account to put a canary: a declared container, or one that is made and deleted again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.subject import name_of

if TYPE_CHECKING:
    from ringfence.model.storage import StorageAccount
    from ringfence.twin.probes.trial import Trying
    from ringfence.twin.probes.who import Who

WRITE = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"


class Room:
    """A place to put blobs, for as long as it is entered."""

    who: Who
    """Somebody who may write there."""

    def __init__(self, trying: Trying, account: StorageAccount) -> None:
        self._trying = trying
        self._account = account
        self._made = False
        self.words: dict[str, Any] = {}
        """The host and the container."""

    async def __aenter__(self) -> Room:
        trying, subject = self._trying, self._trying.subject
        door = subject.door(self._account, "blob")
        at = subject.inside(door) if door is not None else ""
        found = [(c, subject.one_who_may(WRITE, c, at)) for c in subject.containers(self._account)]
        declared = next(((name_of(c), who) for c, who in found if who is not None), None)
        name, who = declared or (fresh(), subject.one_who_may(WRITE, self._account, at))
        trying.expect("somebody who may write blobs", who is not None, "the estate declares nobody")
        assert who is not None
        assert door is not None
        self.who, self.words = who, {"host": subject.host(door), "container": name}
        if declared is None:
            await trying.accepted(who, "make_container", **self.words)
            self._made = True
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._made:
            await self._trying.hands.do(self.who, "delete_container", **self.words)
