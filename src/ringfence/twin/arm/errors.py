"""What Resource Manager refuses, in the form in which its clients read it."""

from __future__ import annotations

from ringfence.twin.message import Response, as_json


class RefusedError(Exception):
    """A request that is answered with an error: its status, Azure's code, and why."""

    def __init__(self, status: int, code: str, why: str, *headers: tuple[str, str]) -> None:
        super().__init__(why)
        self.status = status
        self.code = code
        self.why = why
        self._headers = headers

    def response(self) -> Response:
        """The answer to the client; no client of Azure tries again what is answered so.

        Source: learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
        """
        return as_json(self.status, {"error": {"code": self.code, "message": self.why}}, *self._headers)


def unserved(what: str) -> RefusedError:
    """The twin has no such part of Resource Manager."""
    return RefusedError(404, "NotServedByTwin", f"This twin does not serve {what}; Azure may.")


def unserved_method(method: str, what: str) -> RefusedError:
    """The twin has the thing, and does not do that with it."""
    return RefusedError(405, "NotServedByTwin", f"This twin does not serve {method} of {what}; Azure may.")


def missing(id_: str) -> RefusedError:
    """There is nothing of that id."""
    return RefusedError(404, "ResourceNotFound", f"There is no {id_}.")


def wrong(code: str, why: str) -> RefusedError:
    """The request says what cannot be."""
    return RefusedError(400, code, why)
