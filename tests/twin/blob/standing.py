"""Azure's own storage clients, whose requests go to the service of this process instead of a network."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import AsyncioRequestsTransport, RequestsTransport
from azure.storage.blob import BlobServiceClient
from azure.storage.blob import aio as async_
from requests import Response as Answer
from requests import Session
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from ringfence.questions.access.people import everybody
from ringfence.questions.reach.doors import doors
from ringfence.twin.blob.requester import AUDIENCE
from ringfence.twin.blob.service import Blobs
from ringfence.twin.message import Request, Response
from ringfence.twin.visit import Visit
from tests.support import terraform
from tests.twin.grounds import Clock, Platform, Text, ground, rows

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.principal import Principal
    from ringfence.model.world import Change

OPEN = """
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "4.81.0" }
  }
}
provider "azurerm" {
  features {}
}
data "azurerm_client_config" "me" {}
resource "azurerm_resource_group" "g" {
  name     = "g"
  location = "westeurope"
}
resource "azurerm_storage_account" "s" {
  name                            = "openstore"
  resource_group_name             = azurerm_resource_group.g.name
  location                        = azurerm_resource_group.g.location
  account_tier                    = "Standard"
  account_replication_type        = "LRS"
  https_traffic_only_enabled      = false
  shared_access_key_enabled       = true
  allow_nested_items_to_be_public = true
  blob_properties {
    delete_retention_policy { days = 7 }
    container_delete_retention_policy { days = 7 }
  }
}
resource "azurerm_storage_container" "open" {
  name                  = "open"
  storage_account_id    = azurerm_storage_account.s.id
  container_access_type = "blob"
}
resource "azurerm_storage_container" "shut" {
  name               = "shut"
  storage_account_id = azurerm_storage_account.s.id
}
resource "azurerm_user_assigned_identity" "reader" {
  name                = "reader"
  resource_group_name = azurerm_resource_group.g.name
  location            = azurerm_resource_group.g.location
}
resource "azurerm_user_assigned_identity" "owner" {
  name                = "owner"
  resource_group_name = azurerm_resource_group.g.name
  location            = azurerm_resource_group.g.location
}
resource "azurerm_role_assignment" "owner" {
  scope                = azurerm_storage_account.s.id
  role_definition_name = "Storage Blob Data Owner"
  principal_id         = azurerm_user_assigned_identity.owner.principal_id
}
resource "azurerm_role_assignment" "reader" {
  scope                = azurerm_storage_container.shut.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_user_assigned_identity.reader.principal_id
}
"""
"""An account with everything that the platforms shut."""


class Standing:
    """The service on a ground, and clients of it."""

    def __init__(self, source: Any, folder: Path, account: str) -> None:
        self.clock = Clock(datetime.now(UTC).replace(microsecond=0))
        self.ground = ground(source, folder / "state", now=self.clock)
        self.service = Blobs(self.ground)
        asyncio.run(self.service.begin())
        self.account = self.ground.present.estate.resources[account]
        self.door = next(d for d in doors(self.account, self.ground.present.estate) if d.name == "blob")
        self.url = f"https://{self.door.hosts[0]}"

    @property
    def key(self) -> str:
        """One of the account's keys."""
        return self.service.keys.shared(self.account)["key2"]

    def again(self) -> None:
        """The service was stopped without warning and begins anew on what is on disk."""
        self.service = Blobs(self.ground)
        asyncio.run(self.service.begin())

    def who(self, part: str) -> Principal:
        """The one principal whose key has the part."""
        found = [p for p in everybody(self.ground.present.estate) if part in p.key]
        assert len(found) == 1, [p.key for p in found]
        return found[0]

    def client(self, credential: Any = None, *, tls: str = "TLSv1.3", **more: Any) -> BlobServiceClient:
        """The real client; a credential may be the part of a principal's key."""
        url = self.url if tls else self.url.replace("https", "http")
        transport = RequestsTransport(session=self.session(tls), session_owner=False)
        return BlobServiceClient(url, self.credential(credential), transport=transport, **{"retry_total": 0, **more})

    def async_client(self, credential: Any) -> async_.BlobServiceClient:
        """The real asynchronous client."""
        transport = AsyncioRequestsTransport(session=self.session("TLSv1.3"), session_owner=False)
        found = _Asynchronous(self.credential(credential))
        return async_.BlobServiceClient(self.url, found, transport=transport, retry_total=0)

    def credential(self, credential: Any) -> Any:
        """Tokens of a principal where a part of its key is given; keys and signatures as they are."""
        named = isinstance(credential, str) and "==" not in credential and "&" not in credential
        return Tokens(self, self.who(credential)) if named else credential

    def token(self, who: str) -> str:
        """A token of the principal whose key has the part."""
        return self.ground.tokens.issue(self.who(who), AUDIENCE).text

    def session(self, tls: str) -> Session:
        session = Session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Wire(self, tls))
        return session

    def ask(self, method: str, path: str, **more: Any) -> Response:
        """One request as it is, for what no client would send."""
        return self.answer(self.request(method, path, **more))

    def request(self, method: str, path: str, *, tls: str = "TLSv1.3", body: bytes = b"", **headers: str) -> Request:
        """A request with these headers and no others."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        path, _, query = path.partition("?")
        return Request(method, self.door.hosts[0], path, query, given, body, self.visit(tls))

    def answer(self, request: Request) -> Response:
        return asyncio.run(self.service.answer(request))

    def visit(self, tls: str) -> Visit:
        place: Any = None
        return Visit(place, self.door.hosts[0], self.door, "public", "203.0.113.7", tls=tls)

    def rows(self) -> list[tuple[str, str, dict[str, Any], tuple[str, ...]]]:
        """What was written down."""
        return rows(self.ground)


class Tokens:
    """A credential: tokens of this ground's directory."""

    def __init__(self, standing: Standing, principal: Principal) -> None:
        self._standing, self._principal = standing, principal

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        assert scopes == (f"{AUDIENCE}/.default",)
        found = self._standing.ground.tokens.issue(self._principal, AUDIENCE)
        return AccessToken(found.text, int(found.expires.timestamp()))


