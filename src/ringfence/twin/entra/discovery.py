"""What Microsoft Entra ID says of itself: where its endpoints are, and who else it is called.

Source: learn.microsoft.com/entra/identity-platform/v2-protocols-oidc; openid.net/specs/openid-connect-discovery-1_0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from ringfence.twin.entra.device import PAGE
from ringfence.twin.entra.tokens import HOST
from ringfence.twin.message import Response, as_json

if TYPE_CHECKING:
    from ringfence.twin.entra.tenant import Tenant
    from ringfence.twin.ground import Ground

ALIASES = (HOST, "login.windows.net", "login.microsoft.com", "sts.windows.net")


def instance(query: dict[str, str]) -> Response:
    """Whether a host is one of Microsoft Entra's, as msal asks it."""
    parts = _parts(query.get("authorization_endpoint", ""))
    if parts is None or (parts.hostname or "").casefold() not in ALIASES:
        text = "AADSTS50049: the authorization_endpoint is none of Microsoft Entra ID's"
        return as_json(400, {"error": "invalid_instance", "error_description": text, "error_codes": [50049]})
    path = parts.path.strip("/").split("/")[0] or "common"
    found = {
        "tenant_discovery_endpoint": f"https://{HOST}/{path}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": HOST, "preferred_cache": "login.windows.net", "aliases": list(ALIASES)}],
    }
    return as_json(200, found)


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def document(where: Tenant, version: int) -> dict[str, Any]:
    """The endpoints of one tenant."""
    path = "/oauth2/v2.0" if version == 2 else "/oauth2"
    keys = "/discovery/v2.0/keys" if version == 2 else "/discovery/keys"
    return {
        "issuer": where.issuer if version == 2 else f"https://sts.windows.net/{where.id or '{tenantid}'}/",
        "token_endpoint": f"{where.base}{path}/token",
        "device_authorization_endpoint": f"{where.base}/oauth2/v2.0/devicecode",
        "authorization_endpoint": f"{where.base}{path}/authorize",
        "end_session_endpoint": f"{where.base}{path}/logout",
        "jwks_uri": f"{where.base}{keys}",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "grant_types_supported": [
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver"],
        "request_uri_parameter_supported": False,
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }


def authorize() -> Response:
    """Sign-in in a browser that goes back to the program: the twin has device code instead."""
    text = f"The twin signs people in by device code alone, on its test page {PAGE}."
    return Response(400, text.encode(), (("Content-Type", "text/plain; charset=utf-8"),))


def keys(ground: Ground) -> Response:
    """The keys that sign for every tenant."""
    return as_json(200, ground.tokens.jwks(), ("Cache-Control", "max-age=300, private"))
