"""Functions on sets, and the product of sequences.

Source: github.com/zclconf/go-cty v1.16.0 cty/function/stdlib/set.go and collection.go.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Error, List, Sensitive, Set, is_known
from ringfence.readers.hcl.functions.signature import Param, Refused, Topic, open_, survey, within
from ringfence.readers.hcl.same import equal, identity, make_set
from ringfence.readers.hcl.types import SetOf, convert, type_of, unify

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value

FUNCTIONS = Topic()
_ANY_SET = SetOf("any")


@FUNCTIONS.structural(Param("first_set", _ANY_SET), rest=Param("other_sets", _ANY_SET), deep=True)
def setunion(*sets: Value) -> Value:
    """The elements of all."""
    alike = _alike("setunion", sets)
    return alike if not isinstance(alike, list) else make_set(i for s in alike for i in s)


@FUNCTIONS.structural(Param("first_set", _ANY_SET), rest=Param("other_sets", _ANY_SET), deep=True)
def setintersection(*sets: Value) -> Value:
    """The elements that all have."""
    return _filtered("setintersection", sets, lambda found: found)


@FUNCTIONS.structural(Param("a", _ANY_SET), Param("b", _ANY_SET), deep=True)
def setsubtract(*sets: Value) -> Value:
    """The elements of the first that the second has not."""
    return _filtered("setsubtract", sets, lambda found: not found)


def _filtered(name: str, sets: tuple[Value, ...], keep: Callable[[bool], bool]) -> Value:
    """The elements of the first set, by whether each of the other sets has them."""
    alike = _alike(name, sets)
    if not isinstance(alike, list):
        return alike
    kept: list[Value] = list(alike[0])
    for other in alike[1:]:
        identities = {identity(i) for i in other}
        settled = all(map(is_known, other))
        answers = [_has(item, other, identities, settled) for item in kept]
        if None in answers:
            return Apply(name, sets)
        kept = [item for item, found in zip(kept, answers, strict=True) if keep(bool(found))]
    return make_set(kept)


def _has(item: Value, items: Set, identities: set[object], settled: bool) -> bool | None:
    if identity(item) in identities:
        return True
    if settled and is_known(item):
        return False
    answers = {equal(item, other) for other in items}
    return True if True in answers else None if None in answers else False


def _alike(name: str, sets: tuple[Value, ...]) -> list[Set] | Value:
    """The sets brought to one element type, or what the call is when one of them is not at hand."""
    if any(map(open_, sets)):
        return Apply(name, sets)
    common = unify([type_of(s) for s in sets])
    if common is None:
        raise Refused("the sets must have elements of one type")
    converted = [convert(s, common) for s in sets]
    return [s for s in converted if isinstance(s, Set)]


@FUNCTIONS.structural(rest=Param("sets"))
def setproduct(*sets: Value) -> Value:
    """Every combination of one element of each: a set, or a list in order when no argument is a set."""
    if len(sets) < 2:
        raise Refused("takes at least two arguments")
    if any(not open_(s) and not isinstance(s, tuple) for s in sets):
        raise Refused("every argument must be a set, a list or a tuple")
    if any(open_(s) or (isinstance(s, Set) and len(s) > 1 and not is_known(s)) for s in sets):
        return Apply("setproduct", sets)
    survey(sets)
    columns = [_column(s) for s in sets if isinstance(s, tuple)]
    within(prod(map(len, columns)) * len(columns), "elements")
    combinations = product(*columns)
    return make_set(combinations) if any(isinstance(s, Set) for s in sets) else List(combinations)


def _column(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """The elements, brought to one type."""
    common = unify([type_of(i) for i in items])
    if common is None:
        raise Refused("the elements of each argument must have one type")
    converted = tuple(convert(i, common) for i in items)
    for before, after in zip(items, converted, strict=True):
        if isinstance(after, Error) and not isinstance(before, (Error, Sensitive)):
            raise Refused(after.reason)
    return converted
