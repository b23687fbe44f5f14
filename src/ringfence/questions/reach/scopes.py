"""Private link scopes: what stands between a private endpoint of Azure Monitor and the workspaces behind it.

Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.insights import MonitorPrivateLinkScope
from ringfence.model.resource import External, Resource
from ringfence.model.value import Link, Many, Unknown
from ringfence.model.verdict import when_present
from ringfence.questions.answer import Hop, certain, found, of
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target

MONITOR = frozenset({"microsoft.operationalinsights/workspaces", "microsoft.insights/components"})
"""Types whose private endpoints lead to a private link scope, not to the resource."""

SCOPE, GROUP = "Microsoft.Insights/privateLinkScopes", "azuremonitor"
"""What such an endpoint names, and its sub-resource."""


@record(eq=False)
class Member:
    """That a scope holds a resource."""

    scope: MonitorPrivateLinkScope
    target: Target
    link: Link

    @property
    def hop(self) -> Hop:
        """The step from the scope to the resource."""
        verdict = certain(of(self.scope, found(self.link, "the resource", "pass")), self.target, self.link)
        end = self.target.resource
        title = end.title if isinstance(end, Resource) else self.link.field
        return Hop(self.scope.key, f"{self.scope.title} holds {title}", when_present(verdict, self.scope.presence))


def scopes_of(resource: Resource, estate: Estate) -> Many[Member]:
    """The scopes that hold the resource, open while there may be others."""
    held, unread = estate.once(_held)
    return Many("private_link_scopes", tuple(held.get(resource.key, ())), resource.origin, unread)


def _held(estate: Estate) -> tuple[dict[str, list[Member]], Unknown | None]:
    """The scopes that hold a resource, by its key; and why there may be more."""
    index: dict[str, list[Member]] = {}
    all_ = estate.all_of(MonitorPrivateLinkScope)
    unread = all_.open
    for scope in all_:
        unread = unread or scope.scoped.open
        for link in (item.resource for item in scope.scoped):
            targets = estate.resolve(scope, link)
            if isinstance(targets, Unknown):
                unread = unread or targets
                continue
            for target in targets:
                if isinstance(target.resource, (Resource, External)):
                    index.setdefault(getattr(target.resource, "key", ""), []).append(Member(scope, target, link))
    return index, unread
