"""The vaults and managed HSMs: who asks, what for, whether it is allowed, and the record of it."""

from __future__ import annotations

import asyncio
import inspect
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault, ManagedHsm
from ringfence.record import field, record
from ringfence.twin.message import Response
from ringfence.twin.vault import access, audit, declared, interface
from ringfence.twin.vault.call import Call, body
from ringfence.twin.vault.certificates import Certificates
from ringfence.twin.vault.errors import VaultError
from ringfence.twin.vault.hardware import Hardware
from ringfence.twin.vault.keys import Keys
from ringfence.twin.vault.secrets import Secrets
from ringfence.twin.vault.vault import Vault
from ringfence.twin.vault.wrapping import Wrapping

if TYPE_CHECKING:
    from ringfence.model.keyvault import Key
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.custodian import Work, Worked
    from ringfence.twin.vault.items import Items


@record(eq=False, frozen=False)
class _Entry:
    """What is known of a request so far, for the log."""

    operation: str = "Authentication"
    caller: Caller | None = None
    decided: bool = False
    """It was asked whether the caller may do it."""
    id: str = ""
    details: dict[str, Any] = field(default_factory=dict)


class Vaults:
    """Answers for every vault and every managed HSM of the estate."""

    limit = 1 << 20

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._hardware = Hardware(ground.folder.path / "vault.key")
        self._making = asyncio.Lock()
        self._version = -1
        keys = Keys(self._hardware)
        self._wrapping = Wrapping(ground, keys)
        certificates = Certificates(self._hardware)
        self._items: dict[Sort, Items] = {
            "secrets": Secrets(self._hardware),
            "keys": keys,
            "certificates": certificates,
        }

    async def begin(self) -> None:
        """What the newest estate declares exists: a change may have declared more. What was there stays as it is."""
        async with self._making:
            if self._version != self._ground.present.version:
                await declared.begin(self._ground, self._hardware)
                self._version = self._ground.present.version

    async def end(self) -> None:
        """Nothing is open."""

    async def answer(self, request: Request) -> Response:
        """Answers one request, and writes down that it did."""
        started = time.monotonic()
        await self.begin()
        entry, vault, error = _Entry(), self._vault(request), None
        try:
            response = await self._answered(request, vault, entry)
        except VaultError as refusal:
            error = refusal
            response = refusal.response(*interface.challenge(refusal, self._ground, vault))
        except Exception:
            broken = VaultError(500, "InternalServerError", "")
            self._write(request, vault, entry, broken, broken.status, time.monotonic() - started)
            raise
        self._write(request, vault, entry, error, response.status, time.monotonic() - started)
        return Response(response.status, response.body, (*response.headers, *interface.headers(request, vault)))

    def turned_away(self, request: Request, why: str) -> None:
        """A request that the vault's own network rules refuse is written down, with who asked if his token holds."""
        entry, vault = _Entry(), self._vault(request)
        if vault is None:
            return
        with suppress(VaultError):
            entry.caller = interface.caller(request, self._ground, vault)
        with suppress(VaultError):
            found = interface.found(request, vault)
            entry.operation = found.route.operation
        error = VaultError(403, "Forbidden", why, audit.FIREWALL)
        self._write(request, vault, entry, error, error.status, 0.0)

    def key_id(self, key: Key) -> str:
        """The id of a declared key without a version; see `custodian.Custodian`.

        Raises:
            RefusedWorkError: its vault or its name is not known.
        """
        return self._wrapping.key_id(key)

    async def operate(self, principal: Principal, key_id: str, work: Work, value: bytes) -> Worked:
        """The value wrapped or unwrapped by a key, for a principal; see `custodian.Custodian`.

        Raises:
            RefusedWorkError: it is not allowed, the key is not there, disabled or expired, or the value does not open.
        """
        await self.begin()
        return await self._wrapping.operate(principal, key_id, work, value)

    async def _answered(self, request: Request, vault: Vault | None, entry: _Entry) -> Response:
        """First who asks, then what, then whether he may; only then is the body looked at."""
        entry.caller = interface.caller(request, self._ground, vault)
        if vault is None:
            raise VaultError(404, "VaultNotFound", "The estate has no such vault any more.")
        entry.operation = "Unknown"
        found = interface.found(request, vault)
        route, entry.operation = found.route, found.route.operation
        query, who = interface.query(request), entry.caller.principal
        call = Call(self._ground, vault, route.sort, found.name, found.version, query, {}, who, entry.details)
        entry.id, entry.decided = call.id, True
        call.details["AppliedAssignmentId"] = access.need(self._ground.present, who, route.actions, call.place)
        call.content = body(request)
        answer = getattr(self._items[route.sort], _method(route.verb))(call)
        response: Response = await answer if inspect.isawaitable(answer) else answer
        return response

    def _vault(self, request: Request) -> Vault | None:
        door = request.visit.door
        resource = self._ground.present.now(door.resource) if door else None
        return Vault(resource, request.host) if isinstance(resource, (KeyVault, ManagedHsm)) else None

    def _write(
        self, request: Request, vault: Vault | None, entry: _Entry, error: VaultError | None, status: int, took: float
    ) -> None:
        """The record of a request; what is asked of a vault that is gone, nobody records."""
        if vault is None:
            return
        row = audit.row(request, entry.operation, entry.caller, error, status, took)
        decided = audit.authorised(vault.resource, error) if entry.decided else {}
        self._ground.journal.write(vault.resource, audit.CATEGORY, row | decided | {"Id": entry.id} | entry.details)


def _method(verb: str) -> str:
    """The name of the method that answers a verb: "ListVersions" is `list_versions`."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in verb).lstrip("_")
    return f"{name}_" if name == "import" else name
