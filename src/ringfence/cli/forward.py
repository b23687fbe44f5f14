"""``ringfence forward``: a local port leads to a host, as from a place of a platform that is up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from ringfence.cli.place import say, told_to
from ringfence.errors import UsageError


def run(options: Any) -> int:
    """The port leads there until it is interrupted."""
    host, _, port = options.end.rpartition(":")
    if not host or not port.isdigit():
        raise UsageError(f"{options.end} is no HOST:PORT", hint="Such as mysql1.mysql.database.azure.com:3306.")
    _, told = told_to(options)
    with suppress(KeyboardInterrupt):
        asyncio.run(_forwarded(told, host.casefold(), int(port), options.port))
    return 0


async def _forwarded(told: dict[str, Any], host: str, port: int, local: int) -> None:
    from ringfence.twin.client.forward import Forward

    forward = Forward(told["proxy"], host, port, lambda why: say(f"refused: {why}"))
    await forward.check()
    await forward.begin(local)
    print(f"127.0.0.1:{forward.port} leads to {host}:{port} from {told['place']}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await forward.end()
