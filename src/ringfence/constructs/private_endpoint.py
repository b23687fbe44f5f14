"""A private endpoint with its zone: the address at which a service is met in the platform's own network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Declared, Life, block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import File
    from ringfence.model.symbol import Value


def private_endpoint(
    file: File,
    name: str,
    *,
    called: Value,
    to: Declared,
    arm_type: str,
    subresource: str,
    home: Home,
    after: tuple[Declared, ...] = (),
) -> Declared:
    """An approved endpoint of a service's sub-resource, whose name resolves to its private address.

    `after` is what it waits for beside what it names.

    Raises:
        ConstructError: the type has no such sub-resource, or the network no zone for it.
    """
    zones = home.zones.of(arm_type, subresource)
    return file.resource(
        "azurerm_private_endpoint",
        name,
        name=called,
        **home.placed,
        subnet_id=home.endpoints,
        private_service_connection=block(
            name=called,
            private_connection_resource_id=to.id,
            subresource_names=(subresource,),
            is_manual_connection=False,
        ),
        private_dns_zone_group=block(name="default", private_dns_zone_ids=zones),
        life=Life(depends_on=after),
    )
