"""Each gap of the reference systems shows on its case, and is closed on our platform."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.declared import blueprint
from ringfence.declared import estate as declared
from tests.gaps.gap import HERE, gaps, outcomes, read

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from tests.gaps.gap import Gap

GAPS = gaps()
IDS = [gap.id for gap in GAPS]


@cache
def platform(name: str, world: str) -> Estate:
    return declared(blueprint(name, world))


@pytest.mark.parametrize("gap", GAPS, ids=IDS)
def test_it_shows_on_its_case(gap: Gap) -> None:
    assert set(outcomes(gap.shows, read(gap.case)).values()) == {"fail"}


@pytest.mark.parametrize("gap", GAPS, ids=IDS)
def test_it_is_closed_on_our_platform(gap: Gap) -> None:
    asked = {name: gap.closed[name] for name in ("claim", "checks", "property") if name in gap.closed} or gap.shows
    excepted = tuple(gap.closed.get("except", ()))
    found = outcomes(asked, platform(gap.platform, gap.closed.get("world", "prod")), excepted)
    assert set(found.values()) == {gap.expected}, found


def test_every_gap_has_a_case_and_every_case_a_gap() -> None:
    assert sorted(IDS) == sorted(path.parent.name for path in HERE.glob("*/main.tf"))


def test_gaps_contradict_statements_of_their_document() -> None:
    listed = tomllib.loads((Path(__file__).parents[1] / "requirements.toml").read_text(encoding="utf-8"))
    known = {one["id"] for one in listed["requirement"]}
    for gap in GAPS:
        assert gap.statements
        assert set(gap.statements) <= known, gap.id
        assert {s[0] for s in gap.statements} == {gap.platform[0].upper()}, gap.id


def test_places_are_files_and_lines_and_reasons_are_words() -> None:
    for gap in GAPS:
        assert gap.at
        assert all(place.rpartition(":")[2].isdigit() for place in gap.at), gap.id
        assert len(gap.found.split()) > 6, gap.id
