"""The names of Azure's regions, as they are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.value import Known

if TYPE_CHECKING:
    from ringfence.model.resource import Resource


def region(text: Any) -> str:
    """The name of a region as Azure compares it: "UK South" is "uksouth"."""
    return str(text).casefold().replace(" ", "")


def region_of(resource: Resource | None) -> str:
    """The region of a resource; "" when it is not known, or the resource has none."""
    location = getattr(resource, "location", None)
    return region(location.value) if isinstance(location, Known) and isinstance(location.value, str) else ""
