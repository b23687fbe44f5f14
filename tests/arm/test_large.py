"""The generated large estates: the same at every run, whole, and with every reference leading somewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleAssignment
from ringfence.model.network import VirtualNetworkPeering
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import Resource
from ringfence.model.world import Ledger
from tests.arm.support import of
from tools.large import rows

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_the_same_at_every_run_and_has_as_many_rows_as_asked() -> None:
    found = list(rows(1000))
    assert found == list(rows(1000))
    assert found != list(rows(1000, seed=1))
    assert len({row["id"].casefold() for row in found}) == 1000


def test_it_is_read_without_loss_and_its_references_resolve(tmp_path: Path) -> None:
    ledger = Ledger()
    found = of(tmp_path, "\n".join(map(json.dumps, rows(1000))), ledger=ledger)
    assert (ledger.untyped, ledger.skipped, ledger.problems, ledger.unread) == (0, [], [], [])
    edges = [(e, e.target) for e in found.of(PrivateEndpoint)] + [(e, e.subnet) for e in found.of(PrivateEndpoint)]
    edges += [(p, p.remote_virtual_network) for p in found.of(VirtualNetworkPeering)]
    edges += [(a, a.scope) for a in found.of(RoleAssignment)]
    assert len(edges) > 400
    assert [found.target(s, link) for s, link in edges if not isinstance(found.target(s, link), Resource)] == []
