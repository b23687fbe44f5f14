"""Which log categories a resource type can emit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ringfence.record import record


@record()
class Emitted:
    """What one type sends by diagnostic settings; None where it is not recorded."""

    type: str
    categories: tuple[str, ...] | None
    groups: tuple[str, ...] | None
    metrics: bool
    """It has platform metrics; their one category is called AllMetrics."""

    @property
    def audit(self) -> tuple[str, ...] | None:
        """What the group "audit" holds; None where that is not recorded.

        A type that has the group and one category can have only that in it. Of the others Microsoft's pages name the
        members for Key Vault alone: learn.microsoft.com/azure/key-vault/general/howto-logging.
        """
        if self.type.casefold() in _AUDIT:
            return _AUDIT[self.type.casefold()]
        has = self.groups is not None and "audit" in self.groups
        return self.categories if has and self.categories is not None and len(self.categories) == 1 else None


_AUDIT = {"microsoft.keyvault/vaults": ("AuditEvent",), "microsoft.keyvault/managedhsms": ("AuditEvent",)}


@cache
def _types() -> dict[str, Emitted]:
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    found: dict[str, Emitted] = {}
    for line in lines:
        if not line.startswith("#"):
            arm, categories, groups, metrics = line.split("\t")
            found[arm.casefold()] = Emitted(arm, _words(categories), _words(groups), metrics == "metrics")
    return found


def _words(cell: str) -> tuple[str, ...] | None:
    return None if cell == "?" else tuple(cell.split()) if cell != "-" else ()


def emitted(arm: str) -> Emitted | None:
    """What the type emits, without case; None when the type is not in the list."""
    return _types().get(arm.casefold())


def emits_logs(arm: str) -> bool:
    """True when the type has at least one category of resource logs, or groups of them."""
    found = emitted(arm)
    return found is not None and (bool(found.categories) or (found.categories is None and bool(found.groups)))
