"""The public host names by which clients ask for a resource, in the forms that Azure documents.

What is not known of a name stays as ``${…}``: what Terraform computes, and what Azure chooses at creation.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns ("Public DNS zone forwarders"), and the page of
each service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Text, is_symbol, plain, render
from ringfence.model.value import Absent, Known, Unknown

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr


def text(attr: Attr[Any], unknown: str) -> str:
    """The value in a name; ``${…}`` for what is not known of it, with the word `unknown` where nothing is."""
    value = attr.value if isinstance(attr, (Known, Unknown)) else attr.default
    value = plain(value)
    if value is None or isinstance(attr, Absent):
        return str(value) if value is not None else f"${{{unknown}}}"
    if isinstance(value, Text):
        return str(value)
    return f"${{{render(value)}}}" if is_symbol(value) else str(value)


def name(resource: Resource) -> str:
    """The resource's name as a host name has it: lower case where it is known."""
    found = text(resource.name, resource.address)
    return found if "${" in found else found.casefold()


def region(resource: Resource) -> str:
    """The resource's region as a host name has it: "UK South" is "uksouth"."""
    found = text(resource.location, "region")
    return found if "${" in found else found.casefold().replace(" ", "")


def api_server(cluster: Any) -> str:
    """The name of a Kubernetes API server; Azure adds a hash.

    Source: learn.microsoft.com/azure/aks/private-clusters, learn.microsoft.com/azure/templates/microsoft.
    containerservice/managedclusters (dnsPrefix)
    """
    prefix = text(cluster.dns_prefix, "dns_prefix")
    private = isinstance(cluster.enable_private_cluster, (Known, Absent)) and _true(cluster.enable_private_cluster)
    zone = f"${{zone}}.privatelink.{region(cluster)}" if private else f"hcp.{region(cluster)}"
    return f"{prefix}-${{hash}}.{zone}.azmk8s.io"


def _true(attr: Attr[bool]) -> bool:
    return (attr.value if isinstance(attr, Known) else getattr(attr, "default", None)) is True
