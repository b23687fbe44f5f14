"""A verdict in one clause, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import SYMBOLS, Instance, Sensitive, render

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Evidence, Verdict

LONGEST = 120


def reason(verdict: Verdict) -> str:
    """Why the verdict is what it is: its own clause, else the evidence that decides."""
    if verdict.why:
        return verdict.why
    deciding = [e for e in verdict.evidence if e.outcome == verdict.outcome] or list(verdict.evidence)
    return "; ".join(dict.fromkeys(map(stated, deciding[:3])))


def reason_of(resource: Resource, verdict: Verdict) -> str:
    """The reason as it reads below the resource's name: there the resource is "it"."""
    own = resource.title
    clauses = reason(verdict).split("; ")
    return "; ".join("it" + c[len(own) :] if c.startswith((f"{own} has ", f"{own} is ")) else c for c in clauses)


def stated(evidence: Evidence) -> str:
    """``retention_days is 90, expected at least 91``."""
    if evidence.outcome == "unknown":
        return f"{evidence.field}: {shown(evidence.actual)}"
    found = "is not set" if evidence.actual is None else f"is {shown(evidence.actual)}"
    if evidence.outcome == "pass":
        return f"{evidence.field} {found}"
    return f"{evidence.field} {found}, expected {shown(evidence.expected)}"


def shown(value: Any) -> str:
    """The value in Terraform's spelling, short; a sensitive one never shows."""
    text = value if isinstance(value, str) else rendered(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def rendered(value: Any) -> str:
    """The whole value in Terraform's spelling."""
    if isinstance(value, Sensitive):
        return str(value)
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(f'"{v}"' if isinstance(v, str) else rendered(v) for v in value) + "]"
    if isinstance(value, (dict, bool, *SYMBOLS, Instance)) or value is None:
        return render(value)
    return str(value)


def published(value: Any) -> Any:
    """The value for JSON: plain data as it is, symbols and sensitive values as text."""
    if isinstance(value, (Sensitive, *SYMBOLS, Instance)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [published(v) for v in value]
    if isinstance(value, dict):
        return {str(k): published(v) for k, v in value.items()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return _number(value)


def _number(value: Any) -> Any:
    from decimal import Decimal

    if not isinstance(value, Decimal):
        return str(value)
    return int(value) if value == value.to_integral_value() else float(value)
