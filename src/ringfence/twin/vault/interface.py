"""What every request to a vault has and every answer has: a version, a sign-in, headers.

Source: learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from ringfence.model.value import Known
from ringfence.twin import bearer
from ringfence.twin.entra.tokens import VoidTokenError
from ringfence.twin.vault import address, audit, routes
from ringfence.twin.vault.errors import VaultError, bad

if TYPE_CHECKING:
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request
    from ringfence.twin.vault.vault import Vault

VERSIONS = (
    "2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-06-01-preview", "2025-07-01", "2026-04-01",
)  # fmt: skip
_RESOURCES = {
    False: ("https://vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
    True: ("https://managedhsm.azure.net", "589d5083-6f11-4d30-a62a-a4b316a14abf"),
}
"""What a token for a vault, or else for a managed HSM, is issued for: its name, or its application id."""


def caller(request: Request, ground: Ground, vault: Vault | None) -> Caller:
    """Who asks.

    Raises:
        VaultError: no token says so that holds here.
    """
    name, number = _RESOURCES[vault is not None and vault.module]
    try:
        return bearer.caller(request, ground.tokens, (name, f"{name}/", number))
    except VoidTokenError as error:
        raise VaultError(401, "Unauthorized", f"The request is not authenticated: {error}.") from None


def challenge(error: VaultError, ground: Ground, vault: Vault | None) -> tuple[tuple[str, str], ...]:
    """Where a token is to be had and for what, when there was none that holds."""
    if error.status != 401:
        return ()
    resource, _ = _RESOURCES[vault is not None and vault.module]
    authority = f"https://login.microsoftonline.com/{ground.directory.tenant}"
    return (("WWW-Authenticate", f'Bearer authorization="{authority}", resource="{resource}"'),)


def found(request: Request, vault: Vault) -> routes.Found:
    """What is asked.

    Raises:
        VaultError: nothing that there is.
    """
    known = routes.MODULE if vault.module else routes.VAULT
    return routes.find(known, request.method, address.steps(request.path))


def query(request: Request) -> dict[str, str]:
    """The parameters, of which one says a version of the interface that there is.

    Raises:
        VaultError: none says so.
    """
    given = request.query
    if "api-version" not in given:
        raise bad("The request has no api-version.")
    if given["api-version"] not in VERSIONS:
        raise bad(f"The api-version is none of {', '.join(VERSIONS)}.")
    return given


def headers(request: Request, vault: Vault | None) -> tuple[tuple[str, str], ...]:
    """What every answer has beside its body."""
    location = vault.resource.location if vault else None
    region = str(location.value) if isinstance(location, Known) else ""
    kind, family = ("Ipv6", "InterNetworkV6") if ":" in request.visit.address else ("Ipv4", "InterNetwork")
    network = f"conn_type={kind};addr={request.visit.address};act_addr_fam={family};"
    return (
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Strict-Transport-Security", "max-age=31536000;includeSubDomains"),
        ("x-ms-request-id", str(uuid.uuid4())),
        ("x-ms-client-request-id", audit.correlation(request)),
        ("x-ms-keyvault-region", region),
        ("x-ms-keyvault-network-info", network),
    )
