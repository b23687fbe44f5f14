"""Values that are small in memory and endless for whoever walks them."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import Error, Input, Sensitive
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.functions import Context, call
from ringfence.readers.hcl.parse import parse_expression
from ringfence.readers.hcl.size import MOST, TOO_LARGE, within

if TYPE_CHECKING:
    from ringfence.model.symbol import Value

CONTEXT = Context(Path(), Path(), lambda _: None, lambda _: False, lambda _: (), lambda text, _v, _f: text)


class Names:
    """A scope of known names."""

    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        return self.values[names[0]], 1

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return call(name, args, CONTEXT)


@pytest.mark.parametrize(
    "step",
    [
        "[a, a, a, a, a, a, a, a, a, a]",
        "{ x = a, y = a, z = a }",
        "[for i in range(20) : a]",
        "merge(try(a, {}), { k = a, l = a })",
    ],
)
@pytest.mark.parametrize("first", [("x",), {"x": "y"}, (Input("r", "v"),), (Sensitive("x"),)])
def test_what_multiplies_with_every_step_ends_in_an_error_soon(step: str, first: Value) -> None:
    start, value = perf_counter(), first
    for _ in range(60):
        value = evaluate(parse_expression(step.encode(), "step"), Names({"a": value}))
        if isinstance(value, Error):
            break
    assert isinstance(value, Error)
    assert perf_counter() - start < 5


def test_the_limit_is_on_all_elements_together() -> None:
    row = tuple(range(499))
    assert within((row,) * 200) == (row,) * 200
    assert within((row,) * 201) is TOO_LARGE
    assert MOST == 100_000


def test_a_part_that_was_too_large_makes_the_whole_too_large() -> None:
    assert within(((TOO_LARGE,), "x")) is TOO_LARGE
    assert within({"a": TOO_LARGE}) is TOO_LARGE
