"""The same for tests that are coroutines."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from . import note, taken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def recorded_by_proxy_async(test: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The test, which is noted when it runs; only what it takes is handed on."""

    @functools.wraps(test)
    async def run(*args: Any, **kwargs: Any) -> Any:
        note()
        return await test(*args, **taken(test, kwargs))

    return run
