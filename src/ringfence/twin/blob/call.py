"""One request, as the handlers see it: what it is about, who asks, when, and what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.record import replace
from ringfence.twin.blob.conditions import conditions
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.leases import permit
from ringfence.twin.blob.requester import Requester
from ringfence.twin.blob.settings import Settings, declared

if TYPE_CHECKING:
    from datetime import datetime

    from ringfence.model.storage import StorageAccount
    from ringfence.twin.blob.conditions import Conditions
    from ringfence.twin.blob.keys import Keys
    from ringfence.twin.blob.room import Room
    from ringfence.twin.blob.target import Target
    from ringfence.twin.blob.things import Blob, Container
    from ringfence.twin.message import Request

_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parameters(request: Request) -> dict[str, str]:
    """The parameters of a request by their names in lower case: clients write them in several ways."""
    return {name.casefold(): value for name, value in request.query.items()}


class Call:
    """A request to one account."""

    def __init__(
        self, room: Room, request: Request, account: StorageAccount, target: Target, version: str = ""
    ) -> None:
        """`version` is that of the request which it came in, where it says none itself."""
        self.room, self.request, self.account, self.target = room, request, account, target
        self.headers = request.headers
        self.query = parameters(request)
        self.settings = Settings(account)
        self.now: datetime = room.ground.now()
        self.requester = Requester("Anonymous")
        """Who asks; nobody in particular until that is known."""
        self.asked = ""
        """The operation's name, once it is known."""
        self.granted = False
        """Whoever asks may do what he asks for."""
        self.only_new = False
        """It is allowed only because nothing is there yet; somebody may put something there in the meantime."""
        self.version = self.headers.get("x-ms-version") or version or self.query.get("sv", "")
        if self.version and not self._is_version():
            details = (("HeaderName", "x-ms-version"), ("HeaderValue", self.version))
            raise StorageError("InvalidHeaderValue", "x-ms-version is no version.", details=details)

    def _is_version(self) -> bool:
        """Versions are called by days: one that lies years ahead is none."""
        return bool(_VERSION.fullmatch(self.version)) and int(self.version[:4]) <= self.now.year + 1

    @property
    def account_name(self) -> str:
        """The account's name; where the estate does not know it, that by which it was asked for."""
        return self.settings.name or self.request.host.partition(".")[0]

    @property
    def keys(self) -> Keys:
        """The keys of all accounts."""
        return self.room.keys

    @property
    def container_or_none(self) -> Container | None:
        """The container, if it is there."""
        return self.room.holdings.container(self.account.key, self.target.container)

    @property
    def container(self) -> Container:
        """The container.

        Raises:
            StorageError: it is not there.
        """
        found = self.container_or_none
        if found is None:
            raise StorageError("ContainerNotFound")
        return found

    @property
    def current(self) -> Blob | None:
        """The blob as it is now, if it is there."""
        container = self.container_or_none
        return self.room.holdings.shelf(container).base(self.target.blob) if container and self.target.blob else None

    @property
    def blob(self) -> Blob:
        """The blob, or the snapshot or version of it that is asked for.

        Raises:
            StorageError: it is not there, or deleted.
        """
        states = self.room.holdings.shelf(self.container).states(self.target.blob)
        wanted = self.query.get("snapshot") or self.query.get("versionid")
        kinds = ("snapshot",) if self.query.get("snapshot") else ("version", "base")
        found = (b for b in states if b.state in kinds and b.stamp == wanted) if wanted else iter([self.current])
        blob = next((b for b in found if b is not None and not b.deleted), None)
        if blob is None:
            raise StorageError("BlobNotFound")
        return blob

    @property
    def public(self) -> str:
        """Who reads what is in the container without signing in: "none", "blob" or "container"."""
        container = self.container_or_none
        if container is None:
            return "none"
        found = declared(self.room.ground.present.estate, self.account).get(container.name)
        return container.public or (found.public if found else "none")

    def policy(self, name: str) -> dict[str, Any] | None:
        """The container's stored access policy of that name, with the names of a signature's fields."""
        container = self.container_or_none
        return next((p for p in container.policies if p["id"] == name), None) if container else None

    def conditions(self, prefix: str = "") -> Conditions:
        """What must hold for it to be done."""
        return conditions(self.headers, prefix)

    def may_change(self, blob: Blob | None) -> None:
        """The blob, or its absence, is as the request demands, and nobody else has its lease.

        Who shows the lease of a blob knows that it is there: that it must not be counts for others only. So Azure's
        own clients expect it, whose tests have been run against Azure.

        Raises:
            StorageError: it is not so.
        """
        if self.only_new and blob is not None:
            raise StorageError("UnauthorizedBlobOverwrite")
        found = self.conditions()
        if blob is not None:
            given = self.headers.get("x-ms-lease-id", "")
            permit(blob.lease, given, self.now, writes=True, what="Blob")
            found = replace(found, none_match="") if given and found.none_match == "*" else found
        found.check(blob, reads=False)

    def may_read(self, blob: Blob) -> None:
        """The blob is as the request demands.

        Raises:
            StorageError: it is not.
        """
        self.conditions().check(blob, reads=True)
        permit(blob.lease, self.headers.get("x-ms-lease-id", ""), self.now, writes=False, what="Blob")

    def metadata(self) -> dict[str, str]:
        """The metadata that the request brings, by names as they were written.

        Raises:
            StorageError: it cannot be kept.
        """
        names = self.request.names
        found = {names.get(n, n)[10:]: v for n, v in self.headers.items() if n.startswith("x-ms-meta-")}
        if any(not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in found):
            raise StorageError("InvalidMetadata", "A name has letters, digits and underscores.")
        if sum(map(len, (*found, *found.values()))) > 8192:
            raise StorageError("InvalidMetadata", "It has 8 KiB at most.")
        return found
