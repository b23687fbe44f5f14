"""A stand: the local proxy of one place, which only those may use who have its token.

The token guards against mistakes, such as a client that was started for another place. It does not guard against the
same user, who can read it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.questions.place import Place

USER = "ringfence"


@record(eq=False, frozen=False)
class Stand:
    """Where clients of one place, or of one workload there, connect to."""

    name: str
    """What was asked for: the place or the workload."""
    place: Callable[[Estate], Place]
    """The place as an estate has it: each change makes another, in which its rules may be others.

    Raises UsageError where the estate has it no more.
    """
    workload: str = ""
    """The workload's key, "" when it is a place only."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    port: int = 0
    """On the loopback interface; 0 until it listens."""

    @property
    def proxy(self) -> str:
        """The proxy's address, token included."""
        return f"http://{USER}:{self.token}@127.0.0.1:{self.port}"

    def admits(self, authorization: str) -> bool:
        """The header carries this stand's token."""
        scheme, _, given = authorization.partition(" ")
        wanted = base64.b64encode(f"{USER}:{self.token}".encode()).decode()
        return scheme.casefold() == "basic" and hmac.compare_digest(given.strip().encode(), wanted.encode())
