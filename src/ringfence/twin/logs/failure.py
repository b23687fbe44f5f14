"""Refusals and errors of the query service, in the form of Log Analytics.

Source: learn.microsoft.com/azure/azure-monitor/logs/api/errors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ringfence.twin.message import as_json

if TYPE_CHECKING:
    from ringfence.twin.logs.kql import QueryError
    from ringfence.twin.message import Response

_SAID = {
    "AuthenticationFailed": "Authentication failed. The 'Authorization' header is missing.",
    "InvalidTokenError": "The provided authentication is not valid for this resource",
    "InsufficientAccessError": "The provided credentials have insufficient access to perform the requested operation",
    "PathNotFoundError": "The requested path does not exist",
    "BadArgumentError": "The request had some invalid properties",
}


class FailedError(Exception):
    """A request that gets an error; none of them is worth another try."""

    def __init__(self, status: int, code: str, inner: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"message": _SAID[code], "code": code, "correlationId": str(uuid4())}}
        if inner:
            self.body["error"]["innererror"] = inner  # type: ignore[assignment]  # an error may hold another

    def response(self) -> Response:
        """What the client gets."""
        return as_json(self.status, self.body)


def missing() -> FailedError:
    """There is no token."""
    return FailedError(401, "AuthenticationFailed")


def void(why: str) -> FailedError:
    """The token does not hold."""
    return FailedError(403, "InvalidTokenError", {"code": "InvalidToken", "message": why})


def refused(code: str, why: str) -> FailedError:
    """The caller may not, or not from there."""
    return FailedError(403, "InsufficientAccessError", {"code": code, "message": why})


def nowhere(why: str) -> FailedError:
    """There is no such workspace, resource or path."""
    return FailedError(404, "PathNotFoundError", {"code": "PathNotFound", "message": why})


def invalid(why: str) -> FailedError:
    """The request itself is wrong."""
    return FailedError(400, "BadArgumentError", {"code": "InvalidRequest", "message": why})


def slow(seconds: float) -> FailedError:
    """The query took too long. Azure says 504, which its clients try again three times."""
    message = f"the query took longer than {seconds:g} seconds"
    return FailedError(400, "BadArgumentError", {"code": "QueryTimeout", "message": message})


def wrong(error: QueryError) -> FailedError:
    """The query cannot be answered."""
    place = {"line": error.line, "pos": error.pos} if error.line is not None else {}
    inner = {"code": error.code, "message": error.message, **place}
    said = "A recognition error occurred in the query." if error.kind == "SyntaxError" else "A semantic error occurred."
    return FailedError(400, "BadArgumentError", {"code": error.kind, "message": said, "innererror": inner})
