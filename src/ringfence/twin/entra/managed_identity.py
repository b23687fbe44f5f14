"""Managed identities, asked for where code runs: the metadata service of a machine, and App Service's own endpoint.

Both are plain HTTP and believe where a request comes from. A workload gets tokens of its own identities and no others;
whoever is no workload gets none.

Sources: learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token,
learn.microsoft.com/azure/app-service/overview-managed-identity (REST endpoint reference)
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ringfence.model.apps import ContainerApp
from ringfence.model.value import Unknown
from ringfence.model.web import Site
from ringfence.questions.workloads.every import workloads
from ringfence.twin.arm.ids import Ids
from ringfence.twin.entra import metadata
from ringfence.twin.entra.assigned import unassigned
from ringfence.twin.entra.audience import audience
from ringfence.twin.entra.errors import NO_STORE, RefusedError
from ringfence.twin.entra.log import Attempt, signed_in
from ringfence.twin.message import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request, Response

_METADATA, _APP_SERVICE = "/metadata/identity/oauth2/token", "/msi/token"
_HEADERS = "entra/identity-header"
_BY_APP, _BY_OBJECT = ("client_id",), ("object_id", "principal_id")
_BY_RESOURCE = ("mi_res_id", "msi_res_id")
_VERSIONS = {_METADATA: "2018-02-01", _APP_SERVICE: "2019-08-01"}
"""The first versions; later ones answer alike."""


class _RefusedError(Exception):
    """The request gets no token, and why."""

    def __init__(self, why: str, error: str = "invalid_request", status: int = 400) -> None:
        super().__init__(why)
        self.why, self.error, self.status = why, error, status


class ManagedIdentity:
    """Answers for both endpoints."""

    limit = 1 << 12

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._ids = Ids(ground.present, ground.directory)

    async def begin(self) -> None:
        """Nothing has to exist."""

    async def end(self) -> None:
        """Nothing is open."""

    def header_of(self, workload: Workload) -> str:
        """What a site's code finds in ``IDENTITY_HEADER``: another site's, or a forged request's, is not it."""
        row = self._ground.store.get(_HEADERS, workload.key)
        if row is None:
            row = {"value": secrets.token_hex(16)}
            self._ground.store.put(_HEADERS, workload.key, row)
        return str(row["value"])

    async def answer(self, request: Request) -> Response:
        """A token, or the reason why not. No refusal is one that a client tries again."""
        attempt = Attempt(how="managedIdentity")
        try:
            found = self._token(request, attempt)
        except _RefusedError as refused:
            return _as_error(request, refused.status, refused.error, refused.why)
        except RefusedError as refused:
            signed_in(self._ground, request, attempt, refused)
            return _as_error(request, 400, refused.error, str(refused))
        signed_in(self._ground, request, attempt)
        return as_json(200, found, *NO_STORE)

    def _token(self, request: Request, attempt: Attempt) -> dict[str, Any]:
        ground = self._ground
        query = _query(request)
        workload = self._asking(request)
        who = self._chosen(request, workload, query)
        attempt.principal, attempt.client = who, ground.directory.app_id(who)
        attempt.resource = _needed(query, "resource")[:200]
        why = ground.directory.barred(who, ground.now())
        if why:
            raise RefusedError(7000112, why)
        for_ = audience(ground.directory, ground.present.estate, query["resource"])
        why = unassigned(ground.directory, who, for_.owner) if for_.owner is not None else ""
        if for_.owner is not None and why:
            raise RefusedError(501051, who, for_.title, why)
        token = ground.tokens.issue(who, for_.name, claims={"appidacr": "2", "xms_mirid": self._id_of(who)})
        return self._response(who, query["resource"], token.text, token.expires.timestamp())

    def _id_of(self, who: Principal) -> str:
        """What has the identity, as the token says it."""
        return self._ids.of(who.resource) if who.resource is not None else ""

    def _response(self, who: Principal, resource: str, token: str, until: float) -> dict[str, str]:
        now = self._ground.now().timestamp()
        seconds = str(int(until - now))
        return {
            "access_token": token,
            "client_id": self._ground.directory.app_id(who),
            "expires_in": seconds,
            "expires_on": str(int(until)),
            "ext_expires_in": seconds,
            "not_before": str(int(now)),
            "resource": resource,
            "token_type": "Bearer",
        }

    # -- who asks

    def _asking(self, request: Request) -> Workload:
        estate = self._ground.present.estate
        found = next((w for w in workloads(estate) if w.key == request.visit.workload), None)
        if request.path not in _VERSIONS or request.method != "GET":
            raise _RefusedError(f"the twin answers GET {_METADATA} and {_APP_SERVICE} here")
        if found is None:
            raise _RefusedError("no workload of the platform asks, and only a workload has identities", status=403)
        site = isinstance(found.resource, (Site, ContainerApp))
        if site != (request.path == _APP_SERVICE):
            where = "IDENTITY_ENDPOINT" if site else "the metadata service"
            raise _RefusedError(f"{found.title} asks {where} for its tokens, and not here")
        self._check_headers(request, found)
        return found

    def _check_headers(self, request: Request, workload: Workload) -> None:
        """Headers that a forged request cannot have, and one that a forwarded request cannot be without."""
        if request.path == _APP_SERVICE:
            told = request.headers.get("x-identity-header", "")
            if not hmac.compare_digest(told.encode(), self.header_of(workload).encode()):
                raise _RefusedError("the X-IDENTITY-HEADER is not the one of this workload", status=401)
            return
        if request.headers.get("metadata", "").casefold() != "true":
            raise _RefusedError("the header Metadata: true is missing")
        if "x-forwarded-for" in request.headers:
            raise _RefusedError("a request that was forwarded (X-Forwarded-For) gets no token")
        why = metadata.closed(self._ground.present.estate, workload)
        if why:
            raise _RefusedError(why, status=403)

    # -- as whom

    def _chosen(self, request: Request, workload: Workload, query: Mapping[str, str]) -> Principal:
        found = metadata.held(self._ground.present.estate, workload)
        if isinstance(found, Unknown):
            raise _RefusedError(f"which identities {workload.title} has cannot be told, because {found.why}")
        named = [name for name in (*_BY_APP, *_BY_OBJECT, *_BY_RESOURCE) if query.get(name)]
        if len(named) > 1:
            raise _RefusedError(f"{named[0]} and {named[1]} name two identities")
        if named:
            return self._named(workload, found, named[0], query[named[0]])
        own = [p for p in found if p.kind == "system-assigned identity"]
        if own:
            return own[0]
        if len(found) == 1 and request.path == _METADATA:
            return found[0]
        raise _RefusedError(_without(workload, found))

    def _named(self, workload: Workload, found: tuple[Principal, ...], name: str, value: str) -> Principal:
        directory, wanted = self._ground.directory, value.casefold()
        if name in _BY_RESOURCE:
            resource = self._ids.find(value)
            same = [p for p in found if p.kind == "user-assigned identity" and p.resource is resource is not None]
        else:
            of = directory.app_id if name in _BY_APP else directory.object_id
            same = [p for p in found if of(p).casefold() == wanted]
        if not same:
            raise _RefusedError(f"Identity not found: {workload.title} has none of that {name}")
        return same[0]


def _without(workload: Workload, found: tuple[Principal, ...]) -> str:
    if not found:
        return f"Identity not found: {workload.title} has no identity"
    names = ", ".join(principal.name for principal in found)
    return f"{workload.title} has no system-assigned identity: say which of {names}, by client_id"


def _query(request: Request) -> dict[str, str]:
    try:
        found = parse_qsl(request.query_string, keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise _RefusedError("the parameters cannot be read") from None
    twice = [name for name, times in Counter(name for name, _ in found).items() if times > 1]
    if twice:
        raise _RefusedError(f"the parameter {twice[0]} came more than once")
    query = dict(found)
    if _needed(query, "api-version") < _VERSIONS.get(request.path, ""):
        raise _RefusedError(f"the api-version is older than {_VERSIONS[request.path]}")
    return query


def _needed(query: Mapping[str, str], name: str) -> str:
    if not query.get(name):
        raise _RefusedError(f"the parameter {name} is missing")
    return query[name]


def _as_error(request: Request, status: int, error: str, why: str) -> Response:
    """Each endpoint has its own form of an error."""
    if request.path == _APP_SERVICE:
        return as_json(status, {"statusCode": status, "message": why})
    return as_json(status, {"error": error, "error_description": why})
