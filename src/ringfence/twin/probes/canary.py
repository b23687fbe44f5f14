"""Names and values of what a trial makes for itself, other ones in every run."""

from __future__ import annotations

import hashlib
import secrets

_RUN = secrets.token_hex(8)


def canary(*what: str) -> str:
    """A word of letters and digits: the same in one process for the same, never the same in two."""
    return "canary-" + hashlib.sha256("/".join((_RUN, *what)).encode()).hexdigest()[:20]


def fresh() -> str:
    """One that is never told again."""
    return f"canary-{secrets.token_hex(10)}"
