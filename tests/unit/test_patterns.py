"""Wildcards in actions, against a matcher of another make."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ringfence.questions.access.role import Permission, matches

PIECE = st.text("aAb/.", max_size=4)
PATTERN = st.lists(PIECE, min_size=1, max_size=4).map("*".join)


@given(PATTERN, st.text("aAb/.", max_size=10))
def test_a_star_stands_for_any_characters(pattern: str, operation: str) -> None:
    expected = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), operation, re.IGNORECASE) is not None
    assert matches(pattern, operation) is expected


@given(PATTERN, st.text("aAb/.", max_size=6))
def test_what_is_filled_in_for_a_star_matches(pattern: str, filling: str) -> None:
    assert matches(pattern, pattern.replace("*", filling))


@given(st.lists(PATTERN, max_size=3), st.lists(PATTERN, max_size=3), st.text("ab/", max_size=8))
def test_an_exception_never_permits_more(granted: list[str], excepted: list[str], operation: str) -> None:
    without = Permission(tuple(granted)).allows(operation)
    with_exceptions = Permission(tuple(granted), tuple(excepted)).allows(operation)
    assert with_exceptions <= without
    assert not Permission(tuple(granted), ("*",)).allows(operation)
