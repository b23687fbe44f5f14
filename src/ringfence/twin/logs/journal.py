"""What services write down: a record goes where the declared diagnostic settings send its category, nowhere else.

A record that nothing sends is lost, as it would be in Azure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.resource import Resource
    from ringfence.twin.logs.flows import Flow


class Journal(Protocol):
    """Where services write."""

    def write(
        self, resource: Resource | None, category: str, row: Mapping[str, Any], part: tuple[str, ...] = ()
    ) -> None:
        """One record of a log category of the resource, or of a part such as ("blobservices", "default").

        `row` has the columns of the category's own table, by Azure's names, such as ``OperationName``,
        ``CallerIpAddress``, ``ResultType``; the time, the resource's id and the table are added here. The activity log
        is the subscription's (`ringfence.model.subscription`), category "Administrative", and its row says of which
        resource with ``_ResourceId``. The sign-ins of the directory are those of None.
        """

    def flow(self, flow: Flow) -> None:
        """One connection that was tried, for the flow logs that the estate declares around it."""
