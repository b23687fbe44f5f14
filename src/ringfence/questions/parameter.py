"""What a parameter of a database server is set to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import equals, holds
from ringfence.model.value import Absent
from ringfence.model.verdict import Verdict, all_of
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.database import Configuration
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr, Many


def parameter(
    server: Resource,
    configurations: Many[Configuration],
    name: str,
    condition: Callable[[str], bool],
    expected: Any,
    default: str | None,
) -> Verdict:
    """The server parameter meets the condition, or its default does where nothing sets it.

    `default` is Azure's own, None where it is not recorded.
    """
    named = [(c, equals(c.name, name)) for c in configurations]
    verdicts = [_value(c, name, condition, expected) for c, verdict in named if verdict.outcome == "pass"]
    unknown = [verdict for _, verdict in named if verdict.outcome == "unknown"]
    if verdicts:
        return all_of(*verdicts, *unknown)
    attr: Attr[str] = Absent(name, server.origin, default)
    standing = _judged(attr, condition, expected)
    if standing.outcome == "fail" and default is None:
        standing = standing.because(f"nothing sets the server parameter {name}")
    return _opened(all_of(standing, *unknown), configurations, standing)


def _opened(verdict: Verdict, configurations: Many[Configuration], standing: Verdict) -> Verdict:
    """While some setting may still be made elsewhere, the default does not decide."""
    if configurations.open is None:
        return verdict
    why = "; ".join(n.why for n in configurations.open.needs)
    evidence = tuple(replace(e, outcome="unknown") for e in standing.evidence)
    return Verdict("unknown", evidence, why, configurations.open.needs)


def _value(block: Configuration, name: str, condition: Callable[[str], bool], expected: Any) -> Verdict:
    verdict = _judged(block.value, condition, expected)
    return replace(verdict, evidence=tuple(replace(e, field=name) for e in verdict.evidence))


def _judged(attr: Attr[str], condition: Callable[[str], bool], expected: Any) -> Verdict:
    return holds(attr, lambda v: v is not None and condition(str(v).strip().casefold()), expected)
