"""Conditions on one field, each giving a verdict with its evidence.

An absent field is judged by Azure's own default; an unknown one by the values that are still
possible, and is "unknown" when they disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Input, is_given, is_known, leaves, plain, render
from ringfence.model.value import Absent, Attr, Known, Need, Unknown
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


def one_of(attr: Attr[Any], *allowed: Any) -> Verdict:
    """The field has one of these values."""
    return holds(attr, lambda v: any(_same(v, a) for a in allowed), "one of " + ", ".join(map(str, allowed)))


def at_least(attr: Attr[int], minimum: int) -> Verdict:
    """The field is a number not below `minimum`."""
    return holds(attr, lambda v: v is not None and v >= minimum, f"at least {minimum}")


def is_set(attr: Attr[Any]) -> Verdict:
    """The field has a value that is neither null nor empty, known or not."""
    if isinstance(attr, Unknown) and is_given(attr.value):
        return Verdict("pass", (Evidence(attr.field, "set", render(attr.value), attr.origin, "pass"),))
    return holds(attr, lambda v: v not in (None, "", (), {}), "set")


def includes(attr: Attr[Any], wanted: Iterable[str]) -> Verdict:
    """The list in the field has each of the wanted strings, without case."""
    names = tuple(wanted)
    return holds(attr, lambda v: _fold(names) <= _fold(v or ()), "includes " + ", ".join(names), growing=True)


def holds(
    attr: Attr[Any], condition: Callable[[Any], bool], expected: Any, *, growing: bool = False, partial: bool = False
) -> Verdict:
    """The condition is true of the field's value; `condition` gets None for "no value".

    A container with unknown elements is unknown. With `growing`, the condition stays true when the container
    has more elements, so that the known ones may prove it; with `partial` it copes with symbols itself.
    """
    if isinstance(attr, Unknown):
        return _undecided(attr, condition, expected)
    value = plain(attr.value) if isinstance(attr, Known) else attr.default
    if growing and isinstance(value, tuple) and not is_known(value):
        known = tuple(v for v in value if is_known(v))
        if _try(condition, known):
            return _decided(attr, value, "pass", expected)
    if not partial and not is_known(value):
        return _partly(attr, value, expected)
    return _decided(attr, value, _outcome(_try(condition, value)), expected)


def _decided(attr: Known[Any] | Absent[Any], value: Any, outcome: Outcome, expected: Any) -> Verdict:
    origin = attr.origin
    if isinstance(attr, Absent) and attr.default is not None and not origin.default:
        origin = origin.defaulted("Azure")
    shown = attr.value if isinstance(attr, Known) else value
    why = "" if outcome != "unknown" else f"{attr.field} holds a value of an unexpected form"
    return Verdict(outcome, (Evidence(attr.field, expected, shown, origin, outcome),), why)


def _partly(attr: Known[Any] | Absent[Any], value: Any, expected: Any) -> Verdict:
    unknown = [render(v) for v in value if not is_known(v)] if isinstance(value, tuple) else [render(value)]
    why = f"{attr.field} holds {', '.join(unknown)}, which is not known"
    evidence = Evidence(attr.field, expected, why, attr.origin, "unknown")
    return Verdict("unknown", (evidence,), why, missing(value) or (Need("apply", ", ".join(unknown), why),))


def missing(value: Any) -> tuple[Need, ...]:
    """The inputs without which the value is not known in full."""
    inputs = dict.fromkeys(leaf for leaf in leaves(value) if isinstance(leaf, Input))
    return tuple(
        Need(i.kind, i.name, _MISSING.get(i.kind, "{} {} has no value").format(i.kind, i.name)) for i in inputs
    )


_MISSING = {
    "environment": "environment variable {1} has no value",
    "file": "file {1} is not there",
    "expression": "ARM expression {1} is not evaluated",
}


def _undecided(attr: Unknown, condition: Callable[[Any], bool], expected: Any) -> Verdict:
    outcomes = {_try(condition, bound) for bound in attr.bounds or ()}
    if len(outcomes) == 1 and None not in outcomes:
        outcome = _outcome(outcomes.pop())
        actual = "one of " + ", ".join(map(str, attr.bounds or ()))
        return Verdict(outcome, (Evidence(attr.field, expected, actual, attr.origin, outcome),))
    evidence = Evidence(attr.field, expected, attr.why, attr.origin, "unknown")
    return Verdict("unknown", (evidence,), attr.why, attr.needs)


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
