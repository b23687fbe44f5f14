"""Records behave as frozen dataclasses do."""

from __future__ import annotations

from typing import Generic, TypeVar

import pytest

from ringfence.record import field, record, replace

T = TypeVar("T")


@record()
class Point(Generic[T]):
    """A point."""

    x: T
    y: int = 2
    tags: list[str] = field(default_factory=list)
    seen: int = field(default=0, compare=False)

    def sum(self) -> int:
        return self.y


@record()
class Other:
    x: int
    y: int = 2


@record(frozen=False)
class Open:
    x: int


@record(eq=False)
class Lone:
    x: int


def test_fields_defaults_and_methods() -> None:
    point = Point(1)
    assert (point.x, point.y, point.tags, point.seen, point.sum()) == (1, 2, [], 0, 2)
    assert Point(1).tags is not point.tags
    assert Point.__doc__ == "A point."
    assert repr(Point(1, 3)) == "Point(x=1, y=3, tags=[], seen=0)"


def test_equality_is_by_value_and_class() -> None:
    assert Point(1, 2, [], 5) == Point(1, 2, [], 6)
    assert Point(1) != Point(2)
    assert Other(1) != Point(1)  # type: ignore[comparison-overlap]
    assert hash(Other(1)) == hash(Other(1))
    assert Lone(1) != Lone(1)


def test_a_record_that_changes_has_no_hash() -> None:
    one = Open(1)
    one.x = 2
    assert one == Open(2)
    with pytest.raises(TypeError):
        hash(one)


def test_replace_and_unknown_fields() -> None:
    assert replace(Other(1, 3), y=4) == Other(1, 4)
    with pytest.raises(TypeError):
        Other(z=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Open(1).z = 3  # type: ignore[attr-defined]


def test_match() -> None:
    match Other(1, 5):
        case Other(x, y):
            assert (x, y) == (1, 5)
