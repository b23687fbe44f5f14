"""One part of Resource Manager: answers what it knows, and says of the rest that the twin does not serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.arm.errors import unserved_method
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from ringfence.twin.arm.desk import Call, Desk


class Handler:
    """Answers requests for one type; each method either answers or raises a `RefusedError`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def answer(self, call: Call) -> Response:
        """The answer to a request."""
        if call.asked.is_list:
            return self.list(call) if call.request.method == "GET" else self._not(call)
        methods = {"GET": self.get, "HEAD": self.head, "PUT": self.put, "PATCH": self.patch, "DELETE": self.delete}
        return methods.get(call.request.method, self._not)(call)

    def head(self, call: Call) -> Response:
        """Whether it is there."""
        return Response(204 if self.get(call).status == 200 else 404)

    def _not(self, call: Call) -> Response:
        raise unserved_method(call.request.method, call.asked.type or call.asked.id)

    list = get = put = patch = delete = _not
