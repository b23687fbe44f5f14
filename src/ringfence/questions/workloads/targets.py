"""What links of a workload lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Link, Many, Need, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin


def targets(
    estate: Estate, source: Resource, field: str, links: Iterable[Link], open_: Unknown | None = None
) -> Many[Resource]:
    """The declared resources that links refer to; open where one cannot be followed, or leads elsewhere."""
    found: dict[str, Resource] = {}
    origin: Origin = source.origin
    for link in links:
        ends = estate.resolve(source, link)
        if isinstance(ends, Unknown):
            open_ = open_ or ends
            continue
        for end in ends:
            if isinstance(end.resource, Resource):
                found[end.resource.key] = end.resource
            else:  # a subnet that is written inside its network, or that is known by name only
                open_ = open_ or _undeclared(link, end.resource)
    return Many(field, tuple(found.values()), origin, open_)


def _undeclared(link: Link, end: External | Implied) -> Unknown:
    name = end.name if isinstance(end, External) else f"a part of {end.parent.address}"
    why = f"{link.field} is {name}, which is not declared as a resource"
    return Unknown(link.field, (Need("reference", name, why),), link.origin)
