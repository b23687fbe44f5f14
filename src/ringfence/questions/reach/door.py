"""The ways into a resource: its data planes, its deployment site, its API server, a machine's SSH and RDP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.resource import Resource


@record()
class Door:
    """One way into a resource."""

    key: str
    """The resource's key, "/" and the name."""
    name: str
    """The sub-resource's name where it has private endpoints ("vault", "blob", "sqlServer", "sites", "management"),
    else a word of the field: "scm", "ftp", "sftp", "ssh", "rdp", "query", "ingestion", "endpoint", "service"."""
    resource: Resource = field(compare=False)
    group: str = field(default="", compare=False)
    """The sub-resource that a private endpoint names to lead here; "" when none can."""
    ports: tuple[int, ...] = field(default=(443,), compare=False)
    """TCP ports that it answers on; () for any."""
    hosts: tuple[str, ...] = field(default=(), compare=False)
    """The public host names by which clients ask for it, such as ``kv1.vault.azure.net``."""
