"""The vaults and managed HSMs: who asks, what for, whether it is allowed, and the record of it.

Source: learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
"""

from __future__ import annotations

import asyncio
import inspect
import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault, ManagedHsm
from ringfence.model.value import Known
from ringfence.record import field, record
from ringfence.twin import bearer
from ringfence.twin.entra.tokens import VoidTokenError
from ringfence.twin.message import Response
from ringfence.twin.vault import access, address, audit, declared, routes
from ringfence.twin.vault.call import Call, body
from ringfence.twin.vault.certificates import Certificates
from ringfence.twin.vault.custodian import RefusedWorkError, Worked
from ringfence.twin.vault.errors import VaultError, bad
from ringfence.twin.vault.hardware import Hardware
from ringfence.twin.vault.keys import Keys
from ringfence.twin.vault.secrets import Secrets
from ringfence.twin.vault.vault import Vault, host_of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.keyvault import Key
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.custodian import Work
    from ringfence.twin.vault.items import Items

_RESOURCES = {
    False: ("https://vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
    True: ("https://managedhsm.azure.net", "589d5083-6f11-4d30-a62a-a4b316a14abf"),
}
"""What a token for a vault, or else for a managed HSM, is issued for: its name, or its application id."""
VERSIONS = (
    "2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-06-01-preview", "2025-07-01", "2026-04-01",
)  # fmt: skip
_WORK = {"wrap": ("Wrap", "wrapKey"), "unwrap": ("Unwrap", "unwrapKey")}


@record(eq=False, frozen=False)
class _Entry:
    """What is known of a request so far, for the log."""

    operation: str = "Authentication"
    caller: Caller | None = None
    decided: bool = False
    """It was asked whether the caller may do it."""
    item: str = ""
    details: dict[str, Any] = field(default_factory=dict)


class Vaults:
    """Answers for every vault and every managed HSM of the estate."""

    limit = 1 << 20

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._hardware = Hardware(ground.folder.path / "vault.key")
        self._keys = Keys(self._hardware)
        self._making = asyncio.Lock()
        self._version = -1
        self._items: dict[Sort, Items] = {
            "secrets": Secrets(self._hardware),
            "keys": self._keys,
            "certificates": Certificates(self._hardware),
        }

    async def begin(self) -> None:
        """What the estate declares in its vaults exists; what was there before stays as it is."""
        await self._there()

    async def end(self) -> None:
        """Nothing is open."""

    async def _there(self) -> None:
        """What the newest estate declares exists: a change may have declared more."""
        async with self._making:
            if self._version != self._ground.present.version:
                await declared.begin(self._ground, self._hardware)
                self._version = self._ground.present.version

    async def answer(self, request: Request) -> Response:
        """Answers one request, and writes down that it did."""
        started = time.monotonic()
        await self._there()
        entry = _Entry()
        vault, error = self._vault(request), None
        try:
            response = await self._answered(request, vault, entry)
        except VaultError as refusal:
            error, response = refusal, refusal.response(*self._challenge(refusal, vault))
        except Exception:
            if vault is not None:
                broken = VaultError(500, "InternalServerError", "")
                self._write(request, vault, entry, broken, broken.status, time.monotonic() - started)
            raise
        if vault is not None:
            self._write(request, vault, entry, error, response.status, time.monotonic() - started)
        return Response(response.status, response.body, (*response.headers, *_headers(request, vault)))

    def turned_away(self, request: Request, why: str) -> None:
        """A request that the vault's own network rules refuse is written down, with who asked where his token holds.

        Source: learn.microsoft.com/azure/key-vault/general/rest-error-codes (ForbiddenByFirewall)
        """
        vault = self._vault(request)
        if vault is None:
            return
        entry = _Entry()
        with suppress(VaultError):
            entry.caller = self._caller(request, vault)
        with suppress(VaultError):
            found = _found(request, vault)
            entry.operation, entry.item = found.route.operation, _id(vault, found)
        error = VaultError(403, "Forbidden", why, "ForbiddenByFirewall")
        self._write(request, vault, entry, error, error.status, 0.0)

    def key_id(self, key: Key) -> str:
        """The id of a declared key without a version.

        Raises:
            RefusedWorkError: its vault or its name is not known.
        """
        vault = access.vault_of(self._ground.present.estate, key)
        host = host_of(vault) if vault is not None else ""
        if not host or not isinstance(key.name, Known):
            raise RefusedWorkError(404, "KeyNotFound", f"The vault or the name of {key.address} is not known.")
        return f"https://{host}/keys/{key.name.value}"

    async def operate(self, principal: Principal, key_id: str, work: Work, value: bytes) -> Worked:
        """The value wrapped or unwrapped by a key, for a principal; see `custodian.Custodian`.

        Raises:
            RefusedWorkError: it is not allowed, the key is not there, disabled or expired, or the value does not open.
        """
        started = time.monotonic()
        await self._there()
        verb, doing = _WORK[work]
        found = address.read(key_id, "keys")
        resource = self._ground.present.estate.once(_hosts).get(found[0]) if found else None
        if found is None or resource is None:
            raise RefusedWorkError(404, "KeyNotFound", f"No vault of the estate has the key {key_id}.")
        item = found[1]
        call = Call(self._ground, Vault(resource, found[0]), "keys", item.name, item.version, {}, {}, principal)
        try:
            access.need(self._ground.present, principal, (f"keys/{work}/action",), self._place(call))
            row, result = await self._keys.worked(call, doing, value)
        except VaultError as error:
            self._note(call, f"Key{verb}", error, time.monotonic() - started)
            raise RefusedWorkError(error.status, error.code, error.message) from None
        self._note(call, f"Key{verb}", None, time.monotonic() - started)
        return Worked(result, call.shelf.url(row["name"], row["version"]))

    async def _answered(self, request: Request, vault: Vault | None, entry: _Entry) -> Response:
        entry.caller = self._caller(request, vault)
        if vault is None:
            raise VaultError(404, "VaultNotFound", "The estate has no such vault any more.")
        entry.operation = "Unknown"
        found = _found(request, vault)
        route = found.route
        entry.operation = route.operation
        query = _query(request)
        principal = entry.caller.principal
        call = Call(self._ground, vault, route.sort, found.name, found.version, query, {}, principal, entry.details)
        entry.item = _id(vault, found)
        entry.decided = True
        access.need(self._ground.present, principal, route.actions, self._place(call))
        call.content = body(request)
        method = _method(route.verb)
        response = getattr(self._items[route.sort], method)(call)
        answered: Response = await response if inspect.isawaitable(response) else response
        return answered

    def _caller(self, request: Request, vault: Vault | None) -> Caller:
        try:
            name, number = _RESOURCES[vault is not None and vault.module]
            return bearer.caller(request, self._ground.tokens, (name, f"{name}/", number))
        except VoidTokenError as error:
            raise VaultError(401, "Unauthorized", f"The request is not authenticated: {error}.") from None

    def _place(self, call: Call) -> Any:
        return access.place(self._ground.present, call.vault.resource, call.item if call.name else None)

    def _vault(self, request: Request) -> Vault | None:
        door = request.visit.door
        resource = self._ground.present.now(door.resource) if door else None
        return Vault(resource, request.host) if isinstance(resource, (KeyVault, ManagedHsm)) else None

    def _challenge(self, error: VaultError, vault: Vault | None) -> tuple[tuple[str, str], ...]:
        """Where a token is to be had and for what, when there was none that holds."""
        if error.status != 401:
            return ()
        tenant = self._ground.directory.tenant
        resource, _ = _RESOURCES[vault is not None and vault.module]
        challenge = f'Bearer authorization="https://login.microsoftonline.com/{tenant}", resource="{resource}"'
        return (("WWW-Authenticate", challenge),)

    def _write(
        self, request: Request, vault: Vault, entry: _Entry, error: VaultError | None, status: int, took: float
    ) -> None:
        row = audit.row(request, entry.operation, entry.caller, error, status, took)
        if error is not None and error.inner == "ForbiddenByFirewall":
            row["IsAddressAuthorized"] = False
        if entry.decided:
            row |= audit.authorised(vault.resource, error)
        self._ground.journal.write(vault.resource, audit.CATEGORY, row | {"Id": entry.item} | entry.details)

    def _note(self, call: Call, operation: str, error: VaultError | None, took: float) -> None:
        """The record of what another service had done."""
        oid = self._ground.directory.object_id(call.principal)
        app = self._ground.directory.app_id(call.principal)
        row = {
            **audit.result(operation, error.status if error else 200, error),
            **audit.authorised(call.vault.resource, error),
            "OperationVersion": VERSIONS[-1],
            "DurationMs": int(took * 1000),
            "CorrelationId": str(uuid.uuid4()),
            "CallerIpAddress": "",
            "RequestUri": f"{call.vault.url}/{call.item.path}/{operation.removeprefix('Key').casefold()}key",
            "Identity": {"claim": {"oid": oid, "appid": app}},
            "Id": f"{call.vault.url}/{call.item.path}",
            **call.details,
        }
        self._ground.journal.write(call.vault.resource, audit.CATEGORY, row)


def _found(request: Request, vault: Vault) -> routes.Found:
    known = routes.MODULE if vault.module else routes.VAULT
    return routes.find(known, request.method, address.steps(request.path))


def _id(vault: Vault, found: routes.Found) -> str:
    """The id of what a request is about: the item or its version, or the vault for a list."""
    if not found.name:
        return vault.url
    return f"{vault.url}/{address.Item(found.route.sort, found.name, found.version).path}"


def _hosts(estate: Estate) -> dict[str, KeyVault | ManagedHsm]:
    """The vaults and managed HSMs by their host names."""
    every: tuple[KeyVault | ManagedHsm, ...] = (*estate.of(KeyVault), *estate.of(ManagedHsm))
    return {host_of(one): one for one in every if host_of(one)}


def _query(request: Request) -> dict[str, str]:
    """The parameters, of which one says a version of the interface that there is.

    Raises:
        VaultError: none says so.
    """
    query = request.query
    if "api-version" not in query:
        raise bad("The request has no api-version.")
    if query["api-version"] not in VERSIONS:
        raise bad(f"The api-version is none of {', '.join(VERSIONS)}.")
    return query


def _method(verb: str) -> str:
    """The name of the method that answers a verb: "ListVersions" is `list_versions`."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in verb).lstrip("_")
    return f"{name}_" if name == "import" else name


def _headers(request: Request, vault: Vault | None) -> tuple[tuple[str, str], ...]:
    """What every answer has beside its body."""
    location = vault.resource.location if vault else None
    region = str(location.value) if isinstance(location, Known) else ""
    family = "InterNetworkV6" if ":" in request.visit.address else "InterNetwork"
    network = f"conn_type=Ipv4;addr={request.visit.address};act_addr_fam={family};"
    return (
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Strict-Transport-Security", "max-age=31536000;includeSubDomains"),
        ("x-ms-request-id", str(uuid.uuid4())),
        ("x-ms-client-request-id", audit.correlation(request)),
        ("x-ms-keyvault-region", region),
        ("x-ms-keyvault-network-info", network),
    )
