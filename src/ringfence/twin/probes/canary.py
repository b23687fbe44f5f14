"""Names and values of what a trial makes for itself."""

from __future__ import annotations

import secrets
import uuid

NAME = "ringfence-canary"
"""Of what cannot be purged: there is one at most."""


def fresh() -> str:
    """A word of letters and digits that is never told again."""
    return f"canary{secrets.token_hex(10)}"


def mark() -> str:
    """The id of a request, to find it by in a log."""
    return str(uuid.uuid4())
