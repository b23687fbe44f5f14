"""What only an apply would tell, told by this run: ids of principals, of the tenant, and issuers of clusters.

A value that hangs on anything else stays unsettled: the twin makes up ids, and nothing that somebody has to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.containers import ManagedCluster
from ringfence.model.judge import is_on
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import principals
from ringfence.model.resource import Resource
from ringfence.model.symbol import Ref, Text, plain
from ringfence.model.value import Absent, Known, Link, Unknown

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr
    from ringfence.twin.entra.directory import Directory

_OF_CLIENT = ("client_id", "application_id", "app_id", "clientId")
_OF_OBJECT = ("principal_id", "object_id", "principalId", "service_principal_object_id", "user_id")
_REGION = "westeurope"
"""Where a cluster is whose place is not known."""


def settled(directory: Directory, value: Value) -> str | None:
    """The value as text, ids of this run in it; None when it hangs on something else."""
    value = plain(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        parts = [settled(directory, part) for part in value.parts]
        return None if None in parts else "".join(map(str, parts))
    return _told(directory, value) if isinstance(value, Ref) else None


def written(directory: Directory, attr: Attr[str]) -> str | None:
    """The same of a field; None when nothing is written there."""
    return None if isinstance(attr, Absent) else settled(directory, _value(attr))


def _value(attr: Known[str] | Unknown) -> Value:
    return attr.value


def _told(directory: Directory, ref: Ref) -> str | None:
    last = ref.path[-1] if ref.path else ""
    if last == "tenant_id":
        return directory.tenant
    if last == "subscription_id":
        return directory.subscription
    if last == "oidc_issuer_url":
        return _issuer_of(directory, ref)
    if last not in (*_OF_CLIENT, *_OF_OBJECT):
        return None
    source = next(iter(directory.estate.resources.values()))  # whose reference it is makes no difference
    found = principals(directory.estate, source, Link("value", ref, NOWHERE, "principal"))
    if isinstance(found, Unknown) or len(found) != 1:
        return None
    return directory.app_id(found[0]) if last in _OF_CLIENT else directory.object_id(found[0])


def _issuer_of(directory: Directory, ref: Ref) -> str | None:
    found = meant(directory, ref)
    return issuer(directory, found) if isinstance(found, ManagedCluster) else None


def meant(directory: Directory, ref: Ref) -> Resource | None:
    """The declared resource that a reference is to, if only through a data source."""
    estate = directory.estate
    if ref.key in estate.resources:
        return estate.resources[ref.key]
    source = next(iter(estate.resources.values()))
    found = estate.target(source, Link("value", ref, NOWHERE))
    return found if isinstance(found, Resource) else None


def issuer(directory: Directory, cluster: ManagedCluster) -> str | None:
    """Who signs the tokens of a cluster's service accounts; None while its issuer is off.

    Source: learn.microsoft.com/azure/aks/use-oidc-issuer (the form of the address)
    """
    if is_on(cluster.oidc_issuer_enabled).outcome != "pass":
        return None
    region = settled(directory, _value(cluster.location)) if not isinstance(cluster.location, Absent) else None
    place = (region or _REGION).casefold().replace(" ", "")
    return f"https://{place}.oic.prod-aks.azure.com/{directory.tenant}/{directory.id_of(f'issuer/{cluster.key}')}/"
