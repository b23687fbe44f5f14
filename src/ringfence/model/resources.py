"""Kinds of Azure Resource Manager itself (Microsoft.Resources, Microsoft.Portal)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr


class ResourceGroup(Resource):
    """A group of resources; locks, policies and roles given on it hold for all in it."""

    arm_type = "Microsoft.Resources/resourceGroups"

    managed_by: Attr[str]
    """Id of the resource that manages the group, such as a Databricks workspace."""


class Dashboard(Resource):
    """A shared dashboard of the portal."""

    arm_type = "Microsoft.Portal/dashboards"

    properties: Attr[str]
    """Its lenses and metadata, JSON."""
