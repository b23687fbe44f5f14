"""EUDCC as it runs: somebody tries, by real clients, and what its documents state holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.requirements.binding import EUDCC, shows
from tests.requirements.mutation import Set, both
from tests.requirements.running import holds, tried

if TYPE_CHECKING:
    from tests.requirements.bench import Bench

VAULT = "ie#azurerm_key_vault.vault"
OPEN = both(Set(VAULT, "public_network_access_enabled", True), Set(VAULT, "network_acls.default_action", "Allow"))


@shows(EUDCC, tried("E-004", OPEN))
def test_whoever_tries_finds_it_so(bench: Bench, ids: list[str], world: str) -> None:
    holds(bench, ids, world)
