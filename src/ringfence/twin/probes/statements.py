"""The statements that can be shown by trying, in short words of our own, and which of them the twin cannot try."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def statements() -> dict[str, str]:
    """What each statement says, by its id."""
    return _read("statements.toml")


@cache
def untried() -> dict[str, str]:
    """Why the twin cannot try a statement, by its id."""
    return _read("untried.toml")


def _read(name: str) -> dict[str, str]:
    text = files("ringfence.twin.probes").joinpath(name).read_text(encoding="utf-8")
    return {id_: str(told) for id_, told in tomllib.loads(text).items()}
