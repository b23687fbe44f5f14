"""How another service of Azure uses a key of a vault: the same decision, the same journal, no socket.

A store with a customer-managed key has its data key wrapped and unwrapped so. Whether the vault's network lets that
service in is not asked here: whoever calls has asked `custody`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.keyvault import Key
    from ringfence.model.principal import Principal

Work: TypeAlias = Literal["wrap", "unwrap"]


class RefusedWorkError(Exception):
    """The vault did not do it; the text says which rule decided, and holds no value."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        """As a client would have been told: 403 refused, 404 no such key, 400 what was given cannot be unwrapped."""
        self.code = code
        """The vault's own word, such as "Forbidden", "KeyNotFound", "BadParameter"."""


@record(eq=False)
class Worked:
    """What came of it."""

    value: bytes
    key_id: str
    """The version of the key that did it: what is to be unwrapped later is unwrapped by this one."""


class Custodian(Protocol):
    """What `Vaults` offers to other services."""

    def key_id(self, key: Key) -> str:
        """The id of a declared key without a version, such as ``https://kv1.vault.azure.net/keys/k``.

        Raises:
            RefusedWorkError: its vault or its name is not known.
        """

    async def operate(self, principal: Principal, key_id: str, work: Work, value: bytes) -> Worked:
        """The value wrapped (RSA-OAEP-256) by the version that the id names, or the newest; or unwrapped.

        Every call is decided by `present.may` for the principal and journalled, whether it is allowed or not.

        Raises:
            RefusedWorkError: it is not allowed, the key is not there, disabled or expired, or the value does not open.
        """
