"""The answers of custody: whose key each store is under, the chain to it, and what seals it."""

from ringfence.documents.ask.custody.rows import rows
from ringfence.documents.ask.custody.text import text

__all__ = ["IDENTITY", "rows", "text"]

IDENTITY = ("store", "part", "without")
"""What a row is known by, when the rows of two runs are compared."""
