"""A small benchmark with two checks on vaults, so that adherence is tested apart from what checks there are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ringfence.adherence.assessment import Assessment, Judged, assess
from ringfence.benchmarks.benchmark import Benchmark, Item
from ringfence.checks.check import Check
from ringfence.model.judge import at_least, is_on
from ringfence.model.keyvault import KeyVault
from tests.support import declare, estate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.adherence.decisions import Decision
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Verdict

TODAY = date(2026, 6, 1)


def _purge(vault: KeyVault) -> Verdict:
    """Deleted keys stay recoverable."""
    return is_on(vault.enable_purge_protection)


def _retention(vault: KeyVault) -> Verdict:
    """Deleted keys are kept for at least 30 days."""
    return at_least(vault.soft_delete_retention_in_days, 30)


PURGE = Check("lab-purge", KeyVault, "high", "Set purge_protection_enabled = true.", _purge)
RETENTION = Check("lab-retention", KeyVault, "low", "Set soft_delete_retention_days = 90.", _retention)

ITEMS = (
    Item("8.5", "The vault is recoverable", "Key Vault", 1, "automated", ("lab-purge", "lab-retention"), ""),
    Item("8.9", "Vaults keep what is deleted", "Key Vault", 2, "automated", ("lab-retention",), ""),
    Item("2.1.1", "Defender watches the servers", "Defender", 2, "manual", (), "subscription"),
    Item("1.4", "Guests are reviewed", "Identity", 1, "manual", (), "signature"),
)
BENCHMARK = Benchmark("lab-1.0", "Lab Benchmark v1.0", {item.id: item for item in ITEMS})


def vaults(world: str = "prod", **settings: dict[str, Any]) -> Estate:
    """An estate of vaults: ``vaults(kv={"purge_protection_enabled": True})``."""
    declared = [declare(f"azurerm_key_vault.{n}", **{"name": f"{n}-{world}", **s}) for n, s in settings.items()]
    return estate(*declared, world=world)


def judged(found: Estate) -> Judged:
    verdicts = [(c, v, c.verdict(v, found)) for c in (PURGE, RETENTION) for v in found.of(KeyVault)]
    return Judged(found, tuple(verdicts))


def assessed(*estates: Estate, decisions: Sequence[Decision] = (), items: Sequence[str] = ()) -> Assessment:
    return assess([judged(e) for e in estates], BENCHMARK, decisions, TODAY, system="lab", items=items)
