"""Microsoft Entra ID: discovery, tokens for applications, identities and people, the test page, issuers of clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.entra import credentials, device, discovery, federation, issuers, page, people, proof
from ringfence.twin.entra.endpoint import Exchange
from ringfence.twin.entra.errors import NO_STORE, RefusedError, refusal
from ringfence.twin.entra.form import form, needed, pairs
from ringfence.twin.entra.log import Attempt, signed_in
from ringfence.twin.entra.tenant import Tenant, tenant
from ringfence.twin.message import as_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request, Response

_INSTANCE = "/common/discovery/instance"
_PAGE = ("/common/oauth2/deviceauth", "/devicelogin")


class EntraId:
    """Answers for login.microsoftonline.com, its other names, and the issuers of the declared clusters."""

    limit = 1 << 16

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._paths: dict[str, Callable[[Request, Tenant], Response]] = {
            "v2.0/.well-known/openid-configuration": lambda _, where: as_json(200, discovery.document(where, 2)),
            ".well-known/openid-configuration": lambda _, where: as_json(200, discovery.document(where, 1)),
            "discovery/v2.0/keys": lambda *_: discovery.keys(ground),
            "discovery/keys": lambda *_: discovery.keys(ground),
            "oauth2/v2.0/token": self._token,
            "oauth2/token": self._token,
            "oauth2/v2.0/devicecode": self._device_code,
            "oauth2/v2.0/authorize": lambda *_: discovery.authorize(),
            "oauth2/authorize": lambda *_: discovery.authorize(),
        }

    async def begin(self) -> None:
        """Every declared secret is made, every issuer has a key; what has expired meanwhile is forgotten."""
        credentials.begin(self._ground)
        await federation.begin(self._ground)
        for kind in (device, people, proof):
            kind.forget(self._ground)

    async def end(self) -> None:
        """Nothing is open."""

    async def answer(self, request: Request) -> Response:
        """Answers one request; a refusal has the form of the token endpoint's."""
        try:
            return self._answered(request)
        except RefusedError as error:
            return refusal(error, request, self._ground.now())

    def _answered(self, request: Request) -> Response:
        if request.host not in discovery.ALIASES:
            return self._of_cluster(request)
        if request.path == _INSTANCE:
            return discovery.instance(pairs(request.query_string) if request.query_string else {})
        if request.path in _PAGE:
            return page.answer(self._ground, request)
        word, _, rest = request.path.removeprefix("/").partition("/")
        served = self._paths.get(rest)
        if served is None:
            return as_json(404, {"error": "not_found", "error_description": f"the twin serves no {request.path[:200]}"})
        return served(request, tenant(self._ground.directory, word))

    def _token(self, request: Request, where: Tenant) -> Response:
        attempt = Attempt()
        try:
            found = Exchange(self._ground, request, where, attempt).granted(form(request))
        except RefusedError as error:
            if attempt.client and error.code != _PENDING:
                signed_in(self._ground, request, attempt, error)
            raise
        signed_in(self._ground, request, attempt)
        return as_json(200, found, *NO_STORE)

    def _device_code(self, request: Request, where: Tenant) -> Response:
        told = form(request)
        client = needed(told, "client_id")
        people.check_client(self._ground, client)
        return as_json(200, device.begin(self._ground, client, needed(told, "scope"), where), *NO_STORE)

    def _of_cluster(self, request: Request) -> Response:
        """What the issuer of a cluster publishes, for whoever wants to check the tokens of its pods."""
        for url in issuers.clusters(self._ground):
            if request.url == f"{url}.well-known/openid-configuration":
                return as_json(200, issuers.discovery(url))
            if request.url == f"{url}openid/v1/jwks":
                return as_json(200, issuers.keys(self._ground, url))
        return as_json(404, {"error": "not_found", "error_description": "no cluster of the platform has this issuer"})


_PENDING = 70016
"""A client asks again each second, and nobody has signed in or been refused."""
