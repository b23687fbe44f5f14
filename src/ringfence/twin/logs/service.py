"""The query service of Log Analytics: one host name for all workspaces, KQL in, tables out.

Source: learn.microsoft.com/rest/api/loganalytics/query
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ringfence.twin import bearer
from ringfence.twin.entra.tokens import VoidTokenError
from ringfence.twin.logs import failure, kql
from ringfence.twin.logs.asked import asked
from ringfence.twin.logs.book import Book
from ringfence.twin.logs.failure import FailedError
from ringfence.twin.logs.note import Note
from ringfence.twin.logs.reply import reply
from ringfence.twin.logs.scope import Scope, of_resource, of_workspaces
from ringfence.twin.message import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.logs.asked import Asked
    from ringfence.twin.message import Request, Response

HOSTS = ("api.loganalytics.azure.com", "api.loganalytics.io")
AUDIENCES = tuple(f"https://{host}{end}" for host in HOSTS for end in ("", "/"))
_BATCH = 100
"""The most queries in a batch.

Source: learn.microsoft.com/azure/azure-monitor/logs/api/batch-queries
"""
_ROWS = 30_000
"""The most rows in an answer. Azure answers 500,000, which a laptop need not hold."""


class Queries:
    """Answers queries on the logs that this run has written."""

    limit = 1 << 20

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._engine = kql.engine()
        self._turn = asyncio.Lock()
        """One query after the other: an engine has read one."""

    async def begin(self) -> None:
        """Nothing has to exist: a workspace is there when it is declared."""

    async def end(self) -> None:
        """What was written is on disk, and no query runs."""
        await self._engine.end()
        if isinstance(self._ground.journal, Book):
            self._ground.journal.flush()

    async def answer(self, request: Request) -> Response:
        """Answers one request."""
        try:
            return await self._answer(request)
        except FailedError as error:
            return error.response()

    async def _answer(self, request: Request) -> Response:
        caller = self._caller(request)
        path = unquote(request.path).removeprefix("/v1/")
        if path == unquote(request.path):
            raise failure.nowhere("only version v1 is served")
        if path == "$batch" and request.method == "POST":
            return await self._batch(request, caller)
        body: bytes | Mapping[str, Any] = request.body if request.method == "POST" else request.query
        if request.method not in ("GET", "POST") or not path.endswith("/query"):
            raise failure.nowhere(f"{request.method} {request.path} is no query")
        prefer = request.headers.get("prefer", "")
        return as_json(200, await self._query(request, caller, path.removesuffix("/query"), body, prefer))

    def _caller(self, request: Request) -> Caller:
        if not request.headers.get("authorization"):
            raise failure.missing()
        try:
            return bearer.caller(request, self._ground.tokens, AUDIENCES)
        except VoidTokenError as error:
            raise failure.void(str(error)) from None

    async def _query(
        self, request: Request, caller: Caller, path: str, body: bytes | Mapping[str, Any], prefer: str
    ) -> dict[str, Any]:
        """The answer to one query. The workspaces that it is about log it, whatever comes of it."""
        what = asked(body, prefer, self._ground.now())
        scope = self._scope(path, what)
        note = Note(request, caller, what, scope)
        try:
            scope.check_network(request.visit.place)
            scope.check_access(caller.principal)
            async with self._turn:
                found = await self._run(scope, caller.principal, what)
        except FailedError as error:
            note.write(self._ground, error.status)
            raise
        note.write(self._ground, 200, len(found["tables"][0]["rows"]))
        return found

    def _scope(self, path: str, what: Asked) -> Scope:
        start, _, rest = path.partition("/")
        if start.casefold() == "workspaces":
            return of_workspaces(self._ground, (rest, *what.workspaces))
        return of_resource(self._ground, f"/{path}", what.workspaces)

    async def _run(self, scope: Scope, principal: Principal, what: Asked) -> dict[str, Any]:
        began = monotonic()
        known = scope.tables()
        try:
            names = await self._engine.plan(what.query, known, self._ground.now(), what.seconds)
            scope.check_access(principal, names)
            tables = {name: known[name] for name in names}
            found = await self._engine.run(tables, scope.batches(names, what.span), what.seconds, _ROWS)
        except kql.QueryError as error:
            raise failure.wrong(error) from None
        except kql.SlowQueryError:
            raise failure.slow(what.seconds) from None
        return reply(found, what, monotonic() - began, _ROWS)

    async def _batch(self, request: Request, caller: Caller) -> Response:
        """Each query has an answer of its own; a refusal concerns no other."""
        responses = []
        for one in _requests(request.body):
            prefer = next((str(v) for n, v in (one.get("headers") or {}).items() if n.casefold() == "prefer"), "")
            try:
                path = f"workspaces/{one.get('workspace')}"
                body = await self._query(request, caller, path, one.get("body") or {}, prefer)
                responses.append({"id": one["id"], "status": 200, "body": body})
            except FailedError as error:
                responses.append({"id": one["id"], "status": error.status, "body": error.body})
        return as_json(200, {"responses": responses})


def _requests(body: bytes) -> list[dict[str, Any]]:
    import json

    try:
        found = json.loads(body)["requests"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise failure.invalid("the body has no requests") from None
    sound = isinstance(found, list) and all(
        isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("headers") or {}, dict)
        for one in found
    )
    if not sound or len(found) > _BATCH:
        raise failure.invalid(f"requests is a list of at most {_BATCH} requests, each with an id")
    return list(found)
