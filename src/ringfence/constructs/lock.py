"""A lock against deletion, for what cannot be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.register import Relaxation

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File

LOCK = "azurerm_management_lock"
"""What a resource has not, of which a relaxation names no argument."""

CRITICAL = (
    "azurerm_cosmosdb_account",
    "azurerm_key_vault",
    "azurerm_log_analytics_workspace",
    "azurerm_mssql_server",
    "azurerm_mysql_flexible_server",
    "azurerm_storage_account",
)
"""What cannot be made again from its declaration: the item asks for its lock. The rest is locked all the same."""

NOTES = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."


def locked(file: File, name: str, of: Declared, home: Home) -> Declared | None:
    """Nobody deletes the resource before he has removed the lock; None where nothing is locked.

    The lock holds for what is in the resource and on it too: roles, diagnostic settings, databases.

    Source: CIS Microsoft Azure Foundations Benchmark 2.0.0, 10.1, and
    learn.microsoft.com/azure/azure-resource-manager/management/lock-resources (considerations)
    """
    if not home.locked:
        if home.unlocked_by:
            unlocked(of, home.unlocked_by)
        return None
    return file.resource(
        LOCK,
        name,
        name="keep",
        scope=of.id,
        lock_level="CanNotDelete",
        notes=NOTES,
    )


def unlocked(of: Declared, switch: str) -> None:
    """The register says by which switch the resource has no lock."""
    why, items = "whoever may delete it deletes it at once", ("10.1",) if of.type in CRITICAL else ()
    of.file.layer.register.relaxations.append(Relaxation(switch, of.key, LOCK, items, why))
