"""The twin that is attacked, and what an attacker brings: raw connections, and the run's own key to forge with."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ringfence.twin import seal
from ringfence.twin.orders import ask
from ringfence.twin.store import Store

if TYPE_CHECKING:
    from ringfence.twin.folder import Folder

VAULT = "kv-eudcc-ie-prod.vault.azure.net"
ACCOUNT = "steudccieprod.blob.core.windows.net"
LOGIN, ARM, LOGS = "login.microsoftonline.com", "management.azure.com", "api.loganalytics.azure.com"
DATABASE = "mysql-eudcc-ie-prod.mysql.database.azure.com"
WORKLOAD, OWN = "dgca-issuance-service", "trustanchor-content"
"""A workload, and the secret that it may read."""
NODES = "snet-nodes-ie"
FLOWS = "ie#azurerm_user_assigned_identity.flows_ie"
"""An identity that may write blobs."""
PATIENCE = 5.0


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Target:
    """A twin that is up."""

    folder: Folder
    canaries: dict[str, str] = field(default_factory=dict)
    """By what it is: what nobody may find in any file, log or error."""

    def ask(self, do: str, **words: Any) -> Any:
        return ask(self.folder.socket, do, **words)

    def stand(self, at: str = "", workload: str = "") -> dict[str, Any]:
        found: dict[str, Any] = self.ask("stand", at=at, workload=workload)
        self.canaries[f"the proxy token of {at or workload}"] = urlsplit(found["proxy"]).password or ""
        return found

    def line(self, at: str = "", workload: str = "") -> Line:
        """A connection to the proxy of a place."""
        return Line(self.stand(at, workload)["proxy"], str(self.folder.bundle))

    @cached_property
    def names(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("names")
        return found

    @cached_property
    def store(self) -> Store:
        return Store(self.folder.state, seal.kept(self.folder.seal))

    @cached_property
    def key(self) -> RSAPrivateKey:
        """The directory's own: what is signed by it has to fail for its claims alone."""
        row = self.store.get("run", "tokens")
        assert row is not None
        found = serialization.load_pem_private_key(row["value"].encode(), None)
        assert isinstance(found, RSAPrivateKey)
        return found

    def signed_in(self, form: dict[str, str], at: str = "internet") -> Answer:
        """What the token endpoint answers."""
        path = f"/{self.names['tenant']}/oauth2/v2.0/token"
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.line(at).opened(LOGIN).request("POST", path, head, urlencode(form).encode())

    def token(self, client: str, secret: str, audience: str) -> str:
        """A token of an application by its secret."""
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        answer = self.signed_in({**form, "scope": f"{audience}/.default"})
        return self.kept("an application's token", answer.json["access_token"])

    def deployer(self, audience: str) -> str:
        """A token of whoever runs Terraform."""
        found = self.ask("sign", who="deployer")
        secret = self.kept("the deployer's secret", found["AZURE_CLIENT_SECRET"])
        return self.token(found["AZURE_CLIENT_ID"], secret, audience)

    def pod(self, audience: str, workload: str = WORKLOAD) -> str:
        """A token of a workload by what is mounted for it."""
        found = self.stand(workload=workload)
        assertion = self.kept("a pod's token", found["files"]["azure-identity-token"])
        answer = self.signed_in({
            "grant_type": "client_credentials", "client_id": found["variables"]["AZURE_CLIENT_ID"],
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion, "scope": f"{audience}/.default",
        })  # fmt: skip
        return self.kept("a workload's token", answer.json["access_token"])

    def identity(self, who: str, audience: str) -> str:
        """A token of a managed identity."""
        return self.kept("an identity's token", self.ask("token", who=who, audience=audience)["token"])

    def kept(self, what: str, value: str) -> str:
        """The value, which is a canary from now on."""
        self.canaries[f"{what} ({len(self.canaries)})"] = value
        return value


class Line:
    """One connection to a proxy, byte by byte."""

    def __init__(self, proxy: str, bundle: str) -> None:
        parts = urlsplit(proxy)
        self.bundle = bundle
        self.pair = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", parts.port or 0), PATIENCE)

    def send(self, data: bytes | str) -> Line:
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)
        return self

    def answer(self, method: str = "GET") -> Answer:
        """The next answer."""
        response = http.client.HTTPResponse(self.socket, method=method)
        response.begin()
        return Answer(response.status, {k.casefold(): v for k, v in response.getheaders()}, response.read())

    def granted(self) -> Answer:
        """The answer to CONNECT; what follows it at once, as a database's greeting does, is left to be read."""
        head = b""
        while not head.endswith(b"\r\n\r\n") and (data := self.socket.recv(1)):
            head += data
        first, _, fields = head.decode("latin-1").partition("\r\n")
        headers = dict(line.casefold().split(": ", 1) for line in fields.split("\r\n") if line)
        status = int(first.split(" ")[1])
        return Answer(status, headers, b"" if status == 200 else self.socket.recv(int(headers["content-length"])))

    def rest(self) -> bytes:
        """Everything that comes until the connection is closed."""
        found = []
        with suppress(TimeoutError, OSError):
            while data := self.socket.recv(65536):
                found.append(data)
        return b"".join(found)

    def ends(self) -> bool:
        """The other side closes the connection, without a word more."""
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    def connect(self, end: str, host: str = "", pair: str | None = None) -> Answer:
        """CONNECT, and what is answered."""
        given = self.pair if pair is None else pair
        own = f"Proxy-Authorization: Basic {given}\r\n" if given else ""
        return self.send(f"CONNECT {end} HTTP/1.1\r\nHost: {host or end}\r\n{own}\r\n").granted()

    def secured(self, name: str | None, version: ssl.TLSVersion | None = None) -> Line:
        """TLS on the connection, for a name."""
        context = ssl.create_default_context(cafile=self.bundle)
        if name is None:
            context.check_hostname = False
        if version is not None:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
        self.socket = context.wrap_socket(self.socket, server_hostname=name)
        return self

    def opened(self, host: str) -> Line:
        """A tunnel to a host, with TLS."""
        assert self.connect(f"{host}:443").status == 200
        self.host = host
        return self.secured(host)

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        """A request in a tunnel, and its answer."""
        fields = {"Host": self.host, **({"Content-Length": str(len(body))} if body else {}), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return self.send(f"{method} {path} HTTP/1.1\r\n{head}\r\n").send(body).answer(method)

    def plain(self, method: str, url: str, headers: dict[str, str] | None = None) -> Answer:
        """A request of a proxy without TLS."""
        fields = {"Host": urlsplit(url).netloc, "Proxy-Authorization": f"Basic {self.pair}", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return self.send(f"{method} {url} HTTP/1.1\r\n{head}\r\n").answer(method)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
