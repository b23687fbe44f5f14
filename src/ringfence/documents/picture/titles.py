"""The pictures that belong to a document."""

from __future__ import annotations

TITLES = {"network": "What the internet reaches", "custody": "Whose key"}
"""By the end of their file's name."""
