"""What a workspace adds to every record: whose it is, and where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.tables import ACTIVITY, SHARED

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.twin.arm.ids import Ids
    from ringfence.twin.entra.directory import Directory


class Envelope:
    """The columns of a record that do not come from the service.

    Source: learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns
    """

    def __init__(self, directory: Directory, ids: Ids) -> None:
        self._directory = directory
        self._ids = ids

    def around(
        self, workspace: str, table: str, resource: Resource | None, category: str, part: tuple[str, ...]
    ) -> dict[str, Any]:
        """The columns of a record of a resource, or of a part of it, in a table of the workspace with this key."""
        whole = "/".join((self._ids.of(resource), *part)) if resource is not None else ""
        found: dict[str, Any] = {
            "TenantId": self._directory.id_of(f"workspace/{workspace}"),
            "SourceSystem": "Azure",
            "Type": table,
            "Category": category,
            "_ResourceId": whole.casefold(),
            "_SubscriptionId": self._directory.subscription,
        }
        if table == ACTIVITY:
            found |= {"CategoryValue": category, "SubscriptionId": self._directory.subscription}
        if table == SHARED and resource is not None:
            found |= self._shared(resource, whole.upper())
        return found

    def _shared(self, resource: Resource, whole: str) -> dict[str, Any]:
        """In the shared table, what names a resource is in capitals."""
        provider, _, kind = resource.type.upper().partition("/")
        return {
            "Resource": whole.rpartition("/")[2],
            "ResourceGroup": whole.partition("/RESOURCEGROUPS/")[2].partition("/")[0],
            "ResourceId": whole,
            "ResourceProvider": provider,
            "ResourceType": kind,
            "SubscriptionId": self._directory.subscription,
        }
