"""Stands in for what the suites expect to run under: live, without recordings, against whatever the variables name.

Nothing is recorded, so nothing has to be cleaned from recordings: those calls do nothing.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LONGEST = 1.1
"""Seconds that a test waits at most. The suites wait for what Azure does behind the scenes, or not to ask too often;
the twin does at once what it does. More than a second: times are whole seconds, and some tests want two to differ."""
reached: set[str] = set()
"""The tests that came as far as to ask a vault."""


def is_live() -> bool:
    """The suites run as if against Azure."""
    return True


def is_live_and_not_recording() -> bool:
    """They keep no recordings."""
    return True


@pytest.fixture(scope="session")
def test_proxy() -> None:
    """What would record is not there."""


def _nothing(*_: Any, **__: Any) -> None:
    """There is no recording to clean or to match."""


add_oauth_response_sanitizer = add_general_regex_sanitizer = add_general_string_sanitizer = _nothing
add_body_key_sanitizer = add_remove_header_sanitizer = remove_batch_sanitizers = _nothing
set_custom_default_matcher = set_bodiless_matcher = _nothing


def recorded_by_proxy(test: Callable[..., Any]) -> Callable[..., Any]:
    """The test, which is noted when it runs; only what it takes is handed on."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> Any:
        note()
        return test(*args, **taken(test, kwargs))

    return run


def note() -> None:
    """The test that runs now asks a vault."""
    reached.add(os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0])


def taken(test: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Those arguments that the test has a name for, or all if it takes any."""
    parameters = inspect.signature(test).parameters.values()
    if any(p.kind == p.VAR_KEYWORD for p in parameters):
        return given
    return {name: value for name, value in given.items() if name in {p.name for p in parameters}}


class PowerShellPreparer:
    """Gives a test the variables that it names, by their names in lower case."""

    def __init__(self, _: str, **names: str) -> None:
        self._names = names

    def __call__(self, test: Callable[..., Any]) -> Callable[..., Any]:
        def prepared(case: Any) -> Any:
            return test(case, **{name: os.environ[name.upper()] for name in self._names})

        return prepared


class AzureRecordedTestCase:
    """What test classes ask of the place that they run in."""

    is_live = True
    is_playback = staticmethod(lambda: False)

    @staticmethod
    def await_prepared_test(test: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
        """The coroutine, run to its end."""

        @functools.wraps(test)
        def run(*args: Any, **kwargs: Any) -> Any:
            async def whole() -> Any:
                return await test(*args, **kwargs)

            return asyncio.run(whole())

        return run

    def get_resource_name(self, name: str) -> str:
        """A name that no other test has, and this one always."""
        current = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        return f"{name}{zlib.crc32(current.encode()):08x}"

    def get_credential(self, _: type, *, is_async: bool = False, **kwargs: Any) -> Any:
        """Signs in as the application that the variables name."""
        from azure import identity
        from azure.identity import aio

        return (aio if is_async else identity).EnvironmentCredential(**kwargs)

    def create_client_from_credential(self, client: type, credential: Any, **kwargs: Any) -> Any:
        """A client that signs in so, and logs what it sends unless a test forbids it."""
        return client(credential=credential, **{"logging_enable": True, **kwargs})

    def fail(self, message: str) -> None:
        """The test has failed."""
        pytest.fail(message)


def _impatient() -> None:
    """Waiting ends after `LONGEST`."""
    sleep, asleep = time.sleep, asyncio.sleep
    time.sleep = lambda seconds: sleep(min(float(seconds), LONGEST))

    async def rest(delay: float, result: Any = None) -> Any:
        return await asleep(min(delay, LONGEST), result)

    asyncio.sleep = rest


_impatient()
