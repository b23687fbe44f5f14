"""What whoever applied the platform does with it, through Resource Manager, in the course of a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.resource import Resource
    from ringfence.twin.probes.trial import Trying

OWNER = Who("internet", "", "application", "deployer")
_VERSIONS = {
    "microsoft.authorization/roleassignments": "2022-04-01",
    "microsoft.authorization/locks": "2020-05-01",
}
_VERSION = "2023-07-01"
_NONE = 404
_WRITTEN = {
    "microsoft.authorization/roleassignments": ("roleDefinitionId", "principalId", "principalType"),
    "microsoft.authorization/locks": ("level", "notes"),
}
"""What of an answer is said again when a thing is made anew."""


def words(trying: Trying, method: str, resource: Resource, content: Any = None) -> dict[str, Any]:
    """A request about the resource itself."""
    version = _VERSIONS.get(resource.type.casefold(), _VERSION)
    return {"method": method, "id": trying.subject.arm_id(resource), "version": version, "content": content}


class Taken:
    """Some things that are taken away, one after another, and put back in the opposite order whatever happens."""

    def __init__(self, trying: Trying, things: Iterable[Resource]) -> None:
        self._trying = trying
        self._things = tuple(things)
        self._gone: list[tuple[Resource, dict[str, Any]]] = []

    async def __aenter__(self) -> Taken:
        return self

    async def away(self) -> None:
        """They are gone."""
        for one in self._things:
            found = await self._trying.tries(OWNER, "manage", **words(self._trying, "GET", one))
            if found.refused.get("status") == _NONE:  # what is not there holds nothing back
                continue
            told = await self._trying.accepted(OWNER, "manage", **words(self._trying, "GET", one))
            await self._trying.accepted(OWNER, "manage", **words(self._trying, "DELETE", one))
            kept = {k: v for k, v in told["content"]["properties"].items() if k in _WRITTEN[one.type.casefold()]}
            self._gone.append((one, {"properties": kept}))

    async def __aexit__(self, *_: object) -> None:
        for one, content in reversed(self._gone):
            await self._trying.hands.do(OWNER, "manage", **words(self._trying, "PUT", one, content))
