"""The networks of the jump boxes: one for each region, so that who is let into one is not let into the other.

A name has one private address in a network, and both regions have a vault of the same private zone; a network of their
own keeps them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.dns import PrivateZones
from ringfence.constructs.home import Home
from ringfence.constructs.jump_box import JumpBox, admitted
from ringfence.constructs.network import Network, Subnet
from ringfence.model.blueprint import block
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File, Layer
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.config import Config, Place

ABOUT = "The networks with the jump boxes, by which administrators come to the regions."


@record(eq=False)
class WayIn:
    """What a region is administered from."""

    group: Declared
    network: Network
    watcher: Declared
    """Of the location, which records the flows of its networks."""
    jump_box: JumpBox
    parts: tuple[Declared, ...]
    """All of it, for the region whose log it goes to: this layer has none of its own."""


def declare(layer: Layer, config: Config) -> dict[str, WayIn]:
    """A network with a jump box for each region."""
    provide(layer)
    key = layer.variable(
        "jump_box_public_key",
        "string",
        "Public SSH key that Azure asks for when a jump box is made. People sign in by the directory instead.",
        None,
    )
    tenant = layer.file("main.tf", ABOUT).data("azurerm_client_config", "current").ref("tenant_id")
    return {name: _way_in(layer, config, place, tenant, key) for name, place in config.places.items()}


def provide(layer: Layer) -> None:
    """How azurerm works in a layer: it signs in to storage as itself, and destroys nothing for good."""
    layer.provider(
        "azurerm",
        storage_use_azuread=True,
        features=block(
            key_vault=block(purge_soft_delete_on_destroy=False, recover_soft_deleted_key_vaults=True),
            resource_group=block(prevent_deletion_if_contains_resources=True),
        ),
    )


def _way_in(layer: Layer, config: Config, place: Place, tenant: Value, key: Value) -> WayIn:
    region = f"dev-{place.name}"
    main, net = layer.file("main.tf"), layer.file("network.tf", "One network for each region.")
    group = main.resource(
        "azurerm_resource_group", place.name, name=config.called("rg", region), location=place.location
    )
    watcher = _watcher(net, config, place, group)
    network = Network(
        net,
        f"dev_{place.name}",
        called=config.called("vnet", region),
        group=group.ref("name"),
        location=group.ref("location"),
        space=place.jump_box_space,
        subnets=[
            Subnet(f"jump_box_{place.name}", f"snet-jump-{place.name}", 28, rules=admitted(config.jump_box_prefixes))
        ],
        after=() if place.network_watcher else (watcher,),
    )
    # No private endpoint is put here: the zones of a region are its own.
    zones = PrivateZones(net, {}, {}, group=group.ref("name"))
    home = Home(group.ref("name"), group.ref("location"), tenant, None, zones, None)
    jump_box = JumpBox(
        layer.file("jump-box.tf", "One machine for each region, signed in to by the directory."),
        place.name,
        home,
        called=config.called("vm-jump", place.name),
        subnet=network.subnets[f"jump_box_{place.name}"].id,
        administrators=config.administrators,
        key=key,
    )
    parts = tuple(d for d in layer if d.name in (place.name, network.network.name, f"jump_box_{place.name}"))
    return WayIn(group, network, watcher, jump_box, parts)


def _watcher(file: File, config: Config, place: Place, group: Declared) -> Declared:
    """Azure makes one itself with a location's first network, and allows no second.

    Source: learn.microsoft.com/azure/network-watcher/network-watcher-create (enabled automatically)
    """
    known = place.network_watcher
    if known:
        return file.data("azurerm_network_watcher", place.name, name=known[0], resource_group_name=known[1])
    return file.resource(
        "azurerm_network_watcher",
        place.name,
        comment="Before the first network of the location, with which Azure makes one itself. Where there is one "
        "already, name it in the configuration: network_watcher.",
        name=config.called("nw", f"dev-{place.name}"),
        resource_group_name=group.ref("name"),
        location=group.ref("location"),
    )
