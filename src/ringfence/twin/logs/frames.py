"""Messages between the twin and the process that runs queries: a length, and JSON of so many bytes."""

from __future__ import annotations

import json
from typing import Any

SIZE = 8
"""Bytes of the length."""


def frame(content: Any) -> bytes:
    """The message as it is sent."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return len(body).to_bytes(SIZE, "big") + body


def raw(text: str) -> bytes:
    """A text that is JSON already, as it is sent."""
    body = text.encode()
    return len(body).to_bytes(SIZE, "big") + body


def length(head: bytes) -> int:
    """How many bytes follow."""
    return int.from_bytes(head, "big")
