"""What the owner's commands ask of the supervisor, over a socket in the state folder that only its owner may open.

One JSON object a line, each with an answer: ``{"do": "stand", …}`` → ``{"ok": …}`` or ``{"error": …, "hint": …}``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError, RingfenceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    Order = Callable[[dict[str, Any]], Awaitable[Any]]

_LOG = logging.getLogger("ringfence.twin")
_LONGEST = 1 << 22
_PATIENCE = 60.0


class Orders:
    """Listens for orders."""

    def __init__(self, path: Path, orders: Mapping[str, Order]) -> None:
        self._path = path
        self._orders = orders
        self._server: asyncio.Server | None = None

    async def begin(self) -> None:
        """The socket is there, for its owner only."""
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._connected, self._path, limit=_LONGEST)
        finally:
            os.umask(before)

    async def end(self) -> None:
        """The socket is gone."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answered(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def _answered(self, line: bytes) -> dict[str, Any]:
        try:
            order = json.loads(line)
            return {"ok": await self._orders[order["do"]](order)}
        except RingfenceError as error:
            return {"error": error.message, "hint": error.hint}
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            return {"error": f"the supervisor does not understand this order ({type(error).__name__})", "hint": ""}
        except Exception:
            _LOG.exception("an order broke")
            return {"error": "the supervisor broke", "hint": f"{self._path.parent / 'supervisor.log'} says why."}


def ask(path: Path, do: str, **words: Any) -> Any:
    """The supervisor's answer to an order.

    Raises:
        InputError: there is no supervisor, or it refuses; it says why.
    """
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_PATIENCE)
            line.connect(str(path))
            line.sendall(json.dumps({"do": do, **words}).encode() + b"\n")
            with line.makefile("rb") as file:
                answer = json.loads(file.readline() or b"{}")
    except (OSError, ValueError) as error:
        raise InputError("no twin is up here", hint="ringfence up starts one.") from error
    if "ok" not in answer:
        raise InputError(answer.get("error", "the supervisor went away"), hint=answer.get("hint", ""))
    return answer["ok"]
