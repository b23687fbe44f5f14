"""One region: what the EU gateway and a country's services stand on, declared once for both.

A region differs from the other only in its names, its place, its vault's items and what runs in its cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.cluster import Cluster
    from ringfence.constructs.home import Home
    from ringfence.constructs.mysql import MySql
    from ringfence.constructs.network import Network
    from ringfence.constructs.registry import Registry
    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Declared, Layer
    from ringfence.platforms.eudcc.config import Config, Place
    from ringfence.platforms.eudcc.vault.content import Items


@record(eq=False)
class Region:
    """What the layer of a region has, for those who put something into it."""

    place: Place
    config: Config
    layer: Layer
    home: Home
    """Group, location, endpoint subnet, zones and workspace. Its variable of logs is this layer's own."""
    network: Network
    """Its subnets are ``nodes``, ``endpoints``."""
    vault: Vault
    items: Items
    """`Items.may_read`, `may_sign` and `may_see` write a grant on one item into a file of any layer."""
    registry: Registry
    """`login_server` is a value: the host that images are pulled from."""
    cluster: Cluster
    """`cluster` is the block, `issuer` the address of its tokens, `secrets_provider` the add-on's identity."""
    mysql: MySql
    """`server` is the block, `fqdn` its name, `administrator` the identity that signs in as directory administrator;
    `database(file, name, called=…)` declares a database."""
    ingress: Declared
    """The public address that is the only way in to published applications (``azurerm_public_ip.ingress``)."""
    zone: Declared
    """The public DNS zone of the region's names (``azurerm_dns_zone``)."""

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def domain(self) -> str:
        """The zone that the region's published names lie in, such as ``ie.eudcc.example.org``."""
        return f"{self.name}.{self.config.domain}"
