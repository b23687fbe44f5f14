"""The answers to "who may do what"."""

from ringfence.documents.ask.access.rows import rows
from ringfence.documents.ask.access.text import text

__all__ = ["IDENTITY", "rows", "text"]

IDENTITY = ("principal", "can", "on", "grant")
"""What a row is known by, when the rows of two runs are compared."""
