"""Resource Manager, at management.azure.com: reads the estate, and changes what trials change.

Every request is decided by `present.may` with the actions of Azure's control plane. A change is one of the estate: it
is seen at once by every decision, kept on disk, and told in the activity log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.mapping.arm import kinds
from ringfence.model.subscription import KEY
from ringfence.record import replace
from ringfence.twin.arm import activity, items
from ringfence.twin.arm.address import asked
from ringfence.twin.arm.assignments import Assignments
from ringfence.twin.arm.definitions import Definitions
from ringfence.twin.arm.desk import Call, Desk
from ringfence.twin.arm.errors import RefusedError, unserved, wrong
from ringfence.twin.arm.extensions import DiagnosticSettings, Locks
from ringfence.twin.arm.items import Items
from ringfence.twin.arm.resources import Resources
from ringfence.twin.bearer import caller
from ringfence.twin.entra.tokens import VoidTokenError

if TYPE_CHECKING:
    from ringfence.twin.arm.handler import Handler
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request, Response

AUDIENCES = tuple(f"https://management.{host}{end}" for host in ("azure.com", "core.windows.net") for end in ("/", ""))
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?")


class ResourceManager:
    """A `message.Service`."""

    limit = 1_048_576

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.desk = desk = Desk(ground)
        self._resources = Resources(desk)
        self._by_type: dict[str, Handler] = {
            "microsoft.authorization/roleassignments": Assignments(desk),
            "microsoft.authorization/roledefinitions": Definitions(desk),
            "microsoft.authorization/locks": Locks(desk),
            "microsoft.insights/diagnosticsettings": DiagnosticSettings(desk),
            **dict.fromkeys(items.SORTS, Items(desk)),
        }

    async def begin(self) -> None:
        """What the estate declares is there: it is asked anew for each request."""

    async def end(self) -> None:
        """Nothing was open."""

    async def answer(self, request: Request) -> Response:
        """Answers one request; an error of the client's is a response too."""
        try:
            call = self._call(request)
        except RefusedError as error:
            return error.response()
        id_ = activity.correlation(call)
        response, refused = self._answered(call)
        if call.action and request.method not in ("GET", "HEAD"):
            subscription = self._ground.present.estate.resources[KEY]
            row = activity.row(call, response.status, refused, id_)
            self._ground.journal.write(subscription, activity.CATEGORY, row)
        more = (("x-ms-correlation-request-id", id_), ("x-ms-request-id", id_), ("Cache-Control", "no-cache"))
        return replace(response, headers=(*response.headers, *more))

    def _answered(self, call: Call) -> tuple[Response, RefusedError | None]:
        try:
            return self._handler(call).answer(call), None
        except RefusedError as error:
            return error.response(), error

    def _handler(self, call: Call) -> Handler:
        type_ = call.asked.type.casefold()
        known = (
            not type_ or type_ in kinds.types() or any(r.type.casefold() == type_ for r in self.desk.ids.all().values())
        )
        if not known and type_ not in self._by_type:
            raise unserved(call.asked.type)
        return self._by_type.get(type_, self._resources)

    def _call(self, request: Request) -> Call:
        """The request with its sender and its address.

        Raises:
            RefusedError: nobody known sent it, or it has no address.
        """
        who = self._caller(request)
        version = request.query.get("api-version", "")
        if not version:
            raise wrong("MissingApiVersionParameter", "The query has no api-version.")
        if not _VERSION.fullmatch(version):
            raise wrong("InvalidApiVersionParameter", "An api-version is a day, such as 2022-04-01.")
        return Call(request, who, asked(request.path))

    def _caller(self, request: Request) -> Caller:
        try:
            return caller(request, self._ground.tokens, AUDIENCES)
        except VoidTokenError as error:
            code = "InvalidAuthenticationToken" if "authorization" in request.headers else "AuthenticationFailed"
            login = f"https://login.microsoftonline.com/{self._ground.directory.tenant}"
            challenge = f'Bearer authorization_uri="{login}", error="invalid_token"'
            why = f"The request is not authenticated: {error}."
            raise RefusedError(401, code, why, ("WWW-Authenticate", challenge)) from None
