"""What the supervisor tells its owner's commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ringfence.questions.workloads.every import workloads
from ringfence.twin.arm import changes
from ringfence.twin.client.identity import found_by, settings
from ringfence.twin.network.stands import one_workload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringfence.twin.supervisor import Twin


class Told:
    """The orders, each with what carries it out."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def orders(self) -> dict[str, Callable[[dict[str, Any]], Awaitable[Any]]]:
        """By the word that asks for it."""
        return {"status": self._status, "stand": self._stand, "change": self._change, "sign": self._sign}

    async def _status(self, _: dict[str, Any]) -> dict[str, Any]:
        estate = self._twin.present.estate
        return {
            "pid": os.getpid(),
            "name": self._twin.present.source.name,
            "world": estate.world.name,
            "resources": len(estate.resources),
            "workloads": sorted({w.title for w in workloads(estate)}),
            "hosts": sorted(self._twin.gate.names.hosts()),
            "database": self._twin.services.databases.engine_in_use(),
            "tenant": self._twin.ground.directory.tenant,
        }

    async def _stand(self, order: dict[str, Any]) -> dict[str, Any]:
        """A stand, and what a workload's code finds there."""
        twin = self._twin
        workload = one_workload(twin.present.estate, order["workload"]) if order.get("workload") else None
        stand = await twin.stands.at(order.get("at", ""), workload.key if workload else "")
        told: dict[str, Any] = {"proxy": stand.proxy, "place": stand.place.title, "variables": {}, "files": {}}
        if workload is not None:
            found = await found_by(twin, workload, stand)
            told |= {"files": found.files, "notes": found.notes, "workload": workload.title}
            told["variables"] = {**dict(settings(workload)), **found.variables}
        return told

    async def _change(self, order: dict[str, Any]) -> dict[str, Any]:
        """The estate becomes another; with ``then``, after what it has become already."""
        change = changes.as_change(order["change"])
        present = self._twin.present
        present.become(present.change.then(change) if order.get("then") else change)
        changes.keep(self._twin.ground.store, present.change)
        return {"version": present.version}

    async def _sign(self, order: dict[str, Any]) -> dict[str, Any]:
        """How a service principal signs in: what the directory gave its owner when it was made."""
        from ringfence.twin.entra.credentials import sign_in_of

        return sign_in_of(self._twin.ground, order["who"])