class _Asynchronous:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return self._tokens.get_token(*scopes)

    async def close(self) -> None:
        """Nothing is open."""


class _Wire(BaseAdapter):
    """What stands where the network would: framing as the twin's own, no more."""

    def __init__(self, standing: Standing, tls: str) -> None:
        super().__init__()
        self._standing, self._tls = standing, tls

    def send(self, request: Any, **_: Any) -> Answer:  # type: ignore[override]
        url = urlsplit(request.url)
        headers = {name.casefold(): value for name, value in request.headers.items()}
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = body.encode() if isinstance(body, str) else body
        visit = self._standing.visit(self._tls)
        names = {name.casefold(): name for name in request.headers}
        asked = Request(request.method, url.hostname or "", url.path, url.query, headers, body, visit, names)
        return _answer(request, self._standing.answer(asked))

    def close(self) -> None:
        """Nothing is open."""


def _answer(request: Any, response: Response) -> Answer:
    names = {name.casefold() for name, _ in response.headers}
    bodiless = request.method == "HEAD" or response.status in (204, 304)
    size = () if "content-length" in names else (("Content-Length", str(len(response.body))),)
    headers = HTTPHeaderDict([*response.headers, *size])
    answer = Answer()
    answer.status_code, answer.reason = response.status, HTTPStatus(response.status).phrase
    answer.headers.update(headers)
    answer.request, answer.url = request, request.url
    body = b"" if bodiless else response.body
    answer.raw = HTTPResponse(
        io.BytesIO(body), headers, response.status, preload_content=False, request_method=request.method
    )
    return answer


def platform(name: str, folder: Path, account: str) -> Standing:
    """The service of a platform, for one of its accounts."""
    return Standing(Platform(name), folder, account)


def written(folder: Path, text: str = OPEN, account: str = ".#azurerm_storage_account.s") -> Standing:
    """The service of an estate of Terraform."""
    source = folder / "source"
    source.mkdir()

    def estate(_: Change) -> Any:
        return terraform(source, text)

    return Standing(Text(estate), folder, account)
