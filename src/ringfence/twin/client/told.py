"""What the supervisor tells its owner's commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ringfence.errors import AbsentError
from ringfence.questions.workloads.every import workloads
from ringfence.twin.arm import changes
from ringfence.twin.client.identity import found_by, settings
from ringfence.twin.database.engine import engine_in_use
from ringfence.twin.entra.sign_in import files_of, sign_in_of
from ringfence.twin.network.stands import one_workload
from ringfence.twin.probes.owner import Owner

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.supervisor import Twin


class Told:
    """The orders, each with what carries it out."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def orders(self) -> dict[str, Callable[[dict[str, Any]], Awaitable[Any]]]:
        """By the word that asks for it."""
        own = {"status": self._status, "stand": self._stand, "change": self._change}
        return {**own, **Owner(self._twin).orders()}

    async def _status(self, _: dict[str, Any]) -> dict[str, Any]:
        estate = self._twin.present.estate
        return {
            "pid": os.getpid(),
            "name": self._twin.present.source.name,
            "world": estate.world.name,
            "resources": len(estate.resources),
            "workloads": sorted({w.title for w in workloads(estate)}),
            "hosts": sorted(self._twin.gate.names.hosts()),
            "database": engine_in_use(self._twin.ground.folder.path),
            "tenant": self._twin.ground.directory.tenant,
        }

    async def _stand(self, order: dict[str, Any]) -> dict[str, Any]:
        """A stand, and what a workload's code finds there, or how an application signs in."""
        twin = self._twin
        workload, signs_in = self._meant(order.get("workload", ""))
        stand = await twin.stands.at(order.get("at", ""), workload.key if workload else "")
        told: dict[str, Any] = {
            "proxy": stand.proxy,
            "place": stand.place(twin.present.estate).title,
            "variables": signs_in,
            "files": files_of(twin.ground, order["workload"]) if signs_in else {},
        }
        if workload is not None:
            found = await found_by(twin, workload, stand)
            told |= {"files": found.files, "notes": found.notes, "workload": workload.title}
            told["variables"] = {**dict(settings(twin, workload)), **found.variables}
        return told

    def _meant(self, name: str) -> tuple[Workload | None, dict[str, str]]:
        """The workload of that name; where there is none, how the application of that name signs in.

        Raises:
            UsageError: it is neither, or several.
        """
        if not name:
            return None, {}
        try:
            return one_workload(self._twin.present.estate, name), {}
        except AbsentError as error:
            try:
                return None, sign_in_of(self._twin.ground, name)
            except AbsentError:
                raise error from None

    async def _change(self, order: dict[str, Any]) -> dict[str, Any]:
        """The estate becomes another; with ``then``, after what it has become already."""
        change = changes.as_change(order["change"])
        present = self._twin.present
        present.become(present.change.then(change) if order.get("then") else change)
        changes.keep(self._twin.ground.store, present.change)
        return {"version": present.version}
