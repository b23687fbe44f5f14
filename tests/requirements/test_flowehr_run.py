"""FlowEHR as it runs: somebody tries, by real clients, and what its document states holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.requirements.binding import FLOWEHR, shows
from tests.requirements.mutation import Set, both
from tests.requirements.running import holds, tried

if TYPE_CHECKING:
    from tests.requirements.bench import Bench

VAULT = "core#azurerm_key_vault.core"
OPEN = both(Set(VAULT, "public_network_access_enabled", True), Set(VAULT, "network_acls.default_action", "Allow"))


@shows(FLOWEHR, tried("F-031", OPEN))
def test_whoever_tries_finds_it_so(bench: Bench, ids: list[str], world: str) -> None:
    holds(bench, ids, world)
