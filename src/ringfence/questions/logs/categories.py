"""Which logs a resource can emit, and at which of its parts.

Source: learn.microsoft.com/azure/azure-monitor/reference/logs-index, which lists every type that has resource logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.facts.diagnostic_categories import emitted
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Known, Need, Unknown

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

Part = tuple[str, ...]
"""The rest of an ARM id in lower case, such as ("blobservices", "default"); () for the resource itself."""

MASTER: Part = ("databases", "master")
"""Where the audit of a whole SQL server is offered to diagnostic settings.

Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup
"""

OF_SERVER = ("DevOpsOperationsAudit", "SQLSecurityAuditEvents")
"""What concerns the server as a whole among the categories of its master database."""

BY_AGENT = ("microsoft.compute/virtualmachines",)
"""Types that log through an agent and data collection rules, not through diagnostic settings.

Source: learn.microsoft.com/azure/azure-monitor/vm/monitor-virtual-machine
"""

ELSEWHERE = {
    "microsoft.network/networksecuritygroups": ("NetworkSecurityGroupFlowEvent",),
}
"""Categories that no diagnostic setting sends: the events of flows are recorded by flow logs.

Source: learn.microsoft.com/azure/virtual-network/virtual-network-nsg-manage-log
"""

SERVES = {
    "blob": ("Storage", "StorageV2", "BlobStorage", "BlockBlobStorage"),
    "queue": ("Storage", "StorageV2"),
    "table": ("Storage", "StorageV2"),
    "file": ("Storage", "StorageV2", "FileStorage"),
}
"""Which kinds of account have which service.

Source: learn.microsoft.com/azure/storage/common/storage-account-overview
"""


def parts(resource: Resource) -> tuple[Part, ...]:
    """The parts of the resource that have diagnostic settings of their own; the resource itself is ()."""
    if isinstance(resource, StorageAccount):
        return tuple((f"{service}services", "default") for service in SERVES if serves(resource, service))
    return (MASTER,) if isinstance(resource, SqlServer) else ((),)


def is_master(resource: Resource) -> bool:
    """A master database that stands among the resources, as in an export; its logs are those of its server."""
    name = resource.name
    return isinstance(resource, SqlDatabase) and isinstance(name, Known) and str(name.value).casefold() == "master"


def serves(account: StorageAccount, service: str) -> bool:
    """The account has the service, or may have it."""
    kind = account.kind
    if not isinstance(kind, Known) or not isinstance(kind.value, str):
        return True
    return kind.value.casefold() in {k.casefold() for k in SERVES[service]}


def arm_type(resource: Resource, part: Part = ()) -> str:
    """The ARM type of a resource or of a part of it: ``microsoft.storage/storageaccounts/blobservices``."""
    return "/".join((resource.type, *part[::2]))


def emits(resource: Resource, part: Part = ()) -> tuple[str, ...] | Unknown:
    """The log categories that the resource's type can emit; unknown where they are not recorded."""
    fact = emitted(arm_type(resource, part))
    if fact is not None and fact.categories is not None:
        return fact.categories
    why = f"the log categories of {arm_type(resource, part) or resource.terraform_type} are not recorded"
    return Unknown("categories", (Need("reference", arm_type(resource, part), why),), resource.origin)


def by_setting(resource: Resource, part: Part = ()) -> tuple[str, ...] | None:
    """The categories that diagnostic settings can send; () where there are none, None where that is not recorded.

    A type that Microsoft's list leaves out has no resource logs; of a resource without a type nothing is known.
    """
    arm = arm_type(resource, part)
    if not arm:
        return None
    if part == MASTER and isinstance(resource, SqlServer):
        return OF_SERVER
    fact = emitted(arm)
    if arm.casefold() in BY_AGENT or fact is None:
        return ()
    left_out = ELSEWHERE.get(arm.casefold(), ())
    return None if fact.categories is None else tuple(c for c in fact.categories if c not in left_out)
