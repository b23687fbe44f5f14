"""What a vault says when it does not do what was asked; no text here ever holds a value.

Source: learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses (error response),
…/rest-error-codes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.message import as_json

if TYPE_CHECKING:
    from ringfence.twin.message import Response


class VaultError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, code: str, message: str, inner: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.inner = inner
        """The closer reason, such as "SecretDisabled"; "" when there is none."""

    def response(self, *headers: tuple[str, str]) -> Response:
        """The body that the clients read."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.inner:
            error["innererror"] = {"code": self.inner}
        return as_json(self.status, {"error": error}, *headers)


def bad(message: str) -> VaultError:
    """What was sent cannot be used."""
    return VaultError(400, "BadParameter", message)


def forbidden(message: str, inner: str = "") -> VaultError:
    """It is understood and refused."""
    return VaultError(403, "Forbidden", message, inner)


def conflict(message: str, inner: str = "") -> VaultError:
    """Something of that name is in the way."""
    return VaultError(409, "Conflict", message, inner)
