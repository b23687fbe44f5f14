"""What an account holds: containers, blobs and their earlier states, blocks that no blob has yet, leases."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from ringfence.record import field, record, replace
from ringfence.twin.blob.contents import Piece

State: TypeAlias = Literal["base", "version", "snapshot"]
Row = dict[str, Any]


@record()
class Lease:
    """Who alone may write: "" for nobody. Its state follows from these and the time."""

    id: str = ""
    seconds: int = 0
    """How long it was taken for; -1 for ever."""
    until: datetime | None = None
    """When it expires; None for never."""
    broken: datetime | None = None
    """From when on it is broken."""


@record()
class Block:
    """A block of a blob: its id in Base64, and its piece. The only one of a blob that was put whole has no id."""

    id: str
    piece: Piece


@record(eq=False)
class Container:
    """A container, there or deleted."""

    id: str
    account: str
    """The account's key in the estate."""
    name: str
    etag: str
    modified: datetime
    metadata: dict[str, str]
    public: str = ""
    """"none", "blob" or "container" where somebody has set it; "" where what is declared decides."""
    policies: tuple[Row, ...] = ()
    """Stored access policies: id, start, expiry, permission."""
    lease: Lease = field(default_factory=Lease)
    deleted: datetime | None = None
    until: datetime | None = None
    """Of a deleted one: until when it can be brought back."""
    version: str = ""
    """Of a deleted one: which of those that had the name it is."""


@record(eq=False)
class Blob:
    """A blob as it is, or as it was: an earlier version, a snapshot, or one that was deleted."""

    id: str
    account: str
    container: str
    """The container's id."""
    name: str
    state: State
    blocks: tuple[Block, ...]
    etag: str
    created: datetime
    modified: datetime
    headers: dict[str, str]
    """Its content's own, such as ``Content-Type``."""
    metadata: dict[str, str]
    stamp: str = ""
    """The version's id, or the snapshot's; "" for a blob that has no version."""
    lease: Lease = field(default_factory=Lease)
    tags: dict[str, str] = field(default_factory=dict)
    copy: dict[str, str] = field(default_factory=dict)
    """The last copy that made it: headers of its outcome."""
    tier: str = ""
    """Where somebody has set it."""
    deleted: datetime | None = None
    until: datetime | None = None
    """Of a deleted one: until when it can be brought back."""

    @property
    def size(self) -> int:
        """Bytes of its content."""
        return sum(block.piece.size for block in self.blocks)

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in a list: by name, then by age; what is there now comes last."""
        return self.name, "~" if self.state == "base" else self.stamp


@record(eq=False)
class Staged:
    """A block that was put and that no blob has yet."""

    key: str
    """Of its row."""
    account: str
    container: str
    name: str
    block: Block
    until: datetime
    """It is forgotten then."""


Thing: TypeAlias = Container | Blob | Staged

_RECORDS = {"lease": Lease, "block": Block, "piece": Piece}
_MOMENTS = ("until", "broken", "modified", "deleted", "created")


def as_row(thing: Any) -> Row:
    """A record as JSON."""
    return {name: _plain(getattr(thing, name)) for name in thing.__match_args__}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return as_row(value) if hasattr(value, "__match_args__") else value


def container(row: Row) -> Container:
    """A container from its row."""
    return Container(**_read(row) | {"policies": tuple(row["policies"])})


def blob(row: Row) -> Blob:
    """A blob from its row."""
    return Blob(**_read(row) | {"blocks": tuple(Block(**_read(one)) for one in row["blocks"])})


def staged(row: Row) -> Staged:
    """A block from its row."""
    return Staged(**_read(row))


def _read(row: Row) -> Row:
    found: Row = {}
    for name, value in row.items():
        if name in _RECORDS:
            found[name] = _RECORDS[name](**_read(value))
        elif name in _MOMENTS and value is not None:
            found[name] = datetime.fromisoformat(value)
        else:
            found[name] = value
    return found


__all__ = [
    "Blob", "Block", "Container", "Lease", "Piece", "Row", "Staged", "State",
    "as_row", "blob", "container", "replace", "staged",
]  # fmt: skip
