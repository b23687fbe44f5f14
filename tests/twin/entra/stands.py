"""Where a test's client stands: its requests come to the services of a ground without any network."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests
from azure.core.pipeline.transport import AsyncioRequestsTransport, RequestsTransport
from requests.adapters import BaseAdapter

from ringfence.questions.reach.places import INTERNET
from ringfence.questions.workloads.every import workloads
from ringfence.twin.entra.managed_identity import ManagedIdentity
from ringfence.twin.entra.service import EntraId
from ringfence.twin.message import Request
from ringfence.twin.visit import Visit

if TYPE_CHECKING:
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Response

IMDS, APP_SERVICE, LOGIN = "169.254.169.254", "169.254.129.1", "login.microsoftonline.com"
FORM = "application/x-www-form-urlencoded"
VAULT = "https://vault.azure.net"


class Stand:
    """A place, and the workload that runs there, "" when none does."""

    def __init__(self, ground: Ground, workload: str = "", place: Any = INTERNET) -> None:
        self.ground = ground
        self.entra = EntraId(ground)
        self.identity = ManagedIdentity(ground)
        self.workload = workload
        self.place = place
        self.asked: list[str] = []

    def begin(self) -> Stand:
        """What happens when the twin starts has happened; without it everything is made when it is first asked for."""
        asyncio.run(self.entra.begin())
        return self

    def ask(self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Response:
        """What is answered to a request."""
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        visit = Visit(self.place, host, None, "public", "203.0.113.10", self.workload, "TLSv1.3")
        lower = {name.lower(): str(value) for name, value in (headers or {}).items()}
        self.asked.append(f"{method} {parts.scheme}://{parts.netloc}{parts.path}")
        service = self.identity if host in (IMDS, APP_SERVICE) else self.entra
        assert len(body) <= service.limit
        return asyncio.run(service.answer(Request(method, host, parts.path, parts.query, lower, body, visit)))

    def post(self, path: str, form: dict[str, str] | str, **headers: str) -> tuple[int, dict[str, Any]]:
        """Status and content of a form that is posted to the directory."""
        body = form if isinstance(form, str) else urlencode(form)
        found = self.ask("POST", f"https://{LOGIN}{path}", body.encode(), {"content-type": FORM, **headers})
        return found.status, json.loads(found.body)

    def token(self, **form: str) -> tuple[int, dict[str, Any]]:
        """The same, of the token endpoint of the platform's tenant."""
        return self.post(f"/{self.ground.directory.tenant}/oauth2/v2.0/token", form)

    @property
    def session(self) -> requests.Session:
        """What msal asks with."""
        made = requests.Session()
        made.trust_env = False
        for scheme in ("https://", "http://"):
            made.mount(scheme, _Adapter(self))
        return made

    @property
    def transport(self) -> RequestsTransport:
        """What a synchronous client of the SDK asks with."""
        return RequestsTransport(session=self.session, session_owner=False)

    @property
    def aio(self) -> AsyncioRequestsTransport:
        """The same of an asynchronous one."""
        return AsyncioRequestsTransport(session=self.session, session_owner=False)


class _Adapter(BaseAdapter):
    """Carries a request of the requests library to a stand."""

    def __init__(self, stand: Stand) -> None:
        super().__init__()
        self._stand = stand

    def send(self, request: Any, **_: Any) -> requests.Response:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        found = self._stand.ask(request.method, request.url, body, dict(request.headers))
        made = requests.Response()
        made.status_code = found.status
        made._content = found.body  # what the library itself keeps a body in
        made.headers.update(dict(found.headers))
        made.url, made.request, made.encoding, made.raw = request.url, request, "utf-8", _Raw(found.status)
        return made

    def close(self) -> None:
        """Nothing is open."""


class _Raw:
    """What the library asks of a connection."""

    version = 11

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = ""
        self.headers: dict[str, str] = {}

    def release_conn(self) -> None:
        """There is none."""

    def close(self) -> None:
        """There is none."""


def workload(ground: Ground, end: str) -> Workload:
    """The workload whose key ends so."""
    return next(w for w in workloads(ground.present.estate) if w.key.endswith(end))


def codes(content: dict[str, Any]) -> list[int]:
    """The codes of an error; what it says of them is there too."""
    assert all(f"AADSTS{code}" in content["error_description"] for code in content["error_codes"])
    return list(content["error_codes"])
