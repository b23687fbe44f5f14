"""What must turn red when something is broken: a table of mutations, each with every trial that it breaks, and why.

A change is of the estate, in the words of `model.world.Change`; a trial is named by its id, in which ``*`` stands for
anything. What the table says and what happens have to be the same, trial for trial.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Ref, Text
from ringfence.model.world import Added, Altered, Change
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.symbol import Value

_REF = "ref:"


@record()
class Mutation:
    """One way to break a platform."""

    platform: str
    name: str
    change: Change
    anew: bool
    """It is about something that is decided when a thing is made: a twin of its own begins with it."""
    red: tuple[tuple[str, str], ...]
    """Patterns of the ids of trials that must turn red, each with the reason."""

    def expected(self, ids: Iterable[str]) -> set[str]:
        """The trials that must turn red."""
        return {one for one in ids if any(_is_meant(one, pattern) for pattern, _ in self.red)}

    def idle(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Patterns that mean no trial: they would promise something that nothing shows."""
        listed = tuple(ids)
        return tuple(p for p, _ in self.red if not any(_is_meant(one, p) for one in listed))


@cache
def mutations() -> tuple[Mutation, ...]:
    """The table."""
    text = files("ringfence.twin.probes").joinpath("mutations.toml").read_text(encoding="utf-8")
    return tuple(_read(row) for row in tomllib.loads(text)["mutation"])


def _read(row: dict[str, Any]) -> Mutation:
    added = tuple(
        Added(key, tuple((n, _value(v)) for n, v in told.items())) for key, told in row.get("added", {}).items()
    )
    altered = tuple(Altered(key, tuple(path.split("/")), _value(value)) for key, path, value in row.get("set", ()))
    change = Change(tuple(row.get("without", ())), (), added, altered)
    return Mutation(row["platform"], row["name"], change, bool(row.get("anew")), tuple(row["red"].items()))


def _value(told: Any) -> Value:
    """``ref:KEY/attribute`` is a reference; a list that begins with one is a text around references."""
    if isinstance(told, str) and told.startswith(_REF):
        key, _, attribute = told.removeprefix(_REF).rpartition("/")
        return Ref(key, (attribute,))
    if isinstance(told, list) and told and str(told[0]).startswith(_REF):
        return Text(tuple(map(_value, told)))
    return tuple(map(_value, told)) if isinstance(told, list) else told


def _is_meant(id_: str, pattern: str) -> bool:
    return id_ == pattern or fnmatchcase(id_, pattern)
