"""Binds tests to the statements of the two documents: by id, with the way it shows it and what would break it.

    @shows(FLOWEHR, Case("F-051", "build", Set(STORAGE, "https_traffic_only_enabled", False), "3.1"))
    def test_a_control(bench: Bench, item: str) -> None: ...

A case is one test. It runs on the platform as it ships; `test_bindings` runs it once more on the broken platform,
where it must fail.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.record import record
from tests.requirements.bench import Bench, sound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.requirements.mutation import Mutation

HERE = Path(__file__).parent
LIST = HERE.parent / "requirements.toml"
WAYS = ("build", "prove", "run")
MOST = 5
"""A test that shows more statements than this shows none of them well."""

FLOWEHR, EUDCC = "flowehr", "eudcc"


class Case:
    """One test: the ids that it shows, the way, what breaks it, and what its function is given."""

    def __init__(self, ids: str, way: str, breaks: Mutation, *given: Any) -> None:
        self.ids = tuple(ids.split())
        self.way = way
        self.breaks = breaks
        self.given = given


@record(eq=False)
class Binding:
    """A case with its function and its platform."""

    function: Callable[..., None]
    platform: str
    case: Case

    def __str__(self) -> str:
        return f"{' '.join(self.case.ids)} {self.case.way}"

    @property
    def name(self) -> str:
        """As pytest calls it, from the folder of the tests."""
        return f"{self.function.__module__.removeprefix('tests.').replace('.', '/')}.py::{self.function.__name__}"

    def run(self, bench: Bench) -> None:
        """Runs the test on a platform, sound or broken."""
        self.function(bench, *self.case.given)

    @property
    def passes(self) -> bool:
        """It passes on the platform as it ships."""
        return self.why_not == ""

    @property
    def why_not(self) -> str:
        """Why it fails on the platform as it ships; "" when it passes."""
        return _why_not(self)


@cache
def _why_not(binding: Binding) -> str:
    try:
        binding.run(sound(binding.platform))
    except Exception as error:  # a test fails by whatever it raises
        return str(error) or type(error).__name__
    return ""


BINDINGS: list[Binding] = []


def shows(platform: str, *cases: Case) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The test shows what its cases say; pytest runs it once for each."""

    def bind(function: Callable[..., None]) -> Callable[..., None]:
        mine = [Binding(function, platform, case) for case in cases]
        BINDINGS.extend(mine)

        def test(binding: Binding) -> None:
            binding.run(sound(platform))

        test.__name__, test.__doc__, test.__module__ = function.__name__, function.__doc__, function.__module__
        return pytest.mark.parametrize("binding", mine, ids=str)(test)

    return bind


@cache
def bindings() -> tuple[Binding, ...]:
    """Every binding of every module here, in the order of the ids."""
    for path in sorted(HERE.glob("test_*.py")):
        import_module(f"tests.requirements.{path.stem}")
    order = {known: n for n, known in enumerate(statements())}
    return tuple(sorted(BINDINGS, key=lambda b: (order.get(b.case.ids[0], -1), WAYS.index(b.case.way))))


@cache
def statements() -> dict[str, dict[str, Any]]:
    """The statements by id, in the order of the documents."""
    return {r["id"]: r for r in tomllib.loads(LIST.read_text(encoding="utf-8"))["requirement"]}
