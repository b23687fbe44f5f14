"""The data key of a server: who wraps it, and how it is had.

What is kept on disk is the key wrapped by the customer-managed key in the vault that the estate declares, by the
identity that the estate declares for it. Without both there is no way to the data. Where Microsoft manages the key, the
twin's own seal stands for Microsoft's.

Source: learn.microsoft.com/azure/mysql/flexible-server/security-customer-managed-key
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from ringfence.model.keyvault import Key, KeyVault
from ringfence.model.value import Unknown
from ringfence.questions.custody.custody import answers
from ringfence.record import record
from ringfence.twin.vault.custodian import RefusedWorkError

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.questions.custody.custody import Custody
    from ringfence.twin.database.settings import Server
    from ringfence.twin.ground import Ground
    from ringfence.twin.store import Row
    from ringfence.twin.vault.custodian import Custodian

BUCKET = "database/key"
_SIZE = 32


class SealedError(Exception):
    """The files of a server cannot be opened, and why."""


@record()
class Holder:
    """Who opens the data key with which key."""

    key: Key
    identity: Principal


def holder(ground: Ground, server: Server) -> Holder | None:
    """The customer-managed key and the identity that reaches it; None where Microsoft manages the key.

    Raises:
        SealedError: the estate does not say, or the vault would not let the service by.
    """
    found = answers(ground.present.estate, [server])[0]
    managed = found.customer_managed
    if managed.outcome in ("fail", "not applicable"):
        return None
    if managed.outcome == "unknown":
        raise SealedError(f"it cannot be told by which key the data are sealed: {managed.why}")
    if not isinstance(found.key, Key) or ground.present.now(found.key) is None:
        raise SealedError("the customer-managed key that the server names is not there")
    if not isinstance(found.vault, KeyVault):
        raise SealedError("the vault that holds the customer-managed key is not there")
    if found.admitted is not None and found.admitted.outcome != "pass":
        raise SealedError(f"the server does not reach its key: {found.admitted.why}")
    return Holder(found.key, _identity(found))


def _identity(found: Custody) -> Principal:
    if isinstance(found.identities, Unknown):
        raise SealedError(f"it cannot be told by which identity the server reaches its key: {found.identities.why}")
    if len(found.identities) != 1:
        count = len(found.identities)
        raise SealedError(f"the server has {count} identities to reach its key with, where it must have one")
    return found.identities[0]


class DataKeys:
    """The data keys of all servers; none is remembered here."""

    def __init__(self, ground: Ground, custodian: Custodian) -> None:
        self._ground, self._custodian = ground, custodian

    async def unwrapped(self, server: Server, *, renew: bool = False) -> bytes:
        """The data key, unwrapped anew; a new one for a server that never had one.

        With `renew` it is wrapped again if the customer-managed key has a newer version by now.

        Raises:
            SealedError: the estate or the vault refuses it.
        """
        now = holder(self._ground, server)
        kept = self._ground.store.get(BUCKET, server.key)
        if kept is None:
            key = secrets.token_bytes(_SIZE)
            await self._keep(server, now, key)
            return key
        key = await self._opened(now, kept)
        if renew or kept["by"] != _name(now):
            await self._wrapped_again(server, now, kept, key)
        return key

    async def _opened(self, now: Holder | None, kept: Row) -> bytes:
        value = base64.b64decode(kept["value"])
        if not kept["by"]:
            return value
        if now is None:
            raise SealedError("the data are sealed by a customer-managed key that the server does not name any more")
        try:
            worked = await self._custodian.operate(now.identity, kept["version"], "unwrap", value)
        except RefusedWorkError as error:
            raise SealedError(f"the vault does not unwrap the data key: {error}") from None
        return worked.value

    async def _wrapped_again(self, server: Server, now: Holder | None, kept: Row, key: bytes) -> None:
        """The key is kept as the newest version of the declared key wraps it; as it was, where that is refused."""
        try:
            await self._keep(server, now, key)
        except SealedError:
            if kept["by"] != _name(now):
                raise

    async def _keep(self, server: Server, now: Holder | None, key: bytes) -> None:
        """The key is on disk, wrapped.

        Raises:
            SealedError: the vault refuses that.
        """
        row = {"by": "", "version": "", "value": base64.b64encode(key).decode()}
        if now is not None:
            try:
                worked = await self._custodian.operate(now.identity, self._custodian.key_id(now.key), "wrap", key)
            except RefusedWorkError as error:
                raise SealedError(f"the vault does not wrap the data key: {error}") from None
            row = {"by": _name(now), "version": worked.key_id, "value": base64.b64encode(worked.value).decode()}
        self._ground.store.put(BUCKET, server.key, row)


def _name(now: Holder | None) -> str:
    return now.key.key if now is not None else ""
