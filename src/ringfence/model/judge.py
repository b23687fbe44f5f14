"""Conditions on one field, each giving a verdict with its evidence.

An absent field is judged by Azure's own default; an unknown one by the values that are still
possible, and is "unknown" when they disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.value import Absent, Attr, Known, Unknown
from ringfence.model.verdict import Evidence, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def is_on(attr: Attr[bool]) -> Verdict:
    """The field is true."""
    return holds(attr, lambda v: v is True, True)


def is_off(attr: Attr[bool]) -> Verdict:
    """The field is false, or absent where Azure's default is false."""
    return holds(attr, lambda v: v is False, False)


def equals(attr: Attr[Any], expected: Any) -> Verdict:
    """The field has this value; strings are compared as ARM does, without case."""
    return holds(attr, lambda v: _same(v, expected), expected)


def differs(attr: Attr[Any], refused: Any) -> Verdict:
    """The field has another value, or none."""
    return holds(attr, lambda v: not _same(v, refused), f"not {refused!r}")


def one_of(attr: Attr[Any], *allowed: Any) -> Verdict:
    """The field has one of these values."""
    return holds(attr, lambda v: any(_same(v, a) for a in allowed), "one of " + ", ".join(map(str, allowed)))


def at_least(attr: Attr[int], minimum: int) -> Verdict:
    """The field is a number not below `minimum`."""
    return holds(attr, lambda v: v is not None and v >= minimum, f"at least {minimum}")


def is_set(attr: Attr[Any]) -> Verdict:
    """The field has a value that is neither null nor empty."""
    return holds(attr, lambda v: v not in (None, "", (), {}), "set")


def includes(attr: Attr[Any], wanted: Iterable[str]) -> Verdict:
    """The list in the field has each of the wanted strings, without case."""
    names = tuple(wanted)
    return holds(attr, lambda v: _fold(names) <= _fold(v or ()), "includes " + ", ".join(names))


def holds(attr: Attr[Any], condition: Callable[[Any], bool], expected: Any) -> Verdict:
    """The condition is true of the field's value; `condition` gets None for "no value"."""
    if isinstance(attr, Unknown):
        return _undecided(attr, condition, expected)
    value = attr.value if isinstance(attr, Known) else attr.default
    origin = attr.origin
    if isinstance(attr, Absent) and attr.default is not None and not origin.default:
        origin = origin.defaulted("Azure")
    outcome = _outcome(_try(condition, value))
    why = "" if outcome != "unknown" else f"{attr.field} holds a value of an unexpected form"
    return Verdict(outcome, (Evidence(attr.field, expected, value, origin, outcome),), why)


def _undecided(attr: Unknown, condition: Callable[[Any], bool], expected: Any) -> Verdict:
    outcomes = {_try(condition, bound) for bound in attr.bounds or ()}
    if len(outcomes) == 1 and None not in outcomes:
        outcome = _outcome(outcomes.pop())
        actual = "one of " + ", ".join(map(str, attr.bounds or ()))
        return Verdict(outcome, (Evidence(attr.field, expected, actual, attr.origin, outcome),))
    why = "; ".join(need.why for need in attr.needs)
    return Verdict("unknown", (Evidence(attr.field, expected, why, attr.origin, "unknown"),), why, attr.needs)


def _try(condition: Callable[[Any], bool], value: Any) -> bool | None:
    try:
        return bool(condition(value))
    except (TypeError, ValueError, AttributeError):
        return None


def _outcome(answer: bool | None) -> Outcome:
    if answer is None:
        return "unknown"
    return "pass" if answer else "fail"


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a.casefold() == b.casefold()
    return type(a) is type(b) and bool(a == b)


def _fold(values: Iterable[str]) -> set[str]:
    return {str(v).casefold() for v in values}
