"""What a token can be for: the services of Azure, and the applications of the platform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.entra import Application
from ringfence.model.value import Known
from ringfence.record import record
from ringfence.twin.entra.errors import RefusedError

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Directory

EXCHANGE = "api://AzureADTokenExchange"
"""The audience of a token that is given for one of Microsoft Entra.

Source: learn.microsoft.com/entra/workload-id/workload-identity-federation
"""

_SERVICES = {
    "https://vault.azure.net": "Azure Key Vault",
    "https://managedhsm.azure.net": "Azure Key Vault Managed HSM",
    "https://storage.azure.com": "Azure Storage",
    "https://management.azure.com": "Azure Resource Manager",
    "https://management.core.windows.net": "Azure Resource Manager",
    "https://ossrdbms-aad.database.windows.net": "Azure OSSRDBMS Database",
    "https://database.windows.net": "Azure SQL Database",
    "https://api.loganalytics.io": "Log Analytics API",
    "https://api.loganalytics.azure.com": "Log Analytics API",
    "https://monitor.azure.com": "Azure Monitor",
    "https://graph.microsoft.com": "Microsoft Graph",
    "https://cosmos.azure.com": "Azure Cosmos DB",
    "https://containerregistry.azure.net": "Azure Container Registry",
    "https://ml.azure.com": "Azure Machine Learning",
    "https://servicebus.azure.net": "Azure Service Bus",
    "https://eventhubs.azure.net": "Azure Event Hubs",
    "https://redis.azure.com": "Azure Cache for Redis",
    "https://azconfig.io": "Azure App Configuration",
    "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d": "Azure Databricks",
    "6dae42f8-4368-4678-94ff-3960e28e3630": "Azure Kubernetes Service",
    EXCHANGE: "Azure AD Token Exchange",
}
"""Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources/services-id-authentication-support"""
_ACCOUNT = re.compile(
    r"https://[a-z0-9-]{2,63}\."
    r"(?:(?:blob|queue|table|file|dfs)\.core\.windows\.net|documents\.azure\.com|servicebus\.windows\.net|azurecr\.io)",
    re.ASCII,
)
"""A store that is itself the audience."""
_LONGEST = 512
_GRAPH = "https://graph.microsoft.com"
_OF_SIGN_IN = frozenset(["openid", "profile", "email", "offline_access"])
"""Scopes that say what comes beside the access token."""


@record(eq=False)
class Audience:
    """What a token is to be for."""

    name: str
    """As the token says it (``aud``)."""
    title: str
    owner: Principal | None = None
    """The platform's application, where it is one."""


def audience(directory: Directory, estate: Estate, wanted: str) -> Audience:
    """What is meant by a resource, as clients call it.

    Raises:
        RefusedError: nothing is.
    """
    bare = wanted.removesuffix("/")
    if len(wanted) > _LONGEST:
        raise RefusedError(500011, wanted, directory.tenant)
    for known, title in _SERVICES.items():
        if known.casefold() == bare.casefold():
            return Audience(known + wanted[len(bare) :], title)
    if _ACCOUNT.fullmatch(bare):
        return Audience(wanted, bare)
    owner = directory.by_app(bare.removeprefix("api://")) or _identified(directory, estate, bare)
    if owner is None or owner.kind != "service principal":
        raise RefusedError(500011, wanted, directory.tenant)
    return Audience(wanted, owner.name, owner)


def _identified(directory: Directory, estate: Estate, wanted: str) -> Principal | None:
    """The application that is called so by one of its own identifier URIs."""
    for application in estate.of(Application):
        uris = application.identifier_uris
        if isinstance(uris, Known) and wanted in uris.value:
            return directory.of_application(application)
    return None


def same(one: str, other: str) -> bool:
    """Two spellings of one audience: a slash at the end makes no difference to the services of Azure."""
    return one.removesuffix("/") == other.removesuffix("/")


def of_scope(scope: str) -> str:
    """The resource that an application asks for by its scope.

    Raises:
        RefusedError: it is no such scope.
    """
    wanted = scope.split()
    if len(wanted) != 1 or not wanted[0].endswith("/.default") or wanted[0] == "/.default":
        raise RefusedError(1002012, scope)
    return wanted[0].removesuffix("/.default")


def of_scopes(scope: str) -> str:
    """The resource that a person's scopes are of; Microsoft Graph's have no resource before them.

    Raises:
        RefusedError: they are of several.
    """
    asked = [one for one in scope.split() if one not in _OF_SIGN_IN]
    found = list(dict.fromkeys(_resource(one) for one in asked))
    if len(found) > 1:
        raise RefusedError(28000, " and ".join(found))
    return found[0] if found else _GRAPH


def _resource(scope: str) -> str:
    if "/" not in scope:
        return _GRAPH
    resource = scope.removesuffix("/.default") if scope.endswith("/.default") else scope.rpartition("/")[0]
    if not resource:
        raise RefusedError(70011, scope)
    return resource
