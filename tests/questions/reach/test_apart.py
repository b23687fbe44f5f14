"""The quick no is a no: where it is given, the long way gives it too."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from ringfence.prove import Request, estates, settings_of
from ringfence.questions.reach.apart import apart
from ringfence.questions.reach.doors import data_planes
from ringfence.questions.reach.reach import one_of, reach
from ringfence.questions.reach.standing import every_segment, places_of
from tools.large import rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_quick_no_is_the_answer_of_the_long_way(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "estate.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows(700, seed)))
    request = Request(file)
    estate = next(iter(estates(request, settings_of(request))))
    chosen = random.Random(seed)
    places = [*every_segment(estate), *(p for r in estate.resources.values() for p in places_of(estate, r))]
    doors = data_planes(estate)
    pairs = [(chosen.choice(places), chosen.choice(doors)) for _ in range(2_000)]
    quick = [(place, door) for place, door in pairs if apart(estate, place, door)]
    assert len(quick) > 20
    wrong = [(p.title, d.key) for p, d in quick if reach(estate, p, d, by="any").outcome != "fail"]
    assert wrong == []


def test_one_of_several_doors_is_the_best_of_them(tmp_path: Path) -> None:
    file = tmp_path / "estate.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows(700, 4)))
    request = Request(file)
    estate = next(iter(estates(request, settings_of(request))))
    chosen = random.Random(4)
    places, doors = every_segment(estate), data_planes(estate)
    for _ in range(150):
        place, some = chosen.choice(places), [chosen.choice(doors) for _ in range(3)]
        outcomes = {reach(estate, place, door, by="any").outcome for door in some}
        best = next(o for o in ("pass", "unknown", "fail") if o in outcomes or o == "fail")
        assert one_of(estate, place, some).outcome == best
