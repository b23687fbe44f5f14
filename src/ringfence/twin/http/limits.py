"""How much and how slowly a client may send."""

from __future__ import annotations

from ringfence.record import record

HEAD = 32_768
"""Bytes of a request's line and headers: a token has 16 KiB at most."""
SMALL = 1 << 20
"""Bytes of a body where a service says nothing else."""


@record()
class Limits:
    """Seconds, but for the body."""

    body: int = SMALL
    head_seconds: float = 10
    """From a request's first byte to the end of its headers."""
    idle_seconds: float = 75
    """Between two requests of a connection."""
    body_seconds: float = 120
    """For a whole body."""
    handshake_seconds: float = 10
    send_seconds: float = 60
    """For a client to take what it is sent."""
    linger_seconds: float = 1
    """For the rest of a body that is refused."""


class Hold:
    """Bytes of bodies that all connections together hold: each has a limit, and so many of them come at once."""

    def __init__(self, most: int = 1 << 29) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        """There is room for so many more, which are held from now on."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give(self, size: int) -> None:
        """So many are held no more."""
        self._left += size
