"""Kinds that say how long logs stay where they are sent: lifecycle rules of storage, tables of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class ManagementPolicy(Resource):
    """The rules by which a storage account deletes its blobs; an account has one policy, called "default"."""

    arm_type = "Microsoft.Storage/storageAccounts/managementPolicies"

    account: Link
    rules: Many[LifecycleRule]


class LifecycleRule(Block):
    """One rule of a management policy."""

    name: Attr[str]
    enabled: Attr[bool]
    prefix_match: Attr[tuple[str, ...]]
    """Beginnings of container/blob names; with none, the rule concerns every blob of its types."""
    blob_types: Attr[tuple[str, ...]]
    """"blockBlob" and "appendBlob"."""
    tags: Many[BlobTag]
    """Index tags that a blob must have."""
    delete_after_modification_days: Attr[int]
    """Absent, or below 0 in azurerm 3 and later, when the rule deletes nothing by this age; the next two likewise."""
    delete_after_creation_days: Attr[int]
    delete_after_last_access_days: Attr[int]


class BlobTag(Block):
    """An index tag of blobs."""

    name: Attr[str]


class WorkspaceTable(Resource):
    """One table of a Log Analytics workspace whose retention is its own."""

    arm_type = "Microsoft.OperationalInsights/workspaces/tables"

    workspace: Link
    plan: Attr[str]
    """"Analytics", "Basic" or "Auxiliary"."""
    retention_in_days: Attr[int]
    """Days in which the table can be queried at will; the workspace's where absent."""
    total_retention_in_days: Attr[int]
    """Days after which records are gone; `retention_in_days` where absent."""
