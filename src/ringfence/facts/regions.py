"""The regions of Azure."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def names() -> tuple[str, ...]:
    """The regions by the names that Azure's API knows them by, such as ``uksouth``."""
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    return tuple(line.partition("\t")[0] for line in lines if not line.startswith("#"))
