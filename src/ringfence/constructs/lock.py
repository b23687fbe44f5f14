"""A lock against deletion, for what cannot be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File


def locked(file: File, name: str, of: Declared, home: Home) -> Declared | None:
    """Nobody deletes the resource before he has removed the lock; None where nothing is locked.

    Source: CIS Microsoft Azure Foundations Benchmark 2.0.0, 10.1
    """
    if not home.locked:
        return None
    return file.resource(
        "azurerm_management_lock",
        name,
        name="keep",
        scope=of.id,
        lock_level="CanNotDelete",
        notes="Remove the lock only to take the platform down.",
    )
