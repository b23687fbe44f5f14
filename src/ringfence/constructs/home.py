"""Where things are at home: the group, the network and the log that whatever is declared there shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.dns import PrivateZones
    from ringfence.model.symbol import Input, Value


@record(eq=False)
class Home:
    """A resource group in a layer with what surrounds it."""

    group: Value
    """The resource group's name."""
    location: Value
    tenant: Value
    endpoints: Value
    """The subnet that private endpoints are put into."""
    zones: PrivateZones
    workspace: Value
    """The Log Analytics workspace that everything logs to."""
    logs: Input | None = None
    """The variable on which logging depends, where it is one."""
    tags: Mapping[str, Value] | None = None
    locked: bool = True
    """Critical resources get a lock against deletion."""
    unlocked_by: str = ""
    """The switch by which they do not."""

    @property
    def placed(self) -> dict[str, Any]:
        """The arguments that nearly every resource begins with, after its name."""
        found: dict[str, Any] = {"resource_group_name": self.group, "location": self.location}
        return found | ({"tags": dict(self.tags)} if self.tags else {})
