"""Keys for other services of Azure: what `custodian.Custodian` promises, with the decision and the log of a request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ringfence.model.keyvault import KeyVault, ManagedHsm
from ringfence.model.value import Known
from ringfence.twin.vault import access, address, audit
from ringfence.twin.vault.call import Call
from ringfence.twin.vault.custodian import RefusedWorkError, Worked
from ringfence.twin.vault.errors import VaultError
from ringfence.twin.vault.vault import Vault, host_of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.keyvault import Key
    from ringfence.model.principal import Principal
    from ringfence.twin.ground import Ground
    from ringfence.twin.vault.custodian import Work
    from ringfence.twin.vault.keys import Keys

_WORK = {"wrap": "wrapKey", "unwrap": "unwrapKey"}


class Wrapping:
    """Wraps and unwraps for others."""

    def __init__(self, ground: Ground, keys: Keys) -> None:
        self._ground = ground
        self._keys = keys

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
        """The value wrapped or unwrapped, if the principal may do that.

        Raises:
            RefusedWorkError: it may not, or it cannot be done.
        """
        started = time.monotonic()
        call = self._call(principal, key_id)
        present = self._ground.present
        try:
            allowing = access.need(present, principal, (f"keys/{work}/action",), call.place)
            call.details["AppliedAssignmentId"] = allowing
            row, result = await self._keys.worked(call, _WORK[work], value)
        except VaultError as error:
            self._note(call, work, error, time.monotonic() - started)
            raise RefusedWorkError(error.status, error.code, error.message) from None
        self._note(call, work, None, time.monotonic() - started)
        return Worked(result, call.shelf.url(row["name"], row["version"]))

    def _call(self, principal: Principal, key_id: str) -> Call:
        found = address.read(key_id, "keys")
        resource = self._ground.present.estate.once(_hosts).get(found[0]) if found else None
        if found is None or resource is None:
            raise RefusedWorkError(404, "KeyNotFound", f"No vault of the estate has the key {key_id}.")
        host, item = found
        return Call(self._ground, Vault(resource, host), "keys", item.name, item.version, {}, {}, principal)

    def _note(self, call: Call, work: Work, error: VaultError | None, took: float) -> None:
        row = audit.inner(call, work, error, took) | audit.authorised(call.vault.resource, error) | call.details
        self._ground.journal.write(call.vault.resource, audit.CATEGORY, row)


def _hosts(estate: Estate) -> dict[str, KeyVault | ManagedHsm]:
    """The vaults and managed HSMs by their host names."""
    every: tuple[KeyVault | ManagedHsm, ...] = (*estate.of(KeyVault), *estate.of(ManagedHsm))
    return {host_of(one): one for one in every if host_of(one)}
