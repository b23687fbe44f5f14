"""Two networks that see one another: a peering each way, and nothing passes through one to a third."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError

if TYPE_CHECKING:
    from ringfence.constructs.network import Network
    from ringfence.model.blueprint import Declared, File


def peered(file: File, *, one: Network, other: Network) -> tuple[Declared, Declared]:
    """Either network reaches the other; packets from elsewhere are not forwarded.

    Raises:
        ConstructError: an address would be in both.
    """
    if one.space.overlaps(other.space):
        raise ConstructError(
            f"networks {one.space} and {other.space} cannot be peered: they overlap", hint="Move one of them."
        )
    return _way(file, one.network, other.network), _way(file, other.network, one.network)


def _way(file: File, here: Declared, there: Declared) -> Declared:
    return file.resource(
        "azurerm_virtual_network_peering",
        f"{here.name}_to_{there.name}",
        name=f"to-{there.arguments['name']}",
        resource_group_name=here.ref("resource_group_name"),
        virtual_network_name=here.ref("name"),
        remote_virtual_network_id=there.id,
        allow_virtual_network_access=True,
        allow_forwarded_traffic=False,
        allow_gateway_transit=False,
        use_remote_gateways=False,
    )
