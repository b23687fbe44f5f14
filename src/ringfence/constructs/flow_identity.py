"""The identity that a flow log writes as, since the storage account takes no keys.

azurerm has no argument for it (hashicorp/terraform-provider-azurerm#30219), so azapi adds it to the flow log.
Source: learn.microsoft.com/azure/network-watcher/vnet-flow-logs-managed-identity
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import grant
from ringfence.constructs.identity import Identity
from ringfence.model.blueprint import Life
from ringfence.model.symbol import Apply

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.storage import Storage
    from ringfence.model.blueprint import Declared, File

TYPE = "Microsoft.Network/networkWatchers/flowLogs@2024-07-01"


def writes_as_itself(file: File, name: str, home: Home, *, log: Declared, storage: Storage, called: str) -> Declared:
    """The flow log signs in to the storage account with an identity of its own, which may write there."""
    writer = Identity(file, name, home, called=called)
    allowed = grant(
        file,
        f"{name}_writes_to_storage",
        who=writer.principal,
        called=called,
        may="Storage Blob Data Contributor",
        on=storage.id,
        what=storage.called,
        why="Flow logs are written as this identity, without a key.",
    )
    of_writer = Apply("zipmap", ((writer.id,), ({},)))
    return file.resource(
        "azapi_update_resource",
        name,
        comment="azurerm has no argument for the identity of a flow log.",
        when=log.when,
        type=TYPE,
        resource_id=log.id,
        body={"identity": {"type": "UserAssigned", "userAssignedIdentities": of_writer}},
        life=Life(depends_on=(allowed,)),
    )
