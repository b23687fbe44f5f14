"""What every service stands on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.authority import Authority
    from ringfence.twin.entra.directory import Directory
    from ringfence.twin.entra.tokens import Tokens
    from ringfence.twin.folder import Folder
    from ringfence.twin.logs.journal import Journal
    from ringfence.twin.present import Present
    from ringfence.twin.store import Store


def _now() -> datetime:
    return datetime.now(UTC)


@record(eq=False)
class Ground:
    """The estate, the state, the directory, the log and the time."""

    present: Present
    folder: Folder
    store: Store
    directory: Directory
    tokens: Tokens
    journal: Journal
    authority: Authority
    now: Callable[[], datetime] = field(default=_now)
