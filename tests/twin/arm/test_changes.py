"""A change of an estate is kept as rows and comes back the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Apply, Input, Ref, Text
from ringfence.model.world import Added, Altered, Change
from ringfence.twin.arm import changes
from ringfence.twin.seal import Seal, new_key
from ringfence.twin.store import Store

if TYPE_CHECKING:
    from pathlib import Path

words = st.text(max_size=8)
symbols = st.builds(Ref, words, st.lists(words, max_size=3).map(tuple)) | st.builds(Input, words, words)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | words | symbols | st.builds(Text, st.tuples(symbols, words)),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["a#b.c", "a#b.d", "a#b.e"])
added = st.builds(Added, keys, st.dictionaries(words, values, max_size=3).map(lambda d: tuple(d.items())))
altered = st.builds(Altered, keys, st.lists(words, min_size=1, max_size=3).map(tuple), values)
whole = st.builds(
    Change,
    st.lists(keys, max_size=2).map(tuple),
    st.just(()),
    st.lists(added, max_size=2).map(tuple),
    st.lists(altered, max_size=3).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(whole)
def test_a_change_comes_back_from_its_row(change: Change) -> None:
    assert changes.as_change(changes.as_row(change)) == change


def test_it_is_there_after_the_store_is_opened_again(tmp_path: Path) -> None:
    seal, change = Seal(new_key()), Change(("a#b.c",), set=(Altered("a#b.d", ("f",), Ref("a#b.e", ("id",))),))
    first = Store(tmp_path / "s.db", seal)
    assert changes.load(first) == Change()
    changes.keep(first, change)
    assert changes.load(Store(tmp_path / "s.db", seal)) == change


def test_what_cannot_be_kept_is_refused_before_it_is_done() -> None:
    with pytest.raises(TypeError, match="a Apply cannot be kept"):
        changes.as_row(Change(set=(Altered("a#b.c", ("f",), Apply("lower", ("x",))),)))


@settings(max_examples=40, deadline=None)
@given(whole, whole)
def test_of_two_changes_the_later_stands(first: Change, second: Change) -> None:
    both = first.then(second)
    assert all(one in both.added for one in second.added)
    assert both.set[len(both.set) - len(second.set) :] == second.set
    assert set(both.without) <= {*first.without, *second.without}
    there = {a.key for a in both.added}
    assert not {a.key for a in first.added} & set(second.without) & (there - {a.key for a in second.added})


def test_what_was_added_and_is_removed_leaves_nothing() -> None:
    one = Added("a#azurerm_role_assignment.x", (("role_definition_name", "Reader"),))
    assert Change(added=(one,)).then(Change((one.key,))) == Change()
